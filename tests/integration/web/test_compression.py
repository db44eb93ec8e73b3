"""What travels packed, what doesn't, and that a packed page is the same page to every cache."""

from __future__ import annotations

import gzip

import pytest
from flask import Flask
from flask.testing import FlaskClient

from civic.core.actor import Role
from tests.factories import make_account, sign_in

PACKED = {"Accept-Encoding": "gzip, deflate, br"}
ITEM = "/plans/taijiang-14/6.2.1"


@pytest.fixture
def reader(taijiang: Flask) -> FlaskClient:
    return taijiang.test_client()


@pytest.mark.parametrize("address", ["/", ITEM, "/en/plans/taijiang-14/6", "/nowhere", "/feedback/new"])
def test_a_page_is_the_same_packed_and_not(reader: FlaskClient, address: str) -> None:
    plain = reader.get(address)
    packed = reader.get(address, headers=PACKED)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert len(packed.data) < len(plain.data) / 2
    if address != "/feedback/new":  # Each form has a ticket of its own.
        assert gzip.decompress(packed.data) == plain.data
        assert reader.get(address, headers=PACKED).data == packed.data


def test_a_packed_page_is_asked_for_again_by_either_kind_of_tag(reader: FlaskClient) -> None:
    packed = reader.get(ITEM, headers=PACKED)
    weak = packed.headers["ETag"]
    assert weak.startswith('W/"')
    assert reader.get(ITEM).headers["ETag"] == weak
    for tag in (weak, weak.removeprefix("W/")):
        again = reader.get(ITEM, headers={**PACKED, "If-None-Match": tag})
        assert again.status_code == 304
        assert "Accept-Encoding" in again.headers["Vary"]


def test_styles_and_scripts_are_packed_and_kept_for_a_year(reader: FlaskClient) -> None:
    for name in ("css/base.css", "js/display.js", "img/leaf.svg"):
        plain = reader.get(f"/static/{name}")
        packed = reader.get(f"/static/{name}", headers=PACKED)
        assert gzip.decompress(packed.data) == plain.data
        assert "max-age=31536000" in packed.headers["Cache-Control"]
        again = reader.get(f"/static/{name}", headers={**PACKED, "If-None-Match": packed.headers["ETag"]})
        assert again.status_code == 304


def test_nobody_measures_what_a_personal_page_holds(reader: FlaskClient) -> None:
    sizes = {len(reader.get("/track", headers=PACKED).data) for _ in range(40)}
    assert max(sizes) - min(sizes) > 20, "its length is blurred by far more than a guessed letter saves"


def test_staff_pages_stay_as_they_are(taijiang: Flask) -> None:
    client = taijiang.test_client()
    with taijiang.app_context():
        sign_in(client, make_account(Role.DISPATCHER))
    page = client.get("/desk/", headers=PACKED)
    assert page.status_code == 200
    assert "Content-Encoding" not in page.headers
