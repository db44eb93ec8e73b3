"""Each page has a title of its own and one heading of the first level, in every language; errors say so first."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask

from tests.e2e.test_pages import PUBLIC
from tests.factories.pages import submit

TITLE = re.compile(r"<title>(.*?)</title>", re.S)
HEADING = re.compile(r"<h1[ >]")


@pytest.mark.parametrize("prefix", ["", "/zh-hant", "/en"])
def test_no_two_pages_share_a_title(taijiang: Flask, prefix: str) -> None:
    client = taijiang.test_client()
    seen: dict[str, str] = {}
    for address in PUBLIC:
        page = client.get(prefix + address).get_data(as_text=True)
        [title] = TITLE.findall(page)
        assert len(HEADING.findall(page)) == 1, address
        before, _separator, site = html.unescape(title).partition(" · ")
        assert before.strip(), address
        assert site, address
        path = address.partition("?")[0]
        assert seen.setdefault(title, path) == path, f"{address} and {seen[title]} are both called {title}"


@pytest.mark.parametrize(("prefix", "mark"), [("", "错误："), ("/zh-hant", "錯誤："), ("/en", "Error:")])
def test_a_form_with_errors_says_so_first(taijiang: Flask, prefix: str, mark: str) -> None:
    client = taijiang.test_client()
    for address in ("/feedback/new", "/track", "/staff/sign-in"):
        page = submit(client, prefix + address, {}).get_data(as_text=True)
        [title] = TITLE.findall(page)
        assert title.startswith(mark), (address, title)
