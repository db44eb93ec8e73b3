"""The one place that reads the time. Services and rules are given ``now``; only views, jobs and commands ask."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, aware, in UTC, to the second (pages and deadlines know no finer)."""
    return datetime.now(UTC).replace(microsecond=0)
