"""A new contact key: everything that is encrypted moves under it, and the old one can go."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import LargeBinary, select, text

from civic import create_app
from civic.accounts import credentials
from civic.accounts.models import Account
from civic.cases import services
from civic.cases.models import Contact
from civic.cases.services import NewContact
from civic.core import rotation
from civic.core.audit import AuditEntry
from civic.core.crypto import decrypt, encrypt, keyed_hash
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.notices.models import Subscription
from tests.conftest import TEST_CONTACT_KEY, make_settings
from tests.integration.cases.worlds import World, insert, make_world

NEW = Fernet.generate_key().decode()
ADDRESS = "li@example.org"


@pytest.fixture
def world(app_context: Flask) -> World:
    world = make_world()
    for number in range(3):
        world.submit(contact=NewContact(name=f"林{number}", phone="13800000000"))
    insert(
        "subscription", item_id=world.item_id, address=encrypt(ADDRESS), locale="zh_Hans", nonce="n",
        address_hash=keyed_hash(ADDRESS, "subscription"), asked_at=world.now, asked_times=1,
    )  # fmt: skip
    with unit_of_work():
        account = db.session.get_one(Account, world.lead.account_id)
        account.tf_totp_secret, account.tf_primary_method = credentials.new_seed(), "authenticator"
    return world


def with_keys(app: Flask, *keys: str) -> Flask:
    """Another process on the same database, with these keys."""
    settings = make_settings(
        app.extensions["settings"].instance_path, app.extensions["settings"].database_url
    )
    return create_app(settings.model_copy(update={"contact_keys": list(keys)}))


def run(app: Flask, *options: str) -> tuple[int, str]:
    with app.app_context():
        result = app.test_cli_runner().invoke(args=["civic", "rotate-contact-keys", *options])
        db.session.remove()
        db.engine.dispose()
    return result.exit_code, result.output.strip()


def test_everything_moves_under_the_newest_key_and_the_old_one_can_go(app: Flask, world: World) -> None:
    case_id = world.sent[0].case_id
    both, new_alone = with_keys(app, NEW, TEST_CONTACT_KEY), with_keys(app, NEW)
    assert run(both, "--check") == (1, "8 values, 8 under an older key, 0 that no key opens")
    assert run(both) == (0, "8 values, 8 encrypted again with the newest key, 0 that no key opens")
    assert run(both, "--check") == (0, "8 values, 0 under an older key, 0 that no key opens")
    assert run(both) == (0, "8 values, 0 encrypted again with the newest key, 0 that no key opens")
    with new_alone.app_context():
        with unit_of_work():
            assert services.reveal_contact(world.handler, case_id, world.now).name == "林0"
        assert decrypt(db.session.scalars(select(Subscription.address)).one()) == ADDRESS
        seed = db.session.scalars(
            select(Account.tf_totp_secret).where(Account.tf_totp_secret.is_not(None))
        ).one()
        assert seed
        assert credentials.seed_key(seed)
        rows = db.session.execute(
            select(AuditEntry.params)
            .where(AuditEntry.action == "contact_keys.rotate")
            .order_by(AuditEntry.id)
        ).scalars()
        assert list(rows) == [{"changed": 8, "seen": 8}, {"changed": 0, "seen": 8}]
        db.session.remove()
        db.engine.dispose()


def test_an_authenticator_set_up_before_still_fits(app: Flask, world: World) -> None:
    account = db.session.get_one(Account, world.lead.account_id)
    before = credentials.seed_key(account.tf_totp_secret or "")
    run(with_keys(app, NEW, TEST_CONTACT_KEY))
    db.session.rollback()
    with with_keys(app, NEW).app_context():
        account = db.session.get_one(Account, world.lead.account_id)
        assert credentials.seed_key(account.tf_totp_secret or "") == before
        db.session.remove()
        db.engine.dispose()


def test_what_no_key_opens_is_named_and_left_alone_and_the_rest_is_done(app: Flask, world: World) -> None:
    with unit_of_work() as session:
        lost = session.scalars(select(Contact.id).order_by(Contact.id)).first()
        session.execute(
            text("UPDATE contact SET name = :broken WHERE id = :id"), {"broken": b"x", "id": lost}
        )
    code, said = run(with_keys(app, NEW, TEST_CONTACT_KEY))
    assert code == 1
    assert said.splitlines() == [
        f"no key opens contact.name of row {lost}",
        "8 values, 7 encrypted again with the newest key, 1 that no key opens",
    ]
    db.session.rollback()
    assert db.session.scalar(select(Contact.name).where(Contact.id == lost)) == b"x"


def test_what_was_erased_while_it_ran_is_not_written_back(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    renew = rotation.rotate

    def erased_meanwhile(token: bytes) -> bytes:
        db.session.execute(text("DELETE FROM contact"))
        return renew(token)

    both = with_keys(app, NEW, TEST_CONTACT_KEY)
    monkeypatch.setattr(rotation, "rotate", erased_meanwhile)
    assert run(both)[0] == 0
    db.session.rollback()
    assert db.session.scalars(select(Contact)).all() == []


def test_a_run_goes_over_more_rows_than_one_batch(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "BATCH", 2)
    assert run(with_keys(app, NEW, TEST_CONTACT_KEY))[1].startswith("8 values, 8 encrypted")


def test_no_encrypted_column_is_forgotten(app_context: Flask) -> None:
    """Every binary column but one of numbers, and the seeds; what else is encrypted has to be registered and named."""
    known = {f"{table.name}.{column}" for table, columns in rotation.sealings().items() for column in columns}
    binary = {
        f"{table.name}.{column.name}"
        for table in db.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    assert known == (binary - {"case_sum.packed"}) | {"account.tf_totp_secret"}
    assert {
        "contact.name",
        "contact.phone",
        "contact.email",
        "contact.address",
        "subscription.address",
    } <= binary
