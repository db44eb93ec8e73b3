"""What goes wrong at a desk: nothing written, far too much, two windows, impatient fingers, the way back."""

from __future__ import annotations

import pytest

from civic.cases.rules import CaseAction, CaseStatus
from tests.integration.desk.office import REPLY, WORDS, Office, forms_of

LONG = "一二三四五六七八九十" * 10_000
"""100,000 characters."""


def ready(office: Office) -> str:
    """A case in the handler's hands."""
    reference = office.submit()
    office.accept(reference)
    return reference


@pytest.mark.parametrize("text", ["", "   \n\t  ", "\u3000\u3000"])
def test_an_empty_reply_is_refused_at_its_field(office: Office, text: str) -> None:
    reference = ready(office)
    form = office.form("handler", reference, "draft-reply")
    answer = office.send("handler", form, text=text, resolution="adopted")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'href="#draft_reply-text"' in page
    assert 'id="draft_reply-text"' in page
    assert '<option selected value="adopted">' in page
    assert office.case(reference, "handler").draft is None


def test_a_far_too_long_reply_comes_back_whole(office: Office) -> None:
    reference = ready(office)
    form = office.form("handler", reference, "draft-reply")
    answer = office.send("handler", form, text=LONG, resolution="adopted")
    assert answer.status_code == 422
    assert "5000" in answer.get_data(as_text=True)
    again = next(f for f in forms_of(answer) if f.action.endswith("/draft-reply"))
    assert again.fields["text"] == LONG
    assert office.case(reference, "handler").draft is None


def test_control_characters_and_markup_do_no_harm(office: Office) -> None:
    reference = ready(office)
    text = "第一行\r\n第二行\x00\x1b <script>alert(1)</script> {{ 7*7 }} 😀"
    office.act("handler", reference, "draft-reply", text=text, resolution="adopted", then="send")
    page = office.open("lead", reference).get_data(as_text=True)
    assert "第一行\n第二行 &lt;script&gt;alert(1)&lt;/script&gt; {{ 7*7 }} 😀" in page


@pytest.mark.parametrize("version", ["", "0", "-1", "999999", "99999999999999999999", "eins", "１"])
def test_a_version_nobody_saw_saves_nothing_and_keeps_the_text(office: Office, version: str) -> None:
    reference = ready(office)
    form = office.form("handler", reference, "draft-reply")
    answer = office.send("handler", form, version=version, text=REPLY, resolution="adopted")
    assert answer.status_code == 409
    assert REPLY in answer.get_data(as_text=True)
    assert office.case(reference, "handler").draft is None


@pytest.mark.parametrize("typed", [{"resolution": "solved"}, {"resolution": "adopted' OR 1=1"}])
def test_a_choice_that_was_not_offered_is_refused(office: Office, typed: dict[str, str]) -> None:
    reference = ready(office)
    form = office.form("handler", reference, "draft-reply")
    answer = office.send("handler", form, **({"text": REPLY} | typed))
    assert answer.status_code == 422
    assert REPLY in answer.get_data(as_text=True)


def test_two_windows_of_one_person_the_later_save_shows_both_texts(office: Office) -> None:
    reference = ready(office)
    one = office.form("handler", reference, "draft-reply")
    two = office.form("handler", reference, "draft-reply")
    assert office.send("handler", one, text="第一个窗口的稿子。", resolution="adopted").status_code == 302
    late = office.send("handler", two, text="第二个窗口的稿子。", resolution="planned")
    page = late.get_data(as_text=True)
    assert late.status_code == 409
    assert page.index("第二个窗口的稿子。") < page.index("第一个窗口的稿子。")
    draft = office.case(reference, "handler").draft
    assert draft is not None
    assert draft.text == "第一个窗口的稿子。"


@pytest.mark.parametrize("slug", ["accept", "take", "escalate", "return", "assign"])
def test_a_double_click_makes_one_event(office: Office, slug: str) -> None:
    reference = office.submit()
    form = office.form("handler", reference, slug)
    colleague = str(office.people["colleague"].account_id)
    typed = {
        "escalate": {"reason": "协调不成。"},
        "return": {"reason": "不归我局。"},
        "assign": {"account_id": colleague},
    }.get(slug, {})
    answers = [office.send("handler", form, **typed).status_code for _ in range(3)]
    assert answers == [302, 302, 302]
    wanted = CaseAction(slug)
    assert [e.action for e in office.case(reference).history].count(wanted) == 1


def test_a_double_click_on_the_dispatchers_forms_makes_one_event(office: Office) -> None:
    reference = office.submit(item_id=None)
    route = office.form("dispatcher", reference, "route")
    typed = {"department_id": str(office.water), "reason": "河道照明归水务局。"}
    assert [office.send("dispatcher", route, **typed).status_code for _ in range(2)] == [302, 302]
    publish = office.form("dispatcher", reference, "publish")
    assert [office.send("dispatcher", publish).status_code for _ in range(2)] == [302, 302]
    actions = [e.action for e in office.case(reference).history]
    assert (actions.count(CaseAction.ROUTE), actions.count(CaseAction.PUBLISH)) == (1, 1)


def test_a_double_click_keeps_one_note_and_two_notes_are_two(office: Office) -> None:
    reference = office.submit()
    form = office.form("handler", reference, "note")
    for text in ("已电话联系。", "已电话联系。", "已现场查看。"):
        assert office.send("handler", form, text=text).status_code == 302
    notes = [note.text for note in office.case(reference, "handler").notes]
    assert notes == ["已电话联系。", "已现场查看。"]
    office.pass_time(hours=1)
    office.act("handler", reference, "note", text="已电话联系。")
    assert len(office.case(reference, "handler").notes) == 3


def test_the_back_button_to_a_form_already_sent_meets_what_happened_since(office: Office) -> None:
    """The browser shows the old page again; pressing another of its buttons is a late save, not an error."""
    reference = office.submit()
    accept = office.form("handler", reference, "accept")
    give_back = office.form("handler", reference, "return")
    office.send("handler", accept)
    late = office.send("handler", give_back, reason="其实不归我局。")
    page = late.get_data(as_text=True)
    assert late.status_code == 409
    assert "其实不归我局。" in page
    assert not office.case(reference).return_pending
    again = next(f for f in forms_of(late) if f.action.endswith("/return"))
    assert office.send("handler", again).status_code == 302
    assert office.case(reference).return_pending


def test_going_back_to_a_form_that_no_longer_exists_leads_to_the_case(office: Office) -> None:
    reference = ready(office)
    address = f"/desk/cases/{reference}/draft-reply"
    assert office.get("handler", address).status_code == 200
    office.act("handler", reference, "draft-reply", text=REPLY, resolution="adopted", then="send")
    answer = office.get("handler", address)
    assert answer.status_code == 302
    page = office.get("handler", answer.headers["Location"])
    assert "flash--warning" in page.get_data(as_text=True)


def test_pages_of_the_desk_are_kept_by_no_cache(office: Office) -> None:
    reference = office.submit()
    for address in ("/desk/", f"/desk/cases/{reference}", f"/desk/cases/{reference}/pane", "/desk/?q=路灯"):
        assert "no-store" in office.get("handler", address).headers["Cache-Control"], address


@pytest.mark.parametrize(
    "slug", ["accept", "return", "assign", "take", "escalate", "draft-reply", "note", "contact"]
)
def test_another_department_can_do_nothing_by_address(office: Office, slug: str) -> None:
    reference = office.submit()
    own = office.submit(item_id=None)
    office.act("dispatcher", own, "route", department_id=str(office.roads), reason="道路照明归住建局。")
    token = office.form("other", own, "accept").fields["csrf_token"]
    form = forms_of(office.open("handler", reference))[0]
    form.action = f"/desk/cases/{reference}/{slug}"
    form.fields |= {"csrf_token": token, "version": "1", "text": REPLY, "reason": REPLY}
    answer = office.send("other", form)
    assert answer.status_code == 404
    assert WORDS not in answer.get_data(as_text=True)
    assert office.case(reference).status is CaseStatus.ROUTED
    assert len(office.case(reference).history) == 2


def test_a_lead_of_another_department_is_no_lead_here(office: Office) -> None:
    reference = office.submit()
    office.draft(reference, send=True)
    assert office.get("other", f"/desk/cases/{reference}/approve-reply").status_code == 404
    assert "approve-reply" not in office.offers("handler", reference)
    assert "approve-reply" not in office.offers("dispatcher", reference)


def test_another_choice_in_another_tab_is_no_second_click(office: Office) -> None:
    reference = office.submit()
    first, second = (office.form("lead", reference, "assign") for _ in range(2))
    handler, colleague = (str(office.people[who].account_id) for who in ("handler", "colleague"))
    assert office.send("lead", first, account_id=handler).status_code == 302
    assert office.send("lead", second, account_id=handler).status_code == 302, "the same once more"
    assert office.send("lead", second, account_id=colleague).status_code == 409
    assert office.case(reference).assignee_id == office.people["handler"].account_id

    office.act("handler", reference, "accept")
    form = office.form("handler", reference, "draft-reply")
    typed = {"text": "九月底前装好。", "resolution": "adopted"}
    assert office.send("handler", form, **typed).status_code == 302
    assert office.send("handler", form, **typed).status_code == 302
    assert office.send("handler", form, **typed, then="send").status_code == 409, "saved, and yet to be sent"
    assert office.send("handler", form, **{**typed, "resolution": "planned"}).status_code == 409
