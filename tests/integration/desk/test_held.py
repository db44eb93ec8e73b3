"""Held messages: the dispatcher sees each with its reasons, and one press lets it go where it would have gone."""

from __future__ import annotations

import pytest

from civic.cases import services
from civic.cases.rules import HELD_LABELS, CaseAction, CaseStatus, HeldBecause, Party
from civic.core.db import unit_of_work
from tests.integration.desk.office import Form, Office, forms_of

HELD = "/en/desk/triage?view=held"


def release(office: Office, address: str = HELD) -> Form:
    return next(f for f in forms_of(office.get("dispatcher", address)) if f.action.endswith("/triage"))


@pytest.mark.parametrize("reason", HeldBecause)
def test_why_it_is_held_is_said_in_words_wherever_the_dispatcher_meets_it(
    office: Office, reason: HeldBecause
) -> None:
    reference = office.submit(held=(reason,))
    for address in (HELD, "/en/desk/review", f"/en/desk/cases/{reference}"):
        page = office.get("dispatcher", address).get_data(as_text=True).replace("&#39;", "'")
        assert reference in page
        assert HELD_LABELS[reason] in page, address


def test_a_flood_of_held_messages_does_not_bury_what_waits_to_be_routed(office: Office) -> None:
    for _ in range(3):
        office.submit(held=(HeldBecause.ADDRESS,))
    honest = office.submit(item_id=None)
    page = office.get("dispatcher", "/en/desk/triage").get_data(as_text=True)
    assert honest in page
    assert page.count('class="line-link"') == 1
    assert page.count("Held, to be looked at") == 1


def test_one_press_lets_it_go_where_it_would_have_gone_and_leads_to_the_next(office: Office) -> None:
    first = office.submit(held=(HeldBecause.NO_PROOF,))
    office.submit(held=(HeldBecause.QUICK,), text="另一件事。")
    answer = office.send("dispatcher", release(office))
    assert answer.location.endswith("/desk/triage?view=held")
    case = office.case(first)
    assert (case.status, case.department_id) == (CaseStatus.ROUTED, office.water)
    assert case.held_because == ()
    looked, routed = case.history[-2:]
    assert (looked.action, looked.by) == (CaseAction.TRIAGE, Party.DISPATCHER)
    assert (routed.action, routed.by) == (CaseAction.ROUTE, Party.SYSTEM)
    assert first in office.get("handler", "/desk/?view=to_accept").get_data(as_text=True)


def test_a_second_click_does_no_harm(office: Office) -> None:
    office.submit(held=(HeldBecause.NO_PROOF,))
    form = release(office)
    assert [office.send("dispatcher", form).status_code for _ in range(2)] == [302, 302]


def test_no_department_sees_a_held_message(office: Office) -> None:
    reference = office.submit(held=(HeldBecause.NO_PROOF,))
    for who in ("handler", "lead", "other"):
        assert office.open(who, reference).status_code == 404
    assert "triage" not in office.offers("auditor", reference)


def test_a_held_message_can_be_routed_by_hand_or_declined(office: Office) -> None:
    reference = office.submit(held=(HeldBecause.ADVERTISING,))
    assert {"route", "decline", "triage"} <= office.offers("dispatcher", reference)


def test_a_held_message_becomes_overdue_like_any_other(office: Office) -> None:
    reference = office.submit(held=(HeldBecause.NO_PROOF,))
    office.pass_time(days=20)
    with office.app.app_context(), unit_of_work():
        services.sweep(office.now)
    assert office.case(reference).history[-1].action is CaseAction.BECAME_OVERDUE
    assert reference in office.get("dispatcher", HELD).get_data(as_text=True)
