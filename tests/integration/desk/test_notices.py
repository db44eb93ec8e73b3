"""What comes back to somebody's desk: it is told, and the row of the case says so until they go on with it."""

from __future__ import annotations

import re
from typing import Any

from civic.cases import services
from civic.cases.queries import case_id_of, version_of
from civic.core.actor import RESIDENT, Actor, Role
from civic.core.db import unit_of_work
from tests.factories import make_account
from tests.integration.desk.office import REPLY, Office
from tests.integration.desk.test_queue import counts, rows, shown

MINE = "/en/desk/?view=mine"


def does(office: Office, who: Actor, service: Any, reference: str, *given: Any) -> None:
    with office.app.app_context(), unit_of_work():
        case_id = case_id_of(reference) or 0
        service(who, case_id, version_of(case_id), *given, now=office.now)


def told(office: Office, who: str, what: str) -> list[str]:
    """The cases that somebody's notices of one kind name."""
    page = office.get(who, "/en/desk/notices").get_data(as_text=True)
    found = re.search(rf'aria-labelledby="notices-{what}".*?</section>', page, re.DOTALL)
    return rows(found[0]) if found else []


def marked(office: Office, who: str, address: str, mark: str) -> bool:
    """Whether a row of the list has the mark."""
    page = office.get(who, address).get_data(as_text=True)
    return re.search(rf'class="mark[^"]*">{mark}<', page) is not None


def test_what_a_resident_says_is_told_and_marked_until_the_next_act(office: Office) -> None:
    office.pass_time(minutes=5)
    asked, signing = office.submit(), office.submit()
    office.accept(asked)
    office.act("handler", asked, "ask-resident", question="哪一段？")
    office.draft(signing, send=True)
    for reference in (asked, signing):
        does(office, RESIDENT, services.add_information, reference, "木棉桥东侧。")
    office.pass_time(minutes=5)
    assert set(told(office, "handler", "added")) == {asked, signing}
    assert told(office, "lead", "added") == [signing], "before it is signed"
    assert marked(office, "handler", MINE, "resident answered")
    assert marked(office, "lead", "/en/desk/?view=approval", "resident added something")

    office.act("handler", asked, "draft-reply", text=REPLY, resolution="adopted")
    office.act("lead", signing, "send-back", reason="请回应补充的内容。")
    assert told(office, "handler", "added") == [signing], "of the other one the handler knows"
    assert not marked(office, "handler", MINE, "resident answered")
    assert marked(office, "handler", MINE, "resident added something"), "a lead's word is no answer to it"
    assert marked(office, "handler", MINE, "draft sent back")


def test_a_part_is_owed_by_its_day_and_told_on_both_sides(office: Office) -> None:
    office.pass_time(minutes=5)
    reference, other = office.submit(), office.submit()
    office.accept(reference)
    office.accept(other)
    asked = {"department_id": str(office.roads), "message": "请提供灯杆位置。", "days": "1"}
    office.act("handler", reference, "invite", **asked)
    office.pass_time(minutes=5)
    assert told(office, "other", "part_asked") == [reference]
    assert told(office, "colleague", "part_asked") == []
    for days, view in ((0, "due_soon"), (3, "overdue")):
        office.pass_time(days=days)
        page = office.get("other", f"/en/desk/?view={view}").get_data(as_text=True)
        assert (rows(page), counts(page)[view]) == ([reference], 1)
        assert "Part:" in page
        assert counts(page)["department"] == 0, "it is another department's case"
        assert shown(office, "handler", f"/desk/?view={view}") == [], "whose own deadline is far"
    office.act("other", reference, "contribute", text="共十二根。")
    assert shown(office, "other", "/desk/?view=overdue") == []
    office.pass_time(minutes=5)
    assert told(office, "other", "part_asked") == []
    assert told(office, "handler", "part_given") == [reference]
    assert marked(office, "handler", MINE, "part given")
    office.act("handler", reference, "request-extension", days="5", reason="等待材料。")
    assert told(office, "handler", "part_given") == []
    office.act("dispatcher", reference, "approve-extension")
    office.pass_time(minutes=5)
    assert told(office, "handler", "extended") == [reference]


def test_who_drafted_learns_what_became_of_it(office: Office) -> None:
    """A colleague drafts what the handler has; a correction of theirs is in their list until it is out."""
    office.pass_time(minutes=5)
    reference = office.submit()
    office.accept(reference)
    office.act("colleague", reference, "draft-reply", text=REPLY, resolution="adopted", then="send")
    office.act("lead", reference, "send-back", reason="请写明日期。")
    office.pass_time(minutes=5)
    assert told(office, "colleague", "sent_back") == told(office, "handler", "sent_back") == [reference]
    office.act("colleague", reference, "send-for-approval")
    office.act("lead", reference, "approve-reply")
    office.pass_time(minutes=5)
    assert told(office, "colleague", "to_publish") == told(office, "handler", "to_publish") == [reference]
    assert marked(office, "handler", MINE, "approved, to publish")
    office.act("handler", reference, "publish-reply")
    assert told(office, "handler", "to_publish") == []

    assert shown(office, "colleague", MINE) == shown(office, "handler", MINE) == []
    proposed = {"text": "改为十三盏。", "resolution": "adopted", "reason": "数错。"}
    office.act("colleague", reference, "draft-correction", **proposed)
    assert shown(office, "colleague", MINE) == [reference]
    assert marked(office, "colleague", MINE, "correction proposed")
    office.act("lead", reference, "send-back", reason="请写明依据。")
    office.pass_time(minutes=5)
    assert told(office, "colleague", "sent_back") == [reference]
    assert marked(office, "colleague", MINE, "correction sent back")
    assert shown(office, "handler", MINE) == [], "it is nobody else's work"
    office.act("colleague", reference, "draft-correction", **proposed)
    office.act("lead", reference, "correct-reply", **proposed)
    assert shown(office, "colleague", MINE) == []


def test_a_lead_is_told_of_what_is_transferred_to_the_department(office: Office) -> None:
    with office.at_work(), office.app.app_context():
        office.people["other_lead"] = make_account(Role.LEAD, department_id=office.roads)
    office.pass_time(minutes=5)
    reference = office.submit()
    office.act("dispatcher", reference, "transfer", department_id=str(office.roads), reason="归住建。")
    office.pass_time(minutes=5)
    assert told(office, "other_lead", "transferred") == [reference]
    office.accept(reference, "other")
    assert told(office, "other_lead", "transferred") == []
