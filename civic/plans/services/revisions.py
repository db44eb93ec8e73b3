"""Each change of a plan's content gets a new mark, so that no process goes on showing what it kept in memory."""

from __future__ import annotations

import secrets

from sqlalchemy import update

from civic.core.extensions import db
from civic.plans.models import Plan


def new_revision(plan_id: int) -> None:
    """Mark a plan's content as changed, in the caller's transaction."""
    db.session.flush()
    db.session.execute(update(Plan).where(Plan.id == plan_id).values(revision=secrets.token_hex(8)))
