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
from civic.routing.rules.table import CONDITIONS, KINDS, SPEAKERS, read_routing, write_routing
from civic.routing.rules.trying import FATE_TEXTS, Fate, Trial, Weighed, weigh

__all__ = [
    "CONDITIONS",
    "FATE_TEXTS",
    "KINDS",
    "OPENING",
    "REASON_TEXTS",
    "SPEAKERS",
    "Condition",
    "Fate",
    "Ground",
    "Question",
    "ReasonCode",
    "RoutingDecision",
    "RoutingTable",
    "Rule",
    "StandingRule",
    "StatutoryChannel",
    "Subject",
    "Trial",
    "Weighed",
    "choose",
    "condition_of",
    "decide",
    "is_said_at_once",
    "read_routing",
    "weigh",
    "write_routing",
]
