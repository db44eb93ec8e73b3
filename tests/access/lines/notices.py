"""What is sent: the same for everyone, whoever is signed in; a link that isn't ours opens and ends nothing."""

from __future__ import annotations

from sqlalchemy import select

from civic.cases import queries as cases
from civic.cases.rules import FeedbackKind, NoticeChannel
from civic.cases.services import NewContact, NewFeedback, submit_feedback
from civic.changes.queries import item_scope
from civic.core import clock
from civic.core.actor import RESIDENT
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.core.ids import new_nonce
from civic.notices.links import LinkPurpose, make_link_token
from civic.notices.models import Subscription
from civic.notices.services import subscriptions as services
from civic.notices.tokens import Purpose, make_token
from tests.access.lines.intake import ITEM
from tests.access.matrix import everyone
from tests.access.stage import Stage


def prepare(stage: Stage) -> None:
    """One subscription that waits for its confirmation, and one resident who is told by text message."""
    with stage.app.app_context(), unit_of_work():
        services.ask_to_subscribe(item_scope(ITEM["plan"], ITEM["code"]), "a@example.org", "en", clock.now())
        row = db.session.scalars(select(Subscription)).one()
        for purpose in Purpose:
            stage.facts[f"{purpose}_token"] = make_token(purpose, row.id, row.nonce)
        new = NewFeedback(
            kind=FeedbackKind.QUESTION,
            text="路灯什么时候修？",
            nonce=new_nonce(),
            contact=NewContact(phone="13800000000", tell_by=frozenset({NoticeChannel.SMS})),
        )
        case_id = submit_feedback(RESIDENT, new, clock.now()).case_id
        to = cases.recipient(case_id, NoticeChannel.SMS, clock.now())
        assert to is not None
        for aim in LinkPurpose:
            token = make_link_token(aim, NoticeChannel.SMS, to.contact_id, to.nonce, clock.now())
            stage.facts[f"notice_{aim}"] = token


LINES = [
    everyone("notices.subscribe_item", ITEM),
    everyone("notices.subscribe_item", {**ITEM, "code": "9.9.9"}, status=404),
    # Without a mail server the page says so, whatever is sent to it.
    everyone("notices.subscribe_item", ITEM, method="POST", data={"address": "a@example.org"}),
    everyone("notices.subscribe_department", {"key": "ours"}),
    everyone("notices.subscribe_department", {"key": "no-such-department"}, status=404),
    everyone(
        "notices.subscribe_department", {"key": "ours"}, method="POST", data={"address": "a@example.org"}
    ),
    everyone("notices.asked"),
    everyone("notices.confirm", lambda s: {"token": s.confirm_token}),
    everyone("notices.confirm", {"token": "made-up"}, status=410),
    everyone("notices.confirm", lambda s: {"token": s.end_token}, status=410),
    everyone("notices.confirm", lambda s: {"token": s.confirm_token}, method="POST"),
    everyone("notices.end", lambda s: {"token": s.end_token}),
    everyone("notices.end", {"token": "made-up"}, status=410),
    everyone("notices.end", lambda s: {"token": s.end_token}, method="POST"),
    everyone("notices.open_case", lambda s: {"token": s.notice_open}),
    everyone("notices.open_case", {"token": "made-up"}, status=410),
    everyone("notices.open_case", lambda s: {"token": s.notice_stop}, status=410),
    everyone("notices.open_case", lambda s: {"token": s.notice_open}, method="POST", status=302),
    everyone("notices.stop", lambda s: {"token": s.notice_stop}),
    everyone("notices.stop", {"token": "made-up"}, status=410),
    everyone("notices.stop", lambda s: {"token": s.notice_stop}, method="POST"),
    # No case is open in these browsers.
    everyone("notices.switch", method="POST", data={"channel": "sms", "wanted": "off"}, status=302),
]
