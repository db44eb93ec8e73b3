"""The house keeps its order: which way imports run, what is pure, whose tables are whose."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT

CIVIC = ROOT / "civic"
FRAMEWORKS = ("flask", "sqlalchemy", "wtforms", "werkzeug", "alembic", "huey", "limits")
IMPURE = ("civic.core.clock", "civic.core.extensions", "civic.core.db", "civic.core.config", "civic.web")
SAYS_WHEN = {"now", "today", "utcnow", "time"}


def python_files(*roots: str) -> list[Path]:
    found = [p for root in roots for p in (ROOT / root).rglob("*.py")]
    return sorted(p for p in found if "__pycache__" not in p.parts)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@cache
def imports_of(path: Path) -> tuple[tuple[int, str], ...]:
    """Line and full name of everything a file imports, inside functions too; type-checking blocks left out."""
    return tuple(_imports(tree_of(path)))


def _imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    skipped = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and "TYPE_CHECKING" in ast.unparse(block.test)
        for node in ast.walk(block)
    }
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def below(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def test_imports_run_downwards_only() -> None:
    checked = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_contract_inside_features_covers_every_feature() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    covered = next(set(c["containers"]) for c in contracts if c["containers"] != ["civic"])
    features = {f"civic.{p.parent.name}" for p in CIVIC.glob("*/__init__.py")} - {"civic.core", "civic.web"}
    with_rooms = {name for name in features if name not in {"civic.data", "civic.demo"}}
    assert covered == with_rooms


def pure_files() -> list[Path]:
    rules = [p for p in python_files("civic") if p.name == "rules.py" or "rules" in p.parent.parts[-1:]]
    return [*rules, CIVIC / "core" / "workdays.py", CIVIC / "core" / "text.py"]


@pytest.mark.parametrize("path", pure_files(), ids=lambda p: str(p.relative_to(CIVIC)))
def test_rules_know_no_framework_no_database_and_no_clock(path: Path) -> None:
    wrong = [
        f"{line}: {name}"
        for line, name in imports_of(path)
        if any(below(name, package) for package in (*FRAMEWORKS, *IMPURE))
        or name.startswith("flask_")
        or name.endswith((".models", ".queries", ".services"))
    ]
    calls = [
        f"{node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in SAYS_WHEN
        and ast.unparse(node.func.value) in {"datetime", "date", "time", "datetime.datetime", "clock"}
    ]
    assert wrong + calls == []


@pytest.mark.parametrize("path", python_files("civic"), ids=lambda p: str(p.relative_to(CIVIC)))
def test_a_features_tables_are_its_own(path: Path) -> None:
    feature = path.relative_to(CIVIC).parts[0]
    foreign = [
        f"{line}: {name}"
        for line, name in imports_of(path)
        if (parts := name.split("."))[:1] == ["civic"]
        and len(parts) > 2
        and "models" in parts[2:]
        and parts[1] != feature
    ]
    assert foreign == []


@pytest.mark.parametrize("path", python_files("civic"), ids=lambda p: str(p.relative_to(CIVIC)))
def test_services_never_commit_and_never_read_the_request(path: Path) -> None:
    room = path.relative_to(CIVIC).parts[1:2]
    if not room or room[0].removesuffix(".py") not in {"services", "queries", "policy", "rules"}:
        return
    text = path.read_text("utf-8")
    assert "session.commit(" not in text
    assert [
        f"{line}: {name}" for line, name in imports_of(path) if name in {"flask.request", "flask.session"}
    ] == []
    assert [f"{line}: {name}" for line, name in imports_of(path) if below(name, "civic.core.clock")] == []


@pytest.mark.parametrize("heavy", ["opencc", "rjieba", "alembic", "flask_migrate"])
def test_a_web_process_loads_no_dictionary_and_no_migrations(heavy: str) -> None:
    """They are imported where the worker and the command line use them, never with a module."""
    with_modules = [
        str(path.relative_to(ROOT))
        for path in python_files("civic")
        for node in tree_of(path).body
        if isinstance(node, ast.Import | ast.ImportFrom) and heavy in ast.unparse(node)
    ]
    assert with_modules == []
