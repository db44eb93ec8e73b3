"""Reply templates: kept by leads and the dispatcher, filled in from a case, put below what is typed."""

from __future__ import annotations

from civic.cases.rules import FeedbackKind
from tests.integration.desk.office import Form, Office, forms_of

TEXT = (
    "【称呼】：您反映的【条目】问题（【编号】）由【部门】于【今日】办理，"
    "【填写：完工日期】前完成。经办人【经办人】。【街道】"
)


def template_form(office: Office, who: str, address: str) -> Form:
    return next(f for f in forms_of(office.get(who, address)) if "name" in f.fields)


def test_a_template_is_made_changed_and_put_into_a_draft(office: Office) -> None:
    address = f"/desk/templates/new?department={office.water}"
    form = template_form(office, "lead", address)
    form.action = address
    # Unknown placeholders are refused with their name; a preview saves nothing.
    refused = office.send("lead", form, name="路灯", text=TEXT + "【姓名】")
    assert refused.status_code == 422
    assert "【姓名】" in refused.get_data(as_text=True)
    preview = office.send("lead", form, name="路灯", text=TEXT, then="preview").get_data(as_text=True)
    assert "（AB-2026-7K3M9Q）由某部门于2026年9月7日办理" in preview
    assert "路灯" not in office.get("lead", "/desk/templates").get_data(as_text=True)
    assert office.send("lead", form, name="路灯", text=TEXT, resolution="adopted").status_code == 302
    # A district template for complaints only isn't offered for a suggestion.
    district = template_form(office, "dispatcher", "/desk/templates/new")
    district.action = "/desk/templates/new"
    assert (
        office.send("dispatcher", district, name="投诉", text="已查处。", kinds="complaint").status_code
        == 302
    )

    suggestion, complaint = office.submit(), office.submit(kind=FeedbackKind.COMPLAINT)
    for reference, names in ((suggestion, {"路灯"}), (complaint, {"路灯", "投诉"})):
        office.accept(reference)
        page = office.open("handler", reference).get_data(as_text=True)
        assert {name for name in ("路灯", "投诉") if f">{name}" in page} == names
    draft = office.form("handler", suggestion, "draft-reply")
    draft.action += "/template"
    typed = office.send("handler", draft, text="已电话联系。")
    form = next(f for f in forms_of(typed) if f.action.endswith("/draft-reply"))
    assert form.fields["text"].replace("\r", "") == (
        f"已电话联系。\n\n居民朋友：您反映的防洪排涝问题（{suggestion}）由区水务局于2026年9月7日办理，"
        "【填写：完工日期】前完成。经办人陈经办。【街道】"
    )
    assert form.fields["resolution"] == "adopted"
    assert office.case(suggestion, "handler").draft is None
    office.send("handler", form)
    assert 'value="unfilled"' in office.open("handler", suggestion).get_data(as_text=True)

    # A newer version leaves the old one readable; a stale save is refused; out of use it's no longer offered.
    own = f"/desk/templates/{draft.fields['template']}"
    change = template_form(office, "lead", own)
    change.action = own
    assert office.send("lead", change, text="路灯已修好。").status_code == 302
    assert office.send("lead", change, text="又一版。").status_code == 422
    assert "【填写：完工日期】" in office.get("handler", own).get_data(as_text=True)
    change = template_form(office, "lead", own)
    change.action, change.fields["is_active"] = own, ""
    assert office.send("lead", change, is_active="").status_code == 302
    assert 'name="template"' not in office.open("handler", suggestion).get_data(as_text=True)
    assert office.get("other", own).status_code == 404
