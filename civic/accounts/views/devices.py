"""Devices and failed attempts in words."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from civic.accounts.attempts import Attempts
from civic.accounts.devices import BROWSER_NAMES, OTHER, SYSTEM_NAMES, Device
from civic.web.filters import minute


def device_words(device: Device) -> str:
    """A browser and what it runs on, as its owner would call them."""
    browser = _(BROWSER_NAMES.get(device.browser, BROWSER_NAMES[OTHER]))
    system = _(SYSTEM_NAMES.get(device.system, SYSTEM_NAMES[OTHER]))
    return _("%(browser)s on %(system)s", browser=browser, system=system)


def attempts_sentence(attempts: Attempts) -> str:
    """How many attempts failed, the latest of them, and what to do if it was somebody else."""
    assert attempts.last is not None
    said = ngettext(
        "%(num)d attempt to sign in to your account failed since you were last here, the latest at %(time)s with"
        " %(device)s.",
        "%(num)d attempts to sign in to your account failed since you were last here, the latest at %(time)s with"
        " %(device)s.",
        attempts.count,
        time=minute(attempts.last),
        device=device_words(attempts.device),
    )
    if attempts.codes:
        advice = _(
            "Whoever tried knew your password: if it wasn't you, change it now and tell your administrator."
        )
    else:
        advice = _(
            "If that wasn't you, somebody is guessing: choose a long password, and tell your administrator."
        )
    return f"{said} {advice}"
