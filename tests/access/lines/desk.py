"""The desk: the department of a case and the dispatcher; another department's case is 404; auditors only read."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

from civic.cases import queries, services
from civic.cases.rules import AttachedTo, CaseAction, FeedbackKind
from civic.cases.services import NewContact, NewFeedback
from civic.core import clock
from civic.core.actor import RESIDENT
from civic.core.db import unit_of_work
from civic.core.ids import new_nonce
from civic.desk.services import NewTemplate, create_template
from civic.files.services import made_draft, made_upload, store_draft
from tests.access.matrix import staff
from tests.access.stage import Stage
from tests.integration.progress.office import photo_with_place

WORDS = "路灯坏了，请尽快修理。"


def prepare(stage: Stage) -> None:
    """Two published cases: one routed to our department, one that nobody has yet."""
    dispatcher, now = stage.accounts["dispatcher"], clock.now()
    with stage.app.app_context(), unit_of_work():
        for name in ("desk_case", "desk_unrouted"):
            new = NewFeedback(
                kind=FeedbackKind.REPORT,
                text=WORDS,
                nonce=new_nonce(),
                wants_publication=True,
                contact=NewContact(phone="13800000000"),
                photos=(_photo(),),
            )
            stage.facts[name] = services.submit_feedback(RESIDENT, new, now).reference
            case_id, version = _state(stage, name)
            services.review_publication(dispatcher, case_id, version, CaseAction.PUBLISH, now)
        case_id, version = _state(stage, "desk_case")
        services.route_case(dispatcher, case_id, version, stage.department_id, now, reason="路灯归本局。")
        case_id, _version = _state(stage, "desk_case")
        upload = made_upload(b"%PDF-1.7 report", "report.pdf")
        handler = stage.accounts["handler"]
        stage.facts["desk_file"] = services.attach_file(handler, case_id, upload, AttachedTo.NOTE, now)
        new = NewTemplate(TEMPLATE["name"], TEMPLATE["text"])
        stage.facts["desk_template"] = create_template(stage.accounts["lead"], stage.department_id, new, now)


def _photo() -> str:
    """The key of a photo that waits to be sent with a message."""
    now = clock.now()
    made = made_draft(photo_with_place())
    return store_draft(RESIDENT, made, "灯.jpg", now, kept_until=now + timedelta(hours=1)).key


def _state(stage: Stage, name: str) -> tuple[int, int]:
    """Id and version of a case of the stage; needs an application context."""
    case_id = queries.case_id_of(stage.facts[name])
    assert case_id is not None
    return case_id, queries.case_page(stage.accounts["dispatcher"], case_id, clock.now()).version


def case(stage: Stage) -> dict[str, Any]:
    return {"reference": stage.desk_case}


def attachment(stage: Stage) -> dict[str, Any]:
    return {**case(stage), "attachment_id": stage.desk_file}


def unrouted(stage: Stage) -> dict[str, Any]:
    return {"reference": stage.desk_unrouted}


def photo(stage: Stage) -> dict[str, Any]:
    with stage.app.app_context():
        return {**case(stage), "photo_id": queries.photos_of_case(_state(stage, "desk_case")[0])[0].id}


def picture(stage: Stage) -> dict[str, Any]:
    return {**photo(stage), "size": "small"}


def others_picture(stage: Stage) -> dict[str, Any]:
    return {**picture(stage), **unrouted(stage)}


def of_case(slug: str) -> Any:
    return lambda stage: {**case(stage), "slug": slug}


def of_unrouted(slug: str) -> Any:
    return lambda stage: {**unrouted(stage), "slug": slug}


def seen(reference: str, **typed: Any) -> Any:
    """A form with the version that the case has now; a function among ``typed`` is asked the stage."""

    def form(stage: Stage) -> dict[str, Any]:
        with stage.app.app_context():
            version = _state(stage, reference)[1]
        return {"version": version} | {k: v(stage) if callable(v) else v for k, v in typed.items()}

    return form


TEMPLATE = {"version": "0", "name": "路灯", "text": "【称呼】：路灯已修好。", "is_active": "y"}


def own_department(stage: Stage) -> dict[str, Any]:
    return {"department": stage.department_id}


def template(stage: Stage) -> dict[str, Any]:
    return {"template_id": stage.desk_template}


LINES = [
    staff("desk.queue", handler=200, lead=200, other=200, dispatcher=200, auditor=200),
    staff("desk.notices", handler=200, lead=200, other=200, dispatcher=200),
    # A button without its moment is no form of ours.
    staff("desk.notices_seen", method="POST", handler=400, lead=400, other=400, dispatcher=400),
    staff("desk.changes", handler=200, lead=200, other=200, dispatcher=200, auditor=200),
    staff("desk.save_list", method="POST", data={"name": "本局的", "list": "view=all&kind=question"},
          handler=302, lead=302, other=302, dispatcher=302, auditor=302),
    staff("desk.change_list", {"list_id": 0}, method="POST", data={"deed": "delete"},
          handler=404, lead=404, other=404, dispatcher=404, auditor=404),
    staff("desk.triage", dispatcher=200),
    staff("desk.review", dispatcher=200),
    # An auditor's look at a case that isn't public leaves an audit row; at this one it leaves nothing.
    staff("desk.case", case, handler=200, lead=200, other=404, dispatcher=200, auditor=200),
    staff("desk.pane", case, handler=200, lead=200, other=404, dispatcher=200, auditor=200),
    staff("desk.case", unrouted, handler=404, lead=404, other=404, dispatcher=200, auditor=200),
    staff("desk.case", {"reference": "TJ-2026-AAAAAA"}, handler=404, lead=404, other=404, dispatcher=404, auditor=404),
    staff("desk.new_code", case, dispatcher=200),
    staff(
        "desk.issue_code", case, method="POST",
        data=seen("desk_case", ticket="a" * 22, how="questions", reason="核对了日期。"), dispatcher=200,
    ),
    staff("desk.photos", dispatcher=200),
    staff("desk.original_photo", picture, handler=200, lead=200, other=404, dispatcher=200, auditor=200),
    staff("desk.original_photo", others_picture, handler=404, lead=404, other=404, dispatcher=404, auditor=404),
    staff("desk.decide_photo", photo, dispatcher=200),
    staff("desk.decide_photo", photo, method="POST", data={"choice": "held"}, dispatcher=302),
    staff("desk.presence", case, method="POST", handler=200, lead=200, other=404, dispatcher=200),
    staff(
        "desk.act", of_case("invite"), method="POST",
        data=seen("desk_case", message="请协助。", days="3", department_id=lambda stage: stage.other_department_id),
        handler=302, lead=302, other=404, dispatcher=302,
    ),
    staff(
        "desk.act", of_case("merge"), method="POST",
        data=seen("desk_case", reason="同一处。", survivor=lambda stage: stage.desk_unrouted),
        handler=422, lead=422, other=404, dispatcher=302,
    ),
    staff("desk.contact", case, method="POST", handler=200, lead=200, other=404, dispatcher=200),
    staff(
        "desk.note", case, method="POST", data={"text": "已电话联系。"},
        handler=302, lead=302, other=404, dispatcher=302,
    ),
    staff("desk.act", of_case("accept"), handler=200, lead=200, other=404, dispatcher=302),
    staff("desk.act", of_case("no-such-thing"), handler=404, lead=404, other=404, dispatcher=404),
    staff(
        "desk.act", of_case("accept"), method="POST", data=seen("desk_case"),
        handler=302, lead=302, other=404, dispatcher=403,
    ),
    staff(
        "desk.act", of_case("return"), method="POST", data=seen("desk_case", reason="不归本局。"),
        handler=302, lead=302, other=404, dispatcher=403,
    ),
    staff(
        "desk.act", of_case("unpublish"), method="POST", data=seen("desk_case", reason="当事人要求。"),
        handler=403, lead=403, other=404, dispatcher=302,
    ),
    staff(
        "desk.act", of_case("transfer"), method="POST",
        data=seen("desk_case", reason="归他局。", department_id=lambda stage: stage.other_department_id),
        handler=403, lead=403, other=404, dispatcher=302,
    ),
    staff(
        "desk.act", of_unrouted("route"), method="POST",
        data=seen("desk_unrouted", reason="归本局。", department_id=lambda stage: stage.department_id),
        handler=404, lead=404, other=404, dispatcher=302,
    ),
    staff(
        "desk.act", of_unrouted("decline"), method="POST", data=seen("desk_unrouted", code="advertising"),
        handler=404, lead=404, other=404, dispatcher=302,
    ),
    staff(
        "desk.look_over", of_case("draft-reply"), method="POST", data=seen("desk_case", text="已修复。"),
        handler=404, lead=404, other=404, dispatcher=404,
    ),
    staff(
        "desk.keep", of_case("note"), method="POST", data={"text": "已致电。", "visit": "a", "turn": "1"},
        handler=200, lead=200, other=404, dispatcher=200,
    ),
    staff("desk.drop_kept", of_case("note"), method="POST", handler=302, lead=302, other=404, dispatcher=302),
    staff("desk.bulk", method="POST", data={"deed": "take"}, handler=302, lead=302, other=302),
    staff(
        "desk.bulk", method="POST",
        data=lambda stage: {"deed": "take", "sure": "yes", "case": f"{stage.desk_case}:1"},
        handler=200, lead=200, other=200,
    ),
    staff("desk.duplicates", dispatcher=200),
    staff("desk.keep_apart", method="POST", data={"case": "TJ-2026-AAAAAA"}, dispatcher=404),
    staff("desk.rules", dispatcher=200, admin=200),
    staff("desk.rules", method="POST", data={"text": "路灯坏了"}, dispatcher=200, admin=200),
    staff("desk.corrections", dispatcher=200, admin=200),
    staff("desk.new_rule", dispatcher=200, admin=200),
    staff("desk.new_rule", method="POST", data={}, dispatcher=422, admin=422),
    staff("desk.rule", {"code": "R-08"}, dispatcher=404, admin=404),
    staff("desk.rule", {"code": "R-08"}, method="POST", data={}, dispatcher=404, admin=404),
    staff("desk.withdraw_rule_change", {"code": "R-08", "change_id": 1}, method="POST", dispatcher=404, admin=404),
    staff(
        "desk.attach", case, method="POST",
        data=lambda _stage: {"upload": (BytesIO(b"%PDF-1.7 report"), "report.pdf"), "attached_to": "note"},
        handler=302, lead=302, other=404, dispatcher=302,
    ),
    staff("desk.attachment", attachment, handler=200, lead=200, other=404, dispatcher=200, auditor=404),
    staff("desk.remove_attachment", attachment, method="POST", handler=302, lead=403, other=404, dispatcher=403),
    staff("desk.team", lead=200, other=200),
    staff("desk.absences", handler=200, lead=200, other=200),
    staff("desk.absences", method="POST", data={}, handler=422, lead=422, other=422),
    staff("desk.end_of_absence", {"absence_id": 1}, method="POST", handler=404, lead=404, other=404),
    staff("desk.set_aside", case, method="POST", data={"code": ""}, handler=302, lead=302, other=404, dispatcher=302),
    staff("desk.templates", handler=200, lead=200, other=200, dispatcher=200, admin=200),
    staff("desk.new_template", lead=403, dispatcher=200, admin=200),
    staff("desk.new_template", own_department, lead=200, dispatcher=403, admin=403),
    staff("desk.new_template", own_department, method="POST", data=TEMPLATE, lead=302, dispatcher=403, admin=403),
    staff("desk.change_template", template, handler=200, lead=200, other=404, dispatcher=200, admin=200),
    staff(
        "desk.change_template", template, method="POST", data={**TEMPLATE, "version": "1"},
        handler=403, lead=302, other=404, dispatcher=403, admin=403,
    ),
    staff(
        "desk.insert_template", of_case("draft-reply"), method="POST", data={"template": "0"},
        handler=404, lead=404, other=404, dispatcher=404,
    ),
]  # fmt: skip
