"""Sums of the counters by month and year, and what was posted since they were summed up last (decision 003)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Integer, LargeBinary, String, Table

from civic.core.db import key_text
from civic.core.extensions import db

case_sum = Table(
    "case_sum",
    db.metadata,
    Column("axes", key_text(4), primary_key=True),
    Column("grain", key_text(1), primary_key=True),
    Column("measure", key_text(24), primary_key=True),
    Column("month", Integer, primary_key=True, autoincrement=False),
    Column("street_id", Integer, primary_key=True, autoincrement=False),
    Column("kind", key_text(16), primary_key=True),
    Column("department_id", Integer, primary_key=True, autoincrement=False),
    Column("item_id", Integer, primary_key=True, autoincrement=False),
    Column("packed", LargeBinary, nullable=False, info={"encrypted": False}),
    sqlite_with_rowid=False,
)
"""What is kept of a sum stands in its key, the rest is -1 or ''. ``packed`` has what was counted in each of its parts,
the days of a month or the months of a year: of every measure, or of a duration by how long it took. In the row without
axes it is the layout of all others."""

case_sum_group = Table(
    "case_sum_group",
    db.metadata,
    Column("item_id", Integer, primary_key=True, autoincrement=False),
    Column("chapter", Integer, nullable=False),
    Column("area", Integer, nullable=False),
)
"""By which chapter and livelihood area the sums hold an item: the first item of each, 0 for none."""

case_posting = Table(
    "case_posting",
    db.metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("measure", String(24), nullable=False),
    Column("day", Date, nullable=False),
    Column("department_id", Integer, nullable=False),
    Column("item_id", Integer, nullable=False),
    Column("street_id", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("bucket", Integer, nullable=False),
    Column("n", Integer, nullable=False),
)
"""Differences that the sums don't hold yet. They are only added and taken, so writers never wait for each other."""
