"""What an import changes, in words of codes."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Diff:
    """What an import changes, item by item, in words of codes."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)

    def note(self, code: str) -> None:
        """Say once that an item changes, unless it is new."""
        if code not in self.added and code not in self.changed:
            self.changed.append(code)

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.withdrawn)
