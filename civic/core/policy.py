"""The answer of a policy: allowed or not, and the sentence that says why not."""

from __future__ import annotations

from dataclasses import dataclass

from civic.core.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class Decision:
    """``reason`` is a msgid for the person; templates and services ask the same function."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed

    def require(self) -> None:
        """Raise :class:`NotAllowed` with the reason unless allowed."""
        if not self.allowed:
            raise NotAllowed(self.reason)


ALLOWED = Decision(True)


def refused(reason: str) -> Decision:
    """A refusal with its sentence."""
    return Decision(False, reason)
