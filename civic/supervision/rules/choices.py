"""What a reader of a summary chooses: a period, by what the rows are told apart, and to what it is narrowed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from civic.supervision.rules.periods import Period


class Scope(StrEnum):
    """By what the rows of a summary are told apart, and to what a summary is narrowed."""

    DEPARTMENT = "department"
    CHAPTER = "chapter"
    LIVELIHOOD = "livelihood"
    STREET = "street"
    KIND = "kind"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class Choice:
    """A period, by what the rows are told apart, and {scope: key of the row} to which all of it is narrowed.

    ``period_text`` is the period as it was asked for, if it has a name.
    """

    period: Period
    scope: Scope = Scope.DEPARTMENT
    period_text: str | None = None
    narrowed: tuple[tuple[Scope, str], ...] = ()

    @property
    def args(self) -> dict[str, str]:
        """The same choice as parameters of an address."""
        found = {"by": self.scope.value, **{scope.value: key for scope, key in self.narrowed}}
        return {**found, "period": self.period_text} if self.period_text else {**found, **self._days}

    @property
    def typed(self) -> dict[str, str]:
        """The same as its form has it: a period with a name is days there."""
        return {**self.args, **self._days}

    @property
    def _days(self) -> dict[str, str]:
        return {"since": self.period.since.isoformat(), "until": self.period.until.isoformat()}

    @property
    def keys(self) -> Mapping[Scope, str]:
        """To what it is narrowed, by scope."""
        return dict(self.narrowed)

    def over(self, period: Period) -> Choice:
        """The same of another period."""
        return replace(self, period=period, period_text=None)

    def by(self, scope: Scope) -> Choice:
        """The same with other rows."""
        return replace(self, scope=scope)

    def only(self, scope: Scope, key: str) -> Choice:
        """Narrowed further to one row of a scope."""
        return self.without(scope)._with({**self.keys, scope: key})

    def without(self, scope: Scope) -> Choice:
        """No longer narrowed in one way."""
        return self._with({one: key for one, key in self.narrowed if one is not scope})

    def _with(self, keys: Mapping[Scope, str]) -> Choice:
        return replace(self, narrowed=tuple((scope, keys[scope]) for scope in Scope if scope in keys))
