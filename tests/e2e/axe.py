"""Reading pages with axe, in looks that take turns, and counting what was read.

``make axe`` ends with one line: how many pages were visited, and how many findings there were.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from itertools import product
from typing import Any, TypeVar

from axe_playwright_python.sync_playwright import Axe

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


AXE = Axe()
RUN = "async (options) => (await axe.run(document, options)).violations"
"""What passed is neither described nor carried over here: on a long page that took longer than the reading."""


@dataclass(frozen=True)
class Look:
    """How a page is looked at: language by its prefix, width in CSS pixels, colours, large print."""

    prefix: str
    width: int
    scheme: str = "light"
    view: str = ""

    def __str__(self) -> str:
        return f"{self.prefix or '/zh-hans'}-{self.width}-{self.scheme}{'-' + self.view if self.view else ''}"


LANGUAGES = ("", "/zh-hant", "/en")
EVERY_LOOK = tuple(
    Look(prefix, width, scheme, view)
    for prefix, (width, scheme, view) in product(
        LANGUAGES, ((1280, "light", ""), (360, "dark", ""), (320, "light", "elder"))
    )
)
TURNS = (
    Look("", 360), Look("/en", 1280, "dark"), Look("", 320, "light", "elder"), Look("/zh-hant", 360, "dark"),
    Look("", 1280), Look("/en", 360), Look("/zh-hant", 1280, "light", "elder"),
)  # fmt: skip
"""Seven, so that neighbours in a list of pages are looked at differently."""

T = TypeVar("T")


def in_turn(pages: tuple[T, ...]) -> list[tuple[T, Look]]:
    """Each page once, in a look that takes turns; in every look where ``CIVIC_AXE=all``."""
    if os.environ.get("CIVIC_AXE") == "all":
        return list(product(pages, EVERY_LOOK))
    return [(page, TURNS[number % len(TURNS)]) for number, page in enumerate(pages)]


@dataclass
class Tally:
    """What this process has read so far."""

    pages: int = 0
    findings: list[str] = field(default_factory=list)


TALLY = Tally()


def found_by_axe(page: Any) -> list[str]:
    """Violations on the page as it stands, one line each."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.axe_script)
    violations = page.evaluate(RUN, {"runOnly": RULES, "resultTypes": ["violations"]})
    found = [
        f"{violation['id']}: {node['target']} {node.get('failureSummary', '')[:160]}"
        for violation in violations
        for node in violation["nodes"][:3]
    ]
    TALLY.pages += 1
    TALLY.findings += [f"{page.url}: {one}" for one in found]
    return found
