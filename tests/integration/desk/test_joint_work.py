"""Several departments with one answer, more time, and one answer for several cases: through the forms of the desk."""

from __future__ import annotations

import re
from datetime import timedelta

from civic.cases import queries, services
from civic.cases.rules import CaseStatus, ExtensionState, FeedbackKind
from civic.cases.services import NewContact
from civic.core.actor import Role
from civic.core.db import unit_of_work
from tests.factories import make_account
from tests.integration.desk.office import REPLY, Form, Office, forms_of
from tests.integration.desk.photos import message

PART = "灯杆归我局，九月二十日前立好。"
SAME = "请在河边3号楼前增设路灯，夜里太暗，老人不敢走路。"


def body(office: Office, who: str, address: str) -> str:
    return office.get(who, address).get_data(as_text=True)


def test_a_supporting_department_gives_its_part_and_one_answer_names_it(office: Office) -> None:
    reference = office.submit()
    office.accept(reference)
    invited = {"department_id": str(office.roads), "message": "请提供灯杆位置。", "days": "2"}
    form = office.form("handler", reference, "invite")
    assert form.fields["days"] == "3"
    for wrong in (
        {"department_id": ""},
        {"message": " "},
        {"days": "21"},
        {"days": "x"},
        {"second_id": "999"},
    ):
        assert office.send("handler", form, **(invited | wrong)).status_code == 422
    # The same department named twice is asked once; a second click asks nobody again.
    assert office.send("handler", form, second_id=str(office.roads), **invited).status_code == 302
    assert office.send("handler", form, second_id=str(office.roads), **invited).status_code == 302
    assert office.case(reference).supports == (office.roads,)
    again = office.form("handler", reference, "invite")
    assert office.send("handler", again, **invited).status_code == 422

    # It finds the case in its list and reads it, without contact and without the draft.
    assert reference in body(office, "other", "/desk/?view=supporting")
    page = body(office, "other", f"/desk/cases/{reference}")
    assert "请提供灯杆位置。" in page
    assert "/contact" not in page
    assert office.offers("other", reference) == {"contribute"}
    assert office.send("other", office.form("other", reference, "contribute"), text=" ").status_code == 422

    # Nothing came in time: both see it. Then it comes, is taken over and goes out in one answer.
    office.pass_time(days=3)
    for who in ("handler", "other"):
        assert "due--overdue" in body(office, who, f"/desk/cases/{reference}").split('id="parts"')[1]
    first_tab = office.form("other", reference, "contribute")
    assert office.send("other", first_tab, text="灯杆归我局。").status_code == 302
    late = office.send("other", first_tab, text="灯杆不归我局。")
    assert late.status_code == 409
    assert all(text in late.get_data(as_text=True) for text in ("灯杆归我局。", "灯杆不归我局。"))
    office.act("other", reference, "contribute", text=PART)
    page = body(office, "handler", f"/desk/cases/{reference}")
    taken = re.search(r'href="([^"]*draft-reply\?part=\d+[^"]*)"', page)
    assert taken
    draft = next(
        f for f in forms_of(office.get("handler", taken[1].replace("&amp;", "&"))) if "text" in f.fields
    )
    assert draft.fields["text"] == PART
    office.send("handler", draft, text=f"{REPLY}\n{PART}", resolution="adopted", then="send")
    assert REPLY not in body(office, "other", f"/desk/cases/{reference}")
    office.act("lead", reference, "approve-reply", then="publish")
    office.act("dispatcher", reference, "publish")
    with office.app.test_client() as anyone, office.at_work():
        public = anyone.get(f"/cases/{reference}").get_data(as_text=True)
    assert "区住建局" in public
    assert queries_contributed(office, reference) == (office.roads,)


def test_the_list_of_supported_cases_is_ordered_by_when_the_parts_are_due(office: Office) -> None:
    """Late, soon, later, without a day, given: with the day and in words, page by page."""
    given, undated, late, later, soon = references = [office.submit() for _ in range(5)]
    for reference, days in ((given, 1), (undated, None), (late, 2), (later, 12), (soon, 4)):
        office.accept(reference)
        case = office.case(reference)
        with office.app.app_context(), unit_of_work():
            services.invite_departments(
                office.people["handler"], case.case_id, case.version, [office.roads], office.now,
                message="请提供灯杆位置。", days=days,
            )  # fmt: skip
    office.act("other", given, "contribute", text=PART)
    office.pass_time(days=3)

    page = body(office, "other", "/en/desk/?view=supporting")
    assert re.findall(r'data-case="([^"]+)"', page) == [late, soon, later, undated, given]
    rows = dict(zip((late, soon, later, undated, given), page.split('<li class="line')[1:], strict=True))
    said = {reference: " ".join(re.sub(r"<[^>]+>", " ", row).split()) for reference, row in rows.items()}
    assert 'id="bulk"' not in page, "nothing is done at once to another department's cases"
    assert "Part: 1 working day overdue" in said[late]
    assert "Part by 9 Sep 2026, 17:30" in said[late]
    assert "due soon" in said[soon]
    assert "due soon" not in said[later]
    assert "no day named" in said[undated]
    assert "part given" in said[given]
    assert "Part by" not in said[given]
    wanted = queries.QueueFilter(view=queries.QueueView.SUPPORTING)
    with office.app.app_context():
        found, cursor = [], None
        for _page in references:
            one = queries.queue(office.people["other"], wanted, cursor, now=office.now, size=1)
            found += [row.reference for row in one.rows]
            after, cursor = cursor, one.next_cursor
            between = queries.queue_between(
                office.people["other"], wanted, after, cursor, now=office.now, most=9
            )
            assert between == (found[-1],)
    assert found == [late, soon, later, undated, given]
    assert cursor is None

    # Whoever invited reads which part is late, until the answer is out.
    assert "1 part is late" in body(office, "handler", f"/en/desk/cases/{late}")
    assert "late:" not in body(office, "handler", f"/en/desk/cases/{soon}")
    office.act("handler", late, "draft-reply", text=REPLY, resolution="adopted", then="send")
    office.act("lead", late, "approve-reply", then="publish")
    assert "late:" not in body(office, "handler", f"/en/desk/cases/{late}")


def test_a_department_invited_by_mistake_loses_sight_of_the_case(office: Office) -> None:
    reference = office.submit()
    office.accept(reference)
    assert "withdraw-invitation" not in office.offers("handler", reference)
    invited = {"department_id": str(office.roads), "message": "请提供灯杆位置。", "days": "2"}
    office.act("handler", reference, "invite", **invited)
    assert "withdraw-invitation" not in office.offers("other", reference)
    form = office.form("handler", reference, "withdraw-invitation")
    assert office.send("handler", form, department_id=str(office.water)).status_code == 422
    writing = office.form("other", reference, "contribute")
    stale = office.form("lead", reference, "withdraw-invitation")
    # Clicked twice it happens once, and what the other department was just writing arrives nowhere.
    for _ in range(2):
        assert office.send("handler", form, department_id=str(office.roads)).status_code == 302
    assert office.send("other", writing, text=PART).status_code == 404
    assert office.send("lead", stale, department_id=str(office.roads)).status_code == 409
    assert office.open("other", reference).status_code == 404
    assert reference not in body(office, "other", "/desk/?view=supporting")
    assert office.case(reference).parts == ()
    with office.app.app_context():
        told = queries.tracked_case(office.case(reference).case_id, office.now)
    assert [entry.action.value for entry in told.timeline][-2:] == ["invite", "withdraw_invitation"]

    # Asked again it may give its part; after that the invitation stands.
    office.act("handler", reference, "invite", **invited)
    office.act("other", reference, "contribute", text=PART)
    assert "withdraw-invitation" not in office.offers("handler", reference)
    assert PART in body(office, "handler", f"/desk/cases/{reference}")


def test_a_department_that_gave_its_part_is_asked_for_another(office: Office) -> None:
    reference = office.submit()
    office.accept(reference)
    invited = {"department_id": str(office.roads), "message": "请提供灯杆位置。", "days": "2"}
    office.act("handler", reference, "invite", **invited)
    office.act("other", reference, "contribute", text=PART)
    office.pass_time(days=4)
    asked = invited | {"message": "电源从哪里接？"}
    form = office.form("handler", reference, "invite")
    assert office.send("handler", form, **asked).status_code == 302
    assert office.send("handler", form, **asked).status_code == 302, "a second click asks once"
    assert office.case(reference).contributed == ()
    assert queries_contributed(office, reference) == (office.roads,), "an answer would name it all the same"

    # The lists and both pages say the same: another part is owed by the new day, the first stays readable.
    row = body(office, "other", "/en/desk/?view=supporting").split('<li class="line')[1]
    assert "part given" not in row
    assert "Part by 15 Sep 2026" in row
    for who in ("handler", "other"):
        section = (
            body(office, who, f"/en/desk/cases/{reference}").split('id="parts"')[1].split("</section>")[0]
        )
        assert "not given yet" in section
        assert "电源从哪里接？" in section
        assert section.index("Part given before") < section.index(PART)
    assert office.form("other", reference, "contribute").fields["text"] == ""

    # Withdrawn, the first part stands again; asked once more, the second part stands with the first behind it.
    office.act("handler", reference, "withdraw-invitation", department_id=str(office.roads))
    section = (
        body(office, "other", f"/en/desk/cases/{reference}").split('id="parts"')[1].split("</section>")[0]
    )
    assert PART in section
    assert "Part given before" not in section
    assert office.case(reference).contributed == (office.roads,)
    office.act("handler", reference, "invite", **asked)
    office.act("other", reference, "contribute", text="从桥头配电箱接。")
    section = (
        body(office, "handler", f"/en/desk/cases/{reference}").split('id="parts"')[1].split("</section>")[0]
    )
    assert section.index("从桥头配电箱接。") < section.index("Part given before") < section.index(PART)
    assert "part given" in body(office, "other", "/en/desk/?view=supporting")


def queries_contributed(office: Office, reference: str) -> tuple[int, ...]:
    """Whom the resident finds named beside the answer."""
    with office.app.app_context():
        return queries.tracked_case(office.case(reference).case_id, office.now).contributed


def test_more_time_is_asked_for_once_and_decided_by_the_dispatcher(office: Office) -> None:
    one, two, late = (office.submit() for _ in range(3))
    for reference in (one, two, late):
        office.accept(reference)
    due = office.case(one).reply_deadline.due_at
    form = office.form("handler", one, "request-extension")
    for wrong in ("0", "11", "", "zehn"):
        assert office.send("handler", form, days=wrong, reason="灯杆未到货。").status_code == 422
    assert office.send("handler", form, days="5", reason=" ").status_code == 422
    for reference in (one, two, late):
        office.act("handler", reference, "request-extension", days="5", reason="灯杆未到货。")
    assert "request-extension" not in office.offers("handler", one)
    page = body(office, "handler", f"/desk/cases/{one}")
    assert "申请一次" in page  # why there is no button any more

    # The dispatcher finds them, grants fewer days to one, refuses another.
    listed = body(office, "dispatcher", "/desk/?view=extensions")
    assert all(reference in listed for reference in (one, two, late))
    assert "灯杆未到货。" in body(office, "dispatcher", f"/desk/cases/{one}")
    form = office.form("dispatcher", one, "approve-extension")
    assert form.fields["days"] == "5"
    assert office.send("dispatcher", form, days="11").status_code == 422
    assert office.send("dispatcher", form, days="2").status_code == 302
    office.act("dispatcher", two, "refuse-extension", reason="可以先行答复。")
    case = office.case(one)
    assert case.reply_deadline.due_at == due + timedelta(days=2)
    with office.app.app_context():
        told = queries.tracked_case(case.case_id, office.now)
        assert "灯杆未到货。" in [entry.text for entry in told.timeline]
    assert office.case(two).extension is ExtensionState.REFUSED
    assert office.case(two).reply_deadline.due_at == due
    assert "可以先行答复。" in body(office, "handler", f"/desk/cases/{two}")

    # What nobody decided before the deadline can't be granted any more, and the page says why.
    office.pass_time(days=15)
    assert {"approve-extension"} & office.offers("dispatcher", late) == set()
    assert "时限已过，不能再延期。" in body(office, "dispatcher", f"/desk/cases/{late}")


def test_two_cases_get_one_answer_and_are_parted_again(office: Office) -> None:
    first = office.submit()
    office.pass_time(days=1)
    second = office.submit(text=SAME, kind=FeedbackKind.QUESTION, contact=NewContact(phone="13900000000"))
    foreign = office.submit(text=SAME, item_id=None)
    office.act("dispatcher", foreign, "route", department_id=str(office.roads), reason="道路照明归住建局。")

    # Similar ones stand beside the case: the own to compare with, not the other department's.
    page = body(office, "lead", f"/desk/cases/{second}")
    assert f"/desk/cases/{second}/merge?into={first}" in page
    assert foreign not in page
    assert "merge" not in office.offers("handler", second)

    # Side by side, with a warning that the answer comes later; neither a foreign nor an unknown number says more.
    beside = body(office, "lead", f"/desk/cases/{second}/merge?into={first}")
    assert SAME in beside
    assert "notice--warn" in beside
    form = next(
        f
        for f in forms_of(office.get("lead", f"/desk/cases/{second}/merge?into={first}"))
        if "reason" in f.fields
    )
    assert form.fields["survivor"] == first
    answers = []
    for wrong in (foreign, "TJ-2026-AAAAAA"):
        answer = office.send("lead", form, survivor=wrong, reason="同一处路灯。")
        assert answer.status_code == 422
        answers.append(
            re.sub(r"TJ-\d{4}-\w{6}|value=\"[^\"]+\"|nonce=\"[^\"]+\"", "", answer.get_data(as_text=True))
        )
    assert answers[0] == answers[1]
    assert office.send("lead", form, survivor=second, reason="同一处路灯。").status_code == 422
    for _click in range(2):
        assert office.send("lead", form, reason="同一处路灯。").status_code == 302
    assert office.case(second).status is CaseStatus.MERGED
    assert office.case(first).absorbed == (second,)
    assert SAME in body(office, "handler", f"/desk/cases/{first}")

    # Undone by the dispatcher alone; merged again, one answer reaches both.
    assert "unmerge" not in office.offers("lead", second)
    office.act("dispatcher", second, "unmerge", reason="不是同一处。")
    assert office.case(second).status is CaseStatus.ROUTED
    assert office.case(first).absorbed == ()
    office.act("lead", second, "merge", survivor=first.lower(), reason="还是同一处。")
    office.answered(first)
    with office.app.app_context():
        told = queries.tracked_case(office.case(second).case_id, office.now)
        assert [reply.text for reply in told.replies] == [REPLY]
        assert services.check_stats() == []

    # A finished case takes none in.
    third = office.submit(text=SAME)
    office.pass_time(days=17)
    with office.app.app_context(), unit_of_work():
        services.sweep(office.now)
    form = office.form("lead", third, "merge")
    assert office.send("lead", form, survivor=first, reason="同一处。").status_code == 422


def test_the_same_persons_cases_are_shown_to_those_who_may_know_the_person(office: Office) -> None:
    """Another department's are counted; who complained about staff isn't told to any department."""
    here = office.submit()
    before = office.submit(text="学校操场周末能不能开放？", contact=NewContact(phone="13800000000"))
    about = office.submit(
        text="窗口人员态度不好。", about_staff=True, contact=NewContact(phone="13800000000")
    )
    foreign = office.submit(text="人行道砖松动。", item_id=None, contact=NewContact(phone="13800000000"))
    office.act("dispatcher", foreign, "route", department_id=str(office.roads), reason="道路归住建局。")
    office.act("dispatcher", about, "route", department_id=str(office.water), reason="由水务局答复。")

    def section(who: str) -> str:
        page = body(office, who, f"/desk/cases/{here}")
        return page.split('id="earlier"')[1].split("</section>")[0] if 'id="earlier"' in page else ""

    shown = section("handler")
    assert before in shown
    assert about not in shown
    assert foreign not in shown
    assert "13800000000" not in shown
    assert re.search(r"(\d+) 件", shown)[1] == "2"  # type: ignore[index]
    assert all(reference in section("dispatcher") for reference in (before, about, foreign))
    assert section("auditor") == ""
    office.act("dispatcher", here, "invite", department_id=str(office.roads), message="请协助。", days="3")
    assert section("other") == ""


def test_progress_and_departments_of_the_item_stand_beside_the_case(office: Office) -> None:
    page = body(office, "handler", f"/desk/cases/{office.submit()}").split('id="item-title"')[1]
    assert "区水务局" in page.split("</section>")[0]


def test_two_dispatchers_begin_with_different_cases_and_see_each_other(office: Office) -> None:
    urgent, next_one = message(office, public=False, item_id=None), office.submit(item_id=None)
    triage = body(office, "dispatcher", "/desk/triage")
    assert f'data-presence="/desk/cases/{urgent}/presence"' in triage
    assert "js/desk-presence.js" in triage
    assert f"/desk/cases/{urgent}/photos/" in triage
    with office.app.app_context():
        another = make_account(Role.DISPATCHER, name="另一派单员")
    with office.app.app_context(), unit_of_work():
        services.touch_presence(another, office.case(urgent).case_id, office.now)
    assert f'data-presence="/desk/cases/{next_one}/presence"' in body(office, "dispatcher", "/desk/triage")
    assert "另一派单员" in body(office, "dispatcher", f"/desk/triage?case={urgent}")
    with office.app.app_context(), unit_of_work():
        services.touch_presence(another, office.case(next_one).case_id, office.now)
    assert f'data-presence="/desk/cases/{urgent}/presence"' in body(office, "dispatcher", "/desk/triage")


def test_who_has_the_case_open_is_seen_by_the_others_until_they_leave(office: Office) -> None:
    reference = office.submit()

    def beat(who: str, **typed: str) -> str:
        page = office.open(who, reference).get_data(as_text=True)
        token = re.search(r'data-token="([^"]+)"', page)
        assert token
        form = Form(f"/desk/cases/{reference}/presence", {"csrf_token": token[1]})
        answer = office.send(who, form, **typed)
        assert answer.status_code == 200
        return answer.get_data(as_text=True)

    assert "陈经办" not in beat("handler", writing="1")
    office.now += timedelta(seconds=30)
    shown = beat("lead")
    assert "陈经办" in shown
    assert "10:00" in shown  # since when
    assert "正在撰写" in shown
    assert "郑科长" in office.open("dispatcher", reference).get_data(as_text=True)
    office.now += timedelta(seconds=30)
    beat("handler", gone="1")
    assert "陈经办" not in beat("lead")
    office.now += timedelta(minutes=2)
    assert "郑科长" not in beat("handler")
