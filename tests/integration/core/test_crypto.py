"""Contacts are readable with any of the rotated keys; codes come from the nonce alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.fernet import Fernet, InvalidToken

from civic import create_app
from civic.core import crypto
from civic.core.ids import ALPHABET
from tests.conftest import make_settings


def test_an_old_contact_is_read_after_rotation_and_moves_to_the_new_key(tmp_path: Path) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings = make_settings(tmp_path)
    with create_app(settings.model_copy(update={"contact_keys": [old]})).app_context():
        token = crypto.encrypt("13800000000")
    with create_app(settings.model_copy(update={"contact_keys": [new, old]})).app_context():
        assert crypto.decrypt(token) == "13800000000"
        moved = crypto.rotate(token)
    with create_app(settings.model_copy(update={"contact_keys": [new]})).app_context():
        assert crypto.decrypt(moved) == "13800000000"
        with pytest.raises(InvalidToken):
            crypto.decrypt(token)


def test_a_code_depends_on_nonce_and_key_only(tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    with create_app(settings).app_context():
        code = crypto.code_from_nonce("one")
        assert code == crypto.code_from_nonce("one") != crypto.code_from_nonce("two")
        assert len(code) == 13
        assert set(code) <= set(ALPHABET)
    with create_app(settings.model_copy(update={"receipt_key": "another"})).app_context():
        assert crypto.code_from_nonce("one") != code
