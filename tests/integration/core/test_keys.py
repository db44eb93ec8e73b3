"""Keys of a first start: made once, kept private, never invented in production."""

from __future__ import annotations

from pathlib import Path

import pytest

from civic.core.config import Settings


def test_keys_are_made_once_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CIVIC_SECRET_KEY", raising=False)
    first, second = Settings(instance_path=tmp_path), Settings(instance_path=tmp_path)
    assert first.secret_key == second.secret_key
    assert first.contact_keys == second.contact_keys
    assert (tmp_path / "keys.json").stat().st_mode & 0o077 == 0
    assert [p.name for p in tmp_path.iterdir()] == ["keys.json"]


def test_production_without_keys_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="CIVIC_SECRET_KEY"):
        Settings(instance_path=tmp_path, environment="production")
