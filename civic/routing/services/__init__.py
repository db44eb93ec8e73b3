"""Routing a new case, loading the table of rules, and changing it on the site."""

from civic.routing.services.deciding import DIVISION_HEADER, division_of_work, route
from civic.routing.services.editing import (
    RULE,
    change_rule,
    check_rule,
    create_rule,
    register_rules,
    rule_id,
    rule_values,
    withdraw_rule_change,
)
from civic.routing.services.loading import load_with_district
from civic.routing.services.passing import move_rules, rule_holdings

__all__ = [
    "DIVISION_HEADER",
    "RULE",
    "change_rule",
    "check_rule",
    "create_rule",
    "division_of_work",
    "load_with_district",
    "move_rules",
    "register_rules",
    "route",
    "rule_holdings",
    "rule_id",
    "rule_values",
    "withdraw_rule_change",
]
