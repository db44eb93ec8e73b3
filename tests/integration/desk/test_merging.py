"""What is offered for merging can be merged, and what isn't offered is refused with its sentence."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from werkzeug.test import TestResponse

from civic.cases import services
from civic.cases.rules import CaseAction, Resolution
from civic.core.actor import RESIDENT
from civic.core.db import unit_of_work
from tests.integration.desk.office import REPLY, Form, Office, forms_of

WHY = "同一处路灯。"
CANT_END = "此工单目前不能并案"
HOLDS_OTHERS = "请改为将对方工单并入"
OBJECTS = "请单独答复"
CANT_GO_ON = "另一件已经办结"
REFUSALS = (CANT_END, HOLDS_OTHERS, OBJECTS, CANT_GO_ON)


def offered(office: Office, address: str, who: str = "dispatcher") -> set[tuple[str, str]]:
    """The pairs that a page offers: which case would go into which."""
    page = office.get(who, address).get_data(as_text=True)
    return set(re.findall(r'href="/desk/cases/([A-Z0-9-]+)/merge\?into=([A-Z0-9-]+)', page))


def form_for(office: Office, case: str, survivor: str) -> Form | None:
    """The form under the comparison of two; without it the page says why, or there is no page."""
    page = office.get("dispatcher", f"/desk/cases/{case}/merge?into={survivor}")
    found = [form for form in forms_of(page) if "reason" in form.fields]
    if not found and page.status_code == 200:
        assert any(sentence in page.get_data(as_text=True) for sentence in REFUSALS)
    return found[0] if found else None


def sent_anyway(office: Office, token: str, case: str, survivor: str) -> TestResponse:
    """What is answered to a form that nobody was offered."""
    fields = {"version": str(office.case(case).version), "survivor": survivor, "reason": WHY}
    return office.send("dispatcher", Form(f"/desk/cases/{case}/merge", {"csrf_token": token, **fields}))


def done(
    office: Office, who: str, reference: str, service: Callable[..., Any], *given: Any, **named: Any
) -> None:
    """Bring a case somewhere without its pages: they are tested elsewhere."""
    case = office.case(reference)
    with office.app.app_context(), unit_of_work():
        service(office.people.get(who, RESIDENT), case.case_id, case.version, *given, now=office.now, **named)


def answer(office: Office, reference: str) -> None:
    done(office, "handler", reference, services.accept_case)
    done(office, "handler", reference, services.draft_reply, REPLY, resolution=Resolution.ADOPTED)
    done(office, "handler", reference, services.send_for_approval)
    done(office, "lead", reference, services.approve_reply, publish=True)


def test_every_pair_that_is_offered_can_be_merged_and_no_other(office: Office) -> None:
    waits, holds, merged, plain, answered, objects = cases = [office.submit() for _ in range(6)]
    done(office, "handler", waits, services.accept_case)
    done(office, "handler", waits, services.ask_resident, "是哪一盏？")
    done(office, "lead", merged, services.merge_case, office.case(holds).case_id, reason=WHY)
    answer(office, answered)
    answer(office, objects)
    done(office, "resident", objects, services.reopen_case, "灯没有装。")

    # The list: what can go into the one that waits or holds others; neither of these two goes anywhere.
    into = {(plain, waits), (objects, waits)}
    assert offered(office, "/desk/duplicates") == into
    response = office.get("dispatcher", "/desk/duplicates")
    token = next(form.fields["csrf_token"] for form in forms_of(response) if "csrf_token" in form.fields)
    page = response.get_data(as_text=True)
    assert page.count('<section class="duplicate-group"') == 1
    assert "3 件" in page

    # Beside each case, and as the other way round of each comparison.
    could = {(one, other) for one in (plain, objects) for other in cases if other not in (one, merged)}
    could.remove((objects, answered))
    beside = {pair for one in cases for pair in offered(office, f"/desk/cases/{one}")}
    assert into <= beside <= could
    for who, address in (("lead", ""), ("lead", "/merge"), ("dispatcher", "/merge")):
        assert offered(office, f"/desk/cases/{objects}{address}", who) == {
            (objects, one) for one in (waits, holds, plain)
        }
    assert answered in office.open("lead", objects).get_data(as_text=True), "its answer can be read beside it"
    turned = offered(office, f"/desk/cases/{objects}/merge?into={plain}")
    assert turned == {(plain, objects)}

    # What isn't offered has no form, and is refused with its sentence where somebody sends one.
    for one, other, status, why in (
        (waits, plain, 403, CANT_END), (merged, plain, 403, CANT_END), (answered, plain, 403, CANT_END),
        (holds, plain, 403, HOLDS_OTHERS), (plain, merged, 422, CANT_GO_ON), (objects, answered, 422, OBJECTS),
    ):  # fmt: skip
        assert form_for(office, one, other) is None
        told = sent_anyway(office, token, one, other)
        assert told.status_code == status
        assert why in told.get_data(as_text=True)
    for one, other in sorted(beside | turned):
        form = form_for(office, one, other)
        assert form is not None, (one, other)
        assert office.send("dispatcher", form, reason=WHY).status_code == 302
        assert office.case(other).absorbed, (one, other)
        done(office, "dispatcher", one, services.unmerge_case)


def test_whoever_answers_reaches_all_who_wrote_and_nobody_else_does(office: Office) -> None:
    first, second = office.submit(), office.submit()
    done(office, "dispatcher", second, services.merge_case, office.case(first).case_id, reason=WHY)
    assert "contact" in office.offers("handler", second)

    done(office, "dispatcher", first, services.transfer_case, office.roads, reason="属住建局。")
    for reference in (first, second):
        assert office.open("handler", reference).status_code == 409
        assert "contact" in office.offers("other", reference)
    found = office.get("handler", f"/desk/?view=all&q={WHY}").get_data(as_text=True)
    assert second not in found
    assert (office.case(second).department_id, office.case(second).history[-1].action) == (
        office.roads,
        CaseAction.FOLLOW,
    )

    done(office, "dispatcher", second, services.unmerge_case)
    assert office.case(second).department_id == office.water, "back where it was"
    assert office.open("other", second).status_code == 404
    assert office.open("handler", second).status_code == 200

    # Merged into what another department has already, it is with that one at once.
    done(office, "dispatcher", second, services.merge_case, office.case(first).case_id, reason=WHY)
    assert office.open("handler", second).status_code == 409
    assert office.open("other", second).status_code == 200
    with office.app.app_context():
        assert services.check_stats() == []
