"""What becomes of a message: it is taken, taken and held until a person has looked, or refused for now. Pure.

Many people may stand behind one address (a block behind one router, a school, a hall), so an address that
floods is held and only an absurd rate is refused. Whatever speaks against a message, more of it never leads to
a milder outcome.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from civic.cases.rules import HeldBecause
from civic.core.windows import DAY, HOUR, NOTHING, Limit, Tally, latest


class Proof(IntEnum):
    """What a browser proved of its work; a higher one is worse."""

    GIVEN = 0
    ABSENT = 1
    BAD = 2


class Outcome(IntEnum):
    """What becomes of a message; a higher one is stricter."""

    TAKE = 0
    HOLD = 1
    REFUSE = 2


HOURS_OF_A_DAY = 3
"""A day has so many times the limit of an hour: whoever writes a lot does so in a few hours."""
WITHOUT_PROOF = 4
"""Without proof of work limits are a quarter."""
SAME_TEXT = 3
"""How often a text may have come within a day before the next one waits: it may be a campaign, or a copy."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Messages in an hour from one address and in one browser: above ``hold`` they wait, at ``refuse`` it ends."""

    address_hold: int
    address_refuse: int
    browser_hold: int
    browser_refuse: int


@dataclass(frozen=True, slots=True)
class Signs:
    """What is known of a message that arrives. ``same_text``: how often the text came within a day."""

    proof: Proof = Proof.GIVEN
    trap: bool = False
    quick: bool = False
    advertising: bool = False
    same_text: int = 0
    address: Tally = NOTHING
    browser: Tally = NOTHING


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome; ``because`` says why it is held, ``again_at`` when a refused one may be sent again."""

    outcome: Outcome
    because: tuple[HeldBecause, ...] = ()
    again_at: datetime | None = None


def decide(signs: Signs, limits: Limits, now: datetime) -> Decision:
    """What becomes of a message that looks like this."""
    proven = signs.proof is Proof.GIVEN
    because = tuple(_reasons(signs, limits, now))
    again_at = latest(
        [
            tally.free_at(limit, now)
            for tally, per_hour in (
                (signs.address, limits.address_refuse),
                (signs.browser, limits.browser_refuse),
            )
            for limit in _limits(per_hour, proven)
        ]
    )
    if again_at is not None:
        return Decision(Outcome.REFUSE, because, again_at)
    return Decision(Outcome.HOLD if because else Outcome.TAKE, because)


def _reasons(signs: Signs, limits: Limits, now: datetime) -> Iterator[HeldBecause]:
    proven = signs.proof is Proof.GIVEN
    found = {
        HeldBecause.NO_PROOF: not proven,
        HeldBecause.BAD_PROOF: signs.proof is Proof.BAD,
        HeldBecause.TRAP: signs.trap,
        HeldBecause.QUICK: signs.quick,
        HeldBecause.ADDRESS: _exceeds(signs.address, limits.address_hold, proven, now),
        HeldBecause.BROWSER: _exceeds(signs.browser, limits.browser_hold, proven, now),
        HeldBecause.SAME_TEXT: signs.same_text >= SAME_TEXT,
        HeldBecause.ADVERTISING: signs.advertising,
    }
    return (reason for reason, holds in found.items() if holds)


def _exceeds(tally: Tally, per_hour: int, proven: bool, now: datetime) -> bool:
    return any(tally.within(limit.span, now) >= limit.most for limit in _limits(per_hour, proven))


def _limits(per_hour: int, proven: bool) -> tuple[Limit, Limit]:
    most = per_hour if proven else max(1, per_hour // WITHOUT_PROOF)
    return Limit(most, HOUR), Limit(most * HOURS_OF_A_DAY, DAY)
