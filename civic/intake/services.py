"""Writes of the resident's side: weighing a message before it becomes a case, and counting it afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from civic.cases import queries as cases
from civic.core.config import settings
from civic.core.crypto import keyed_hash
from civic.core.errors import TooMany
from civic.core.extensions import db
from civic.core.tally import tallies
from civic.core.windows import DAY
from civic.intake.models import SpentProof
from civic.intake.proofs import Solved, read_solution
from civic.intake.rules import Decision, Limits, Proof, Signs, decide, is_advertising
from civic.web import senders
from civic.web.senders import Sender

MESSAGE = "message"
"""Under which messages are counted."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message as it comes in. ``proof`` is the browser's answer to a challenge, '' if it sent none."""

    sender: Sender
    nonce: str
    text: str
    proof: str = ""
    trap: bool = False
    quick: bool = False


def weigh_message(arrival: Arrival, now: datetime) -> Decision:
    """What becomes of a message; its proof is used up with the transaction.

    Raises :class:`~civic.core.errors.TooMany` with the moment from which it may be sent again.
    """
    decision = decide(_signs(arrival, now), _limits(), now)
    if decision.again_at is not None:
        raise TooMany(decision.again_at)
    return decision


def count_message(sender: Sender, now: datetime) -> None:
    """Count a message that was taken."""
    senders.count(MESSAGE, *sender, now=now)


def forget_proofs(now: datetime) -> int:
    """Delete used proofs that have expired; how many there were."""
    result = db.session.execute(delete(SpentProof).where(SpentProof.expires_at <= now))
    return int(result.rowcount)  # type: ignore[attr-defined]


def _signs(arrival: Arrival, now: datetime) -> Signs:
    if not settings().rate_limits:
        return Signs(trap=arrival.trap, quick=arrival.quick)
    address, browser = tallies(MESSAGE, arrival.sender, now)
    return Signs(
        proof=_proof(arrival, now),
        trap=arrival.trap,
        quick=arrival.quick,
        advertising=is_advertising(arrival.text),
        same_text=cases.count_same_text(arrival.text, now - DAY),
        address=address,
        browser=browser,
    )


def _proof(arrival: Arrival, now: datetime) -> Proof:
    if not settings().proof_difficulty:
        return Proof.GIVEN
    if not arrival.proof:
        return Proof.ABSENT
    solved = read_solution(arrival.proof, now)
    return Proof.GIVEN if solved and _is_first_use(solved, arrival.nonce) else Proof.BAD


def _is_first_use(solved: Solved, nonce: str) -> bool:
    """Use up a proof. The same form may bring it again: two clicks, or a retry after a lost answer."""
    challenge_hash = keyed_hash(solved.challenge, "spent-proof")
    form_hash = keyed_hash(nonce, "nonce")
    used_by = select(SpentProof.form_hash).where(SpentProof.challenge_hash == challenge_hash)
    known = db.session.scalar(used_by)
    if known is None:
        row = SpentProof(challenge_hash=challenge_hash, form_hash=form_hash, expires_at=solved.expires_at)
        try:
            with db.session.begin_nested():
                db.session.add(row)
            return True
        except IntegrityError:
            # Another form brought it at the same moment.
            known = db.session.scalar(used_by)
    return known == form_hash


def _limits() -> Limits:
    given = settings()
    return Limits(
        address_hold=given.address_hold_per_hour,
        address_refuse=given.address_refuse_per_hour,
        browser_hold=given.browser_hold_per_hour,
        browser_refuse=given.browser_refuse_per_hour,
    )
