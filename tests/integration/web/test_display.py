"""Large print by the address alone, and the same page in another language from wherever the reader is."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories.pages import csrf_token

LINK = re.compile(r'<a (?![^>]*data-display)[^>]*href="(/[^"#]*)')
LANGUAGE = re.compile(r'<a href="([^"]*)" lang="en"')


@pytest.fixture
def reader(taijiang: Flask) -> FlaskClient:
    return taijiang.test_client()


@pytest.mark.parametrize(
    "address",
    ["/", "/plans/taijiang-14/6", "/plans/taijiang-14/6.2.1", "/search?q=停车", "/feedback/new", "/track"],
)
def test_large_print_needs_no_script_and_goes_with_every_link(reader: FlaskClient, address: str) -> None:
    usual = reader.get(address).get_data(as_text=True)
    assert "data-view" not in usual.partition("<body")[0]
    large = reader.get(address + ("&" if "?" in address else "?") + "view=elder").get_data(as_text=True)
    assert '<html lang="zh-Hans" data-view="elder">' in large
    links = LINK.findall(large.partition("<body")[2])
    assert len(links) > 8
    assert [link for link in links if "view=elder" not in link] == []


def test_a_search_in_large_print_stays_in_large_print(reader: FlaskClient) -> None:
    page = reader.get("/search?view=elder").get_data(as_text=True)
    assert '<input type="hidden" name="view" value="elder">' in page


def test_what_is_sent_in_large_print_comes_back_in_large_print(reader: FlaskClient) -> None:
    page = reader.get("/feedback/new?view=elder")
    again = reader.post("/feedback/new?view=elder", data={"csrf_token": csrf_token(page), "text": "嗯"})
    assert again.status_code == 422
    assert 'data-view="elder"' in again.get_data(as_text=True)


def test_the_large_print_link_keeps_what_was_asked_and_leads_back(reader: FlaskClient) -> None:
    page = reader.get("/search?q=a%26b").get_data(as_text=True)
    assert 'href="/search?q=a%26b&amp;view=elder"' in page
    back = reader.get("/search?q=a%26b&view=elder").get_data(as_text=True)
    assert 'href="/search?q=a%26b" data-display="view"' in back


def test_the_language_changes_on_the_same_page_with_its_question(reader: FlaskClient) -> None:
    for address in (
        "/search?q=停车&in=projects",
        "/plans/taijiang-14/6.3.1/feedback?paragraph=p2",
        "/nowhere",
    ):
        page = reader.get(address)
        [link] = LANGUAGE.findall(page.get_data(as_text=True))
        english = reader.get(link.replace("&amp;", "&"))
        assert english.status_code == page.status_code
        assert english.request.query_string == page.request.query_string


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("/feedback/new", "/en/feedback/new"),
        (
            "/plans/taijiang-14/6.3.1/feedback?paragraph=p2",
            "/en/plans/taijiang-14/6.3.1/feedback?paragraph=p2",
        ),
        ("/track", "/en/track"),
        ("/nowhere/at/all", "/en/"),
    ],
)
def test_after_a_failed_form_the_language_still_leads_to_a_page(
    reader: FlaskClient, address: str, leads_to: str
) -> None:
    page = reader.post(address, data={})
    assert page.status_code >= 400
    [link] = LANGUAGE.findall(page.get_data(as_text=True))
    assert link == leads_to
    assert reader.get(link).status_code == 200


def test_a_step_that_failed_leads_to_the_case_it_belongs_to(taijiang: Flask) -> None:
    with taijiang.test_request_context("/track/case/rate", method="POST"):
        from civic.web.locale import switch_locale_url

        assert switch_locale_url("en") == "/en/track/case"
        assert switch_locale_url("zh_Hant") == "/zh-hant/track/case"
