"""``flask civic create-account``: how the first staff account comes into being."""

from __future__ import annotations

import sys

import click
from flask import current_app, url_for

from civic.accounts import services
from civic.accounts.rules import check_grant
from civic.core import clock
from civic.core.actor import SYSTEM, Grant, Role
from civic.core.commands import civic_commands
from civic.core.db import unit_of_work
from civic.core.errors import DomainError
from civic.departments import queries as departments


@civic_commands.command("create-account")
@click.option("--email", required=True, help="The address with which the person signs in.")
@click.option("--name", required=True, help="The name under which the person answers.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in Role]),
    help="May be given several times.",
)
@click.option("--department", "key", help="Key of the department, for handler and lead.")
@click.option(
    "--password-stdin",
    is_flag=True,
    help="Read the password from standard input; otherwise a link is printed.",
)
@click.option("--site", default="http://127.0.0.1:8000", show_default=True, help="Where the site is reached.")
def create_account(
    email: str, name: str, roles: tuple[str, ...], key: str | None, password_stdin: bool, site: str
) -> None:
    """Create a staff account and print the link with which its owner sets the password."""
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    now = clock.now()
    try:
        grants = tuple(_grant(Role(role), key) for role in roles)
        with unit_of_work():
            new = services.NewAccount(email=email, name=name, grants=grants, password=password)
            account_id = services.create_account(SYSTEM, new, now)
            token = None if password else services.issue_password_link(SYSTEM, account_id, now)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Account {account_id} is created: {name} <{email}>, {', '.join(roles)}.")
    with current_app.test_request_context(base_url=site):
        if token is None:
            click.echo(f"Sign in at {url_for('security.login', _external=True)}")
        else:
            click.echo("Set the password here, within 24 hours (the link works once):")
            click.echo(url_for("security.set_password", token=token, _external=True))


def _grant(role: Role, key: str | None) -> Grant:
    """``key`` goes to the roles that need a department; the others are the district's."""
    if role not in (Role.HANDLER, Role.LEAD):
        return Grant(role)
    department_id = departments.department_ids().get(key) if key else None
    if key and department_id is None:
        raise click.ClickException(f"There is no department with the key {key!r}.")
    check_grant(role, department_id)
    return Grant(role, department_id)
