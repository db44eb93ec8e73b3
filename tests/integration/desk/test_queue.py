"""The queue: order, lists and counts, search, paging, and what an empty list says."""

from __future__ import annotations

import re
from html import unescape

import pytest

from civic.cases import services
from civic.cases.rules import Channel, FeedbackKind
from civic.cases.services import NewFeedback
from civic.core.db import unit_of_work
from civic.core.ids import new_nonce
from civic.desk import queries
from tests.integration.desk.office import REPLY, WORDS, Office

ROW = re.compile(r'class="line-link" href="(?:/en)?/desk/cases/([A-Z0-9-]+)')


def rows(page: str) -> list[str]:
    return ROW.findall(page)


def attribute(page: str, name: str) -> str:
    """The value of the first attribute of that name."""
    found = re.search(rf'{name}="([^"]+)"', page)
    assert found, name
    return unescape(found[1])


def shown(office: Office, who: str, address: str) -> list[str]:
    return rows(office.get(who, address).get_data(as_text=True))


def counts(page: str) -> dict[str, int]:
    found = re.findall(r'\?view=(\w+)"[^>]*>\s*<span>[^<]*</span>\s*<span class="count[^>]*>(\d+)<', page)
    return {view: int(number) for view, number in found}


def test_the_most_urgent_comes_first(office: Office) -> None:
    """A question is due in five days, a suggestion in ten; what waits to be accepted is due tomorrow."""
    suggestion = office.submit()
    office.accept(suggestion)
    question = office.submit(kind=FeedbackKind.QUESTION)
    office.accept(question)
    office.pass_time(days=1)
    fresh = office.submit()
    assert shown(office, "handler", "/desk/?view=department") == [fresh, question, suggestion]
    office.pass_time(days=8)
    page = office.get("handler", "/desk/?view=overdue").get_data(as_text=True)
    assert rows(page) == [fresh, question]
    assert "due--overdue" in page


def test_lists_count_what_they_show(office: Office) -> None:
    mine, waiting, routed, sent = (office.submit() for _ in range(4))
    for reference in (mine, waiting, sent):
        office.accept(reference)
    office.act("handler", waiting, "ask-resident", question="请问具体位置？")
    office.act("handler", sent, "draft-reply", text="答复。", resolution="adopted", then="send")
    page = office.get("lead", "/desk/").get_data(as_text=True)
    expected = {"to_accept": [routed], "unassigned": [routed], "approval": [sent], "awaiting": [waiting]}
    for view, references in expected.items():
        assert counts(page)[view] == len(references)
        assert shown(office, "lead", f"/desk/?view={view}") == references
    assert counts(office.get("handler", "/desk/").get_data(as_text=True))["mine"] == 3


def test_only_leads_have_the_list_of_approvals(office: Office) -> None:
    assert "approval" in counts(office.get("lead", "/desk/").get_data(as_text=True))
    assert "approval" not in counts(office.get("handler", "/desk/").get_data(as_text=True))


def test_returned_and_reopened_have_their_lists(office: Office) -> None:
    reference = office.submit()
    office.act("handler", reference, "return", reason="不归我局。")
    assert shown(office, "handler", "/desk/?view=returned") == [reference]
    assert shown(office, "handler", "/desk/?view=reopened") == []
    # Nor is it offered to be accepted, by which a colleague would take the return back without a word.
    assert shown(office, "lead", "/desk/?view=to_accept") == []
    assert "accept" not in office.offers("lead", reference)


def test_an_approved_reply_waits_for_nobodys_approval_any_more(office: Office) -> None:
    reference = office.submit()
    office.draft(reference, send=True)
    office.act("lead", reference, "approve-reply", then="")
    assert shown(office, "lead", "/desk/?view=approval") == []
    assert "publish-reply" in office.offers("handler", reference)


def test_who_enters_a_callers_message_is_named_with_the_own_department(office: Office) -> None:
    with office.app.app_context(), unit_of_work():
        new = NewFeedback(
            kind=FeedbackKind.SUGGESTION,
            text=WORDS,
            nonce=new_nonce(),
            channel=Channel.HOTLINE,
            item_id=office.item_id,
        )
        reference = services.submit_feedback(office.people["other"], new, office.now).reference
    assert office.case(reference).history[0].department_id == office.roads


def test_another_departments_cases_are_in_no_list_and_no_search(office: Office) -> None:
    reference = office.submit()
    for address in ("/desk/?view=all", "/desk/?view=department", f"/desk/?q={reference}", "/desk/?q=路灯"):
        page = office.get("other", address).get_data(as_text=True)
        assert rows(page) == []
        assert set(counts(page).values()) == {0}


def test_a_number_opens_the_case_and_words_find_it(office: Office) -> None:
    reference = office.submit()
    office.submit(text="学校操场周末能不能开放？")
    typed = reference.lower().replace("-", " ")
    answer = office.get("handler", f"/desk/?q={typed}")
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(f"/desk/cases/{reference}")
    assert shown(office, "handler", "/desk/?q=路灯") == [reference]
    assert "没有" in office.get("handler", "/desk/?q=游泳池").get_data(as_text=True)


def test_an_empty_list_points_to_where_something_waits(office: Office) -> None:
    empty = office.get("handler", "/en/desk/?view=mine").get_data(as_text=True)
    assert "Nothing here at the moment." in empty
    assert "Something waits in:" not in empty
    office.submit()
    pointed = office.get("handler", "/en/desk/?view=mine").get_data(as_text=True)
    assert "Something waits in:" in pointed
    assert "view=to_accept" in pointed


def test_the_desk_opens_where_something_waits(office: Office) -> None:
    assert shown(office, "handler", "/desk/") == []
    reference = office.submit()
    assert shown(office, "handler", "/desk/") == [reference]


def test_pages_are_cut_by_key(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE_SIZE", 2)
    sent = []
    for _ in range(5):
        sent.append(office.submit())
        office.pass_time(days=1)
    page = office.get("handler", "/desk/?view=department").get_data(as_text=True)
    seen = rows(page)
    while match := re.search(r'rel="next" href="([^"]+)"', page):
        page = office.get("handler", match[1].replace("&amp;", "&")).get_data(as_text=True)
        seen += rows(page)
    assert seen == sent
    assert office.get("handler", "/desk/?cursor=rubbish").status_code == 422


def test_the_first_case_stands_beside_the_list(office: Office) -> None:
    reference = office.submit()
    page = office.get("handler", "/desk/?view=department").get_data(as_text=True)
    assert f'action="/desk/cases/{reference}/accept"' in page
    pane = office.get("handler", f"/desk/cases/{reference}/pane").get_data(as_text=True)
    assert "<html" not in pane
    assert f'action="/desk/cases/{reference}/accept"' in pane


def test_a_second_reopening_is_marked(office: Office) -> None:
    reference = office.submit(about_staff=True)
    office.act("dispatcher", reference, "route", department_id=str(office.water), reason="核查。")
    assert "about staff" in office.get("handler", "/en/desk/?view=department").get_data(as_text=True)


def test_the_desk_opens_where_work_is_waiting(office: Office) -> None:
    """A lead has nothing of her own, but something to approve: she sees that, not an empty list."""
    reference = office.submit()
    office.accept(reference)
    office.act("handler", reference, "draft-reply", text=REPLY, resolution="adopted", then="send")
    page = office.get("lead", "/desk/").get_data(as_text=True)
    assert rows(page) == [reference]
    assert rows(office.get("lead", "/desk/?view=mine").get_data(as_text=True)) == [], (
        "who asks for it gets it"
    )


def test_filters_narrow_a_list_stand_in_the_address_and_are_dropped_one_by_one(office: Office) -> None:
    question = office.submit(kind=FeedbackKind.QUESTION)
    suggestion = office.submit()
    office.accept(question)
    narrow = "/en/desk/?view=department&kind=question&period=7&assignee="
    handler = office.people["handler"].account_id
    page = office.get("handler", f"{narrow}{handler}&item=test-plan/6.3.1").get_data(as_text=True)
    assert rows(page) == [question]
    chips = re.search(r'<ul class="plain chips".*?</ul>', page, re.DOTALL)
    assert chips
    assert chips[0].count("take it away") == 4
    without_kind = re.search(r'href="(/en/desk/\?[^"]*)">Question', chips[0])
    assert without_kind
    assert "kind=" not in without_kind[1]
    assert "period=7" in without_kind[1]
    assert shown(office, "handler", "/desk/?view=department&assignee=nobody") == [suggestion]
    empty = office.get("handler", f"{narrow}nobody").get_data(as_text=True)
    assert rows(empty) == []
    assert "Without “Question”" in empty
    assert "Without “Nobody yet”" in empty
    unknown = "/desk/?view=department&kind=rumour&street=x&item=a/b&status=lost&assignee=0&period=3&order=up"
    assert set(shown(office, "handler", unknown)) == {question, suggestion}, (
        "what isn't known narrows nothing"
    )
    assert shown(office, "handler", "/desk/?view=department&department=roads") == [suggestion, question], (
        "who works for one department has no choice of departments"
    )
    assert shown(office, "dispatcher", "/desk/?view=department&department=roads") == []
    assert shown(office, "dispatcher", "/desk/?view=department&department=water&status=routed") == [
        suggestion
    ]
    assert shown(office, "handler", "/desk/?view=department&about_staff=1") == []
    assert shown(office, "handler", "/desk/?view=department&reopened=1") == []


def test_every_order_is_paged_through_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also among equals: three came in at the same moment; and while a case changes behind the reader."""
    monkeypatch.setattr(queries, "PAGE_SIZE", 2)
    together = [office.submit() for _ in range(3)]
    office.pass_time(hours=1)
    late = office.submit(kind=FeedbackKind.QUESTION)
    office.pass_time(hours=1)
    office.act("handler", together[0], "take")
    expected = {
        "newest": [late, *reversed(together)],
        "oldest": [*together, late],
        "unchanged": [*together[1:], late, together[0]],
    }
    for order, references in expected.items():
        page = office.get("handler", f"/desk/?view=department&order={order}").get_data(as_text=True)
        seen = rows(page)
        while match := re.search(r'rel="next" href="([^"]+)"', page):
            page = office.get("handler", match[1].replace("&amp;", "&")).get_data(as_text=True)
            seen += rows(page)
        assert seen == references, order
    first = office.get("handler", "/desk/?view=department&order=oldest").get_data(as_text=True)
    office.act("handler", together[0], "return", reason="不归我局。")
    more = re.search(r'rel="next" href="([^"]+)"', first)
    assert more
    assert shown(office, "handler", more[1].replace("&amp;", "&")) == expected["oldest"][2:]
