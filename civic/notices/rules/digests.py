"""The mail of the morning to members of staff: when it is time for it, and what stands in it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from enum import StrEnum
from types import MappingProxyType

from civic.core.errors import N_

MOST_IN_A_PART = 10
"""Cases of one part that are named; the link after them leads to all."""


class Topic(StrEnum):
    """A part of the mail, in their order: first what is one's own, then what is the department's or the district's."""

    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    CAME_BACK = "came_back"
    BROUGHT = "brought"
    ASSIGNED = "assigned"
    APPROVAL = "approval"
    LATE = "late"
    UNASSIGNED = "unassigned"
    OPINIONS = "opinions"
    BACKLOG = "backlog"


HEADINGS: Mapping[Topic, str] = MappingProxyType(
    {
        Topic.OVERDUE: N_("Became overdue since the last mail"),
        Topic.DUE_SOON: N_("Due soon"),
        Topic.CAME_BACK: N_("Came back: sent back, approved to be published, reopened, or yours by decision"),
        Topic.BROUGHT: N_(
            "New: the resident’s answers, parts asked for or given, extensions decided, transfers"
        ),
        Topic.ASSIGNED: N_("Newly given to you"),
        Topic.APPROVAL: N_("Replies waiting for your approval"),
        Topic.LATE: N_("Overdue in your department"),
        Topic.UNASSIGNED: N_("Nobody has taken these yet"),
        Topic.OPINIONS: N_("Deputies’ opinions to your department"),
        Topic.BACKLOG: N_("Waiting at the dispatcher’s desk"),
    }
)


def is_time(local: time, opens_at: time, closes_at: time) -> bool:
    """Whether the mail of this day is written: from the opening on, and a worker that was down makes up for it."""
    return opens_at <= local < closes_at
