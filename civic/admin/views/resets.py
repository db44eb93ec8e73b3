"""A lost second factor: one administrator asks for the reset, another confirms it."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from civic.accounts import services
from civic.admin.views import bp
from civic.core import clock
from civic.core.actor import Role
from civic.core.db import unit_of_work
from civic.core.errors import Invalid
from civic.web.access import access, current_actor
from civic.web.messages import say


@bp.post("/accounts/<int:account_id>/second-factor-reset")
@access(Role.ADMIN)
def request_reset(account_id: int) -> Response:
    """Ask that the second factor be taken off."""
    try:
        with unit_of_work():
            services.request_second_factor_reset(current_actor(), account_id, clock.now())
    except Invalid as error:
        flash(say(error), "error")
    else:
        flash(_("The reset is requested. A second administrator has to confirm it within 48 hours."))
    return redirect(url_for("admin.account", account_id=account_id))


@bp.post("/second-factor-resets/<int:reset_id>/confirm")
@access(Role.ADMIN)
def confirm_reset(reset_id: int) -> Response:
    """Confirm what another administrator asked for."""
    try:
        with unit_of_work():
            account_id = services.confirm_second_factor_reset(current_actor(), reset_id, clock.now())
    except Invalid as error:
        flash(say(error), "error")
        return redirect(url_for("admin.accounts"))
    flash(_("The second factor is taken off. The person sets up a new one at the next sign-in."))
    return redirect(url_for("admin.account", account_id=account_id))


@bp.post("/second-factor-resets/<int:reset_id>/cancel")
@access(Role.ADMIN)
def cancel_reset(reset_id: int) -> Response:
    """Drop the request."""
    try:
        with unit_of_work():
            account_id = services.cancel_second_factor_reset(current_actor(), reset_id, clock.now())
    except Invalid as error:
        flash(say(error), "error")
        return redirect(url_for("admin.accounts"))
    flash(_("The request is cancelled."))
    return redirect(url_for("admin.account", account_id=account_id))
