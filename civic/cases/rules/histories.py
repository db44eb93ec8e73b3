"""What the changes of a case share: rounds and stints that begin, move and end."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from civic.cases.rules.facts import CaseFacts, Clock, Event, Round, Stint
from civic.cases.rules.vocabulary import (
    CaseStatus,
    ExtensionState,
    RoundKind,
    StintEnd,
)


def clock(params: Any, name: str) -> Clock | None:
    return Clock.from_params(params[name]) if params.get(name) else None


def with_round(facts: CaseFacts, **changes: Any) -> tuple[Round, ...]:
    return (*facts.rounds[:-1], replace(facts.round, **changes))


def with_stint(facts: CaseFacts, **changes: Any) -> tuple[Stint, ...]:
    return (*facts.stints[:-1], replace(facts.stints[-1], **changes))


def ended(facts: CaseFacts, event: Event, end: StintEnd) -> tuple[Stint, ...]:
    """The stints with the running one ended."""
    if facts.stint is None:
        return facts.stints
    return with_stint(
        facts, ended_at=event.at, ended_day=event.day, end=end, held_days=event.params.get("held_days")
    )


def begun(facts: CaseFacts, stints: tuple[Stint, ...], event: Event, **fields: Any) -> tuple[Stint, ...]:
    """The next stint, in the round that runs or, if the event begins one, in that one (``again``)."""
    fields = {"again": facts.round.kind is RoundKind.REOPENED, **fields}
    return (*stints, Stint(len(stints) + 1, since_at=event.at, since_day=event.day, **fields))


def left(facts: CaseFacts, event: Event, status: CaseStatus, end: StintEnd, **changes: Any) -> CaseFacts:
    """The case leaves without an answer; where its clock stood still, that moment counts."""
    stopped = facts.paused_at if facts.is_open and not facts.clock_runs else None
    return replace(
        facts,
        status=status,
        rounds=with_round(facts, left=end, left_at=stopped or event.at),
        stints=ended(facts, event, end),
        paused_at=None,
        return_pending=False,
        ended_at=event.at,
        ended_day=event.day,
        **changes,
    )


def lapsed(facts: CaseFacts) -> CaseFacts:
    """Another answer is owed: parts that the last one did without are asked for no longer, those given stay."""
    helped = tuple(one for one in facts.supports if one in facts.gave)
    return replace(unasked(facts), supports=helped, contributed=helped, parts_due=())


def unasked(facts: CaseFacts) -> CaseFacts:
    """An extension that nobody decided on lapses with whoever asked for it."""
    undecided = facts.extension is ExtensionState.REQUESTED
    return replace(facts, extension=ExtensionState.NONE, extension_days=None) if undecided else facts


def moved(facts: CaseFacts, event: Event) -> CaseFacts:
    """Take over the clocks that the event brings; the others stay."""
    p = event.params
    rounds = with_round(facts, clock=Clock.from_params(p["clock"])) if p.get("clock") else facts.rounds
    clocks = {name: clock(p, name) for name in ("accept", "own", "returning") if p.get(name)}
    stints = with_stint(facts, **clocks) if clocks and facts.stint else facts.stints
    return replace(facts, rounds=rounds, stints=stints, review=clock(p, "review") or facts.review)
