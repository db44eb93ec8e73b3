"""Reference data that a request changes itself is read anew, or once where it is settled, and never kept for others."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import update

from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.departments import queries
from civic.departments.models import Department
from civic.web.caching import (
    ContentVersion,
    content_version,
    raise_content_version,
    reference_settled,
    renew_reference,
)
from tests.factories import make_department
from tests.statements import counted


class Broken(Exception):
    """What goes wrong half-way."""


def renamed(name: str) -> None:
    db.session.execute(update(Department).values(name=name))
    renew_reference()


def names() -> set[str]:
    return {row.name for row in queries.departments()}


def reads(statements: list[str]) -> int:
    return sum("FROM department " in one for one in statements)


def test_what_a_request_changes_is_read_once_where_it_is_settled_and_dies_with_it(app: Flask) -> None:
    with app.app_context():
        make_department(name="旧名")
        with unit_of_work():
            renew_reference()
    with app.app_context():
        assert names() == {"旧名"}, "now it is kept for all"
    with app.app_context(), pytest.raises(Broken), unit_of_work():
        with counted(app) as asked:
            assert names() == {"旧名"}
            renamed("新名")
            for _ in range(3):
                assert names() == {"新名"}
        assert reads(asked) == 3, "what it changes itself it reads anew at each use"
        with counted(app) as asked, reference_settled():
            for _ in range(3):
                with reference_settled():
                    assert names() == {"新名"}
            renamed("再改")
            assert names() == {"再改"}, "changed after all"
        assert reads(asked) == 2
        renamed("又改")
        assert names() == {"又改"}, "nothing of it is left afterwards"
        with reference_settled():
            assert names() == {"又改"}
            raise Broken
    with app.app_context():
        assert names() == {"旧名"}, "what was taken back was never kept"
        with unit_of_work():
            renamed("新名")
            with reference_settled():
                assert names() == {"新名"}
    with app.app_context(), counted(app) as asked:
        assert names() == {"新名"} == names()
    assert reads(asked) == 1, "read by the next request, and kept"


def test_a_number_that_comes_again_after_a_restore_is_no_page_that_a_browser_has(app: Flask) -> None:
    client = app.test_client()
    with app.app_context(), unit_of_work():
        raise_content_version()
        before = content_version()
    with app.app_context(), unit_of_work():
        raise_content_version()
    newer = client.get("/about").headers["ETag"]
    assert client.get("/about", headers={"If-None-Match": newer}).status_code == 304

    # The backup of an hour ago is put back, and something else is published after it.
    with app.app_context(), unit_of_work():
        db.session.execute(update(ContentVersion).values(version=before, mark="as it was"))
    with app.app_context(), unit_of_work():
        raise_content_version()
    with app.app_context():
        assert content_version() == before + 1
    assert client.get("/about", headers={"If-None-Match": newer}).status_code == 200


def test_the_row_that_everybody_writes_to_is_written_last_and_once(app: Flask) -> None:
    """Who holds it waits for nothing any more: two of whom each wants what the other has would wait in a circle."""
    with app.app_context():
        make_department(name="旧名")
        before = content_version()
        with counted(app) as asked, unit_of_work():
            renamed("新名")
            raise_content_version()
            db.session.execute(update(Department).values(name="再改"))
        of_all = ["content_version" in one and one.startswith("UPDATE") for one in asked]
        assert of_all.index(True) > max(n for n, one in enumerate(asked) if "UPDATE department" in one)
        assert content_version() == before + 1
        assert names() == {"再改"}
    with app.app_context(), pytest.raises(Broken), unit_of_work():
        raise_content_version()
        raise Broken
    with app.app_context():
        assert content_version() == before + 1, "what is taken back raises nothing"
