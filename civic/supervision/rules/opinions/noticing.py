"""What of an opinion the leads of its department are told. Pure."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from civic.supervision.rules.opinions.vocabulary import OpinionStatus


class NoticedOpinion(StrEnum):
    """What they are told, the most urgent first."""

    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    APPROVAL = "approval"
    ARRIVED = "arrived"


def noticed(
    opened_at: datetime,
    due_at: datetime | None,
    span: tuple[datetime, datetime],
    soon: tuple[datetime, datetime],
    now: datetime,
) -> NoticedOpinion | None:
    """The most urgent of what became so within a span; ``soon``: until when was due soon at its beginning and end."""
    if due_at is None:
        return None
    if span[0] < due_at <= span[1]:
        return NoticedOpinion.OVERDUE
    if soon[0] < due_at <= soon[1] and due_at >= now:
        return NoticedOpinion.DUE_SOON
    return NoticedOpinion.ARRIVED if span[0] < opened_at <= span[1] else None


def standing(
    status: OpinionStatus, due_at: datetime | None, soon: datetime, now: datetime
) -> NoticedOpinion | None:
    """The most urgent of what is so now."""
    if due_at is not None and due_at < now:
        return NoticedOpinion.OVERDUE
    if due_at is not None and due_at <= soon:
        return NoticedOpinion.DUE_SOON
    return NoticedOpinion.APPROVAL if status is OpinionStatus.IN_APPROVAL else None
