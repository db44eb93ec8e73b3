"""Settings: what production asks for by itself, and keys that are made once and kept to themselves."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pydantic import ValidationError

from civic import create_app
from civic.core.config import Settings
from tests.conftest import ROOT

KEYS = {
    "secret_key": "a",
    "password_salt": "b",
    "receipt_key": "c",
    "contact_keys": [Fernet.generate_key().decode()],
}


def test_production_is_strict_by_itself(tmp_path: Path) -> None:
    settings = Settings(instance_path=tmp_path, environment="production", **KEYS)  # type: ignore[arg-type]
    assert (settings.https, settings.second_factor_required, settings.rate_limits) == (True, True, True)
    app = create_app(settings)
    assert app.config["SESSION_COOKIE_SECURE"] is True
    answer = app.test_client().get("/healthz")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    assert not (tmp_path / "keys.json").exists(), "given keys are kept nowhere"


def test_production_makes_no_keys_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="CIVIC_SECRET_KEY"):
        Settings(instance_path=tmp_path, environment="production")
    assert list(tmp_path.iterdir()) == []


def test_a_trial_is_reached_without_https(tmp_path: Path) -> None:
    settings = Settings(instance_path=tmp_path)
    assert (settings.https, settings.second_factor_required) == (False, False)


def test_keys_are_made_once_and_for_the_owner_only(tmp_path: Path) -> None:
    first, second = Settings(instance_path=tmp_path), Settings(instance_path=tmp_path)
    assert first.secret_key == second.secret_key
    assert first.contact_keys == second.contact_keys
    assert (tmp_path / "keys.json").stat().st_mode & 0o077 == 0
    assert [file.name for file in tmp_path.iterdir()] == ["keys.json"]


def test_a_mail_server_needs_a_sender_and_in_production_an_address(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="CIVIC_SMTP_FROM"):
        Settings(instance_path=tmp_path, smtp_host="mail.example.org")
    given = {"smtp_host": "mail.example.org", "smtp_from": "plan@example.org"}
    assert Settings(instance_path=tmp_path, **given).base_url.startswith("http://127.0.0.1:")  # type: ignore[arg-type]
    with pytest.raises(ValidationError, match="CIVIC_BASE_URL"):
        Settings(instance_path=tmp_path, environment="production", **KEYS, **given)  # type: ignore[arg-type]
    whole = Settings(
        instance_path=tmp_path, environment="production", base_url="https://plan.example/", **KEYS, **given,  # type: ignore[arg-type]
    )  # fmt: skip
    assert whole.base_url == "https://plan.example"


def test_the_operations_page_names_every_setting_and_no_other() -> None:
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    rows = set(re.findall(r"^\| `CIVIC_(\w+)` \|", page, re.MULTILINE))
    assert rows - {"HOST"} == {name.upper() for name in Settings.model_fields}
