"""A lead sees who has what, opens the list behind a figure, and gives it to someone else: also a leaver's cases."""

from __future__ import annotations

import re
from html import unescape

from civic.accounts.services import deactivate_account
from civic.core.db import unit_of_work
from tests.integration.desk.office import Office
from tests.integration.desk.test_bulk import bulk_form, cases_of, post


def figures(office: Office) -> dict[str, list[str]]:
    """Everyone's row of the page: open, due soon, overdue, waiting for approval."""
    page = office.get("lead", "/en/desk/team").get_data(as_text=True)
    found = {}
    for row in re.findall(r"<tr[^>]*>(.*?)</tr>", page, re.DOTALL)[1:]:
        name, *cells = re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)
        numbers = [re.sub(r"<span.*?</span>|<[^>]+>", "", cell) for cell in cells]
        found[" ".join(re.sub(r"<[^>]+>", "", name).split())] = numbers
    return found


def test_a_lead_sees_who_has_what_and_gives_a_leavers_cases_to_a_colleague(office: Office) -> None:
    first, second, third = (office.submit() for _ in range(3))
    office.accept(first)
    office.draft(second, send=True)
    office.act("colleague", third, "take")
    waiting = office.submit()
    assert figures(office) == {
        "Nobody": ["1", "1", "0", "0"],
        "陈经办": ["2", "0", "0", "1"],
        "黄经办": ["1", "1", "0", "0"],
        "郑科长 Department lead": ["0", "0", "0", "0"],
    }
    with office.app.app_context(), unit_of_work():
        deactivate_account(office.people["admin"], office.people["handler"].account_id or 0, office.now)
    assert figures(office)["Nobody"] == ["3", "1", "0", "1"]

    link = "/en/desk/?view=department&assignee=nobody"
    assert link in unescape(office.get("lead", "/en/desk/team").get_data(as_text=True))
    held = office.get("lead", link)
    mine = [value for value in cases_of(held) if value.partition(":")[0] in (first, second)]
    assert len(mine) == 2
    colleague = str(office.people["colleague"].account_id)
    given = post(office, "lead", bulk_form(held), deed="assign", sure="yes", case=mine, to=colleague)
    assert "Assigned: 2 cases" in given.get_data(as_text=True)
    after = figures(office)
    assert after["黄经办"] == ["3", "1", "0", "1"]
    assert "陈经办" not in after

    office.pass_time(days=60)
    assert figures(office)["Nobody"] == ["1", "0", "1", "0"]
    assert waiting in office.get("lead", "/en/desk/?view=overdue&assignee=nobody").get_data(as_text=True)


def test_whose_cases_are_asked_for_is_never_told_to_another_department(office: Office) -> None:
    office.act("handler", office.submit(), "take")
    handler = office.people["handler"].account_id
    page = office.get("other", f"/en/desk/?view=department&assignee={handler}").get_data(as_text=True)
    assert "陈经办" not in page
    assert office.get("handler", "/en/desk/team").status_code == 403


def test_what_a_colleague_has_is_taken_by_the_lead_alone(office: Office) -> None:
    reference, free = office.submit(), office.submit()
    office.accept(reference)
    sneaked = office.form("colleague", free, "take")
    sneaked.action = f"/desk/cases/{reference}/take"
    sneaked.fields["version"] = office.form("lead", reference, "take").fields["version"]
    assert office.send("colleague", sneaked).status_code == 403
    assert office.case(reference).assignee_id == office.people["handler"].account_id
    assert "take" not in office.offers("colleague", reference)
    assert "Ask the lead for it" in office.get("colleague", f"/en/desk/cases/{reference}").get_data(
        as_text=True
    )
    # Several at once: what nobody has is taken, what a colleague has is named with the reason.
    listed = office.get("colleague", "/en/desk/?view=department")
    answer = post(office, "colleague", bulk_form(listed), deed="take", sure="yes", case=cases_of(listed))
    said = answer.get_data(as_text=True)
    assert "Ask the lead for it" in said
    assert office.case(free).assignee_id == office.people["colleague"].account_id

    page = office.get("lead", f"/en/desk/cases/{reference}").get_data(as_text=True)
    assert "leaves your colleague" in unescape(page)
    office.act("lead", reference, "take")
    page = office.get("handler", f"/en/desk/cases/{reference}").get_data(as_text=True)
    assert "was with 陈经办" in page
