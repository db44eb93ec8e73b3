"""A case that has been answered and published, made by the services behind a running site."""

from __future__ import annotations

from dataclasses import dataclass

from civic.cases import services
from civic.cases.models import Case
from civic.cases.rules import CaseAction, FeedbackKind, Resolution
from civic.cases.services import NewFeedback
from civic.core import clock
from civic.core.actor import RESIDENT, Role
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.core.ids import group_code, new_nonce
from civic.departments import queries as departments
from civic.plans import queries as plans
from tests.e2e.conftest import Site
from tests.factories import make_account

WORDS = "学校操场周末能不能向居民开放？老人早上没有地方锻炼。"
ANSWER = "已与学校商定：每周六、周日上午六点到八点开放操场，凭身份证登记入场。"


@dataclass(frozen=True)
class Told:
    """What a resident holds of a case."""

    reference: str
    code: str


def answered_case(site: Site, words: str = WORDS) -> Told:
    """A suggestion on 6.3.1, published, accepted, answered by two people; waiting for the resident's rating."""
    with site.app.app_context():
        office = departments.department_ids()["mct"]
        handler = make_account(Role.HANDLER, department_id=office)
        lead = make_account(Role.LEAD, department_id=office)
        dispatcher = make_account(Role.DISPATCHER)
        item = plans.item_by_code("taijiang-14", "6.3.1")
        with unit_of_work():
            receipt = services.submit_feedback(
                RESIDENT,
                NewFeedback(
                    kind=FeedbackKind.SUGGESTION, text=words, nonce=new_nonce(), item_id=item.id,
                    wants_publication=True,
                ),
                clock.now(),
            )  # fmt: skip
        case_id = receipt.case_id
        for actor, service, given, named in (
            (dispatcher, services.review_publication, (CaseAction.PUBLISH,), {}),
            (handler, services.accept_case, (), {}),
            (handler, services.draft_reply, (ANSWER,), {"resolution": Resolution.ADOPTED}),
            (handler, services.send_for_approval, (), {}),
            (lead, services.approve_reply, (), {"publish": True}),
        ):
            with unit_of_work():
                version = db.session.scalar(db.select(Case.version).where(Case.id == case_id))
                service(actor, case_id, version, *given, now=clock.now(), **named)
        return Told(receipt.reference, group_code(receipt.query_code))


def waiting_case(site: Site, words: str = WORDS, code: str = "6.3.1") -> str:
    """A case that the department which leads the item has just got; its number."""
    with site.app.app_context():
        item = plans.item_by_code("taijiang-14", code)
        with unit_of_work():
            new = NewFeedback(kind=FeedbackKind.QUESTION, text=words, nonce=new_nonce(), item_id=item.id)
            return services.submit_feedback(RESIDENT, new, clock.now()).reference
