"""Whatever the code wants to have translated is in the catalogue: extraction doesn't see into an f-string."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import ROOT
from tools.catalog import KEYWORDS, load


def wanted(path: Path) -> Iterator[tuple[int, str]]:
    """Line and msgid of each literal that is given to a function of gettext."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS:
            match node.args:
                case [ast.Constant(value=str(msgid)), *_rest]:
                    yield node.lineno, msgid


def test_every_message_of_the_code_is_in_the_catalogue() -> None:
    known = {message.id if isinstance(message.id, str) else message.id[0] for message in load("zh_Hans")}
    found = [
        (path, line, msgid)
        for path in sorted((ROOT / "civic").rglob("*.py"))
        for line, msgid in wanted(path)
        if msgid
    ]
    assert len(found) > 1000
    assert [f"{path}:{line}: {msgid}" for path, line, msgid in found if msgid not in known] == []
