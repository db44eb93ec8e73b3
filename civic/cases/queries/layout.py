"""Whether the sums that are kept are laid out as this release reads them (decision 003)."""

from __future__ import annotations

from weakref import WeakSet

from sqlalchemy import Engine, select

from civic.cases.models import case_sum
from civic.cases.rules.sums import LAYOUT, LAYOUT_KEY
from civic.core.errors import N_, DomainError
from civic.core.extensions import db


class OtherLayout(DomainError):
    """The sums were made by a release that laid them out otherwise: what they say can't be read."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            N_(
                "The figures were added up by another release. Run flask civic rebuild-stats, which adds them up anew."
            )
        )


def sums_fit() -> bool:
    """Whether the sums are of this release's layout; where there are none, there is nothing to be read otherwise."""
    c = case_sum.c
    kept = db.session.scalar(select(c.packed).where(c.axes == LAYOUT_KEY.axes))
    if kept is None:
        return db.session.scalar(select(c.axes).limit(1)) is None
    return bool(bytes(kept) == LAYOUT.encode())


_FITTING: WeakSet[Engine] = WeakSet()
"""The databases that were found to fit: looked at once per process, not by each page."""


def ensure_sums_fit() -> None:
    """Raise :class:`OtherLayout` before sums are read that this release can't read."""
    if db.engine in _FITTING:
        return
    if not sums_fit():
        raise OtherLayout
    _FITTING.add(db.engine)
