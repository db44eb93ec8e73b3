"""What stands beside a case on its page: progress of its item, cases like it, and why some buttons are missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from civic.accounts import queries as accounts
from civic.cases import queries as cases
from civic.cases.queries import AlikeCase, CasePage, Earlier, Present, RefusedAction
from civic.cases.rules import AT_DEPARTMENT, CaseAction, ExtensionState
from civic.core.actor import Actor
from civic.departments import queries as departments
from civic.departments.queries import DepartmentRow
from civic.desk.promised import Promised, promised_by
from civic.desk.queries import DeskCase
from civic.desk.rules import EXPLAINED, Due, DueState, Owed, due
from civic.plans import queries as plans
from civic.progress.queries import items as progress
from civic.progress.queries.items import ItemProgress
from civic.progress.queries.moving import standing_updates
from civic.progress.queries.updates import UpdateRow


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who has the same case open."""

    name: str
    since_at: datetime
    writing: bool


@dataclass(frozen=True, slots=True)
class InCharge:
    """A department of the item; ``leads`` or supports."""

    department: DepartmentRow
    leads: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """``parts_due`` says by department how the day stands by which its part was asked for."""

    similar: tuple[AlikeCase, ...]
    earlier: Earlier | None
    progress: ItemProgress | None
    update: UpdateRow | None
    promised: Promised | None
    in_charge: tuple[InCharge, ...]
    parts_due: Mapping[int, Due]
    late_parts: tuple[int, ...]
    """The departments whose parts did not come by their day."""
    refused: tuple[RefusedAction, ...]
    there: tuple[Colleague, ...]
    """Who else has the case open."""


def beside_case(actor: Actor, page: DeskCase, now: datetime) -> Beside:
    """Read once for the page of a case; lists and forms do without."""
    item_id = page.item.id if page.item else None
    known = {department.id: department for department in page.departments}
    duties = plans.responsibilities([item_id]).get(item_id, ()) if item_id is not None else ()
    today = departments.calendar().local_day(now)
    parts_due = _parts_due(page.case, now)
    return Beside(
        similar=cases.similar_cases(actor, page.case),
        earlier=cases.earlier_cases(actor, page.case),
        progress=progress.item_progress([item_id], today=today).get(item_id) if item_id is not None else None,
        update=standing_updates([item_id]).get(item_id) if item_id is not None else None,
        promised=promised_by(page.item, today) if page.item else None,
        in_charge=tuple(
            InCharge(known[duty.department_id], duty.role == "lead")
            for duty in duties
            if duty.department_id in known
        ),
        parts_due=parts_due,
        late_parts=tuple(one for one, stands in parts_due.items() if stands.state is DueState.OVERDUE),
        refused=explained(page.case, actor),
        there=present_on(actor, page.case.case_id, now),
    )


def present_on(actor: Actor, case_id: int, now: datetime) -> tuple[Colleague, ...]:
    """Who else has the case open."""
    return named(cases.present(case_id, now, but=actor.account_id))


def named(there: Sequence[Present]) -> tuple[Colleague, ...]:
    """Those who have a case open, by name."""
    names = accounts.account_names(one.account_id for one in there)
    return tuple(Colleague(names.get(one.account_id, ""), one.since_at, one.writing) for one in there)


def explained(case: CasePage, actor: Actor) -> tuple[RefusedAction, ...]:
    """Of what can't be done now, what needs a word: not an extension that nobody asked for, nor taking the own case."""
    wanted = {refusal.action: refusal for refusal in case.refused}
    if case.extension is not ExtensionState.REQUESTED:
        wanted.pop(CaseAction.APPROVE_EXTENSION, None)
    if case.assignee_id == actor.account_id:
        wanted.pop(CaseAction.TAKE, None)
    return tuple(wanted[action] for action in EXPLAINED if action in wanted)


def _parts_due(case: CasePage, now: datetime) -> dict[int, Due]:
    """How the parts stand that are missing; once the case is answered or away, none is waited for."""
    calendar, waits = departments.calendar(), case.status in AT_DEPARTMENT
    return {
        part.department_id: due(part.due_at if waits else None, Owed.PART, now, calendar)
        for part in case.parts
        if not part.is_given
    }
