"""A reader who opens every link of a page: each list has as many entries as the figure that leads to it says."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

from flask.testing import FlaskClient

from civic.supervision.figures import FIGURES

LINK = re.compile(r'<a class="figure-link" href="([^"]+)" data-figure="(\w+)" data-value="(\d+)">')
OPINIONS = re.compile(r'<a class="figure-link" href="([^"]+)" data-(opinions)="(\d+)">')
TOTAL = re.compile(r'data-total="(\d+)"')
LINE = re.compile(r' data-case="([^"]+)"')
PAGE_OF_CASES = 50


@dataclass
class Walker:
    """Which lists were opened with how many entries, and which figures led there."""

    client: FlaskClient
    opened: dict[str, int] = field(default_factory=dict)
    figures: set[str] = field(default_factory=set)

    def read(self, address: str) -> str:
        page = self.client.get(address)
        assert page.status_code == 200, (address, page.status_code)
        return page.get_data(as_text=True)

    def walk(self, address: str) -> str:
        """Open all that the figures of a summary lead to; the page."""
        text = self.read(address)
        links = [*LINK.findall(text), *OPINIONS.findall(text)]
        assert len(links) > len(FIGURES), address
        for link, figure, value in links:
            assert self.entries(unescape(link)) == int(value), link
            self.figures.add(figure)
        return text

    def entries(self, address: str) -> int:
        """How many a list says it has; its first page shows as many, or is full and leads on."""
        if address not in self.opened:
            text = self.read(address)
            total = TOTAL.search(text)
            assert total, address
            n = int(total[1])
            lines = len(LINE.findall(text)) + text.count("opinion-line")
            assert lines == min(n, PAGE_OF_CASES), (address, n, lines)
            assert ('rel="next"' in text) == (n > PAGE_OF_CASES), address
            self.opened[address] = n
        return self.opened[address]

    def to_the_end(self, address: str) -> list[str]:
        """The numbers of all cases of a list, page by page."""
        found: list[str] = []
        while address:
            text = self.read(address)
            found += LINE.findall(text)
            following = re.search(r'rel="next" href="([^"]+)"', text)
            address = unescape(following[1]) if following else ""
        return found
