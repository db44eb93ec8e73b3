"""Reports on items: the department that answers for it, its lead approves, another's are 404; files once public."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from civic.core import clock
from civic.core.db import unit_of_work
from civic.departments.queries import local_day
from civic.files.services import store_file
from civic.plans import queries as plans
from civic.progress.rules.updates import Evidence, EvidenceKind, Report, UpdateStatus
from civic.progress.services import updating
from tests.access.lines.intake import ITEM
from tests.access.matrix import everyone, staff
from tests.access.stage import Stage

PDF = b"%PDF-1.7\n%%EOF"


def prepare(stage: Stage) -> None:
    """A published report with a public file, and one that waits for approval with a file of its own."""
    handler, lead, now = stage.accounts["handler"], stage.accounts["lead"], clock.now()
    with stage.app.app_context(), unit_of_work():
        report = Report(UpdateStatus.UNDER_WAY, "路灯已更换一半，其余下月完成。", local_day(now))
        item = plans.item_by_code(ITEM["plan"], ITEM["code"]).id
        for name in ("shown", "waiting"):
            file = store_file(handler, PDF, f"{name}.pdf", now)
            evidence = (Evidence(EvidenceKind.DOCUMENT, "照明检测", file=file.key),)
            row = updating.save_report(handler, item, replace(report, evidence=evidence), now, version=0)
            row = updating.send_report(handler, row.id, row.version, now)
            if name == "shown":
                row = updating.approve_report(lead, row.id, row.version, now)
            stage.facts[f"report_{name}"] = {"id": row.id, "version": row.version, "key": file.key}


def waiting(stage: Stage) -> dict[str, Any]:
    return {"update_id": stage.report_waiting["id"]}


def deed(name: str) -> Any:
    return lambda stage: {**waiting(stage), "deed": name}


def seen(stage: Stage) -> dict[str, Any]:
    return {"version": stage.report_waiting["version"], "note": "请补充。"}


def public_file(stage: Stage) -> dict[str, Any]:
    return {"key": stage.report_shown["key"], "name": "shown.pdf"}


def private_file(stage: Stage) -> dict[str, Any]:
    return {"key": stage.report_waiting["key"], "name": "waiting.pdf"}


def file_of(name: str) -> Any:
    def arguments(stage: Stage) -> dict[str, Any]:
        report = stage.facts[f"report_{name}"]
        return {"update_id": report["id"], "key": report["key"]}

    return arguments


LINES = [
    staff("progress.items", handler=200, lead=200, other=200),
    staff("progress.reported_item", ITEM, handler=200, lead=200, other=404),
    staff("progress.write_report", ITEM, handler=200, lead=200, other=404),
    staff("progress.write_report", ITEM, method="POST", handler=422, lead=422, other=404),
    staff("progress.approvals", lead=200, other=200),
    staff("progress.approval", waiting, lead=200, other=404),
    staff("progress.decide", deed("approve"), method="POST", data=seen, lead=302, other=404),
    staff("progress.decide", deed("send-back"), method="POST", data=seen, lead=302, other=404),
    staff("progress.decide", deed("discard"), method="POST", data=seen, handler=302, lead=302, other=404),
    staff("progress.decide", deed("nonsense"), method="POST", handler=404, lead=404, other=404),
    staff("progress.report_file", file_of("waiting"), handler=200, lead=200, other=404),
    staff("progress.withdraw_file", file_of("shown"), method="POST", lead=302, other=404),
    everyone("files.file", public_file),
    everyone("files.file", private_file, status=404),
    everyone("portal.item_history", ITEM),
    everyone("portal.item_history", {**ITEM, "code": "9.9.9"}, status=404),
]
