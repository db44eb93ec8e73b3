"""Accounts: list, create, roles, deactivate, links to set a password, sign out everywhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from civic.accounts import queries, services
from civic.accounts.policy import (
    can_change_account,
    can_confirm_second_factor_reset,
    can_request_second_factor_reset,
)
from civic.accounts.rules import ROLE_NAMES
from civic.admin.forms import Departments, GrantForm, NewAccountForm
from civic.admin.queries import names_of_departments
from civic.admin.views import bp
from civic.cases.queries import approvals_waiting, held_counts
from civic.core import clock
from civic.core.actor import Actor, Grant, Role
from civic.core.config import settings
from civic.core.db import unit_of_work
from civic.core.errors import N_, DomainError, Invalid
from civic.departments import queries as departments
from civic.web.access import access, current_actor
from civic.web.locale import chinese_or_english
from civic.web.messages import put_on_form, say

Answer = str | tuple[str, int] | Response


@bp.get("/accounts")
@access(Role.ADMIN)
def accounts() -> str:
    """All accounts by name, or the invited ones; and the resets that wait for a second administrator."""
    actor, now = current_actor(), clock.now()
    search, invited = request.args.get("q", "")[:80], request.args.get("invited") == "1"
    page = queries.accounts_page(actor, search, request.args.get("after"), now, invited=invited)
    return render_template(
        "admin/accounts.html",
        page=page,
        search=search,
        invited=invited,
        invitations=queries.count_invited(actor),
        resets=queries.open_resets(actor, now),
        departments=names_of_departments(g.department_id for row in page.rows for g in row.grants),
        role_names=ROLE_NAMES,
    )


@bp.route("/accounts/new", methods=["GET", "POST"])
@access(Role.ADMIN)
def new_account() -> Answer:
    """Create an account and invite its owner: the link is sent, or shown this once to hand over."""
    form = NewAccountForm()
    form.offer(_choices())
    if form.validate_on_submit():
        actor, now = current_actor(), clock.now()
        try:
            with unit_of_work():
                new = services.NewAccount(
                    email=form.email.data or "",
                    name=form.name.data or "",
                    grants=(form.grant(),),
                    locale=form.locale.data,
                )
                account_id = services.create_account(actor, new, now)
                token = _invite(actor, account_id, now)
        except DomainError as error:
            put_on_form(form, error)
        else:
            return _invited(account_id, token)
    return render_template("admin/new_account.html", form=form), 422 if form.errors else 200


@bp.get("/accounts/<int:account_id>")
@access(Role.ADMIN)
def account(account_id: int) -> str:
    """One account, with everything that can be done with it."""
    form = GrantForm()
    form.offer(_choices())
    return _account_page(account_id, form)


@bp.post("/accounts/<int:account_id>/roles")
@access(Role.ADMIN)
def grant(account_id: int) -> Answer:
    """Give a role."""
    form = GrantForm()
    form.offer(_choices())
    if form.validate_on_submit():
        try:
            with unit_of_work():
                services.grant_role(current_actor(), account_id, form.grant(), clock.now())
        except Invalid as error:
            put_on_form(form, error)
        else:
            flash(_("The role is granted."))
            return redirect(url_for("admin.account", account_id=account_id))
    return _account_page(account_id, form), 422


@bp.post("/accounts/<int:account_id>/roles/revoke")
@access(Role.ADMIN)
def revoke(account_id: int) -> Response:
    """Take a role away."""
    role = request.form.get("role", "")
    department = request.form.get("department", "")
    if role not in set(Role) or not (department == "" or department.isdecimal()):
        raise Invalid(N_("There is no such role."), code="no_role")
    taken = Grant(Role(role), int(department) if department else None)
    return _do(
        account_id,
        lambda: services.revoke_role(current_actor(), account_id, taken, clock.now()),
        _("The role is revoked."),
    )


@bp.post("/accounts/<int:account_id>/activate")
@access(Role.ADMIN)
def activate(account_id: int) -> Response:
    """The person is back."""
    return _do(
        account_id,
        lambda: services.activate_account(current_actor(), account_id, clock.now()),
        _("The account is active again."),
    )


@bp.post("/accounts/<int:account_id>/sign-out")
@access(Role.ADMIN)
def revoke_sessions(account_id: int) -> Response:
    """End all sessions of an account."""
    return _do(
        account_id,
        lambda: services.revoke_sessions(current_actor(), account_id, clock.now()),
        _("All sessions of this account have ended."),
    )


@bp.post("/accounts/<int:account_id>/password-link")
@access(Role.ADMIN)
def password_link(account_id: int) -> Answer:
    """A new link to set the password, sent or shown this once; the one before leads nowhere."""
    with unit_of_work():
        token = _invite(current_actor(), account_id, clock.now())
    return _invited(account_id, token)


@bp.post("/accounts/<int:account_id>/password-link/revoke")
@access(Role.ADMIN)
def revoke_password_link(account_id: int) -> Response:
    """Let the link that was issued lead nowhere."""
    return _do(
        account_id,
        lambda: services.revoke_password_link(current_actor(), account_id, clock.now()),
        _("The link leads nowhere any more."),
    )


def _invite(actor: Actor, account_id: int, now: datetime) -> str:
    """Send the link where the site sends mail, else return its token."""
    if not settings().sends_mail:
        return services.issue_password_link(actor, account_id, now)
    services.send_password_link(actor, account_id, now)
    return ""


def _invited(account_id: int, token: str) -> Answer:
    if token:
        return _link_page(account_id, token)
    page = queries.account_page(current_actor(), account_id, clock.now())
    flash(_("The link is sent to %(email)s within a minute.", email=page.row.email))
    return redirect(url_for("admin.account", account_id=account_id))


def _do(account_id: int, act: Callable[[], Any], done: str) -> Response:
    try:
        with unit_of_work():
            act()
    except Invalid as error:
        flash(say(error), "error")
    else:
        flash(done)
    return redirect(url_for("admin.account", account_id=account_id))


def _account_page(account_id: int, form: GrantForm) -> str:
    actor = current_actor()
    page = queries.account_page(actor, account_id, clock.now())
    return render_template(
        "admin/account.html",
        page=page,
        form=form,
        action=FlaskForm(),
        departments=names_of_departments(g.department_id for g in page.row.grants),
        held=held_counts(account_id),
        alone=approvals_waiting(queries.led_alone(account_id)),
        role_names=ROLE_NAMES,
        may_change=can_change_account(actor, account_id),
        may_request_reset=can_request_second_factor_reset(actor, account_id),
        may_confirm_reset=page.reset
        and can_confirm_second_factor_reset(actor, account_id, page.reset.requested_by),
    )


def _link_page(account_id: int, token: str) -> str:
    return render_template(
        "admin/password_link.html",
        page=queries.account_page(current_actor(), account_id, clock.now()),
        link=url_for("security.set_password", token=token, _external=True),
    )


def _choices() -> Departments:
    return tuple(
        (d.id, chinese_or_english(d.name, d.name_hant, d.name_en)) for d in departments.departments()
    )
