"""The first staff account comes from the command line."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from civic.accounts import queries
from civic.core.actor import Grant, Role
from tests.factories import PASSWORD, make_department, submit

BASE = ["civic", "create-account", "--name", "First", "--email", "first@example.org"]


def run(app: Flask, *arguments: str, given: str = ""):  # type: ignore[no-untyped-def]
    return app.test_cli_runner().invoke(args=[*BASE, *arguments], input=given)


def test_it_prints_a_link_that_sets_the_password(app: Flask) -> None:
    result = run(app, "--role", "admin", "--site", "https://plan.example.org")
    assert result.exit_code == 0, result.output
    found = re.search(r"https://plan\.example\.org(/staff/set-password/\S+)", result.output)
    assert found
    client = app.test_client()
    answer = submit(client, found[1], {"password": PASSWORD, "again": PASSWORD})
    assert answer.headers["Location"] == "/staff/sign-in"
    assert (
        submit(client, "/staff/sign-in", {"email": "first@example.org", "password": PASSWORD}).status_code
        == 302
    )


def test_roles_in_a_department_and_a_password_from_standard_input(app: Flask) -> None:
    with app.app_context():
        office = make_department("office")
    options = ("--role", "lead", "--role", "editor", "--department", "office", "--password-stdin")
    assert run(app, *options, given=PASSWORD + "\n").exit_code == 0
    with app.app_context():
        account = queries.account_by_email("first@example.org")
        assert account is not None
        assert queries.as_actor(account).grants == {Grant(Role.LEAD, office), Grant(Role.EDITOR)}


@pytest.mark.parametrize(
    "options, given",
    [
        (("--role", "lead"), ""),
        (("--role", "lead", "--department", "nowhere"), ""),
        (("--role", "king"), ""),
        (("--role", "admin", "--password-stdin"), "password2026!\n"),
        (("--role", "admin", "--password-stdin"), ""),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_written(
    app: Flask, options: tuple[str, ...], given: str
) -> None:
    result = run(app, *options, given=given)
    assert result.exit_code != 0
    assert "Error" in result.output
    with app.app_context():
        assert queries.account_by_email("first@example.org") is None


def test_a_second_account_with_the_same_address_is_refused(app: Flask) -> None:
    assert run(app, "--role", "admin").exit_code == 0
    assert run(app, "--role", "auditor").exit_code == 1
