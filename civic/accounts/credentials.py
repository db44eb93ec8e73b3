"""Passwords, codes and signed links: the secrets of an account and how each is kept. Needs the application's keys.

Passwords are Argon2id over an HMAC with the server's salt. Seeds of authenticator apps are
encrypted, recovery codes are only a keyed hash, session tokens only a hash. Nothing here writes
to the database.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from functools import cache
from pathlib import Path
from typing import Any

from flask import current_app
from flask_security import Totp
from flask_security.utils import hash_password as _hash_password
from flask_security.utils import verify_password as _verify_password
from itsdangerous import BadSignature, URLSafeTimedSerializer
from passlib.totp import TOTP, AppWallet, TotpMatch

from civic.accounts.models import Account
from civic.accounts.rules import (
    PASSWORD_LINK_LIFETIME,
    RECOVERY_CODES,
    normalise_password,
    normalise_recovery_code,
    skeleton,
)
from civic.core.config import settings
from civic.core.crypto import keyed_hash, same
from civic.core.rotation import Unopenable

COMMON = Path(__file__).with_name("common_passwords.txt")


@cache
def common_passwords() -> frozenset[str]:
    """Passwords and words that attackers try first, as typed and as their skeleton."""
    lines = COMMON.read_text(encoding="utf-8").splitlines()
    words = {line.strip().lower() for line in lines if line.strip() and not line.startswith("#")}
    return frozenset(words | {skeleton(word) for word in words if len(skeleton(word)) >= 4})


def hash_password(password: str) -> str:
    """Argon2id over an HMAC with the server's salt; slow on purpose."""
    return str(_hash_password(normalise_password(password)))


def password_fits(account: Account | None, password: str) -> bool:
    """Whether this is the account's password; takes as long where there is no account or no password."""
    if account is None or not account.password:
        hash_password(password)
        return False
    return bool(_verify_password(normalise_password(password), account.password))


def new_uniquifier() -> str:
    """The name of an account in its sessions and links until the next revocation."""
    return secrets.token_hex(32)


def new_session_token() -> str:
    return secrets.token_urlsafe(32)


def session_hash(token: str) -> str:
    """What the table keeps of a session token (it has 256 random bits, so a plain hash will do)."""
    return hashlib.sha256(token.encode()).hexdigest()


# Links to set a password ---------------------------------------------------------------------------


def _links() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings().secret_key, salt="set-password")


def password_token(account: Account) -> str:
    """A signed token that is good for 24 hours and for one use: setting a password changes the uniquifier."""
    return str(_links().dumps([account.id, keyed_hash(account.fs_uniquifier, "password-link")]))


def account_of_token(token: str) -> tuple[int, str] | None:
    """Account id and mark of a token whose signature and age are good, else None."""
    try:
        found = _links().loads(token, max_age=int(PASSWORD_LINK_LIFETIME.total_seconds()))
    except BadSignature:
        return None
    match found:
        case [int(account_id), str(mark)]:
            return account_id, mark
    return None


def token_fits(account: Account, mark: str) -> bool:
    """Whether a token's mark still belongs to the account: not used, not replaced, not revoked."""
    return same(mark, keyed_hash(account.fs_uniquifier, "password-link"))


# Second factor -------------------------------------------------------------------------------------


class ReplaySafeTotp(Totp):
    """Codes of authenticator apps: each is accepted once, and seeds are encrypted under rotatable keys."""

    def __init__(self, secrets: dict[str, str], issuer: str) -> None:
        super().__init__(secrets, issuer)
        # The newest key encrypts; all of them can still decrypt.
        self._totp = TOTP.using(
            issuer=issuer, wallet=AppWallet(secrets=secrets, default_tag=next(iter(secrets)))
        )

    def uri(self, label: str, seed: str, issuer: str) -> str:
        """The address that an app scans; a colon would end the issuer, so it is left out."""
        return str(self._totp.from_source(seed).to_uri(label, issuer.replace(":", " ")))

    def renewed(self, seed: str) -> str | None:
        """The seed under the newest key; None if it lies under it already, KeyError if no key opens it."""
        kept = self._totp.from_source(seed)
        return str(kept.to_json(encrypt=True)) if kept.changed else None

    def get_last_counter(self, user: Any) -> int | None:
        counter: int | None = user.tf_last_counter
        return counter

    def set_last_counter(self, user: Any, tmatch: TotpMatch) -> None:
        user.tf_last_counter = tmatch.counter


def totp_secrets(contact_keys: list[str]) -> dict[str, str]:
    """Keys for seeds, one derived from each contact key, newest first; the tag names the key and stays with it."""
    return {
        hashlib.sha256(b"tag:" + key.encode()).hexdigest()[:12]: hmac.new(
            key.encode(), b"authenticator-seeds", hashlib.sha256
        ).hexdigest()
        for key in contact_keys
    }


def _totp() -> ReplaySafeTotp:
    found: ReplaySafeTotp = current_app.extensions["security"].totp_factory
    return found


def new_seed() -> str:
    """A fresh seed for an authenticator app, encrypted: it may lie in a cookie or a row."""
    return str(_totp().generate_totp_secret())


def renewed_seed(seed: str) -> str | None:
    """How ``core.rotation`` renews a seed."""
    try:
        return _totp().renewed(seed)
    except (KeyError, ValueError):
        raise Unopenable from None


def seed_uri(account: Account, seed: str, issuer: str) -> str:
    """What the QR code says to the app (``otpauth://…``); ``issuer`` is the name the app shows for the site."""
    return _totp().uri(account.email, seed, issuer)


def seed_key(seed: str) -> str:
    """The seed as a person can type it, in groups."""
    return str(_totp().get_totp_pretty_key(seed))


def code_fits(account: Account, code: str, seed: str) -> bool:
    """Whether a six-digit code fits now, 30 s of clock difference allowed; notes its time step on the account."""
    digits = "".join(c for c in code if c.isdigit())
    return bool(_totp().verify_totp(digits, seed, account, window=30)) if len(digits) == 6 else False


def new_recovery_codes() -> list[str]:
    """Ten codes of 48 random bits, in groups of four."""
    return [normalise_recovery_code(secrets.token_hex(6)) for _ in range(RECOVERY_CODES)]


def recovery_hash(code: str) -> str:
    return keyed_hash(normalise_recovery_code(code), "recovery-code")
