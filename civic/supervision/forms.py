"""What a reader of a summary may choose; read from the address, so that a link says it all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from civic.core.errors import N_, Invalid
from civic.supervision.queries import WarningFilter
from civic.supervision.rules import Choice, Scope, parse_period
from civic.supervision.rules.warning_rules import RuleKey, Severity


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


def read_warning_filter(args: Mapping[str, str]) -> WarningFilter:
    """Which warnings an address asks for; raises :class:`Invalid` for a rule or severity that there isn't."""
    rule, severity = args.get("rule") or None, args.get("severity") or None
    if rule not in (None, *RuleKey):
        raise Invalid(N_("There is no such rule of warning."), code="bad_rule", field="rule")
    if severity not in (None, *Severity):
        raise Invalid(N_("A warning is red or yellow."), code="bad_severity", field="severity")
    return WarningFilter(
        args.get("department") or None,
        RuleKey(rule) if rule else None,
        Severity(severity) if severity else None,
    )
