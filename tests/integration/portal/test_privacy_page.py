"""The privacy page says whom to ask as the district's data do, and where to press; every place it names is there."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import JSON, column, table, update

from civic.core.db import unit_of_work
from civic.web.caching import renew_reference

PERSON = {
    "name": "区政府办公室",
    "phone": "0591-00000000",
    "email": "privacy@example.org",
    "address": "某路1号",
}


def name_contact(app: Flask, person: dict[str, str]) -> None:
    settings = table("district_setting", column("key"), column("value", JSON))
    with app.app_context(), unit_of_work() as session:
        session.execute(update(settings).where(settings.c.key == "privacy").values(value=person))
        renew_reference()


def test_the_contact_is_the_districts_and_without_one_the_hotline_is_named(taijiang: Flask) -> None:
    client = taijiang.test_client()
    assert (
        "拨打政务服务热线" in (before := client.get("/privacy").get_data(as_text=True)) or "12345" in before
    )
    name_contact(taijiang, PERSON)
    page = client.get("/privacy").get_data(as_text=True)
    for said in PERSON.values():
        assert said in page
    assert 'href="tel:0591-00000000"' in page
    assert "尚未" not in page[page.index('id="contact"') :].split("</article>")[0]


@pytest.mark.parametrize("prefix", ["", "/zh-hant", "/en"])
def test_it_says_how_long_contacts_are_kept_and_leads_to_the_own_data(taijiang: Flask, prefix: str) -> None:
    taijiang.extensions["settings"].contact_days = 90
    page = taijiang.test_client().get(f"{prefix}/privacy").get_data(as_text=True)
    main = page[page.index("<main") : page.index("</main>")]
    assert len(re.findall(r"\b90\b", main)) >= 3
    assert "180" not in main
    assert f'href="{prefix}/track"' in main
    assert len(re.findall(r"<h3>", main)) >= 9
