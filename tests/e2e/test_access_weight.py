"""The first view of every public page stays under 60 kB on the wire, with everything, and comes from this site alone.

Every page is weighed as a browser that has stored nothing asks for it: the page and all it names, packed by the
application itself. The heaviest are then opened in a real one, which must come to the same.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

import pytest

from tests.e2e.conftest import PHONE, Site
from tests.e2e.test_pages import PUBLIC

pytestmark = pytest.mark.e2e

BUDGET = 60_000
NAMED = re.compile(r'<(?:script|img|link rel="(?:stylesheet|icon)")[^>]*?(?:src|href)="([^"]+)"')


@cache
def arrives(url: str) -> int:
    """Bytes of an answer with its headers."""
    with urlopen(Request(url, headers={"Accept-Encoding": "gzip"})) as answer:
        body = answer.read()
        headers = len(str(answer.headers).encode())
        return len(body) + headers


def weigh(site: Site, address: str) -> int:
    """The page and everything it loads at once."""
    url = site.url + quote(address, safe="/?=&%")
    with urlopen(url) as answer:
        page = answer.read().decode()
    parts = {part.replace("&amp;", "&") for part in NAMED.findall(page)}
    assert parts, "a page without styles was not the page"
    assert {part for part in parts if not part.startswith("/")} == set(), f"{address} asks elsewhere"
    return arrives(url) + sum(arrives(site.url + part) for part in parts)


def opened(browser: Any, site: Site, address: str) -> tuple[int, set[str]]:
    """What arrived in a browser, and which sites it asked."""
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    arrived: list[int] = []
    asked: set[str] = set()
    session.on("Network.loadingFinished", lambda event: arrived.append(event["encodedDataLength"]))
    page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    page.goto(site.url + address, wait_until="networkidle")
    context.close()
    return int(sum(arrived)), asked


def test_the_first_view_of_every_public_page_is_light(
    browser: Any, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    weights = {address: weigh(site, address) for address in PUBLIC}
    heaviest = sorted(weights, key=lambda one: -weights[one])[:3]
    with capsys.disabled():
        print(
            "\nfirst view, heaviest: " + ", ".join(f"{one} {weights[one] / 1000:.1f} kB" for one in heaviest)
        )
    assert {one: weight for one, weight in weights.items() if weight >= BUDGET} == {}
    for address in heaviest:
        arrived, asked = opened(browser, site, address)
        assert asked == {urlsplit(site.url).netloc}
        assert arrived == pytest.approx(weights[address], rel=0.1)
