"""What a reader of a summary may choose; read from the address, so that a link says it all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from civic.core.errors import N_, Invalid
from civic.supervision.rules import Choice, Scope, parse_period


def read_choice(args: Mapping[str, str], today: date) -> Choice:
    """The choice in an address; raises :class:`Invalid` with what to do if it makes no sense."""
    text = args.get("period") or None
    period = parse_period(text, args.get("since"), args.get("until"), today)
    by = args.get("by") or Scope.DEPARTMENT.value
    if by not in set(Scope):
        raise Invalid(
            N_("A summary is by department, chapter, livelihood or street."), code="bad_scope", field="by"
        )
    return Choice(period, Scope(by), text)
