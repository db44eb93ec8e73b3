"""The law of routing. Pure."""

from civic.routing.rules.conditions import (
    OPENING,
    Condition,
    Question,
    RoutingTable,
    Rule,
    StatutoryChannel,
    choose,
    condition_of,
    is_said_at_once,
)
from civic.routing.rules.deciding import (
    REASON_TEXTS,
    Ground,
    ReasonCode,
    RoutingDecision,
    StandingRule,
    Subject,
    decide,
)
from civic.routing.rules.table import CONDITIONS, KINDS, SPEAKERS, read_routing

__all__ = [
    "CONDITIONS",
    "KINDS",
    "OPENING",
    "REASON_TEXTS",
    "SPEAKERS",
    "Condition",
    "Ground",
    "Question",
    "ReasonCode",
    "RoutingDecision",
    "RoutingTable",
    "Rule",
    "StandingRule",
    "StatutoryChannel",
    "Subject",
    "choose",
    "condition_of",
    "decide",
    "is_said_at_once",
    "read_routing",
]
