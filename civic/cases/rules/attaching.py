"""Files that staff put with a case. Pure."""

from __future__ import annotations

from enum import StrEnum

MOST_ATTACHMENTS = 5
"""Files that go out with one answer."""


class AttachedTo(StrEnum):
    """What a file stands with: the answer, which whoever reads the answer may read, or the internal notes."""

    REPLY = "reply"
    NOTE = "note"
