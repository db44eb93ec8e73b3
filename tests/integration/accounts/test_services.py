"""Accounts and roles on both databases: what is kept, what is refused, what leaves a trace."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from civic.accounts import credentials, queries, services
from civic.accounts.models import Account, RoleGrant
from civic.core import clock
from civic.core.actor import SYSTEM, Grant, Role
from civic.core.audit import AuditEntry
from civic.core.db import unit_of_work
from civic.core.errors import DomainError, Invalid, NotAllowed, NotFound
from civic.core.extensions import db
from tests.factories import PASSWORD, make_account, make_department


def acts() -> list[tuple[str, str]]:
    return [(e.action, e.subject_id) for e in db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))]


def test_an_account_starts_with_its_roles(app_context: Flask) -> None:
    office = make_department("office")
    admin = make_account(Role.ADMIN)
    with unit_of_work():
        new = services.NewAccount(
            " Lin@Example.org ", "林  小红", (Grant(Role.LEAD, office), Grant(Role.EDITOR))
        )
        account_id = services.create_account(admin, new, clock.now())
    page = queries.account_page(admin, account_id, clock.now())
    assert (page.row.email, page.row.name, page.row.has_password) == ("lin@example.org", "林 小红", False)
    assert page.row.grants == (Grant(Role.LEAD, office), Grant(Role.EDITOR))
    assert [a for a in acts() if a[1] == str(account_id)] == [
        ("account_created", str(account_id)),
        ("role_granted", str(account_id)),
        ("role_granted", str(account_id)),
    ]
    actor = queries.actor_of(account_id)
    assert actor.has_in(office, Role.LEAD)
    assert actor.departments() == {office}


@pytest.mark.parametrize(
    "new, field",
    [
        (services.NewAccount("taken@example.org", "Somebody"), "email"),
        (services.NewAccount("TAKEN@example.org", "Somebody"), "email"),
        (services.NewAccount("nonsense", "Somebody"), "email"),
        (services.NewAccount("a@example.org", "  "), "name"),
        (services.NewAccount("a@example.org", "n" * 81), "name"),
        (services.NewAccount("a@example.org", "A", (Grant(Role.LEAD),)), "department"),
        (services.NewAccount("a@example.org", "A", password="password2026!"), "password"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field_and_leaves_nothing(
    app_context: Flask, new: services.NewAccount, field: str
) -> None:
    make_account(Role.ADMIN, email="taken@example.org")
    with pytest.raises(Invalid) as error, unit_of_work():
        services.create_account(SYSTEM, new, clock.now())
    assert error.value.field == field
    assert len(db.session.scalars(select(Account)).all()) == 1


def test_the_database_ties_roles_to_departments_itself(app_context: Flask) -> None:
    office = make_department("office")
    account = make_account(Role.EDITOR)
    for role, department in (("handler", None), ("admin", office), ("king", None)):
        with pytest.raises(IntegrityError), unit_of_work():
            db.session.add(
                RoleGrant(
                    account_id=account.account_id,
                    role=role,
                    department_id=department,
                    granted_at=clock.now(),
                )
            )
    with pytest.raises(IntegrityError), unit_of_work():
        for _ in range(2):
            db.session.add(RoleGrant(account_id=account.account_id, role="auditor", granted_at=clock.now()))


def test_roles_come_and_go_and_twice_is_once(app_context: Flask) -> None:
    admin, account = make_account(Role.ADMIN), make_account(Role.EDITOR)
    account_id = account.account_id or 0
    for _ in range(2):
        with unit_of_work():
            services.grant_role(admin, account_id, Grant(Role.DEPUTY), clock.now())
    assert queries.actor_of(account_id).roles == {Role.EDITOR, Role.DEPUTY}
    for _ in range(2):
        with unit_of_work():
            services.revoke_role(admin, account_id, Grant(Role.DEPUTY), clock.now())
    assert queries.actor_of(account_id).roles == {Role.EDITOR}
    assert [a for a, _ in acts()].count("role_granted") == 3
    assert [a for a, _ in acts()].count("role_revoked") == 1


@pytest.mark.parametrize("role", [None, *(r for r in Role if r not in (Role.ADMIN, Role.HANDLER, Role.LEAD))])
def test_only_administrators_change_accounts(app_context: Flask, role: Role | None) -> None:
    victim = make_account(Role.EDITOR).account_id or 0
    actor = make_account(*([role] if role else []))
    now = clock.now()
    for act in (
        lambda: services.create_account(actor, services.NewAccount("x@example.org", "X"), now),
        lambda: services.grant_role(actor, actor.account_id or 0, Grant(Role.ADMIN), now),
        lambda: services.revoke_role(actor, victim, Grant(Role.EDITOR), now),
        lambda: services.deactivate_account(actor, victim, now),
        lambda: services.activate_account(actor, victim, now),
        lambda: services.rename_account(actor, victim, "Y", now),
        lambda: services.issue_password_link(actor, victim, now),
        lambda: services.revoke_sessions(actor, victim, now),
        lambda: services.request_second_factor_reset(actor, victim, now),
        lambda: queries.accounts_page(actor, "", None, clock.now()),
        lambda: queries.account_page(actor, victim, now),
    ):
        with pytest.raises(NotAllowed), unit_of_work():
            act()


def test_an_administrator_gives_himself_nothing(app_context: Flask) -> None:
    admin = make_account(Role.ADMIN)
    me = admin.account_id or 0
    for act in (
        lambda: services.grant_role(admin, me, Grant(Role.DISPATCHER), clock.now()),
        lambda: services.revoke_role(admin, me, Grant(Role.ADMIN), clock.now()),
        lambda: services.deactivate_account(admin, me, clock.now()),
        lambda: services.issue_password_link(admin, me, clock.now()),
    ):
        with pytest.raises(NotAllowed), unit_of_work():
            act()


def test_a_password_link_is_good_once_and_for_a_day(app_context: Flask) -> None:
    admin, account_id = make_account(Role.ADMIN), make_account(Role.EDITOR).account_id or 0
    with unit_of_work():
        first = services.issue_password_link(admin, account_id, clock.now())
    with unit_of_work():
        second = services.issue_password_link(admin, account_id, clock.now())
    for token in (first, second[:-2], "", "x.y.z"):
        with pytest.raises(Invalid), unit_of_work():
            services.set_password_by_link(token, "three blue kettles whistle", clock.now())
    with pytest.raises(Invalid), unit_of_work():
        services.set_password_by_link(second, "short", clock.now())
    with unit_of_work():
        assert services.set_password_by_link(second, "three blue kettles whistle", clock.now()) == account_id
    account = db.session.get_one(Account, account_id)
    assert (account.password or "").startswith("$argon2id$")
    assert credentials.password_fits(account, "three blue kettles whistle")
    assert not credentials.password_fits(account, PASSWORD)
    with pytest.raises(Invalid), unit_of_work():
        services.set_password_by_link(second, "another four words here", clock.now())


def test_the_link_of_a_leaver_is_void(app_context: Flask) -> None:
    admin, account_id = make_account(Role.ADMIN), make_account(Role.EDITOR).account_id or 0
    with unit_of_work():
        token = services.issue_password_link(admin, account_id, clock.now())
        services.deactivate_account(admin, account_id, clock.now())
    with pytest.raises(Invalid), unit_of_work():
        services.set_password_by_link(token, "three blue kettles whistle", clock.now())
    with pytest.raises(NotFound):
        queries.actor_of(account_id)
    with pytest.raises(Invalid), unit_of_work():
        services.issue_password_link(admin, account_id, clock.now())
    with unit_of_work():
        services.activate_account(admin, account_id, clock.now())
    assert queries.actor_of(account_id).roles == {Role.EDITOR}


def test_colleagues_are_the_active_people_of_a_department(app_context: Flask) -> None:
    office, other = make_department("office"), make_department("other")
    admin = make_account(Role.ADMIN)
    both = make_account(Role.HANDLER, Role.LEAD, department_id=office, name="B")
    make_account(Role.HANDLER, department_id=other)
    leaver = make_account(Role.HANDLER, department_id=office, name="A")
    with unit_of_work():
        services.deactivate_account(admin, leaver.account_id or 0, clock.now())
    assert [(c.name, c.roles) for c in queries.colleagues(office)] == [("B", {Role.HANDLER, Role.LEAD})]
    assert queries.account_names([both.account_id, None, 999]) == {both.account_id: "B"}
    assert [c.name for c in queries.accounts_with(Role.ADMIN)] == [admin.name]


def test_the_list_of_accounts_is_searched_and_paged_without_gap(
    app_context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE_SIZE", 3)
    admin = make_account(Role.ADMIN, name="zz", email="boss@example.org")
    names = ["林", "林", "Ann", "Bob_1", "Bob%1", "陈", "陈"]
    for name in names:
        make_account(Role.EDITOR, name=name)
    seen, cursor = [], None
    while True:
        page = queries.accounts_page(admin, "", cursor, clock.now())
        seen += [row.id for row in page.rows]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 8
    assert [r.name for r in queries.accounts_page(admin, "bob_", None, clock.now()).rows] == ["Bob_1"]
    assert [r.name for r in queries.accounts_page(admin, "BOSS@", None, clock.now()).rows] == ["zz"]
    with pytest.raises(DomainError):
        queries.accounts_page(admin, "", "tampered", clock.now())
