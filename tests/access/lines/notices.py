"""Subscriptions: the same for everyone, whoever is signed in; a link that isn't ours opens nothing."""

from __future__ import annotations

from sqlalchemy import select

from civic.changes.queries import item_scope
from civic.core import clock
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.notices import services
from civic.notices.models import Subscription
from civic.notices.tokens import Purpose, make_token
from tests.access.lines.intake import ITEM
from tests.access.matrix import everyone
from tests.access.stage import Stage


def prepare(stage: Stage) -> None:
    """One subscription that waits for its confirmation."""
    with stage.app.app_context(), unit_of_work():
        services.ask_to_subscribe(item_scope(ITEM["plan"], ITEM["code"]), "a@example.org", "en", clock.now())
        row = db.session.scalars(select(Subscription)).one()
        for purpose in Purpose:
            stage.facts[f"{purpose}_token"] = make_token(purpose, row.id, row.nonce)


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
]
