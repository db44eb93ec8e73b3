"""The law of staff accounts: which roles belong to a department, which passwords are good enough. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from civic.core.actor import Role
from civic.core.errors import N_, Invalid


@dataclass(frozen=True, slots=True)
class AccountDeactivated:
    """Published in the transaction in which somebody's account ends."""

    account_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class LeftDepartment:
    """Published in the transaction in which somebody loses the last role in a department."""

    account_id: int
    department_id: int
    at: datetime


DEPARTMENT_ROLES = frozenset({Role.HANDLER, Role.LEAD})
"""Held in one department; an account may hold them in several. All other roles are the district's."""

ROLE_NAMES = {
    Role.HANDLER: N_("Handler"),
    Role.LEAD: N_("Department lead"),
    Role.DISPATCHER: N_("Dispatcher"),
    Role.EDITOR: N_("Plan editor"),
    Role.DEPUTY: N_("People's congress deputy"),
    Role.AUDITOR: N_("Auditor"),
    Role.ADMIN: N_("Administrator"),
}

TOLD_OF_WORK = (Role.HANDLER, Role.LEAD, Role.DISPATCHER)
"""Who is told what happened to the own work, at the desk and by mail."""
TOLD_BACK = timedelta(days=14)
"""Nobody is told of what lies further back: the lists of the desk show what is still open of it."""
SETTLED = timedelta(minutes=1)
"""What happened within it isn't told yet: it may belong to a transaction that hasn't ended."""

SESSION_LIFETIME = timedelta(hours=12)
"""A sign-in ends after a working day, however busy it was."""
SEEN_EVERY = timedelta(minutes=30)
"""How closely it's noted when a session was used last."""
TOLD_AFTER = 5
"""So many failures, and the owner of the account is told; fewer are slips of one's own fingers."""
FRESHNESS = timedelta(minutes=15)
"""How long a typed password vouches for a change of password, second factor or recovery codes."""
PENDING_LIFETIME = timedelta(minutes=10)
"""How long the second step of a sign-in may take after the first."""
PASSWORD_LINK_LIFETIME = timedelta(hours=24)
PASSWORD_LINK_MAIL = "password_link"  # noqa: S105 (a kind of mail, no secret)
SIGN_IN_CLOSED_MAIL = "sign_in_closed"
RESET_REQUEST_LIFETIME = timedelta(hours=48)
"""A request to reset a second factor that nobody confirmed by then is void."""

LONGEST_ABSENCE = timedelta(days=366)
ABSENCE_KEPT = timedelta(days=90)
"""So long after its end an absence is still known, for a question such as who had this case then."""

PASSWORD_MIN = 12
PASSWORD_MAX = 200
DISTINCT_MIN = 6
"""Fewer different characters than this, and a password is a pattern."""
RECOVERY_CODES = 10

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "!@#$%^&*()",
)
_LOOKS_LIKE = str.maketrans({"@": "a", "0": "o", "1": "l", "3": "e", "5": "s", "$": "s", "7": "t"})


def link_until(issued_at: datetime) -> datetime:
    """Until when a link to set the password holds, however late its mail left."""
    return issued_at + PASSWORD_LINK_LIFETIME


def needs_department(role: Role) -> bool:
    """Whether the role is held in a department."""
    return role in DEPARTMENT_ROLES


def check_grant(role: Role, department_id: int | None) -> None:
    """Raise :class:`Invalid` unless the role comes with a department exactly if it needs one."""
    if needs_department(role) and department_id is None:
        raise Invalid(N_("Choose the department for this role."), code="needs_department", field="department")
    if not needs_department(role) and department_id is not None:
        raise Invalid(
            N_("This role belongs to the district, not to a department."),
            code="no_department",
            field="department",
        )


def standing_in(person: int, named: Mapping[int, int | None]) -> int | None:
    """Who does the work of somebody who is absent: the stand-in, or who stands in for that one where absent too.

    ``named`` holds everybody who is absent now, with the stand-in they named. None: nobody, also where
    those who are absent name one another in a circle.
    """
    seen = {person}
    after = named.get(person)
    while after is not None and after in named:
        if after in seen:
            return None
        seen.add(after)
        after = named[after]
    return after


def normalise_email(text: str) -> str:
    """The form in which an address identifies an account; raises :class:`Invalid` if it can't be one."""
    email = unicodedata.normalize("NFKC", text).strip().lower()
    if len(email) > 254 or not _EMAIL.fullmatch(email):
        raise Invalid(
            N_("Enter an e-mail address such as name@example.org."), code="bad_email", field="email"
        )
    return email


def normalise_password(text: str) -> str:
    """Full-width and composed characters typed on another keyboard are the same password."""
    return unicodedata.normalize("NFKC", text)


def normalise_recovery_code(text: str) -> str:
    """What a person typed as a recovery code: its hexadecimal digits in groups of four."""
    digits = re.sub(r"[^0-9a-f]", "", unicodedata.normalize("NFKC", text).lower())
    return "-".join(digits[i : i + 4] for i in range(0, len(digits), 4))


def check_password(password: str, *, common: frozenset[str], about: tuple[str, ...] = ()) -> None:
    """Raise :class:`Invalid` unless the password is long, not a known one, and not made of the person's own names.

    ``common`` are known passwords and words in the form of :func:`skeleton`; ``about`` are the person's
    name and e-mail address. Length decides, composition rules don't (NIST SP 800-63B §3.1.1.2).
    """
    text = normalise_password(password)
    if len(text) < PASSWORD_MIN:
        raise Invalid(
            N_("The password needs at least %(least)d characters."),
            code="password_short",
            field="password",
            least=PASSWORD_MIN,
        )
    if len(text) > PASSWORD_MAX:
        raise Invalid(
            N_("The password can have at most %(most)d characters."),
            code="password_long",
            field="password",
            most=PASSWORD_MAX,
        )
    if _is_pattern(text) or _is_known(text, common, about):
        raise Invalid(
            N_(
                "This password is too easy to guess. Take a sentence or four words that don't belong together."
            ),
            code="password_common",
            field="password",
        )


def skeleton(text: str) -> str:
    """A password without case, look-alikes, and digits or signs around it: ``P@ssw0rd2026!`` → ``password``."""
    plain = normalise_password(text).lower()
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)
    return re.sub(r"[\W_]", "", core.translate(_LOOKS_LIKE))


def _is_pattern(text: str) -> bool:
    lowered = text.lower()
    if len(set(lowered)) < DISTINCT_MIN:
        return True
    return _without_runs(lowered) <= len(lowered) // 3


def _without_runs(text: str) -> int:
    """How many characters are left when keyboard and alphabet runs of four or more are taken out."""
    rest = text
    for run in _RUNS:
        for line in (run, run[::-1]):
            for length in range(len(line), 3, -1):
                for start in range(len(line) - length + 1):
                    rest = rest.replace(line[start : start + length], "")
    return len(rest)


def _is_known(text: str, common: frozenset[str], about: tuple[str, ...]) -> bool:
    bones = skeleton(text)
    if bones in common or normalise_password(text).lower() in common:
        return True
    own = {skeleton(part) for given in about for part in re.split(r"[@.\s_-]+", given)} | {
        skeleton(given) for given in about
    }
    rest = bones
    for part in sorted((p for p in own | common if len(p) >= 4), key=len, reverse=True):
        rest = rest.replace(part, "")
    # What is left once known words are taken out has to carry the password alone.
    return len(rest) < 5 and rest != bones


def told_from(mark: datetime | None, created_at: datetime, now: datetime) -> datetime:
    """From when on somebody is told: where the last time ended, at most two weeks back."""
    return max(mark or created_at, now - TOLD_BACK)
