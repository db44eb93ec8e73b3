"""Somebody is away: the stand-in has the cases too, colleagues are warned, and it ends by itself."""

from __future__ import annotations

from datetime import date, timedelta
from html import unescape

import pytest

from civic.accounts.absences import absences
from civic.accounts.services import deactivate_account
from civic.core.db import unit_of_work
from civic.core.errors import NotAllowed, NotFound
from tests.integration.desk.office import MONDAY, Form, Office, forms_of
from tests.integration.desk.test_bulk import ticked

TODAY = MONDAY.date()
MINE = "/en/desk/?view=mine"


def enter(office: Office, who: str, away: str, stand_in: str, days: tuple[int, int] = (0, 2)) -> str:
    """Send the form of the page; returns what is said."""
    form = next(form for form in forms_of(office.get(who, "/en/desk/absences")) if "since" in form.fields)
    named = office.people.get(stand_in)
    answer = office.send(
        who,
        form,
        person=f"{office.people[away].account_id}:{office.water}",
        stand_in=f"{named.account_id}:{office.water}" if named else stand_in,
        since=(TODAY + timedelta(days=days[0])).isoformat(),
        until=(TODAY + timedelta(days=days[1])).isoformat(),
    )
    said = office.get(who, "/en/desk/absences") if answer.status_code == 302 else answer
    return unescape(said.get_data(as_text=True))


def ends(office: Office, who: str) -> list[str]:
    """Where the buttons lead by which this person may end absences."""
    forms = forms_of(office.get(who, "/en/desk/absences"))
    return [form.action for form in forms if form.action.endswith("/end")]


def press(office: Office, who: str, action: str) -> int:
    """Send a button of that address from the person's own page."""
    own = forms_of(office.get(who, "/en/desk/absences"))[-1]
    return office.send(who, Form(action, {"csrf_token": own.fields["csrf_token"]})).status_code


def entered(office: Office) -> list[tuple[str, date, date, str]]:
    with office.app.app_context():
        return [
            (row.name, row.since, row.until, row.stand_in)
            for row in absences((office.water,), office.now.date())
        ]


def mine(office: Office, who: str) -> str:
    return office.get(who, MINE).get_data(as_text=True)


def test_the_stand_in_has_the_cases_until_the_colleague_is_back(office: Office) -> None:
    held, other = office.submit(), office.submit()
    office.act("handler", held, "take")
    assert held not in mine(office, "colleague")

    assert "begins and ends by itself" in enter(office, "handler", "handler", "colleague")
    list_of_colleague = mine(office, "colleague")
    assert held in list_of_colleague
    assert other not in list_of_colleague, "what nobody has is nobody's"
    assert "away until 9 Sep 2026" in list_of_colleague
    assert held in mine(office, "handler"), "it stays with whoever has it"
    assert held not in mine(office, "lead")
    assert "黄经办 stands in" in office.get("dispatcher", f"/en/desk/cases/{held}").get_data(as_text=True)

    assigning = office.get("lead", f"/en/desk/cases/{other}/assign").get_data(as_text=True)
    assert "陈经办 (away until 9 Sep 2026; 黄经办 stands in)" in assigning
    asked = ticked(office, "lead", "assign", other)
    assert "陈经办 (away until 9 Sep 2026; 黄经办 stands in)" in asked.get_data(as_text=True)
    assert "黄经办 stands in" in office.get("lead", "/en/desk/team").get_data(as_text=True)

    office.accept(held, "colleague")
    assert office.case(held).assignee_id == office.people["handler"].account_id, "doing work moves no case"
    office.pass_time(days=3)
    assert held not in mine(office, "colleague")
    assert held in mine(office, "handler")
    assert entered(office) == []
    assert office.looks("absence_entered") == [office.people["handler"].account_id]


def test_who_stands_in_for_somebody_who_is_away_too(office: Office) -> None:
    held = office.submit()
    office.act("handler", held, "take")
    enter(office, "lead", "handler", "colleague", (0, 9))
    said = enter(office, "lead", "colleague", "lead", (0, 4))
    assert "黄经办 is away too: 郑科长 does the work today" in said
    assert held in mine(office, "lead")
    assert held in mine(office, "handler")
    with office.app.app_context(), unit_of_work():
        deactivate_account(office.people["admin"], office.people["lead"].account_id or 0, office.now)
    assert "nobody does the work today" in office.get("handler", "/en/desk/absences").get_data(as_text=True)


@pytest.mark.parametrize(
    ("stand_in", "days", "said"),
    [
        ("handler", (0, 2), "Choose a colleague of the same department."),
        ("other", (0, 2), "Not a valid choice"),
        ("", (0, 2), "Choose who stands in, or that nobody does."),
        ("colleague", (-1, 2), "Begin with today or a later day"),
        ("colleague", (3, 2), "The last day can't come before the first."),
        ("colleague", (0, 366), "At most a year at once."),
        ("colleague", (2, 3), "is entered already: end that first."),
        ("lead", (5, 6), "郑科长 is away from 2026-09-13 to 2026-09-14"),
    ],
)
def test_what_can_t_be_is_said_at_its_field(
    office: Office, stand_in: str, days: tuple[int, int], said: str
) -> None:
    enter(office, "handler", "handler", "nobody", (3, 4))
    enter(office, "lead", "lead", "colleague", (6, 7))
    before = entered(office)
    page = enter(office, "handler", "handler", stand_in, days)
    assert said in page
    assert (TODAY + timedelta(days=days[1])).isoformat() in page, "what was typed stays"
    assert entered(office) == before


def test_whose_it_is_to_enter_and_to_end(office: Office) -> None:
    refused = enter(office, "handler", "colleague", "lead")
    assert "Not a valid choice" in refused
    assert "nobody can approve replies" in enter(office, "lead", "lead", "handler")
    enter(office, "lead", "colleague", "nobody", (1, 1))
    page = office.get("handler", "/en/desk/absences").get_data(as_text=True)
    assert "郑科长" in page
    assert "/end" not in page, "only the lead and the person end it"
    assert "郑科长" not in office.get("other", "/en/desk/absences").get_data(as_text=True)

    (own,) = ends(office, "colleague")
    assert press(office, "other", own) == NotFound.status
    assert press(office, "handler", own) == NotAllowed.status
    assert press(office, "colleague", own) == 302
    assert press(office, "colleague", own) == NotFound.status, "a second press finds it gone"
    assert [name for name, *_ in entered(office)] == ["郑科长"]
    office.pass_time(days=1)
    (lasting,) = ends(office, "lead")
    assert press(office, "lead", lasting) == 302
    assert entered(office) == [], "back again from today on"
