"""Departments to hold roles and cases in."""

from __future__ import annotations

import itertools
from typing import Any

from civic.core.db import unit_of_work
from civic.core.extensions import db

_numbers = itertools.count(1)


def make_department(key: str | None = None, name: str | None = None, **values: Any) -> int:
    """A department's id. Needs an application context; ``values`` are further columns of the table."""
    number = next(_numbers)
    row = {
        "key": key or f"dept{number}",
        "name": name or f"第{number}局",
        "name_hant": name or f"第{number}局",
        "name_en": f"Office {number}",
        "kind": "department",
        "function": "",
        "active": True,
        **values,
    }
    table = db.metadata.tables["department"]
    with unit_of_work() as session:
        made = session.execute(table.insert().values({k: v for k, v in row.items() if k in table.c}))
        department_id: int = made.inserted_primary_key[0]
    return department_id
