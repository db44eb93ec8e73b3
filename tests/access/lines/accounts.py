"""Signing in, and the staff's own pages."""

from __future__ import annotations

from civic.accounts import services
from civic.core import clock
from civic.core.actor import SYSTEM, Role
from civic.core.db import unit_of_work
from tests.access.matrix import STAFF, Line, everyone, staff
from tests.access.stage import PERSONAS, Stage
from tests.factories import make_account


def prepare(stage: Stage) -> None:
    with stage.app.app_context():
        newcomer = make_account(Role.HANDLER, department_id=stage.department_id, name="Newcomer")
        stage.facts["newcomer"] = newcomer.account_id
        with unit_of_work():
            token = services.issue_password_link(SYSTEM, newcomer.account_id or 0, clock.now())
        stage.facts["password_token"] = token


def _sign_in_page(endpoint: str, method: str, nobody: int, staff_status: int) -> Line:
    return Line(endpoint, {p: nobody if p == "nobody" else staff_status for p in PERSONAS}, method)


LINES = [
    _sign_in_page("security.login", "GET", nobody=200, staff_status=302),
    _sign_in_page("security.login", "POST", nobody=422, staff_status=302),
    everyone("security.logout", method="POST", status=302),
    # Without the first step there is no second.
    everyone("security.second_factor", status=302),
    everyone("security.second_factor", method="POST", status=302),
    everyone("security.recovery", status=302),
    everyone("security.recovery", method="POST", status=302),
    _sign_in_page("security.set_up_second_factor", "GET", nobody=302, staff_status=200),
    _sign_in_page("security.set_up_second_factor", "POST", nobody=302, staff_status=422),
    everyone("security.set_password", lambda s: {"token": s.password_token}),
    everyone("security.set_password", lambda s: {"token": s.password_token}, method="POST", status=422),
    everyone("security.set_password", {"token": "made-up"}, status=410),
    staff("staff.home", all_staff=302),
    staff("staff.account", all_staff=200),
    staff("staff.confirm_password", all_staff=200),
    staff("staff.confirm_password", method="POST", all_staff=422),
    staff("staff.change_password", all_staff=200),
    staff("staff.change_password", method="POST", all_staff=422),
    staff("staff.recovery_codes", method="POST", all_staff=302),
    staff("staff.end_session", {"session_id": 999_999}, method="POST", all_staff=404),
    staff("staff.end_other_sessions", method="POST", all_staff=302),
    # Who has no work at the desk is never written to about it.
    staff("staff.switch_digest", method="POST", handler=302, lead=302, other=302, dispatcher=302),
    staff("staff.sign_out_everywhere", method="POST", all_staff=302),
]

assert len(STAFF) + 1 == len(PERSONAS)
