"""Whatever the law allows somebody at a case has its form on the page, with what it brings, in every status."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from civic.cases import services
from civic.cases.queries import case_id_of
from civic.cases.rules import CaseAction, CaseStatus, DeclineCode, HeldBecause, RatingLevel
from civic.core.actor import RESIDENT, Actor
from civic.core.db import unit_of_work
from civic.desk.rules import NOT_AT_THE_DESK, Standing, consequence, onward
from tests.integration.desk.office import Office

S = CaseStatus
PARTIES = ("handler", "lead", "other", "dispatcher")
"""Of the department in charge, of a supporting one, and the dispatcher."""
ELSEWHERE = {
    # Stands beside an old version of a reply, and none of these cases was corrected.
    *((status, CaseAction.CONCEAL_REPLY) for status in CaseStatus),
    # A second button of the lead's approval; by itself once the reply is approved.
    (S.REPLY_REVIEW, CaseAction.PUBLISH_REPLY),
}
WORDS_OF_ADDRESSES = {action.value.replace("_", "-") for action in CaseAction}


def do(office: Office, service: Any, actor: Actor, reference: str, *args: Any, **values: Any) -> None:
    version = office.case(reference).version
    with office.app.app_context(), unit_of_work():
        service(actor, case_id_of(reference), version, *args, now=office.now, **values)


def offered(page: str, reference: str) -> set[str]:
    """The actions to which a form or a link of the page goes, by their word in the address."""
    addresses = re.findall(rf'(?:href|action)="/en/desk/cases/{reference}/([a-z-]+)["?#]', page)
    return set(addresses) & WORDS_OF_ADDRESSES


def said_beside(page: str, action: CaseAction) -> str:
    """What the page says of an action, at the control that does it or leads to it."""
    slug = action.value.replace("_", "-")
    told = re.findall(rf'id="why-{slug}(?:-\w+)?"[^>]*>(.*?)</(?:p|span)>', page, re.DOTALL)
    linked = re.findall(rf'href="[^"]*[/#]{slug}(?:\?[^"]*)?"[^>]*>.*?</a>(<span.*?</span>)', page, re.DOTALL)
    return " ".join((*told, *linked))


def in_every_status(office: Office) -> dict[CaseStatus, str]:
    """A case in each status; wherever a department has it, another one was asked for its part."""
    handler, dispatcher = office.people["handler"], office.people["dispatcher"]
    aside = {S.SUBMITTED: office.submit(held=(HeldBecause.NO_PROOF,)), S.TRIAGE: office.submit(item_id=None)}
    at_work = {status: office.submit() for status in CaseStatus if status not in aside}
    for status, reference in at_work.items():
        do(office, services.invite_departments, handler, reference, [office.roads])
        if status is not S.ROUTED:
            do(office, services.accept_case, handler, reference)
    do(office, services.ask_resident, handler, at_work[S.AWAITING_RESIDENT], "哪一段河岸？")
    for status in (S.REPLY_REVIEW, S.REPLIED, S.CLOSED):
        office.act(
            "handler", at_work[status], "draft-reply", text="已安排路灯。", resolution="adopted", then="send"
        )
    for status in (S.REPLIED, S.CLOSED):
        do(office, services.approve_reply, office.people["lead"], at_work[status], publish=True)
    do(office, services.rate_reply, RESIDENT, at_work[S.CLOSED], RatingLevel.SATISFIED)
    do(office, services.decline_case, dispatcher, at_work[S.DECLINED], DeclineCode.NO_SUBSTANCE)
    with office.app.app_context():
        survivor = case_id_of(at_work[S.IN_PROGRESS])
    do(office, services.merge_case, dispatcher, at_work[S.MERGED], survivor)
    do(office, services.withdraw_case, RESIDENT, at_work[S.WITHDRAWN])
    return aside | at_work


def test_whatever_is_allowed_has_its_form_and_says_what_it_brings(office: Office) -> None:
    cases = in_every_status(office)
    assert {status: office.case(reference).status for status, reference in cases.items()} == {
        status: status for status in CaseStatus
    }
    met = set()
    for status, reference in cases.items():
        for who in PARTIES:
            shown = office.get(who, f"/en/desk/cases/{reference}")
            if shown.status_code == 404:
                assert status in (S.SUBMITTED, S.TRIAGE)
                assert who != "dispatcher"
                continue
            page, case = unescape(shown.get_data(as_text=True)), office.case(reference, who)
            allowed = {one.action for one in case.actions} - NOT_AT_THE_DESK
            allowed -= {action for at, action in ELSEWHERE if at is status}
            words = {action.value.replace("_", "-") for action in allowed}
            assert offered(page, reference) == words, (status, who)
            standing = Standing(status, case.assignee_id is not None, case.is_approved, case.signs_alone)
            for action in allowed:
                said, further = said_beside(page, action), onward(action, standing)
                assert consequence(action, standing) in said, (status, who, action)
                assert further is None or further.consequence in said, (status, who, action)
            met |= {(status, action) for action in allowed}
    assert {status for status, _ in met} == set(CaseStatus) - {S.WITHDRAWN, S.DECLINED}
