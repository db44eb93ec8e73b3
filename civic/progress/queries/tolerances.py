"""The district's cut-offs between the statuses of indicators (``progress`` in ``district.yaml``)."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal

from civic.departments.queries import district
from civic.progress.rules import Tolerances


def tolerances() -> Tolerances:
    """What the district says; the defaults of :class:`Tolerances` for what it doesn't."""
    said = district().progress
    return Tolerances(**{one.name: Decimal(said[one.name]) for one in fields(Tolerances) if one.name in said})
