"""The desk's own search: words, replies and notes, within the reader's cases, on either database alike."""

from __future__ import annotations

from sqlalchemy import delete, select

from civic.cases import services
from civic.cases.queries import case_id_of
from civic.core.actor import RESIDENT
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.desk.models import staff_terms
from tests.integration.desk.office import Office
from tests.integration.desk.test_lists import keep, own
from tests.integration.desk.test_queue import shown


def found(office: Office, who: str, text: str) -> list[str]:
    return sorted(shown(office, who, f"/desk/?q={text}"))


def index(office: Office) -> dict[int, set[str]]:
    """The terms of each case, as either database tells them."""
    with office.app.app_context():
        rows = db.session.execute(select(staff_terms.c.rowid, staff_terms.c.terms)).all()
    return {rowid: set(terms.replace("'", "").split()) for rowid, terms in rows}


def test_words_replies_and_notes_are_found_by_whoever_may_see_the_case(office: Office) -> None:
    lamp, noise = (
        office.submit(text="河边３号楼前增設路燈，老人不敢走。"),
        office.submit(text="夜里有低频噪音。"),
    )
    office.accept(lamp)
    office.act("handler", lamp, "ask-resident", question="哪一段？")
    with office.app.app_context(), unit_of_work():
        case_id = case_id_of(lamp) or 0
        services.add_information(RESIDENT, case_id, office.case(lamp).version, "木棉桥东侧", office.now)
    office.act("handler", lamp, "draft-reply", text="已联系电力公司装十二盏。", resolution="adopted")
    office.send("handler", office.form("handler", noise, "note"), text="测过分贝，合格。")
    for words, expected in {
        "路灯": [lamp],  # written in Traditional script
        "3号楼": [lamp],
        "木棉桥": [lamp],
        "电力公司": [lamp],
        "电力公司 路灯": [lamp],
        "电力公司 噪音": [],
        "分贝": [noise],
        "夜": [noise],
        "低频噪声音": [noise],  # one wrong character in five
        "游泳池": [],
        "？": [],
        "'); DROP TABLE staff_terms; --": [],
        "%00": [],
    }.items():
        assert found(office, "handler", words) == expected, words
    for words in ("路灯", "电力公司", "分贝"):
        assert found(office, "auditor", words) != [], words
        assert found(office, "other", words) == [], words
    assert office.get("handler", f"/desk/?q={lamp.lower()}").status_code == 302
    assert office.get("other", f"/desk/?q={lamp}").status_code == 200
    assert found(office, "handler", f"{lamp[-6:]}") == [lamp], "a part of a number"
    assert shown(office, "handler", "/desk/?q=路灯&kind=question") == [], "narrowed as well"

    office.act("dispatcher", lamp, "transfer", department_id=str(office.roads), reason="归住建。")
    assert found(office, "handler", "路灯") == []
    assert found(office, "other", "木棉桥") == [lamp]
    assert found(office, "other", "电力公司") == [], "what another department had drafted"


def test_the_index_follows_and_can_be_made_anew(office: Office) -> None:
    answered, erased = office.submit(), office.submit(text="暗号木棉花的路灯。")
    office.answered(answered)
    office.act("lead", answered, "correct-reply", text="改为十三盏。", resolution="adopted", reason="数错。")
    old = next(reply for reply in office.case(answered).replies if not reply.is_current)
    assert found(office, "handler", "十二盏") == [answered], "an old version can still be read"
    office.act("dispatcher", answered, "conceal-reply", reply_id=str(old.reply_id))
    assert found(office, "handler", "十二盏") == []
    assert found(office, "handler", "十三盏") == [answered]
    office.send("handler", office.form("handler", erased, "note"), text="已回电。")
    with office.app.app_context(), unit_of_work():
        services.erase_words(RESIDENT, case_id_of(erased) or 0, office.case(erased).version, office.now)
    assert found(office, "handler", "木棉花") == []
    assert found(office, "handler", "回电") == [erased], "notes stay, as the record of the office"

    followed, runner = index(office), office.app.test_cli_runner()
    with office.app.app_context(), unit_of_work():
        db.session.execute(delete(staff_terms))
    assert runner.invoke(args=["civic", "rebuild-desk-search", "--check"]).exit_code == 1
    assert runner.invoke(args=["civic", "rebuild-desk-search"]).output.strip() == "2 cases indexed."
    assert runner.invoke(args=["civic", "rebuild-desk-search", "--check"]).exit_code == 0
    assert index(office) == followed


def test_a_supporting_department_finds_what_it_may_open(office: Office) -> None:
    reference, other = office.submit(), office.submit()
    invited = {"department_id": str(office.roads), "message": "请提供灯杆位置。", "days": "2"}
    office.act("handler", reference, "invite", **invited)
    assert office.get("other", f"/desk/?q={reference}").status_code == 302, "its very number"
    assert found(office, "other", "路灯") == [reference]
    assert shown(office, "other", "/desk/?view=all") == [], "a list of its own cases is no search"
    assert found(office, "other", other) == []


def test_each_search_of_an_auditor_is_written_down_and_no_page_or_list_searches_by_itself(
    office: Office,
) -> None:
    office.submit(wants_publication=False)
    searched = "/en/desk/?q=路灯"
    assert found(office, "auditor", "路灯") != []
    assert len(office.looks("cases.searched")) == 1
    unasked = office.get("auditor", "/desk/changes?view=all&q=路灯").get_json()
    assert (unasked["found"], unasked["cases"]) == (None, [])
    assert office.get("handler", "/desk/changes?view=all&q=路灯").get_json()["cases"] != []
    keep(office, "auditor", "路灯", searched)
    assert "Each search of an auditor is written down" in office.get("auditor", "/en/desk/").get_data(
        as_text=True
    )
    assert own(office, "auditor") == []
    keep(office, "auditor", "Questions")
    assert own(office, "auditor") == [("Questions", 0)]
