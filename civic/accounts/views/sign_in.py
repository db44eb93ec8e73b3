"""Signing in, step by step: password, then the second factor, set up on the way if there is none yet.

Between the steps nobody is signed in. The session then holds a *pending* mark: which
account, under which uniquifier, since when, and where to go afterwards.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from civic.accounts import credentials, queries, security, services, throttle
from civic.accounts.attempts import attempts_on
from civic.accounts.devices import Device, device_of
from civic.accounts.forms import CodeForm, NewPasswordForm, RecoveryCodeForm, SignInForm
from civic.accounts.models import Account
from civic.accounts.rules import PENDING_LIFETIME, TOLD_AFTER, normalise_email
from civic.accounts.throttle import Step
from civic.accounts.views.devices import attempts_sentence
from civic.accounts.views.next_page import after_sign_in, local_path
from civic.core import clock
from civic.core.config import settings
from civic.core.db import unit_of_work
from civic.core.errors import DomainError, Invalid
from civic.core.extensions import db
from civic.departments import queries as departments
from civic.web.access import access, current_actor
from civic.web.locale import chinese_or_english
from civic.web.messages import put_on_form
from civic.web.qr import qr_svg

bp = Blueprint("security", __name__, url_prefix="/staff")

PENDING = "sign_in_pending"
SEED = "second_factor_seed"

Answer = str | tuple[str, int] | Response


@bp.route("/sign-in", methods=["GET", "POST"])
@access("resident")
def login() -> Answer:
    """First step. What went wrong is never said: not which field, not whether the account exists."""
    if current_actor().is_staff:
        return redirect(after_sign_in(request.args.get("next")))
    form = SignInForm()
    if not form.validate_on_submit():
        return _page("sign_in", form)
    email = _typed_email(form)
    wait = throttle.minutes_to_wait(Step.PASSWORD, _address(), email)
    if wait:
        return _throttled("sign_in", form, wait)
    account = queries.account_by_email(email)
    fits = credentials.password_fits(account, form.password.data or "")
    if account is None or not fits or not account.active:
        throttle.failed(Step.PASSWORD, _address(), email)
        closed_for = throttle.minutes_to_wait(Step.PASSWORD, _address(), email)
        with unit_of_work():
            services.note_failed_sign_in(email, _device(), closed_for, clock.now())
        form.form_errors.append(_("E-mail address and password don't match an account."))
        return _page("sign_in", form)
    throttle.succeeded(Step.PASSWORD, _address(), email)
    target = local_path(request.args.get("next"))
    if account.tf_primary_method:
        _set_pending(account, target)
        return redirect(url_for("security.second_factor"))
    if settings().second_factor_required:
        _set_pending(account, target)
        return redirect(url_for("security.set_up_second_factor"))
    locale = account.locale
    _enter(account, "password")
    return redirect(after_sign_in(target, locale))


@bp.post("/sign-out")
@access("resident")
def logout() -> Response:
    """Sign out here; the session is ended on the server too."""
    security.sign_out(current_actor(), clock.now())
    return redirect(url_for("security.login"))


@bp.route("/second-factor", methods=["GET", "POST"])
@access("resident")
def second_factor() -> Answer:
    """Second step: the code of the authenticator app."""
    account = _pending()
    if account is None or not account.tf_primary_method:
        return redirect(url_for("security.login"))
    form = CodeForm()
    if not form.validate_on_submit():
        return _page("second_factor", form)
    return _second_step(
        account,
        form,
        "second_factor",
        lambda: _use_code(account, form),
    )


@bp.route("/second-factor/recovery", methods=["GET", "POST"])
@access("resident")
def recovery() -> Answer:
    """Second step without the phone: one of the recovery codes."""
    account = _pending()
    if account is None or not account.tf_primary_method:
        return redirect(url_for("security.login"))
    form = RecoveryCodeForm()
    if not form.validate_on_submit():
        return _page("recovery", form)

    def use() -> str:
        left = services.use_recovery_code(account.id, form.code.data or "", clock.now())
        return ngettext("You have %(num)d recovery code left.", "You have %(num)d recovery codes left.", left)

    return _second_step(account, form, "recovery", use)


@bp.route("/second-factor/set-up", methods=["GET", "POST"])
@access("resident")
def set_up_second_factor() -> Answer:
    """Take an authenticator app into use: on the way in, or from one's own account with a fresh password."""
    pending = _pending()
    signed_in = current_actor().is_staff
    if pending is not None and pending.tf_primary_method:
        # Who has a second factor proves it first; the password alone can't replace it.
        return redirect(url_for("security.second_factor"))
    if pending is None and not signed_in:
        return redirect(url_for("security.login"))
    if pending is None and not security.is_fresh():
        return redirect(url_for("staff.confirm_password", next=request.path))
    account: Account = pending or security.session_user()
    seed = _seed()
    form = CodeForm()
    if not form.validate_on_submit():
        return _set_up_page(form, account, seed)
    try:
        with unit_of_work():
            codes = services.set_up_second_factor(account.id, seed, form.code.data or "", clock.now())
    except Invalid as error:
        put_on_form(form, error)
        return _set_up_page(form, account, seed)
    session.pop(SEED, None)
    target = after_sign_in(session.get(PENDING, {}).get("next"), account.locale)
    if pending is not None:
        _enter(db.session.get_one(Account, account.id), "authenticator")
    return render_template("security/recovery_codes.html", codes=codes, target=target)


@bp.route("/set-password/<token>", methods=["GET", "POST"])
@access("resident")
def set_password(token: str) -> Answer:
    """The one-time link that an administrator handed over or had sent."""
    account = queries.account_by_link(token, clock.now())
    if account is None:
        return render_template("security/link_void.html"), 410
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                services.set_password_by_link(token, form.password.data or "", clock.now())
        except DomainError as error:
            put_on_form(form, error)
        else:
            flash(_("Your password is set. Sign in with it."))
            return redirect(url_for("security.login"))
    return _page("set_password", form, account=account)


def throttle_key(account: Account) -> str:
    """Under which name failed codes of an account are counted, here and when a password is confirmed."""
    return f"account:{account.id}"


def _use_code(account: Account, form: CodeForm) -> str:
    services.use_code(account.id, form.code.data or "", clock.now())
    return ""


def _second_step(account: Account, form: Any, page: str, use: Callable[[], str]) -> Answer:
    """Take a code; ``use`` returns what is said afterwards."""
    key = throttle_key(account)
    wait = throttle.minutes_to_wait(Step.CODE, _address(), key)
    if wait:
        return _throttled(page, form, wait)
    try:
        with unit_of_work():
            said = use()
    except Invalid as error:
        throttle.failed(Step.CODE, _address(), key)
        closed_for = throttle.minutes_to_wait(Step.CODE, _address(), key)
        with unit_of_work():
            services.note_failed_code(account.email, _device(), closed_for, clock.now())
        put_on_form(form, error)
        return _page(page, form)
    throttle.succeeded(Step.CODE, _address(), key)
    target = after_sign_in(session[PENDING].get("next"), account.locale)
    how = "authenticator" if page == "second_factor" else "recovery_code"
    _enter(db.session.get_one(Account, account.id), how)
    if said:
        flash(said)
    return redirect(target)


def _enter(account: Account, how: str) -> None:
    """Open the session, and say if many attempts failed since the last one."""
    attempts = attempts_on(account.id, account.email)
    security.sign_in(account, how, clock.now())
    if attempts.count >= TOLD_AFTER:
        flash(attempts_sentence(attempts), "warning")


def _set_pending(account: Account, target: str | None) -> None:
    session.clear()
    session[PENDING] = {
        "account": account.id,
        "uniquifier": account.fs_uniquifier,
        "since": int(time.time()),
        "next": target,
    }


def _pending() -> Account | None:
    mark = session.get(PENDING)
    if not mark or time.time() - mark["since"] > PENDING_LIFETIME.total_seconds():
        session.pop(PENDING, None)
        return None
    account = db.session.get(Account, mark["account"])
    if account is None or not account.active or account.fs_uniquifier != mark["uniquifier"]:
        session.pop(PENDING, None)
        return None
    return account


def _seed() -> str:
    """The seed on offer; the same one while the page is open, so that a reload doesn't spoil a scanned code."""
    if SEED not in session:
        session[SEED] = credentials.new_seed()
    seed: str = session[SEED]
    return seed


def _set_up_page(form: CodeForm, account: Account, seed: str) -> Answer:
    return _page(
        "set_up_second_factor",
        form,
        qr=qr_svg(credentials.seed_uri(account, seed, _site_name())),
        key=credentials.seed_key(seed),
        required=settings().second_factor_required,
    )


def _site_name() -> str:
    """Under which name the account is listed in the person's app."""
    site = departments.district()
    return chinese_or_english(site.site_name, site.site_name_hant, site.site_name_en) or "Civic"


def _typed_email(form: SignInForm) -> str:
    try:
        return normalise_email(form.email.data or "")
    except Invalid:
        return (form.email.data or "").strip().lower()


def _device() -> Device:
    return device_of(request.user_agent.string)


def _address() -> str:
    return request.remote_addr or ""


def _throttled(page: str, form: Any, wait: int) -> Answer:
    form.form_errors.append(
        ngettext(
            "Too many attempts. Try again in %(num)d minute.",
            "Too many attempts. Try again in %(num)d minutes.",
            wait,
        )
    )
    return render_template(f"security/{page}.html", form=form), 429, {"Retry-After": str(wait * 60)}  # type: ignore[return-value]


def _page(page: str, form: Any, **context: Any) -> Answer:
    if page not in {"sign_in", "second_factor", "recovery", "set_up_second_factor", "set_password"}:
        abort(404)
    return render_template(f"security/{page}.html", form=form, **context), 422 if form.errors else 200
