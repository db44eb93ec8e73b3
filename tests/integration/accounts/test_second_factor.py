"""Codes count once, secrets can't be read from the rows, and a reset takes two administrators."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError

from civic.accounts import credentials, queries, services
from civic.accounts.models import Account, SecondFactorReset
from civic.core import clock
from civic.core.actor import Actor, Role
from civic.core.db import unit_of_work
from civic.core.errors import Invalid, NotAllowed
from civic.core.extensions import db
from tests.factories import enrol, make_account
from tests.factories.accounts import current_code


def row(account: Actor) -> Account:
    db.session.rollback()
    return db.session.get_one(Account, account.account_id)


def test_a_code_is_good_once(app_context: Flask) -> None:
    account = make_account(Role.EDITOR)
    seed = enrol(account)
    code = current_code(seed)
    with unit_of_work():
        services.use_code(account.account_id or 0, code, clock.now())
    with pytest.raises(Invalid), unit_of_work():
        services.use_code(account.account_id or 0, code, clock.now())


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６７"])
def test_what_is_no_code_is_refused(app_context: Flask, code: str) -> None:
    account = make_account(Role.EDITOR)
    enrol(account)
    with pytest.raises(Invalid) as error, unit_of_work():
        services.use_code(account.account_id or 0, code, clock.now())
    assert error.value.field == "code"


def test_no_secret_can_be_read_from_the_row(app_context: Flask) -> None:
    account = make_account(Role.EDITOR)
    seed = credentials.new_seed()
    plain = credentials.seed_key(seed).replace(" ", "").replace("-", "")
    with unit_of_work():
        codes = services.set_up_second_factor(account.account_id or 0, seed, current_code(seed), clock.now())
    stored = str(db.session.execute(text("SELECT * FROM account")).mappings().all())
    assert len(codes) == len(set(codes)) == 10
    assert plain not in stored
    assert not any(code in stored or code.replace("-", "") in stored for code in codes)


def test_a_wrong_code_sets_nothing_up(app_context: Flask) -> None:
    account = make_account(Role.EDITOR)
    with pytest.raises(Invalid), unit_of_work():
        services.set_up_second_factor(account.account_id or 0, credentials.new_seed(), "000000", clock.now())
    assert row(account).tf_totp_secret is None


def test_a_recovery_code_is_good_once_and_new_ones_replace_the_old(app_context: Flask) -> None:
    account = make_account(Role.EDITOR)
    me = account.account_id or 0
    seed = credentials.new_seed()
    with unit_of_work():
        first, second, *_ = services.set_up_second_factor(me, seed, current_code(seed), clock.now())
    with unit_of_work():
        assert services.use_recovery_code(me, f" {first.upper().replace('-', ' ')}", clock.now()) == 9
    with pytest.raises(Invalid), unit_of_work():
        services.use_recovery_code(me, first, clock.now())
    with unit_of_work():
        services.make_recovery_codes(account, clock.now())
    with pytest.raises(Invalid), unit_of_work():
        services.use_recovery_code(me, second, clock.now())
    assert queries.own_page(account, "", clock.now()).recovery_codes_left == 10


def test_a_reset_takes_two_administrators(app_context: Flask) -> None:
    first, second, account = make_account("admin"), make_account("admin"), make_account("editor")
    me = account.account_id or 0
    enrol(account)
    before = row(account).fs_uniquifier
    with unit_of_work():
        reset = services.request_second_factor_reset(first, me, clock.now())
    for nobody in (first, account, make_account("auditor")):
        with pytest.raises(NotAllowed), unit_of_work():
            services.confirm_second_factor_reset(nobody, reset, clock.now())
    assert row(account).tf_totp_secret is not None
    with pytest.raises(Invalid), unit_of_work():
        services.request_second_factor_reset(second, me, clock.now())
    with unit_of_work():
        assert services.confirm_second_factor_reset(second, reset, clock.now()) == me
    after = row(account)
    assert (after.tf_totp_secret, after.tf_primary_method, after.mf_recovery_codes) == (None, None, [])
    assert after.fs_uniquifier != before
    with pytest.raises(Invalid), unit_of_work():
        services.confirm_second_factor_reset(second, reset, clock.now())
    assert queries.open_resets(first, clock.now()) == ()


def test_the_database_itself_wants_four_eyes(app_context: Flask) -> None:
    first, account = make_account("admin"), make_account("editor")
    enrol(account)
    with unit_of_work():
        reset = services.request_second_factor_reset(first, account.account_id or 0, clock.now())
    for who in (first.account_id, account.account_id):
        with pytest.raises(IntegrityError), unit_of_work():
            db.session.execute(
                update(SecondFactorReset)
                .where(SecondFactorReset.id == reset)
                .values(confirmed_by=who, confirmed_at=clock.now())
            )


def test_a_request_is_void_after_two_days_or_when_cancelled(app_context: Flask) -> None:
    first, second, account = make_account("admin"), make_account("admin"), make_account("editor")
    me = account.account_id or 0
    enrol(account)
    now = clock.now()
    with unit_of_work():
        old = services.request_second_factor_reset(first, me, now)
    later = now + timedelta(hours=49)
    assert queries.open_resets(first, later) == ()
    with pytest.raises(Invalid), unit_of_work():
        services.confirm_second_factor_reset(second, old, later)
    with unit_of_work():
        new = services.request_second_factor_reset(first, me, later)
    with unit_of_work():
        services.cancel_second_factor_reset(second, new, later)
    with pytest.raises(Invalid), unit_of_work():
        services.confirm_second_factor_reset(second, new, later)
    assert row(account).tf_totp_secret is not None
