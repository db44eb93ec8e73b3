"""Who gets what from every endpoint: one line each. An endpoint that is missing here fails the build.

To add an endpoint, add a line to the file of its feature in ``tests/access/lines``::

    everyone("portal.item", {"plan": "taijiang-14", "code": "6.2.1"})      # anyone: 200
    staff("desk.queue", handler=200, lead=200, other=200)                  # the rest: 403, nobody: to sign-in
    staff("desk.case", lambda s: {"case_id": s.case_id}, handler=200, lead=200, other=404)
    staff("desk.take", lambda s: {"case_id": s.case_id}, method="POST", data={"version": "1"}, handler=302)

``arguments`` fill the address: a dict, or a function of the :class:`~tests.access.stage.Stage` (accounts, departments,
a case). Who is not named in a ``staff`` line gets 403, and who is not signed in is sent to sign in (GET) or
refused with 401 (POST). Each POST starts from the same data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.access.stage import PERSONAS, Stage

Arguments = Mapping[str, Any] | Callable[[Stage], Mapping[str, Any]]

STAFF = tuple(p for p in PERSONAS if p != "nobody")


@dataclass(frozen=True)
class Line:
    """One endpoint and method: the status each persona gets."""

    endpoint: str
    expected: Mapping[str, int]
    method: str = "GET"
    arguments: Arguments = field(default_factory=dict)
    data: Arguments = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} {self.endpoint}"

    def address(self, stage: Stage) -> Mapping[str, Any]:
        return self.arguments(stage) if callable(self.arguments) else self.arguments

    def form(self, stage: Stage) -> Mapping[str, Any]:
        return self.data(stage) if callable(self.data) else self.data


def everyone(
    endpoint: str,
    arguments: Arguments | None = None,
    status: int = 200,
    *,
    method: str = "GET",
    data: Arguments | None = None,
) -> Line:
    """The same answer for all, signed in or not."""
    return Line(endpoint, dict.fromkeys(PERSONAS, status), method, arguments or {}, data or {})


def staff(
    endpoint: str,
    arguments: Arguments | None = None,
    *,
    method: str = "GET",
    data: Arguments | None = None,
    nobody: int | None = None,
    all_staff: int = 403,
    **expected: int,
) -> Line:
    """Named personas get their status; other staff ``all_staff``; who isn't signed in is sent to sign in."""
    unknown = set(expected) - set(STAFF)
    if unknown:
        raise ValueError(f"no such persona: {', '.join(sorted(unknown))}")
    turned_away = nobody or (302 if method == "GET" else 401)
    statuses = {"nobody": turned_away, **dict.fromkeys(STAFF, all_staff), **expected}
    return Line(endpoint, statuses, method, arguments or {}, data or {})
