"""Who acts, and with which roles. An Actor is plain data: it never carries a database row."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """The staff roles of the platform. ``handler`` and ``lead`` are held per department."""

    HANDLER = "handler"
    LEAD = "lead"
    DISPATCHER = "dispatcher"
    EDITOR = "editor"
    DEPUTY = "deputy"
    AUDITOR = "auditor"
    ADMIN = "admin"


class ActorKind(StrEnum):
    """A resident has no account; the system acts in sweeps and commands."""

    RESIDENT = "resident"
    STAFF = "staff"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Grant:
    """One role of one account; ``department_id`` is set for roles held in a department."""

    role: Role
    department_id: int | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """The one on whose behalf a service runs."""

    kind: ActorKind
    account_id: int | None = None
    name: str = ""
    grants: frozenset[Grant] = field(default_factory=frozenset)

    def has(self, *roles: Role) -> bool:
        """Whether the actor holds one of ``roles`` anywhere."""
        return any(grant.role in roles for grant in self.grants)

    def has_in(self, department_id: int | None, *roles: Role) -> bool:
        """Whether the actor holds one of ``roles`` in that department."""
        if department_id is None:
            return False
        return any(g.role in roles and g.department_id == department_id for g in self.grants)

    def departments(self, *roles: Role) -> frozenset[int]:
        """The departments in which the actor holds one of ``roles`` (any role if none is named)."""
        return frozenset(
            g.department_id
            for g in self.grants
            if g.department_id is not None and (not roles or g.role in roles)
        )

    @property
    def is_staff(self) -> bool:
        return self.kind is ActorKind.STAFF

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(grant.role for grant in self.grants)


RESIDENT = Actor(ActorKind.RESIDENT)
SYSTEM = Actor(ActorKind.SYSTEM)
