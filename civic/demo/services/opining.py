"""Telling what the sample's deputy writes, by the services that people's clicks would call; every text is marked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from civic.cases.rules import RatingLevel
from civic.core.errors import DomainError
from civic.demo.services.staffing import Staff
from civic.departments import queries as departments
from civic.departments.rules.datafile import Entry, entries, text_of
from civic.supervision.rules.opinions import AnswerClass
from civic.supervision.services import opinions as services


@dataclass(frozen=True, slots=True)
class Opiner:
    """Tells the opinions of the file; the caller holds the transaction. ``now``: the moment of loading."""

    staff: Staff
    now: datetime
    mark: str
    plan: str

    def tell(self, file: Entry) -> None:
        """All of them, the oldest first; raises :class:`DataError` with the line where a service refuses something."""
        for entry in sorted(entries(file, "opinions"), key=lambda entry: -int(entry["ago"])):
            try:
                self._tell(entry)
            except DomainError as error:
                raise entry.error(str(error)) from error

    def _tell(self, entry: Entry) -> None:
        key, at = text_of(entry, "department", required=True), self.now - timedelta(days=entry["ago"])
        title, text = (text_of(entry, name, required=True) + self.mark for name in ("title", "text"))
        new = services.NewOpinion(title, text, key, f"{self.plan}/{entry['item']}")
        opinion_id = services.write_opinion(self.staff.deputy, new, at)
        services.send_opinion(self.staff.deputy, opinion_id, 1, at)
        if entry.get("answer"):
            self._answer(entry, opinion_id, key)

    def _answer(self, entry: Entry, opinion_id: int, key: str) -> None:
        """Drafted and laid before the lead; handed over and rated if the file says how."""
        desk = self.staff.desks[departments.department_ids()[key]]
        at = self.now - timedelta(days=entry["answered"])
        text, kind = text_of(entry, "answer", required=True) + self.mark, AnswerClass(entry["class"])
        services.draft_answer(desk.handler, opinion_id, 2, kind, text, at, send=True)
        rating = text_of(entry, "rating")
        if not rating:
            return
        services.approve_answer(desk.lead, opinion_id, 3, at + timedelta(hours=2), agrees=True)
        reason = text_of(entry, "reason")
        services.rate_answer(
            self.staff.deputy, opinion_id, 4, RatingLevel(rating), reason + self.mark if reason else "",
            at + timedelta(days=1), agrees=True,
        )  # fmt: skip
