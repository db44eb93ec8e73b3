"""Figures of opinions are counted twice: by the database for pages and seals, by a pure rule for what is checked."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, union_all

from civic.cases.rules import RatingLevel
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.supervision.models import Opinion, OpinionRound, OpinionText
from civic.supervision.queries.opinions.figures import FigureChoice, behind_figure, counts_by_department
from civic.supervision.rules import Period
from civic.supervision.rules.opinions import LAST_ROUND, OpinionFigure, Round, counted_in, counts_of_rounds
from tests.factories import make_department

FIRST = date(2026, 9, 1)
OPINIONS = 24
Lives = list[list[Round]]


def at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), UTC)


@st.composite
def lives(draw: st.DrawFn, departments: tuple[int, ...], answers: list[int]) -> Lives:
    """So many opinions in some state: owed, withdrawn, answered, rated, sent back, answered again."""
    days = st.integers(0, 12)

    def later(day: date) -> date:
        return day + timedelta(days=draw(days))

    def round_of(number: int, opened: date, answer_id: int) -> Round:
        due = later(opened)
        one = Round(
            number, draw(st.sampled_from(departments)), at(opened, 2), opened, 5, at(due, 9), due, False
        )
        end = draw(st.sampled_from(("owed", "withdrawn", "answered", "rated")))
        if end == "owed":
            return one
        if end == "withdrawn":
            return replace(one, withdrawn_day=later(opened))
        answered = at(later(opened), draw(st.sampled_from((8, 9, 10))))
        one = replace(one, answer_id=answer_id, answered_at=answered, answered_day=answered.date())
        if end == "answered":
            return one
        level = draw(st.sampled_from(RatingLevel))
        return replace(one, rating=level, rated_day=later(answered.date()))

    found: Lives = []
    for answer_id in answers:
        rounds = [round_of(1, later(FIRST), answer_id)]
        while (
            (last := rounds[-1]).rated_day
            and last.rating is RatingLevel.DISSATISFIED
            and last.number < LAST_ROUND
        ):
            rounds.append(round_of(last.number + 1, last.rated_day, answer_id))
        found.append(rounds)
    return found


def test_the_rule_counts_what_the_database_counts(app: Flask) -> None:
    with app.app_context():
        places = (make_department(), make_department())
        opinions, answers = written(places[0])
        spans = st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 45))

        @settings(max_examples=12)
        @given(lives(places, answers), spans)
        def agree(told: Lives, span: tuple[int, int, int]) -> None:
            since, until = sorted(FIRST + timedelta(days=n) for n in span[:2])
            period, judged = Period(since, until), FIRST + timedelta(days=span[2])
            rounds = [
                {"opinion_id": opinion_id, **stored(one)}
                for opinion_id, life in zip(opinions, told, strict=True)
                for one in life
            ]
            db.session.execute(insert(OpinionRound), rounds)
            for department_id in (None, places[0]):
                listed = {
                    (figure.value, opinion_id)
                    for opinion_id, life in zip(opinions, told, strict=True)
                    for one in life
                    if department_id in (None, one.department_id)
                    for figure in counted_in(one, period, judged)
                }
                assert behind_each(period, judged, department_id) == listed
            every = [one for life in told for one in life]
            counted = {key: row for key, row in counts_of_rounds(every, period, judged).items() if row}
            by_database = counts_by_department(period, judged)
            assert {
                key: {figure: n for figure, n in row.items() if n} for key, row in by_database.items()
            } == counted
            db.session.execute(delete(OpinionRound))

        agree()
        db.session.rollback()


def stored(one: Round) -> dict[str, Any]:
    return asdict(one) | {"rating": one.rating.value if one.rating else None}


def behind_each(period: Period, judged: date, department_id: int | None) -> set[tuple[str, int]]:
    """(figure, opinion) of every list behind a figure; none names an opinion twice."""
    lists = (
        behind_figure(FigureChoice(figure, period, judged, department_id)).add_columns(
            db.literal(figure.value).label("figure")
        )
        for figure in OpinionFigure
    )
    rows = [(row.figure, row.opinion_id) for row in db.session.execute(union_all(*lists))]
    assert len(rows) == len(set(rows))
    return set(rows)


def written(department_id: int) -> tuple[list[int], list[int]]:
    """Opinions, each with the text of an answer, to which rounds are added."""
    opinion = {
        "department_id": department_id, "title": "关于路灯", "status": "draft", "created_at": at(FIRST, 2),
    }  # fmt: skip
    with unit_of_work():
        db.session.execute(insert(Opinion), [opinion] * OPINIONS)
        opinions = list(db.session.scalars(select(Opinion.id).order_by(Opinion.id)))
        answer = {"role": "answer", "round": 1, "answer_class": "A", "text": "已补装。", "at": at(FIRST, 3)}
        db.session.execute(insert(OpinionText), [{**answer, "opinion_id": one} for one in opinions])
        answers = list(db.session.scalars(select(OpinionText.id).order_by(OpinionText.id)))
    return opinions, answers
