"""Files stay small and named for what they hold; templates carry nothing that the content policy forbids."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

LINES = 400
TEXT = {".py", ".html", ".css", ".js", ".jinja", ".xml"}
GENERATED = {"migrations/versions/0001_initial.py"}
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "misc", "common", "stuff", "base_utils"}


def tracked(*roots: str) -> list[Path]:
    """Files under the roots that git knows or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *roots],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    names = listed.stdout.split("\0") if listed.returncode == 0 else []
    found = [ROOT / name for name in names if name] or [p for r in roots for p in (ROOT / r).rglob("*")]
    return sorted(p for p in found if p.is_file() and "__pycache__" not in p.parts)


SOURCES = [
    p
    for p in tracked("civic", "tests", "static", "templates", "tools", "benchmarks", "migrations")
    if p.suffix in TEXT and str(p.relative_to(ROOT)) not in GENERATED
]
TEMPLATES = [p for p in tracked("templates") if p.suffix == ".html"]


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_file_is_longer_than_a_person_reads() -> None:
    long = {_name(p): n for p in SOURCES if (n := len(p.read_text("utf-8").splitlines())) > LINES}
    assert long == {}


def test_files_are_named_for_what_they_hold() -> None:
    parts = {(_name(p), part) for p in SOURCES for part in (*p.relative_to(ROOT).parts[:-1], p.stem)}
    assert sorted(name for name, part in parts if part in FORBIDDEN_NAMES) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_templates_have_no_inline_style_and_no_inline_script(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL)
    assert re.findall(r"<style\b", text, re.IGNORECASE) == []
    assert re.findall(r"\sstyle\s*=", text, re.IGNORECASE) == []
    assert re.findall(r"\son[a-z]+\s*=\s*[\"']", text, re.IGNORECASE) == []
    assert re.findall(r"javascript:", text, re.IGNORECASE) == []
    scripts = re.findall(r"<script\b([^>]*)>(.*?)</script>", text, re.IGNORECASE | re.DOTALL)
    inline = [attributes for attributes, body in scripts if "src=" not in attributes or body.strip()]
    # A block of data is no script: it isn't run.
    assert [a for a in inline if not re.search(r"type=[\"']application/(ld\+)?json", a)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_every_form_that_changes_something_carries_its_token(path: Path) -> None:
    text = path.read_text("utf-8")
    for opening, body in re.findall(r"(<form\b[^>]*>)(.*?)</form>", text, re.IGNORECASE | re.DOTALL):
        if re.search(r"method=[\"']post", opening, re.IGNORECASE):
            assert re.search(r"csrf|hidden_tag|\bhidden\(", body), opening


def test_templates_load_nothing_from_elsewhere() -> None:
    loads = re.compile(
        r"<(?:script|link|img|iframe|source|use)\b[^>]*(?:src|href)=[\"'](?:https?:)?//", re.IGNORECASE
    )
    assert [_name(p) for p in TEMPLATES if loads.search(p.read_text("utf-8"))] == []


@pytest.mark.parametrize("path", sorted((ROOT / "requirements").glob("*.lock")), ids=_name)
def test_lock_files_name_no_host_and_pin_every_hash(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    assert [
        line for line in lines if "://" in line or re.match(r"\s*(-i|--index|--find|--extra|--trusted)", line)
    ] == []
    pins = [line for line in lines if re.match(r"^[A-Za-z0-9]", line)]
    assert pins
    assert [line for line in pins if "==" not in line] == []
    assert sum("--hash=sha256:" in line for line in lines) >= len(pins)
