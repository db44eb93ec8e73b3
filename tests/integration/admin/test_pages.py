"""What administrators do through their pages, and what they don't get to see."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from civic.accounts import queries
from civic.admin import queries as admin_queries
from civic.core import clock
from civic.core.actor import Actor, Grant, Role
from tests.factories import PASSWORD, enrol, make_account, make_department, sign_in, submit


@pytest.fixture
def admin(app: Flask) -> Actor:
    with app.app_context():
        return make_account(Role.ADMIN, name="Admin One")


@pytest.fixture
def office(app: Flask) -> int:
    with app.app_context():
        return make_department("office", "住房和城乡建设局")


def grants(app: Flask, account_id: int) -> frozenset[Grant]:
    with app.app_context():
        return queries.actor_of(account_id).grants


def test_a_new_account_starts_with_a_link_to_hand_over(
    app: Flask, client: FlaskClient, admin: Actor, office: int
) -> None:
    sign_in(client, admin)
    person = {"name": "林小红", "email": "lin@example.org", "locale": "zh_Hans"}
    answer = submit(client, "/admin/accounts/new", {**person, "role": "lead", "department": str(office)})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    link = re.search(r"http://localhost(/staff/set-password/[\w.-]+)", answer.get_data(as_text=True))
    assert link
    browser = app.test_client()
    submit(browser, link[1], {"password": PASSWORD, "again": PASSWORD})
    assert (
        submit(browser, "/staff/sign-in", {"email": "lin@example.org", "password": PASSWORD}).status_code
        == 302
    )
    assert "住房和城乡建设局" in browser.get("/staff/account").get_data(as_text=True)
    assert "lin@example.org" in client.get("/admin/accounts?q=小红").get_data(as_text=True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "nonsense"},
        {"email": "taken@example.org"},
        {"name": ""},
        {"role": "king"},
        {"role": "lead", "department": ""},
        {"role": "admin", "department": "office"},
        {"department": "999999"},
        {"locale": "xx"},
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    app: Flask, client: FlaskClient, admin: Actor, office: int, wrong: dict[str, str]
) -> None:
    with app.app_context():
        make_account(Role.EDITOR, email="taken@example.org")
    sign_in(client, admin)
    person = {
        "name": "林小红",
        "email": "lin@example.org",
        "locale": "zh_Hans",
        "role": "auditor",
        "department": "",
    }
    person |= {k: str(office) if v == "office" else v for k, v in wrong.items()}
    answer = submit(client, "/admin/accounts/new", person)
    assert answer.status_code == 422
    assert "name" in wrong or "林小红" in answer.get_data(as_text=True)
    with app.app_context():
        assert queries.account_by_email("lin@example.org") is None


def test_roles_are_granted_and_revoked(app: Flask, client: FlaskClient, admin: Actor, office: int) -> None:
    with app.app_context():
        person = make_account(Role.EDITOR).account_id or 0
    sign_in(client, admin)
    page = f"/admin/accounts/{person}"
    submit(client, f"{page}/roles", {"role": "handler", "department": str(office)}, on=page)
    assert grants(app, person) == {Grant(Role.EDITOR), Grant(Role.HANDLER, office)}
    submit(client, f"{page}/roles/revoke", {"role": "handler", "department": str(office)}, on=page)
    assert grants(app, person) == {Grant(Role.EDITOR)}
    for nonsense in ({"role": "king"}, {"role": "lead", "department": "x"}, {}):
        assert submit(client, f"{page}/roles/revoke", nonsense, on=page).status_code == 422


def test_a_role_that_was_revoked_closes_its_pages_at_once(
    app: Flask, client: FlaskClient, admin: Actor
) -> None:
    with app.app_context():
        second = make_account(Role.ADMIN)
    other = sign_in(app.test_client(), second)
    sign_in(client, admin)
    assert other.get("/admin/accounts").status_code == 200
    page = f"/admin/accounts/{second.account_id}"
    submit(client, f"{page}/roles/revoke", {"role": "admin", "department": ""}, on=page)
    assert other.get("/admin/accounts").status_code == 403


def test_a_lost_second_factor_takes_two(app: Flask, client: FlaskClient, admin: Actor) -> None:
    with app.app_context():
        second, person = (
            make_account(Role.ADMIN, name="Admin Two"),
            make_account(Role.EDITOR, name="Lost Phone"),
        )
        enrol(person)
    page = f"/admin/accounts/{person.account_id}"
    sign_in(client, admin)
    submit(client, f"{page}/second-factor-reset", {}, on=page)
    assert "Lost Phone" in client.get("/admin/accounts?q=nobody").get_data(as_text=True)
    with app.app_context():
        (request,) = queries.open_resets(admin, clock.now())
    confirm = f"/admin/second-factor-resets/{request.id}/confirm"
    assert f'action="{confirm}"' not in client.get(page).get_data(as_text=True)
    assert submit(client, confirm, {}, on=page).status_code == 403
    other = sign_in(app.test_client(), second)
    assert f'action="{confirm}"' in other.get(page).get_data(as_text=True)
    assert submit(other, confirm, {}, on=page).status_code == 302
    with app.app_context():
        assert queries.account_page(admin, person.account_id or 0, clock.now()).row.has_second_factor is False


def test_the_own_account_offers_no_changes(client: FlaskClient, admin: Actor) -> None:
    sign_in(client, admin)
    page = client.get(f"/admin/accounts/{admin.account_id}").get_data(as_text=True)
    assert "/deactivate" not in page
    assert "/roles" not in page


def test_the_audit_trail_is_paged_and_filtered(
    app: Flask, client: FlaskClient, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admin_queries, "PAGE_SIZE", 4)
    with app.app_context():
        auditor = make_account(Role.AUDITOR)
        for _ in range(3):
            make_account(Role.EDITOR)
        seen, cursor = [], None
        while True:
            page = admin_queries.audit_page(auditor, admin_queries.AuditFilter(), cursor)
            seen += [row.id for row in page.rows]
            cursor = page.next_cursor
            if cursor is None:
                break
        assert seen == sorted(seen, reverse=True)
        assert len(seen) == len(set(seen)) == 10
        only = admin_queries.AuditFilter(action="account_created", account_id=auditor.account_id)
        (row,) = admin_queries.audit_page(auditor, only, None).rows
        assert (row.action, row.subject_name) == ("account_created", auditor.name)
    sign_in(client, auditor)
    answer = client.get(f"/admin/audit?action=role_granted&account={auditor.account_id}")
    assert answer.status_code == 200
    assert client.get("/admin/audit?after=tampered").status_code == 422
    assert client.get("/admin/accounts").status_code == 403


def test_the_list_of_departments_is_shown(client: FlaskClient, admin: Actor, office: int) -> None:
    sign_in(client, admin)
    assert "住房和城乡建设局" in client.get("/admin/departments").get_data(as_text=True)


def test_the_audit_trail_speaks_plainly(client: FlaskClient, admin: Actor, office: int) -> None:
    sign_in(client, admin)
    person = {"name": "林小红", "email": "lin@example.org", "locale": "zh_Hans"}
    submit(client, "/admin/accounts/new", {**person, "role": "handler", "department": str(office)})
    page = client.get("/en/admin/audit").text
    said = [" ".join(cell.split()) for cell in re.findall(r"<td>(.*?)</td>", page, re.DOTALL)]
    assert {"林小红", "Role granted", "with password"} <= set(said)
    assert any(re.fullmatch(r"Office \d+ Handler", cell) for cell in said)
    assert not re.search("department_id=|role=handler|how=", page)
