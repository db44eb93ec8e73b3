"""Whether the rows of cases are what a replay of their events gives, and no event is missing."""

from __future__ import annotations

from sqlalchemy import select

from civic.cases.models import Assignment, Case, CaseEvent, CaseRound, LoneSignature, Support
from civic.cases.services.applying import load_facts
from civic.cases.services.projecting import (
    case_columns,
    lone_signatures,
    round_columns,
    stint_columns,
    support_columns,
)
from civic.core.extensions import db


def rows_are_what_the_events_say(case_ids: list[int]) -> None:
    for case_id in case_ids:
        case = db.session.get_one(Case, case_id)
        facts = load_facts(case_id)
        assert facts is not None
        numbers = db.session.scalars(
            select(CaseEvent.seq).where(CaseEvent.case_id == case_id).order_by(CaseEvent.seq)
        ).all()
        assert numbers == list(range(1, facts.seq + 1)), "an event is lost"
        assert {name: getattr(case, name) for name in case_columns(facts)} == case_columns(facts)
        stints = db.session.scalars(
            select(Assignment).where(Assignment.case_id == case_id).order_by(Assignment.number)
        ).all()
        assert len(stints) == len(facts.stints)
        for row, stint in zip(stints, facts.stints, strict=True):
            wanted = stint_columns(facts, stint)
            assert {name: getattr(row, name) for name in wanted} == wanted
        rounds = db.session.scalars(
            select(CaseRound).where(CaseRound.case_id == case_id).order_by(CaseRound.number)
        ).all()
        assert len(rounds) == len(facts.rounds)
        for entry_row, entry in zip(rounds, facts.rounds, strict=True):
            wanted = round_columns(facts, entry)
            assert {name: getattr(entry_row, name) for name in wanted} == wanted
        signed = db.session.scalars(
            select(LoneSignature).where(LoneSignature.case_id == case_id).order_by(LoneSignature.number)
        ).all()
        names = ("number", "department_id", "day")
        assert tuple({name: getattr(row, name) for name in names} for row in signed) == lone_signatures(facts)
        helping = db.session.scalars(select(Support).where(Support.case_id == case_id)).all()
        assert {row.department_id for row in helping} == set(facts.supports)
        for helper in helping:
            wanted = support_columns(facts, helper.department_id)
            assert {name: getattr(helper, name) for name in wanted} == wanted
