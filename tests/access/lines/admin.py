"""Administrators' pages: nobody else, but for the audit trail."""

from __future__ import annotations

from datetime import date
from typing import Any

from civic.accounts import services
from civic.core import clock
from civic.core.actor import Role
from civic.core.db import unit_of_work
from civic.departments import queries as departments
from tests.access.lines.intake import ITEM
from tests.access.matrix import staff
from tests.access.stage import Stage
from tests.factories import enrol, make_account
from tests.integration.cases.worlds import insert


def prepare(stage: Stage) -> None:
    with stage.app.app_context():
        colleague = make_account(Role.ADMIN, name="Second admin")
        lost = make_account(Role.EDITOR, name="Lost phone")
        enrol(lost)
        locked_out = make_account(Role.EDITOR, name="Locked out")
        enrol(locked_out)
        with unit_of_work():
            stage.facts["reset"] = services.request_second_factor_reset(
                colleague, lost.account_id or 0, clock.now()
            )
        stage.facts["locked_out"] = locked_out.account_id
        stage.facts["merger"] = insert(
            "reorganisation", kind="merge", source_id=stage.department_id, target_id=stage.other_department_id,
            effective_on=date(2999, 1, 1), title="关于机构改革的通知", number="1号", dated=date(2026, 1, 1), keys=[],
            recorded_at=clock.now(),
        )  # fmt: skip
        changed = insert(
            "dated_change",
            subject="calendar",
            subject_id=2026,
            old={},
            new={},
            effective_on=date(2026, 1, 1),
            reason="国务院办公厅通知",
            document="",
            recorded_at=clock.now(),
            applied_at=clock.now(),
        )
        stage.facts["deadline_order"] = insert(
            "recomputation",
            change_id=changed,
            ordered_at=clock.now(),
            day=date(2026, 1, 1),
            days={},
            position=0,
            looked=0,
            moved=0,
            certain=0,
            overdue=0,
            in_time=0,
        )
        stage.facts["failed_delivery"] = insert(
            "outbox_message", kind="notice_sms", key="one", payload={}, status="failed", attempts=5,
            created_at=clock.now(), due_at=clock.now(), last_error="http_400",
        )  # fmt: skip


def newcomer(stage: Stage) -> dict[str, Any]:
    return {"account_id": stage.newcomer}


def department(stage: Stage) -> dict[str, Any]:
    with stage.app.app_context():
        return {"key": departments.department(stage.department_id).key}


PLAN = {"slug": ITEM["plan"]}
CLAUSE = {**PLAN, "code": ITEM["code"]}

LINES = [
    staff("admin.accounts", admin=200),
    staff("admin.new_account", admin=200),
    staff("admin.new_account", method="POST", admin=422),
    staff("admin.account", newcomer, admin=200),
    staff("admin.account", {"account_id": 999_999}, admin=404),
    staff("admin.grant", newcomer, method="POST", data={"role": "auditor"}, admin=302),
    staff("admin.revoke", newcomer, method="POST", data={"role": "auditor"}, admin=302),
    staff("admin.deactivate", newcomer, admin=200),
    staff("admin.deactivate", newcomer, method="POST", admin=302),
    staff("admin.activate", newcomer, method="POST", admin=302),
    staff("admin.revoke_sessions", newcomer, method="POST", admin=302),
    staff("admin.password_link", newcomer, method="POST", admin=200),
    staff("admin.revoke_password_link", newcomer, method="POST", admin=302),
    staff("admin.request_reset", lambda s: {"account_id": s.locked_out}, method="POST", admin=302),
    staff("admin.confirm_reset", lambda s: {"reset_id": s.reset}, method="POST", admin=302),
    staff("admin.cancel_reset", lambda s: {"reset_id": s.reset}, method="POST", admin=302),
    # Nobody changes the own account, an administrator neither.
    *(
        staff(endpoint, lambda s: {"account_id": s.accounts["admin"].account_id}, method="POST", admin=403)
        for endpoint in ("admin.deactivate", "admin.password_link", "admin.request_reset")
    ),
    staff("admin.departments", admin=200),
    staff("admin.reorganise", department, admin=200),
    staff("admin.reorganise", department, method="POST", admin=422),
    staff(
        "admin.withdraw_reorganisation",
        lambda s: {**department(s), "row_id": s.merger},
        method="POST",
        admin=302,
    ),
    staff("admin.levels", admin=200),
    staff("admin.levels_of", {"key": "district"}, admin=200),
    staff("admin.levels_of", {"key": "nobody"}, admin=404),
    staff("admin.levels_of", {"key": "district"}, method="POST", admin=422),
    staff("admin.withdraw_levels_change", {"key": "district", "change_id": 1}, method="POST", admin=404),
    staff("admin.calendars", admin=200),
    staff("admin.calendar", {"year": 2026}, admin=200),
    staff("admin.calendar", {"year": 1999}, admin=404),
    staff("admin.calendar", {"year": 2026}, method="POST", admin=422),
    staff("admin.moved_deadlines", lambda s: {"order_id": s.deadline_order}, admin=200),
    staff("admin.moved_deadlines", {"order_id": 999_999}, admin=404),
    staff("admin.streets", admin=200),
    staff("admin.new_place", {"where": "departments"}, admin=200),
    staff("admin.new_place", {"where": "streets"}, method="POST", admin=422),
    staff("admin.place", {"where": "departments", "key": "ours"}, admin=200),
    staff("admin.place", {"where": "departments", "key": "nobody"}, admin=404),
    staff("admin.place", {"where": "departments", "key": "ours"}, method="POST", admin=422),
    staff(
        "admin.withdraw_place_change",
        {"where": "departments", "key": "ours", "change_id": 1},
        method="POST",
        admin=404,
    ),
    staff("admin.plan_list", editor=200),
    staff("admin.plan", PLAN, editor=200),
    staff("admin.plan", {"slug": "nothing"}, editor=404),
    staff("admin.plan", PLAN, method="POST", editor=422),
    staff("admin.publish_plan", PLAN, method="POST", data={"sure": "yes"}, editor=302),
    staff("admin.item", CLAUSE, editor=200),
    staff("admin.change_item", {**CLAUSE, "part": "responsibility"}, method="POST", editor=422),
    staff("admin.new_commitment", CLAUSE, editor=200),
    staff("admin.new_commitment", CLAUSE, method="POST", editor=422),
    staff(
        "admin.withdraw_plan_change",
        {**PLAN, "subject": "plan", "change_id": 1},
        method="POST",
        editor=404,
    ),
    staff("admin.audit", admin=200, auditor=200),
    staff("admin.deliveries", admin=200),
    staff("admin.delivery", lambda s: {"message_id": s.failed_delivery}, admin=200),
    staff("admin.delivery", {"message_id": 999_999}, admin=404),
    staff("admin.send_delivery_again", lambda s: {"message_id": s.failed_delivery}, method="POST", admin=302),
    staff("admin.leave_delivery", lambda s: {"message_id": s.failed_delivery}, method="POST", admin=302),
]
