"""What a reader of a summary may choose; read from the address, so that a link says it all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from civic.core.errors import N_, Invalid
from civic.supervision.rules import Period, Scope, parse_period


@dataclass(frozen=True, slots=True)
class Choice:
    """A period and by what the rows are told apart; ``period_text`` as it was asked for, if named."""

    period: Period
    scope: Scope
    period_text: str | None = None

    @property
    def args(self) -> dict[str, str]:
        """The same choice as parameters of an address."""
        if self.period_text:
            return {"by": self.scope.value, "period": self.period_text}
        return {
            "by": self.scope.value,
            "since": self.period.since.isoformat(),
            "until": self.period.until.isoformat(),
        }


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
