"""Who may call which view: each view declares it, and a view without a declaration stops the start-up."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, url_for

from civic.core.actor import RESIDENT, Actor, Role
from civic.core.errors import N_, NotAllowed

F = TypeVar("F", bound=Callable[..., Any])

ATTRIBUTE = "civic_access"


class Audience(StrEnum):
    """Audiences that are no staff role."""

    PUBLIC = "public"
    """Anyone; no cookie, no session, may be kept by a proxy."""
    RESIDENT = "resident"
    """Anyone, nobody needs to be signed in; has a session for its form."""
    STAFF = "staff"
    """Whoever is signed in, with any role."""
    MACHINE = "machine"
    """Probes and scrapers; no session."""


Who = str | Role | Audience


def access(*who: Who) -> Callable[[F], F]:
    """Declare who may call a view: ``@access("public")`` or ``@access(Role.HANDLER, Role.LEAD)``.

    The fine question, whether *this* actor may do *this* to *that* case, belongs to the policy.
    """
    declared = frozenset(_named(w) for w in who)
    if not declared:
        raise ValueError("say who may call this view")

    def mark(view: F) -> F:
        setattr(view, ATTRIBUTE, declared)
        return view

    return mark


def _named(who: Who) -> Role | Audience:
    if isinstance(who, Role | Audience):
        return who
    return Audience(who) if who in set(Audience) else Role(who)


def declared_access(app: Flask, endpoint: str) -> frozenset[Role | Audience]:
    """What the view behind an endpoint declares; empty if nothing."""
    view = app.view_functions.get(endpoint)
    found: frozenset[Role | Audience] = getattr(view, ATTRIBUTE, frozenset())
    return found


def is_public(app: Flask, endpoint: str | None) -> bool:
    """Whether an endpoint opens no session. Unknown addresses count as public: their 404 needs none."""
    if endpoint is None or endpoint == "static":
        return True
    return bool(declared_access(app, endpoint) & {Audience.PUBLIC, Audience.MACHINE})


def register_actor_loader(app: Flask, loader: Callable[[], Actor | None]) -> None:
    """``accounts`` registers how the signed-in person is found; returns None if nobody is signed in."""
    app.extensions["civic.actor_loader"] = loader


def current_actor() -> Actor:
    """The one who makes this request; RESIDENT on public pages and when nobody is signed in."""
    if "actor" not in g:
        loader = current_app.extensions.get("civic.actor_loader")
        public = is_public(current_app._get_current_object(), request.endpoint)  # type: ignore[attr-defined]
        g.actor = (loader() if loader and not public else None) or RESIDENT
    actor: Actor = g.actor
    return actor


def _check() -> Any:
    if request.endpoint is None or request.endpoint == "static":
        return None
    declared = declared_access(current_app._get_current_object(), request.endpoint)  # type: ignore[attr-defined]
    if declared & {Audience.PUBLIC, Audience.MACHINE, Audience.RESIDENT}:
        return None
    actor = current_actor()
    if not actor.is_staff:
        if request.method in {"GET", "HEAD"}:
            return redirect(url_for("security.login", next=request.full_path.rstrip("?")))
        abort(401)
    if Audience.STAFF in declared or actor.has(*(w for w in declared if isinstance(w, Role))):
        return None
    raise NotAllowed(N_("Your role has no access to this page."))


def undeclared(app: Flask) -> list[str]:
    """Endpoints whose view declares no access; must be empty."""
    return sorted(
        {rule.endpoint for rule in app.url_map.iter_rules()}
        - {"static"}
        - {endpoint for endpoint in app.view_functions if declared_access(app, endpoint)}
    )


def init_app(app: Flask) -> None:
    app.before_request(_check)
    app.jinja_env.globals["current_actor"] = current_actor
