"""Whatever the code writes into the audit trail has a name there: every act, found by reading the code."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

from civic.accounts.attempts import WRONG_CODE, WRONG_PASSWORD
from civic.admin.rules import ACT_NAMES
from civic.cases.rules import PhotoState
from civic.departments.services.editing import PLACES
from civic.progress.services.observing import ChangeKind
from tests.conftest import ROOT

DATED = (*PLACES, "calendar", "levels", "routing_rule", "plan", "item", "commitment", "responsibility")
COMPUTED = {
    "f'photo.{choice.value}'": {f"photo.{one}" for one in PhotoState if one is not PhotoState.WAITING},
    "f'{name}.change'": {f"{name}.change" for name in DATED},
    "f'{name}.change_withdrawn'": {f"{name}.change_withdrawn" for name in DATED},
    "f'department.{row.kind}'": {"department.merge", "department.split"},
    "f'observation.{change.kind.value}'": {
        f"observation.{one}" for one in ChangeKind if one is not ChangeKind.KEEP
    },
    "f'annual_target.{change.kind.value}'": {
        f"annual_target.{one}" for one in ChangeKind if one is not ChangeKind.KEEP
    },
}
"""Acts that are put together, by how the code spells them; another one has to be added here."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Acts:
    """What ``record`` is called with, also through functions that hand an act on to it."""

    def __init__(self) -> None:
        self.sources = {path: path.read_text() for path in sorted((ROOT / "civic").rglob("*.py"))}
        self.found: set[str] = set()
        self.seen: set[tuple[str, str]] = set()
        for path, source in self.sources.items():
            self.follow(path, "audit.record", 1)
            if re.search(r"^from civic\.core\.audit import .*\brecord\b", source, re.MULTILINE):
                self.follow(path, "record", 1)

    def follow(self, path: Path, name: str, place: int) -> None:
        """Resolve what is given at this place to a function of this name."""
        for function, call in self.calls(path, name) if f"{name}(" in self.sources[path] else ():
            self.resolve(path, function, call.args[place])

    def calls(self, path: Path, name: str) -> Iterator[tuple[Function, ast.Call]]:
        for function in ast.parse(self.sources[path]).body:
            if isinstance(function, Function):
                for node in ast.walk(function):
                    if isinstance(node, ast.Call) and ast.unparse(node.func) == name:
                        yield function, node

    def resolve(self, path: Path, function: Function, act: ast.expr) -> None:
        if isinstance(act, ast.Constant):
            self.found.add(act.value)
        elif isinstance(act, ast.IfExp):
            self.resolve(path, function, act.body)
            self.resolve(path, function, act.orelse)
        elif isinstance(act, ast.JoinedStr):
            self.found |= COMPUTED[ast.unparse(act)]
        else:
            assert isinstance(act, ast.Name), f"{path}: {ast.unparse(act)}"
            self.named(path, function, act.id)

    def named(self, path: Path, function: Function, name: str) -> None:
        """A variable of the function, what its callers give it, or a constant of the module."""
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
                self.resolve(path, function, node.value)
                return
        parameters = [one.arg for one in function.args.args]
        if name in parameters:
            if (str(path), function.name) in self.seen:
                return
            self.seen.add((str(path), function.name))
            for module in [path] if function.name.startswith("_") else self.sources:
                self.follow(module, function.name, parameters.index(name))
            return
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        self.found.add(getattr(importlib.import_module(module), name))


def test_every_act_that_the_code_records_has_a_name() -> None:
    acts = Acts().found
    assert {WRONG_CODE, WRONG_PASSWORD, "assessment.recommend", "role_granted", "case.read"} <= acts
    assert len(acts) > 90
    assert sorted(acts - ACT_NAMES.keys()) == []
    assert sorted(ACT_NAMES.keys() - acts) == [], "named, but never recorded"
