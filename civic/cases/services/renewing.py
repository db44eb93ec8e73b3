"""Sums of another release's layout are made anew where a process starts, before it serves anything (decision 003)."""

from __future__ import annotations

import time

import structlog
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from civic.cases.queries.layout import sums_fit
from civic.cases.services.counting import last_event
from civic.cases.services.summing import renew_sums
from civic.core.db import unit_of_work
from civic.core.extensions import db

WAIT_SECONDS = 5.0
"""Between two looks whether another process has made them."""


def renew_at_start() -> None:
    """Make the sums anew from the counters if they are of another layout.

    Of processes that start together one does it and the others wait. A database that doesn't answer or isn't migrated
    stops no start: readiness says so, and no sums are read unseen.
    """
    try:
        fit = sums_fit()
    except SQLAlchemyError as error:
        structlog.get_logger().warning("layout of sums not looked at", reason=type(error).__name__)
        return
    finally:
        db.session.remove()
    while not fit:
        fit = _renewed()


def _renewed() -> bool:
    """Whether they are made; false while another process writes to a SQLite database."""
    log = structlog.get_logger()
    log.warning("sums of another release are made anew from the counters before anything is served")
    try:
        with unit_of_work():
            last_event()
            made = renew_sums(lambda portion, of: log.info("sums made anew", portion=portion, of=of))
    except OperationalError as error:
        if "locked" not in str(error.orig):
            raise
        log.info("waiting for another process that writes")
        time.sleep(WAIT_SECONDS)
        return False
    log.warning("sums made anew" if made else "sums were made anew by another process")
    return True
