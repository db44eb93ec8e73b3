"""An assessment from its opening to its seal, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from civic.cases.rules import FeedbackKind
from civic.cases.services import NewFeedback, submit_feedback
from civic.core.actor import RESIDENT
from civic.core.db import unit_of_work
from civic.core.errors import Invalid, NotAllowed, NotFound, Stale
from civic.core.ids import new_nonce
from civic.plans import queries as plans
from civic.supervision import queries, services
from civic.supervision.rules.assessments import AssessmentKind, FollowUpStatus, Opening
from tests.integration.supervision.bureau import ADVICE, LATER, OPENING, PLAN, PROSE, Bureau, open_bureau

PUBLIC = f"/plans/{PLAN}/assessments/1"


@pytest.fixture
def bureau(taijiang: Flask) -> Bureau:
    with taijiang.app_context():
        return open_bureau(taijiang)


@pytest.fixture(autouse=True)
def in_context(taijiang: Flask, bureau: Bureau):
    with taijiang.app_context():
        yield


def run(statement: str) -> None:
    with unit_of_work() as session:
        session.execute(text(statement))


def test_it_is_filled_from_data_as_of_the_end_of_its_period(bureau: Bureau) -> None:
    bureau.observe("T2-01", 2023, "700", "亿元")
    facts = queries.assessment_desk(bureau.editor, bureau.open()).shown.facts
    assert facts["version"] == 1
    assert facts["judged_year"] == 2023
    gdp = next(one for one in facts["indicators"] if one["code"] == "T2-01")
    assert gdp["observed"]["value"] == "700"
    assert gdp["observed"]["source"]["text"] == "统计公报"
    assert (gdp["status"], gdp["share"], gdp["time_share"]) == ("behind", "0.4226", "0.6")
    assert gdp["calculation"], "the calculation stands beside the status"
    assert gdp["department"] in facts["departments"]
    others = [one for one in facts["indicators"] if one["code"] != "T2-01"]
    assert len(others) == 17
    assert {one["status"] for one in others} == {"undetermined"}
    assert all(one["status"] is None for one in facts["commitments"]), "nothing is invented"
    assert facts["commitment_counts"] == [
        {"label": "No progress published yet", "square": "empty", "count": len(facts["commitments"])}
    ]
    assert sum(len(group["rows"]) for group in facts["quiet"]) > 100
    assert [one["code"] for one in facts["chapters"]][:2] == ["preface", "1"]


def said_in_private(n: int, year: int = 2023) -> None:
    """As many messages of a June about 6.3.1 that only the district reads."""
    item_id = plans.document(PLAN).item("6.3.1").id
    for _ in range(n):
        new = NewFeedback(
            kind=FeedbackKind.QUESTION, text="河边步道什么时候装路灯？", nonce=new_nonce(), item_id=item_id
        )
        with unit_of_work():
            submit_feedback(RESIDENT, new, datetime(year, 6, 5, 2, 0, tzinfo=UTC))


def test_chapters_tell_nothing_of_a_few_private_messages(bureau: Bureau, taijiang: Flask) -> None:
    """The page, its workbook and the sealed document alike: what isn't published isn't in the facts."""
    said_in_private(4)
    key = bureau.open()
    shown = queries.assessment_desk(bureau.editor, key).shown.facts
    (sixth,) = (one for one in shown["chapters"] if one["code"] == "6")
    assert (sixth["received"], sixth["open"], sixth["public"], sixth["solved"]["whole"]) == (None, None, 0, 0)
    page = bureau.browser(bureau.editor).get(f"/en/supervision/assessments/{key}")
    assert "not published" in page.get_data(as_text=True)
    said_in_private(1)
    bureau.do(services.renew_facts, bureau.second, key, 1)
    assert received_about_the_sixth(bureau, key) == 5

    # Nine in two years: but the year that another assessment has by itself would leave four.
    said_in_private(4, 2022)
    both = Opening(PLAN, AssessmentKind.MID_TERM, "中期评估", date(2022, 1, 1), date(2023, 12, 31))
    longer = bureau.open(both)
    assert received_about_the_sixth(bureau, longer) is None
    said_in_private(1, 2022)
    bureau.do(services.renew_facts, bureau.second, longer, 1)
    assert received_about_the_sixth(bureau, longer) == 10


def test_what_changed_between_two_assessments_is_not_in_their_difference(bureau: Bureau) -> None:
    """The attacker keeps the annual one and takes it from any later one whose days are the same, or hold them."""
    said_in_private(7)
    annual = bureau.whole_life()
    told = received_about_the_sixth(bureau, annual)
    assert told == 7
    said_in_private(6, 2022)
    said_in_private(1)
    others = [
        bureau.open(Opening(PLAN, AssessmentKind.THIRD_PARTY, "第三方评估", *days, assessor="某研究院"))
        for days in ((date(2023, 1, 1), date(2023, 12, 31)), (date(2022, 1, 1), date(2023, 12, 31)))
    ]

    def differences() -> list[int | None]:
        found = [received_about_the_sixth(bureau, one) for one in others]
        return [None if one is None else one - told for one in found]

    assert differences() == [None, None], "one private message has come to those days since"
    said_in_private(4)
    for one in others:
        bureau.do(services.renew_facts, bureau.second, one, 1)
    assert differences() == [5, 6 + 5], "five have, and nothing more is told of any of them"


def received_about_the_sixth(bureau: Bureau, key: int) -> int | None:
    facts = queries.assessment_desk(bureau.editor, key).shown.facts
    return next(one["received"] for one in facts["chapters"] if one["code"] == "6")


def test_values_of_years_that_were_not_over_do_not_count(bureau: Bureau) -> None:
    bureau.observe("T2-01", 2023, "700", "亿元")
    half = Opening(PLAN, AssessmentKind.MID_TERM, "中期评估", date(2021, 1, 1), date(2023, 6, 30))
    facts = queries.assessment_desk(bureau.editor, bureau.open(half)).shown.facts
    gdp = next(one for one in facts["indicators"] if one["code"] == "T2-01")
    assert facts["judged_year"] == 2022
    assert gdp["observed"] is None


def test_renewing_takes_new_values_and_keeps_what_people_wrote(bureau: Bureau) -> None:
    key = bureau.open()
    bureau.do(services.write_assessment, bureau.editor, key, 1, PROSE)
    bureau.observe("T2-01", 2023, "700", "亿元")
    bureau.do(services.renew_facts, bureau.second, key, 2)
    desk = queries.assessment_desk(bureau.editor, key)
    assert desk.introduction == PROSE.introduction
    assert any(one["observed"] for one in desk.shown.facts["indicators"])


def test_its_whole_life_ends_with_a_seal_that_the_database_keeps(bureau: Bureau, taijiang: Flask) -> None:
    key = bureau.whole_life()
    seal = queries.public_assessment(PLAN, 1).row.seal
    assert len(seal) == 64
    for attempt in (
        "UPDATE assessment SET conclusion = '一切顺利'",
        "UPDATE assessment SET facts = '{}'",
        "DELETE FROM assessment",
        "UPDATE assessment_part SET text = '很好'",
        "UPDATE recommendation SET text = '无'",
        "DELETE FROM recommendation",
    ):
        with pytest.raises(DatabaseError, match="sealed"):
            run(attempt)
    with pytest.raises(Stale):
        bureau.do(services.write_assessment, bureau.editor, key, bureau.version(key), PROSE)
    with pytest.raises(Stale):
        bureau.hand_in(key, "事后补写的内容不予接受。")
    found = taijiang.test_cli_runner().invoke(args=["civic", "verify-assessments"])
    assert found.exit_code == 0
    assert "1 sealed, 0 broken" in found.output


def test_verification_names_what_was_slipped_in(bureau: Bureau, taijiang: Flask) -> None:
    key = bureau.whole_life()
    run(
        "INSERT INTO recommendation (assessment_id, number, department_id, text) "
        f"VALUES ({key}, 2, {bureau.department_id}, '事后添加')"
    )
    found = taijiang.test_cli_runner().invoke(args=["civic", "verify-assessments"])
    assert found.exit_code == 1
    assert f"{PLAN} 1: BROKEN" in found.output


def test_whoever_changed_it_last_does_not_approve_it(bureau: Bureau) -> None:
    key = bureau.open()
    bureau.do(services.write_assessment, bureau.editor, key, 1, PROSE)
    with pytest.raises(NotAllowed):
        bureau.do(services.approve_assessment, bureau.editor, key, 2, seen_parts="")
    bureau.approve(key)
    with pytest.raises(Stale):
        bureau.do(services.approve_assessment, bureau.second, key, 2, seen_parts="")


def test_an_approval_never_covers_a_part_that_was_not_read(bureau: Bureau) -> None:
    key = bureau.open()
    bureau.do(services.write_assessment, bureau.editor, key, 1, PROSE)
    bureau.hand_in(key)
    with pytest.raises(Stale):
        bureau.do(services.approve_assessment, bureau.second, key, 2, seen_parts="")


def test_it_is_not_approved_unfinished_and_not_published_unapproved(bureau: Bureau) -> None:
    key = bureau.open()
    with pytest.raises(Invalid):
        bureau.approve(key)
    with pytest.raises(Stale):
        bureau.publish(key)
    for who in (bureau.lead, bureau.stranger):
        with pytest.raises(NotAllowed):
            bureau.do(services.renew_facts, who, key, 1)


def test_a_department_writes_only_its_own_part_and_only_its_lead_hands_in(bureau: Bureau) -> None:
    key = bureau.open()
    bureau.do(services.save_part, bureau.handler, key, bureau.key, 0, "机密草稿，尚未定稿。", hand_in=False)
    with pytest.raises(NotAllowed):
        bureau.do(
            services.save_part, bureau.handler, key, bureau.key, 1, "提前提交的内容如下。", hand_in=True
        )
    with pytest.raises(NotFound):
        bureau.do(
            services.save_part, bureau.stranger, key, bureau.key, 1, "别人写的内容在这里。", hand_in=True
        )
    with pytest.raises(NotFound):
        queries.part_page(bureau.stranger, key, bureau.key)
    with pytest.raises(Stale):
        bureau.do(services.save_part, bureau.lead, key, bureau.key, 0, "没有看到新版本。", hand_in=False)
    desk = queries.assessment_desk(bureau.editor, key)
    assert bureau.key in {part.department.key for part in desk.missing}
    assert "机密草稿" not in str(desk), "a draft is the department's own"
    bureau.hand_in(key)
    desk = queries.assessment_desk(bureau.editor, key)
    assert bureau.key not in {part.department.key for part in desk.missing}
    bureau.do(services.save_part, bureau.handler, key, bureau.key, 2, "再改一改这份材料。", hand_in=False)
    assert bureau.key in {part.department.key for part in queries.assessment_desk(bureau.editor, key).missing}


def test_recommendations_are_numbered_without_gaps(bureau: Bureau) -> None:
    key = bureau.open()
    for words in ("第一条建议。", "第二条建议。", "第三条建议。"):
        bureau.recommend(key, words)
    bureau.do(services.remove_recommendation, bureau.editor, key, bureau.version(key), 2)
    rows = queries.assessment_desk(bureau.editor, key).shown.recommendations
    assert [(row.number, row.text) for row in rows] == [(1, "第一条建议。"), (2, "第三条建议。")]
    with pytest.raises(Invalid):
        bureau.recommend(key, "没有这个条目。", item="99.9")


def test_the_next_assessment_shows_what_came_of_each_recommendation(bureau: Bureau) -> None:
    key = bureau.whole_life()
    seal = queries.public_assessment(PLAN, 1).row.seal
    bureau.follow(key, FollowUpStatus.UNDER_WAY, "已着手整理进展资料。")
    bureau.follow(key, FollowUpStatus.DONE, "进展资料已全部公开。")
    with pytest.raises(DatabaseError, match="append-only"):
        run("UPDATE follow_up SET text = '改口'")
    shown = queries.public_assessment(PLAN, 1)
    assert [one.status for one in shown.recommendations[0].follow_ups] == ["done", "under_way"]
    assert shown.row.seal == seal
    assert all(one.intact for one in queries.verify_seals())
    bureau.now = LATER
    following = Opening(PLAN, AssessmentKind.ANNUAL, "2024年度监测", date(2024, 1, 1), date(2024, 12, 31))
    facts = queries.assessment_desk(bureau.editor, bureau.open(following)).shown.facts
    (earlier,) = facts["earlier"]
    assert (earlier["text"], earlier["status"], earlier["said"]) == (ADVICE, "done", "进展资料已全部公开。")
    assert (earlier["item"], earlier["due_on"], earlier["assessment"]) == ("6.3.1", "2024-12-31", 1)


def test_only_its_own_lead_follows_a_recommendation_up(bureau: Bureau) -> None:
    key = bureau.whole_life()
    mine = bureau.lead
    for who, refusal in (
        (bureau.handler, NotAllowed),
        (bureau.stranger, NotFound),
        (bureau.editor, NotFound),
    ):
        bureau.lead = who
        with pytest.raises(refusal):
            bureau.follow(key, FollowUpStatus.DONE, "代为答复。")
    bureau.lead = mine
    with pytest.raises(Invalid):
        bureau.follow(key, FollowUpStatus.DONE, " ")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"since": date(2024, 1, 1)}, "since"),
        ({"until": date(2024, 12, 31)}, "until"),
        ({"kind": AssessmentKind.THIRD_PARTY}, "assessor"),
        ({"kind": AssessmentKind.DEPUTIES, "assessor": ""}, "assessor"),
    ],
)
def test_an_opening_that_makes_no_sense_is_refused_at_its_field(
    bureau: Bureau, changes: dict[str, object], field: str
) -> None:
    from dataclasses import replace

    with pytest.raises(Invalid) as refused:
        bureau.open(replace(OPENING, **changes))  # type: ignore[arg-type]
    assert refused.value.field == field


def test_traditional_characters_are_written_beside_the_seal(bureau: Bureau) -> None:
    from civic.supervision.services.scripts import write_script

    key = bureau.whole_life()
    for _ in range(2):
        bureau.do(lambda now: write_script({"subject": "assessment", "id": key}, now))
    page = bureau.app.test_client().get(f"/zh-hant{PUBLIC}").get_data(as_text=True)
    assert "進展總體平穩" in page
    assert all(one.intact for one in queries.verify_seals())
