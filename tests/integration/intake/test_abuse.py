"""Abuse: what floods is held or slowed down, and nobody who lives behind the same address is turned away."""

from __future__ import annotations

import base64
import json
import re
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import func, select

from civic.cases import services
from civic.cases.models import Case, CaseEvent, Feedback
from civic.cases.rules import CaseAction, CaseStatus
from civic.core.extensions import db
from civic.core.tally import SenderTally, forget_senders
from civic.intake.models import SpentProof
from civic.intake.services import forget_proofs
from tests.integration.cases.worlds import insert
from tests.integration.intake.conftest import ITEM, WORDS, Resident

pytestmark = pytest.mark.usefixtures("limits")


def newest() -> Case:
    return db.session.scalars(select(Case).order_by(Case.id.desc()).limit(1)).one()


def rows(table: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def held_because(case: Case) -> list[str]:
    """The codes in the event by which the case came in; empty if it went its way at once."""
    submitted = db.session.scalars(
        select(CaseEvent).where(CaseEvent.case_id == case.id, CaseEvent.action == CaseAction.SUBMIT.value)
    ).one()
    assert (case.status == CaseStatus.SUBMITTED.value) == ("held" in submitted.params)
    return list(submitted.params.get("held", []))


def say(resident: Resident, text: str, **typed: str) -> Any:
    """A message as a browser with script sends it."""
    return resident.write(looked="1", text=text, **{"altcha": resident.proof(), **typed})


def photo() -> tuple[BytesIO, str]:
    content = BytesIO()
    Image.new("RGB", (40, 30), "green").save(content, "JPEG")
    return BytesIO(content.getvalue()), "bridge.jpg"


def test_with_its_proof_a_message_goes_its_way_at_once(resident: Resident) -> None:
    assert say(resident, WORDS).location == "/feedback/receipt"
    assert newest().status == CaseStatus.ROUTED.value
    assert held_because(newest()) == []
    assert rows(SpentProof) == 1


def test_without_script_it_is_taken_and_looked_at_first(resident: Resident) -> None:
    assert resident.write().location == "/feedback/receipt"
    assert held_because(newest()) == ["no_proof"]


def test_forty_neighbours_behind_one_address_all_get_a_receipt(resident: Resident) -> None:
    """The first twenty in the hour go their way, the later ones are held, and none is refused."""
    for number in range(40):
        neighbour = resident.browse()
        answer = say(neighbour, f"三号楼{number}室：楼下的路灯不亮了，请修理。")
        assert answer.location == "/feedback/receipt", number
        assert neighbour.open("/feedback/receipt").status_code == 200
    reasons = [held_because(case) for case in db.session.scalars(select(Case).order_by(Case.id))]
    # Forty forms of a minute each fill more than half an hour: all count.
    assert reasons == [[]] * 20 + [["address"]] * 20


def test_one_browser_that_hammers_is_refused_with_everything_kept(resident: Resident) -> None:
    hours: dict[str, Any] = {"opens_at": "08:30", "closes_at": "17:30", "areas": [], "search_examples": []}
    for key, value in {**hours, "hotline": "12345"}.items():
        insert("district_setting", key=key, value=value)
    for number in range(20):
        assert say(resident, f"第{number}件事：路面坏了。").status_code == 302
    answer = say(resident, "第二十一件事：桥栏杆松了。", place="三号桥头")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 429
    assert "第二十一件事" in text
    assert "三号桥头" in text
    assert "12345" in text
    assert "请稍候" in text
    seconds = int(answer.headers["Retry-After"])
    assert 0 < seconds <= 3900
    named = re.search(r"(\d\d:\d\d) ?(之后|以后|后)", text)
    assert named, "the time of day from which it is open again"
    reasons = [held_because(case) for case in db.session.scalars(select(Case).order_by(Case.id))]
    assert reasons == [[]] * 5 + [["browser"]] * 15
    form = resident.form(answer, ITEM)
    resident.wait(seconds=seconds)
    again = resident.client.post(
        ITEM, data={**form.fields, "kind": "suggestion", "text": "第二十一件事：桥栏杆松了。"}
    )
    assert again.location == "/feedback/receipt", "the moment named is true, and the proof still serves"
    assert "no_proof" not in held_because(newest())


def test_pressing_again_too_early_makes_nobody_wait_longer(resident: Resident) -> None:
    for number in range(20):
        say(resident, f"第{number}件事：路面坏了。")
    first = int(say(resident, "再说一件。").headers["Retry-After"])
    began = resident.world.now
    for _ in range(5):
        later = int(say(resident, "再说一件。").headers["Retry-After"])
    waited = int((resident.world.now - began).total_seconds())
    assert later == first - waited


def test_photos_stay_with_the_form_that_is_refused(resident: Resident) -> None:
    for number in range(20):
        say(resident, f"第{number}件事：路面坏了。")
    answer = resident.write(looked="1", text="再说一件。", altcha=resident.proof(), photos=photo())
    assert answer.status_code == 429
    assert resident.form(answer, ITEM).fields["kept_photo"]


@pytest.mark.parametrize("answer", ["x", "e30=", "W10=", "bnVsbA==", "💥", "A" * 5000])
def test_a_garbled_proof_is_no_proof(resident: Resident, answer: str) -> None:
    resident.write(looked="1", altcha=answer)
    assert held_because(newest()) == ["no_proof", "bad_proof"]


def test_a_forged_proof_is_held(resident: Resident) -> None:
    given = json.loads(base64.b64decode(resident.proof()))
    for name, value in (
        ("number", given["number"] + 1),
        ("number", str(given["number"])),
        ("salt", given["salt"].replace("expires=", "expires=9")),
        ("salt", given["salt"].split("?")[0] + "?"),
        ("signature", "0" * 64),
        ("algorithm", "SHA-1"),
    ):
        forged = base64.b64encode(json.dumps({**given, name: value}).encode()).decode()
        resident.browse().write(looked="1", text=f"伪造{name}{value}", altcha=forged)
        assert "bad_proof" in held_because(newest()), (name, value)
    assert rows(SpentProof) == 0


def test_a_proof_is_good_for_half_a_day(resident: Resident) -> None:
    proof = resident.proof()
    resident.wait(hours=11)
    resident.write(looked="1", text="慢慢写的一封信。", altcha=proof)
    assert held_because(newest()) == []
    proof = resident.proof()
    resident.wait(hours=12)
    resident.write(looked="1", text="隔夜才写完的一封信。", altcha=proof)
    assert held_because(newest()) == ["no_proof", "bad_proof"]


def test_a_proof_serves_one_form_and_its_second_click(resident: Resident) -> None:
    proof = resident.proof()
    form = resident.form(resident.open(ITEM), ITEM)
    resident.wait(seconds=30)
    data = {**form.fields, "kind": "suggestion", "text": WORDS, "looked": "1", "altcha": proof}
    assert [resident.client.post(ITEM, data=data).location for _ in range(2)] == ["/feedback/receipt"] * 2
    assert held_because(db.session.scalars(select(Case)).one()) == []
    resident.browse().write(looked="1", text="别人拿同一个证明再用。", altcha=proof)
    assert held_because(newest()) == ["no_proof", "bad_proof"]


def test_what_expired_is_forgotten(resident: Resident) -> None:
    say(resident, WORDS)
    db.session.rollback()
    resident.wait(hours=11)
    assert forget_proofs(resident.world.now) == 0, "it could still be brought again"
    resident.wait(hours=2)
    assert forget_proofs(resident.world.now) == 1
    resident.wait(hours=10)
    assert rows(SenderTally) == 2
    assert forget_senders(resident.world.now) == 0
    resident.wait(hours=2)
    assert forget_senders(resident.world.now) == 2
    assert rows(SenderTally) == 0


def test_no_address_is_stored_and_todays_mark_is_not_yesterdays(resident: Resident) -> None:
    say(resident, WORDS)
    resident.wait(hours=24)
    say(resident, "第二天又说一句。")
    kept = db.session.scalars(select(SenderTally.who)).all()
    assert len(set(kept)) == 4, "address and browser, on two days, under four names"
    assert not any("127.0.0.1" in who for who in kept)


def test_yesterdays_messages_still_count_until_a_day_is_over(resident: Resident) -> None:
    app = resident.client.application
    app.extensions["settings"].browser_refuse_per_hour = 1
    for number in range(3):
        assert say(resident, f"第{number}件事。").status_code == 302
        resident.wait(hours=2)
    resident.wait(hours=10)
    answer = say(resident, "再说一件。")
    assert answer.status_code == 429, "three a day, over midnight"
    resident.wait(seconds=int(answer.headers["Retry-After"]))
    assert say(resident, "再说一件。").status_code == 302


def test_the_very_same_words_again_lead_to_the_first_receipt(resident: Resident) -> None:
    say(resident, WORDS)
    first = newest()
    answer = say(resident, WORDS)
    assert answer.status_code == 422
    assert first.reference in answer.get_data(as_text=True)
    assert rows(Case) == 1
    assert first.reference in resident.open("/feedback/receipt").get_data(as_text=True)
    elsewhere = say(resident, WORDS, place="四号桥头")
    assert elsewhere.location == "/feedback/receipt", "the same words about another place are another matter"
    assert rows(Case) == 2


def test_others_never_learn_of_a_message_by_sending_its_words(resident: Resident) -> None:
    say(resident, WORDS)
    first = newest().reference
    answer = say(resident.browse(), WORDS)
    assert answer.location == "/feedback/receipt"
    assert first not in answer.get_data(as_text=True)
    assert rows(Case) == 2


def test_one_text_from_many_is_held_as_a_campaign_and_each_gets_a_receipt(resident: Resident) -> None:
    for _ in range(5):
        assert say(resident.browse(), WORDS).location == "/feedback/receipt"
    reasons = [held_because(case) for case in db.session.scalars(select(Case).order_by(Case.id))]
    assert reasons == [[], [], [], ["same_text"], ["same_text"]]


@pytest.mark.parametrize(
    ("typed", "reason"),
    [({"seconds": 1}, "quick"), ({"website": "http://spam.example"}, "trap")],
)
def test_what_no_person_does_is_held_and_not_lost(
    resident: Resident, typed: dict[str, Any], reason: str
) -> None:
    answer = resident.write(looked="1", altcha=resident.proof(), **typed)
    assert answer.location == "/feedback/receipt"
    assert held_because(newest()) == [reason]


def test_a_held_case_runs_its_clock_and_goes_its_way_when_looked_at(resident: Resident) -> None:
    resident.write()
    case, world = newest(), resident.world
    assert case.due_at is not None, "the answer is owed from the day it came in"
    due_at = case.due_at
    db.session.rollback()
    state = world.do(services.release_held, world.dispatcher, case.id)
    assert state.status is CaseStatus.ROUTED
    assert newest().department_id == world.water, "as it would have gone at once"
    assert newest().due_at == due_at


def test_a_held_case_without_a_certain_department_waits_in_triage(resident: Resident) -> None:
    resident.write("/feedback/new", looked="1")
    world = resident.world
    state = world.do(services.release_held, world.dispatcher, newest().id)
    assert state.status is CaseStatus.TRIAGE


def test_held_about_staff_goes_to_the_dispatcher_and_not_to_those_complained_about(
    resident: Resident,
) -> None:
    resident.write(about_staff="y", kind="complaint")
    world = resident.world
    state = world.do(services.release_held, world.dispatcher, newest().id)
    assert state.status is CaseStatus.TRIAGE
    assert newest().department_id is None


def test_one_case_takes_only_so_many_additions_and_withdrawing_is_always_open(resident: Resident) -> None:
    say(resident, WORDS)
    for number in range(10):
        assert resident.step("add", text=f"补充{number}").status_code == 302
    answer = resident.step("add", text="再补充一点")
    assert answer.status_code == 429
    assert "再补充一点" in answer.get_data(as_text=True)
    assert int(answer.headers["Retry-After"]) > 0
    assert resident.step("withdraw").status_code == 302
    assert newest().status == CaseStatus.WITHDRAWN.value


def test_a_wrong_code_counts_and_a_right_one_never_does(resident: Resident) -> None:
    say(resident, WORDS)
    page = resident.open("/feedback/receipt").get_data(as_text=True)
    code = re.search(r'id="query-code">([0-9A-Z-]+)<', page)
    assert code
    for _ in range(30):
        assert resident.track(newest().reference, code[1]).location == "/track/case"


def test_the_challenge_asks_for_no_cookie_and_is_kept_nowhere(resident: Resident) -> None:
    answer = resident.browse().client.get("/feedback/challenge")
    assert answer.get_json().keys() == {"algorithm", "challenge", "maxnumber", "salt", "signature"}
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert (answer.get_json()["algorithm"], answer.get_json()["maxnumber"]) == ("SHA-256", 50)


def test_a_district_may_ask_for_no_proof(resident: Resident) -> None:
    resident.client.application.extensions["settings"].proof_difficulty = 0
    assert resident.client.get("/feedback/challenge").status_code == 404
    assert "data-proof" not in resident.open(ITEM).get_data(as_text=True).replace("data-proof-said", "")
    resident.write()
    assert held_because(newest()) == []


def test_nothing_is_counted_of_what_failed(resident: Resident) -> None:
    assert say(resident, WORDS, phone="不知道").status_code == 422
    assert rows(SenderTally) == rows(SpentProof) == rows(Feedback) == 0
