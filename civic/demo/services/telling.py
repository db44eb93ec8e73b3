"""Telling the sample cases: every step by the service that a person's click would call, at its own time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from civic.cases import queries as cases
from civic.cases import services
from civic.cases.rules import CaseAction, PrivateBecause, Publication
from civic.cases.services import NewContact, NewFeedback, State
from civic.core.actor import RESIDENT, Actor
from civic.core.errors import DomainError, Invalid, NotFound
from civic.core.text import excerpt
from civic.demo.rules import BY_RESIDENT, PAUSE, Moment, SampleCase, SampleReply, Verb
from civic.demo.services.staffing import Staff
from civic.departments import queries as departments
from civic.plans import queries as plans

EXCERPT = 300
"""How much of a paragraph a word keeps of what it pointed to, in characters."""

EXTENSION = 8
"""Working days that the sample asks for."""

REVIEWS = {
    Verb.PUBLISH: CaseAction.PUBLISH,
    Verb.PUBLISH_MASKED: CaseAction.PUBLISH_MASKED,
}
TEXTLESS: dict[Verb, Callable[..., State]] = {
    Verb.ACCEPT: services.accept_case,
    Verb.ALLOW_EXTENSION: services.approve_extension,
    Verb.PUBLISH_ALONE: services.publish_reply,
    Verb.SEND: services.send_for_approval,
    Verb.WITHDRAW: services.withdraw_case,
}
WITH_REASON: dict[Verb, Callable[..., State]] = {
    Verb.ESCALATE: services.escalate_case,
    Verb.SEND_BACK: services.send_back_reply,
}
WITH_TEXT: dict[Verb, Callable[..., State]] = {
    Verb.ADD: services.add_information,
    Verb.APPEAL: services.appeal_case,
    Verb.ASK: services.ask_resident,
    Verb.CONTRIBUTE: services.contribute_part,
    Verb.OBJECT: services.reopen_case,
}
MOVES: dict[Verb, Callable[..., State]] = {
    Verb.DESIGNATE: services.designate_case,
    Verb.ROUTE: services.route_case,
    Verb.TRANSFER: services.transfer_case,
}
BY_DISPATCHER = frozenset(
    {
        *REVIEWS,
        Verb.KEEP_PRIVATE,
        Verb.ROUTE,
        Verb.TRANSFER,
        Verb.DESIGNATE,
        Verb.DECLINE,
        Verb.MERGE,
        Verb.ALLOW_EXTENSION,
    }
)
BY_LEAD = frozenset({Verb.APPROVE, Verb.DRAFT_ALONE, Verb.PUBLISH_ALONE, Verb.SEND_BACK, Verb.CORRECT})


HANDOVER = PAUSE / 2
BY_DISPATCHER_WORDS = "按职责分工派单。"


@dataclass
class Told:
    """One case as far as it's told."""

    case_id: int
    department_id: int | None
    replies: int = 0


@dataclass
class Teller:
    """Tells moments in the order of time; the caller holds the transaction."""

    staff: Staff
    seed: int
    told: dict[str, Told] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.department_ids = departments.department_ids()
        self.streets = {row.name: row for row in departments.streets()}
        self.communities = {(row.street_id, row.name): row.id for row in departments.communities()}

    def tell(self, moment: Moment) -> None:
        """Let one thing happen; raises :class:`Invalid` with the sample's key where a service refuses it."""
        try:
            if moment.step is None:
                self._submit(moment.case, moment.at)
            else:
                self._step(moment.case, moment.step.verb, moment.at)
        except DomainError as error:
            doing = moment.step.verb.value if moment.step else "submit"
            raise Invalid(
                f"The sample case {moment.case.key} can't {doing}: {error}", code="sample"
            ) from error

    def _submit(self, case: SampleCase, now: datetime) -> None:
        item = plans.item_by_code(case.plan, case.item) if case.item else None
        paragraph = plans.paragraph(item.id, case.paragraph) if item and case.paragraph else None
        if case.paragraph and paragraph is None:
            raise NotFound(f"{case.item} has no paragraph {case.paragraph}.")
        street = self._street(case)
        receipt = services.submit_feedback(
            RESIDENT,
            NewFeedback(
                kind=case.kind,
                text=case.text,
                nonce=f"demo:{self.seed}:{case.key}",
                item_id=item.id if item else None,
                paragraph_anchor=case.paragraph,
                paragraph_excerpt=excerpt(paragraph.text, EXCERPT) if paragraph else "",
                street_id=street,
                community_id=self._community(case, street),
                place=case.place,
                wants_publication=case.publication is not Publication.PRIVATE,
                speaks_as=case.speaks_as,
                about_staff=case.about_staff,
                contact=NewContact(phone=case.phone) if case.phone else None,
            ),
            now,
        )
        self.told[case.key] = Told(receipt.case_id, receipt.department_id)

    def _street(self, case: SampleCase) -> int | None:
        if not case.street:
            return None
        if case.street not in self.streets:
            raise NotFound(f"The district has no street {case.street}.")
        return self.streets[case.street].id

    def _community(self, case: SampleCase, street_id: int | None) -> int | None:
        if not case.community:
            return None
        if (street_id or 0, case.community) not in self.communities:
            raise NotFound(f"{case.street} has no community {case.community}.")
        return self.communities[street_id or 0, case.community]

    def _step(self, case: SampleCase, verb: Verb, now: datetime) -> None:
        if verb is Verb.RATE and case.rating is None:
            return
        told = self.told[case.key]
        if verb not in BY_RESIDENT | BY_DISPATCHER and told.department_id not in self.staff.desks:
            self._send_to_office(case, told, now - HANDOVER)
        # Read anew: an evening's sweep or a merged case may have raised it since the last step.
        version = cases.version_of(told.case_id)
        actor = self._actor(case, told, verb)
        if verb in REVIEWS:
            services.review_publication(
                actor, told.case_id, version, REVIEWS[verb], now, masked_text=case.masked
            )
        elif verb is Verb.KEEP_PRIVATE:
            services.keep_private(actor, told.case_id, version, PrivateBecause.EXPOSES, now)
        elif verb in TEXTLESS:
            TEXTLESS[verb](actor, told.case_id, version, now)
        elif verb in WITH_REASON:
            WITH_REASON[verb](actor, told.case_id, version, now, reason=_words(case, verb))
        elif verb in WITH_TEXT:
            WITH_TEXT[verb](actor, told.case_id, version, _words(case, verb), now)
        elif verb in MOVES:
            told.department_id = self._department(case)
            reason = _words(case, verb, required=verb is not Verb.ROUTE)
            MOVES[verb](actor, told.case_id, version, told.department_id, now, reason=reason)
        else:
            self._special(case, told, verb, actor, version, now)

    def _send_to_office(self, case: SampleCase, told: Told, now: datetime) -> None:
        """Where the district's rules don't lead to an office of the sample, the dispatcher sends it there."""
        if case.office not in self.department_ids:
            raise NotFound(f"nobody of the sample staff works in department {told.department_id}")
        version = cases.version_of(told.case_id)
        send = services.route_case if told.department_id is None else services.transfer_case
        told.department_id = self.department_ids[case.office]
        send(
            self.staff.dispatcher, told.case_id, version, told.department_id, now, reason=BY_DISPATCHER_WORDS
        )

    def _special(
        self, case: SampleCase, told: Told, verb: Verb, actor: Actor, version: int, now: datetime
    ) -> None:
        case_id = told.case_id
        match verb:
            case Verb.RETURN:
                suggested = self._department(case) if case.to else None
                if suggested == told.department_id:
                    suggested = None
                services.return_case(
                    actor, case_id, version, now,
                    reason=_words(case, verb), suggested_department_id=suggested,
                )  # fmt: skip
            case Verb.DRAFT | Verb.DRAFT_ALONE | Verb.CORRECT:
                reply = case.replies[told.replies]
                told.replies += 1
                self._answer(case, reply, verb, actor, case_id, version, now)
            case Verb.APPROVE:
                services.approve_reply(actor, case_id, version, now, publish=True)
            case Verb.RATE:
                assert case.rating is not None
                services.rate_reply(actor, case_id, version, case.rating, now, solved=case.solved)
            case Verb.DECLINE:
                assert case.code is not None
                explanation = _words(case, verb, required=False)
                services.decline_case(actor, case_id, version, case.code, now, explanation=explanation)
            case Verb.INVITE:
                services.invite_departments(
                    actor, case_id, version, [self._department(case)], now, message=_words(case, verb)
                )
            case Verb.EXTEND:
                services.request_extension(actor, case_id, version, EXTENSION, now, reason=_words(case, verb))
            case Verb.MERGE:
                survivor = self.told[case.into].case_id
                services.merge_case(actor, case_id, version, survivor, now, reason=_words(case, verb))

    def _answer(
        self, case: SampleCase, reply: SampleReply, verb: Verb,
        actor: Actor, case_id: int, version: int, now: datetime,
    ) -> None:  # fmt: skip
        given: dict[str, Any] = {"resolution": reply.resolution, "referred_to": reply.referred_to}
        if verb is Verb.CORRECT:
            given["reason"] = _words(case, verb)
            services.correct_reply(actor, case_id, version, reply.text, now, **given)
        else:
            services.draft_reply(actor, case_id, version, reply.text, now, **given)

    def _department(self, case: SampleCase) -> int:
        if case.to not in self.department_ids:
            raise NotFound(f"The district has no department {case.to}.")
        return self.department_ids[case.to]

    def _actor(self, case: SampleCase, told: Told, verb: Verb) -> Actor:
        """Who does it: the resident, the dispatcher, or handler and lead of whoever has the case."""
        if verb in BY_RESIDENT:
            return RESIDENT
        if verb in BY_DISPATCHER:
            return self.staff.dispatcher
        department_id = self._department(case) if verb is Verb.CONTRIBUTE else told.department_id
        desk = self.staff.desks.get(department_id or 0)
        if desk is None:
            raise NotFound(f"Nobody of the sample staff works in department {department_id}.")
        return desk.lead if verb in BY_LEAD else desk.handler


def _words(case: SampleCase, verb: Verb, *, required: bool = True) -> str:
    if required and verb.value not in case.words:
        raise NotFound("the words for it are missing")
    return case.words.get(verb.value, "")
