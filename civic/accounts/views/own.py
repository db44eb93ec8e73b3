"""The staff's own pages: the way to one's work, one's account, password and recovery codes."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from civic.accounts import credentials, queries, security, services, telling, throttle
from civic.accounts.forms import ConfirmPasswordForm, NewPasswordForm
from civic.accounts.models import Account
from civic.accounts.policy import can_choose_digest
from civic.accounts.rules import ROLE_NAMES
from civic.accounts.throttle import Step
from civic.accounts.views.navigation import home_of
from civic.accounts.views.next_page import after_sign_in
from civic.accounts.views.sign_in import throttle_key
from civic.core import clock
from civic.core.config import settings
from civic.core.db import unit_of_work
from civic.core.errors import DomainError, Invalid
from civic.core.extensions import db
from civic.departments import queries as departments
from civic.web.access import access, current_actor
from civic.web.locale import chinese_or_english
from civic.web.messages import put_on_form

bp = Blueprint("staff", __name__, url_prefix="/staff")

Answer = str | tuple[str, int] | Response


@bp.get("/")
@access("staff")
def home() -> Response:
    """The page on which this person works."""
    return redirect(url_for(home_of(current_actor())))


@bp.get("/account")
@access("staff")
def account() -> str:
    """One's own account: roles, second factor, sessions."""
    page = queries.own_page(current_actor(), security.token(), clock.now())
    found = departments.department_names(grant.department_id for grant in page.row.grants)
    return render_template(
        "accounts/own.html",
        page=page,
        departments={i: chinese_or_english(d.name, d.name_hant, d.name_en) for i, d in found.items()},
        role_names=ROLE_NAMES,
        action=FlaskForm(),
        required=settings().second_factor_required,
        told=telling.told(current_actor().account_id or 0, clock.now())
        if can_choose_digest(current_actor())
        else None,
    )


@bp.post("/account/digest")
@access("staff")
def switch_digest() -> Response:
    """Switch the mail of the morning on or off."""
    on = request.form.get("wanted") == "on"
    with unit_of_work():
        services.switch_digest(current_actor(), clock.now(), on=on)
    flash(
        _("The mail of the morning is switched on.") if on else _("The mail of the morning is switched off.")
    )
    return redirect(url_for("staff.account", _anchor="digest"))


@bp.post("/account/sign-out-everywhere")
@access("staff")
def sign_out_everywhere() -> Response:
    """End all sessions of one's account, this one too."""
    actor = current_actor()
    with unit_of_work():
        services.revoke_sessions(actor, actor.account_id or 0, clock.now())
    security.sign_out(actor, clock.now())
    flash(_("You are signed out on all devices."))
    return redirect(url_for("security.login"))


@bp.post("/account/sessions/end-others")
@access("staff")
def end_other_sessions() -> Response:
    """End all sessions of one's account but this one."""
    with unit_of_work():
        ended = services.revoke_other_sessions(current_actor(), security.token(), clock.now())
    flash(ngettext("%(num)d other session has ended.", "%(num)d other sessions have ended.", ended))
    return redirect(url_for("staff.account"))


@bp.post("/account/sessions/<int:session_id>/end")
@access("staff")
def end_session(session_id: int) -> Response:
    """End one session of one's account: a phone that was lost, a computer that was left open."""
    with unit_of_work():
        services.revoke_session(current_actor(), session_id, clock.now())
    flash(_("That session has ended."))
    return redirect(url_for("staff.account"))


@bp.route("/confirm-password", methods=["GET", "POST"])
@access("staff")
def confirm_password() -> Answer:
    """The password once more, before something that matters."""
    me: Account = security.session_user()
    form = ConfirmPasswordForm()
    if not me.tf_primary_method:
        del form.code
    if form.validate_on_submit():
        if _proves_itself(me, form):
            security.refresh()
            return redirect(after_sign_in(request.args.get("next")))
        form.form_errors.append(_("That is not right, or there were too many attempts."))
    return _page("confirm_password", form)


def _proves_itself(me: Account, form: ConfirmPasswordForm) -> bool:
    address = request.remote_addr or ""
    if throttle.minutes_to_wait(Step.PASSWORD, address, me.email):
        return False
    if not credentials.password_fits(me, form.password.data or ""):
        throttle.failed(Step.PASSWORD, address, me.email)
        return False
    if "code" not in form:
        return True
    key = throttle_key(me)
    if throttle.minutes_to_wait(Step.CODE, address, key):
        return False
    try:
        with unit_of_work():
            services.use_code(me.id, form.code.data or "", clock.now())
    except Invalid:
        throttle.failed(Step.CODE, address, key)
        return False
    return True


@bp.route("/password", methods=["GET", "POST"])
@access("staff")
def change_password() -> Answer:
    """Change one's password; all other sessions end."""
    if not security.is_fresh():
        return redirect(url_for("staff.confirm_password", next=request.path))
    form = NewPasswordForm()
    if form.validate_on_submit():
        actor = current_actor()
        try:
            with unit_of_work():
                services.set_own_password(actor, form.password.data or "", clock.now())
        except DomainError as error:
            put_on_form(form, error)
        else:
            security.sign_in(db.session.get_one(Account, actor.account_id), "password", clock.now())
            flash(_("Your password is changed. All other sessions have ended."))
            return redirect(url_for("staff.account"))
    return _page("change_password", form)


@bp.post("/recovery-codes")
@access("staff")
def recovery_codes() -> Answer:
    """Ten new recovery codes in place of the old ones, shown once."""
    if not security.is_fresh():
        return redirect(url_for("staff.confirm_password", next=url_for("staff.account")))
    try:
        with unit_of_work():
            codes = services.make_recovery_codes(current_actor(), clock.now())
    except DomainError as error:
        flash(_(error.message))
        return redirect(url_for("staff.account"))
    return render_template("security/recovery_codes.html", codes=codes, target=url_for("staff.account"))


def _page(page: str, form: Any) -> Answer:
    return render_template(f"accounts/{page}.html", form=form), 422 if form.errors else 200
