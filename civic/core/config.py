"""Typed settings, read from the environment (``CIVIC_…``) and, for keys, from the instance folder."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from flask import Flask, current_app
from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What a deployment may set; each field is the environment variable ``CIVIC_<FIELD>`` in capitals."""

    model_config = SettingsConfigDict(env_prefix="CIVIC_", extra="ignore")

    instance_path: Path = Path("instance")
    database_url: str = ""
    """SQLAlchemy address; empty means SQLite in the instance folder."""
    district: str = "taijiang"
    """Name of the folder in ``civic/data`` that holds the district."""
    environment: Literal["development", "testing", "production"] = "development"
    demo: bool = False
    """Sample data is present: every page and export carries a visible mark."""
    secret_key: str = ""
    """Signs sessions and links. Empty: made once and kept in the instance folder."""
    password_salt: str = ""
    receipt_key: str = ""
    """Key under which query codes are derived from a form's nonce."""
    contact_keys: list[str] = Field(default_factory=list)
    """Fernet keys for residents' contact data, newest first (rotation: put a new one in front)."""
    proxy_hops: int = 0
    """How many trusted reverse proxies stand in front and set X-Forwarded-*."""
    https: bool | None = None
    """The site is reached by https: cookies are marked secure and HSTS is sent. Default: in production yes."""
    rate_limit_storage: str = "memory://"
    rate_limits: bool = True
    proof_difficulty: int = Field(default=50_000, ge=0, le=5_000_000)
    """Hashes that a browser computes at most before a message is sent without question; 0 asks for none."""
    address_hold_per_hour: int = Field(default=20, ge=1)
    """Messages from one address in an hour, after which more wait for the dispatcher; thrice as many in a day."""
    address_refuse_per_hour: int = Field(default=300, ge=1)
    browser_hold_per_hour: int = Field(default=5, ge=1)
    browser_refuse_per_hour: int = Field(default=20, ge=1)
    second_factor_required: bool | None = None
    """Every staff role must have a second factor. Default: in production yes."""
    contact_days: int = 180
    """Days after the end of a case until the resident's contact is erased."""
    log_level: str = "INFO"
    worker_sweep_minutes: int = 5
    quiet_months: int = 6
    """An item about which its lead has published nothing for so many months is listed as quiet."""
    base_url: str = ""
    """The site's public address, ``https://plan.example.gov.cn``: in feeds and mail, never taken from a request."""
    smtp_host: str = ""
    """The mail server. Empty: no e-mail is sent, and pages offer none."""
    smtp_port: int = 587
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_tls: Literal["starttls", "tls", "none"] = "starttls"
    smtp_from: str = ""
    """The sender's address; may carry a name, ``Plan <plan@example.gov.cn>``."""
    sms_url: str = ""
    """Where text messages are handed over by HTTP. Empty: none are sent, and pages offer none."""
    sms_key: str = ""
    """Signs what is handed over there."""
    outbox_days: int = Field(default=90, ge=1)
    """Days until what the outbox delivered is forgotten; what failed stays."""

    @model_validator(mode="after")
    def _fill_in(self) -> Settings:
        self.instance_path = self.instance_path.absolute()
        if not self.database_url:
            self.database_url = f"sqlite:///{self.instance_path / 'civic.db'}"
        if self.https is None:
            self.https = self.environment == "production"
        if self.second_factor_required is None:
            self.second_factor_required = self.environment == "production"
        self._check_ways_out()
        self.base_url = (self.base_url or f"http://127.0.0.1:{os.environ.get('PORT') or 8000}").rstrip("/")
        self._fill_in_keys()
        return self

    @property
    def sends_mail(self) -> bool:
        return bool(self.smtp_host)

    @property
    def sends_sms(self) -> bool:
        return bool(self.sms_url)

    def _check_ways_out(self) -> None:
        """Who sends messages says from whom, signs them, and knows the site's address."""
        if self.smtp_host and not self.smtp_from:
            raise ValueError("CIVIC_SMTP_HOST is given, but no sender: set CIVIC_SMTP_FROM.")
        if self.sms_url and not self.sms_key:
            raise ValueError("CIVIC_SMS_URL is given, but no key to sign with: set CIVIC_SMS_KEY.")
        target = urlsplit(self.sms_url)
        if self.sms_url and (target.scheme not in ("http", "https") or not target.hostname):
            raise ValueError("CIVIC_SMS_URL is no address: it begins with https:// or http://.")
        production = self.environment == "production"
        if (
            production
            and target.scheme == "http"
            and target.hostname not in ("127.0.0.1", "::1", "localhost")
        ):
            raise ValueError(
                "Telephone numbers don't leave this machine in clear: CIVIC_SMS_URL needs https."
            )
        if (self.smtp_host or self.sms_url) and not self.base_url and production:
            raise ValueError(
                "Mail and text messages carry links to the site: set CIVIC_BASE_URL, such as https://plan.example."
            )

    def _fill_in_keys(self) -> None:
        """Keys that were not given come from ``instance/keys.json``, made once with mode 0600."""
        if self.secret_key and self.password_salt and self.receipt_key and self.contact_keys:
            return
        if self.environment == "production" and not (self.instance_path / "keys.json").exists():
            missing = "CIVIC_SECRET_KEY, CIVIC_PASSWORD_SALT, CIVIC_RECEIPT_KEY and CIVIC_CONTACT_KEYS"
            raise ValueError(f"In production the keys must be given: set {missing}.")
        kept = _kept_keys(self.instance_path / "keys.json")
        self.secret_key = self.secret_key or kept["secret_key"]
        self.password_salt = self.password_salt or kept["password_salt"]
        self.receipt_key = self.receipt_key or kept["receipt_key"]
        self.contact_keys = self.contact_keys or [kept["contact_key"]]


def _kept_keys(path: Path) -> dict[str, str]:
    """Read the instance's keys, making them first if need be; two processes starting at once agree."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        keys = {
            "secret_key": secrets.token_urlsafe(48),
            "password_salt": secrets.token_urlsafe(24),
            "receipt_key": secrets.token_urlsafe(48),
            "contact_key": Fernet.generate_key().decode(),
        }
        draft = path.with_name(f"keys.{os.getpid()}.{secrets.token_hex(4)}.json")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(keys, indent=1), encoding="utf-8")
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return kept


def init_config(app: Flask, settings: Settings) -> None:
    """Put the settings where Flask and its extensions look for them."""
    settings.instance_path.mkdir(parents=True, exist_ok=True)
    app.extensions["settings"] = settings
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TESTING=settings.environment == "testing",
        DEBUG=False,
        MAX_CONTENT_LENGTH=48 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        SESSION_COOKIE_NAME="civic",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
        SEND_FILE_MAX_AGE_DEFAULT=31_536_000,
        WTF_CSRF_TIME_LIMIT=12 * 3600,
        # The token and the SameSite cookie protect the form; a browser that sends no Referer isn't shut out.
        WTF_CSRF_SSL_STRICT=False,
        TEMPLATES_AUTO_RELOAD=False,
    )


def settings() -> Settings:
    """The settings of the running application."""
    found: Settings = current_app.extensions["settings"]
    return found
