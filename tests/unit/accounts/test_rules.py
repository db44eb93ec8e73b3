"""Which roles need a department, and which passwords are refused and why."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.accounts import policy, rules
from civic.accounts.credentials import common_passwords
from civic.accounts.rules import check_grant, check_password, normalise_email, skeleton, standing_in
from civic.core.actor import SYSTEM, Actor, ActorKind, Grant, Role
from civic.core.errors import Invalid

ABOUT = ("陈晓燕 Chen Xiaoyan", "xiaoyan.chen@taijiang.example")


def code_of(password: str) -> str:
    try:
        check_password(password, common=common_passwords(), about=ABOUT)
    except Invalid as error:
        return error.code
    return "good"


@pytest.mark.parametrize("role", list(Role))
def test_handler_and_lead_come_with_a_department_and_nobody_else(role: Role) -> None:
    needs = role in {Role.HANDLER, Role.LEAD}
    right, wrong = (7, None) if needs else (None, 7)
    check_grant(role, right)
    with pytest.raises(Invalid) as error:
        check_grant(role, wrong)
    assert error.value.field == "department"


@pytest.mark.parametrize(
    "password",
    [
        "password2026!",
        "P@ssw0rd2026!!",
        "Passwordpassword1",
        "woaini1314520",
        "admin888admin888",
        "Taijiang2026!!",
        "Taijiang#Fuzhou#1",
        "weirenminfuwu2026",
        "correcthorsebatterystaple",
        "qwertyuiop[]12",
        "1qaz2wsx3edc4rfv",
        "123456789012345",
        "abcdefghijklmnop",
        "aaaaaaaaaaaaaaaa",
        "abababababababab",
        "Xiaoyan.Chen2026",
        "chenxiaoyan20261123",
    ],
)
def test_a_password_that_is_tried_first_is_refused(password: str) -> None:
    assert code_of(password) == "password_common"


@pytest.mark.parametrize("password", ["", "short", "elevenchars", "十一个汉字不够长啊啊啊"])
def test_a_short_password_is_refused(password: str) -> None:
    assert code_of(password) == "password_short"


def test_a_password_without_end_is_refused() -> None:
    assert code_of("ab cd ef gh" * 30) == "password_long"


@pytest.mark.parametrize(
    "password",
    [
        "seven calm herons by the river",
        "三号楼下的猫爱吃红烧肉和米饭",
        "vK8#qm2!Lw0z",
        "password managers are worth it",
        "榕树下 three kettles 1984",
    ],
)
def test_a_sentence_or_random_characters_are_good(password: str) -> None:
    assert code_of(password) == "good"


@given(st.text(max_size=260))
def test_any_text_gets_an_answer(password: str) -> None:
    assert code_of(password) in {"good", "password_short", "password_long", "password_common"}


def test_the_skeleton_sees_through_look_alikes() -> None:
    assert skeleton("P@ssw0rd2026!") == "password"
    assert skeleton("123456") == ""


def test_an_address_has_one_form() -> None:
    assert normalise_email("  Ａ.Lin@Example.ORG ") == "a.lin@example.org"


@pytest.mark.parametrize(
    "text", ["", "a", "a@b", "a b@c.de", "a@@b.de", "@b.de", "a@.de", "x" * 250 + "@b.de"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        normalise_email(text)


def test_a_recovery_code_is_read_as_it_was_copied() -> None:
    assert rules.normalise_recovery_code(" AB12 cd34－EF56 ") == "ab12-cd34-ef56"


def staff(number: int, *roles: Role) -> Actor:
    return Actor(ActorKind.STAFF, number, f"S{number}", frozenset(Grant(role) for role in roles))


ADMIN = staff(1, Role.ADMIN)


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.ADMIN])
def test_only_administrators_touch_accounts(role: Role) -> None:
    other = staff(2, role)
    assert not policy.can_manage_accounts(other)
    assert not policy.can_change_account(other, 3)
    assert not policy.can_request_second_factor_reset(other, 3)
    assert not policy.can_confirm_second_factor_reset(other, 3, 1)
    assert not policy.can_revoke_sessions(other, 3)
    assert policy.can_revoke_sessions(other, 2)
    assert bool(policy.can_read_audit(other)) is (role is Role.AUDITOR)


def test_nobody_changes_the_own_account() -> None:
    assert policy.can_change_account(ADMIN, 2)
    assert not policy.can_change_account(ADMIN, 1)
    assert not policy.can_request_second_factor_reset(ADMIN, 1)


def test_a_reset_needs_two_administrators_and_neither_is_its_owner() -> None:
    second = staff(2, Role.ADMIN)
    assert policy.can_confirm_second_factor_reset(second, account_id=3, requested_by=1)
    assert not policy.can_confirm_second_factor_reset(ADMIN, account_id=3, requested_by=1)
    assert not policy.can_confirm_second_factor_reset(second, account_id=2, requested_by=1)


def test_the_command_line_creates_accounts_but_is_no_pair_of_eyes() -> None:
    assert policy.can_manage_accounts(SYSTEM)
    assert policy.can_change_account(SYSTEM, 1)
    assert not policy.can_request_second_factor_reset(SYSTEM, 1)
    assert not policy.can_confirm_second_factor_reset(SYSTEM, 1, 2)


PEOPLE = st.integers(1, 6)


@given(named=st.dictionaries(PEOPLE, st.none() | PEOPLE))
def test_who_stands_in_is_there_and_is_whom_the_chain_of_names_ends_with(
    named: dict[int, int | None],
) -> None:
    for person, first in named.items():
        does = standing_in(person, named)
        assert does not in named, "whoever does the work is not away"
        if first is None or first not in named:
            assert does == first
        else:
            others = {one: after for one, after in named.items() if one != person}
            assert does in (standing_in(first, others), None)


def test_a_circle_of_names_leaves_the_work_to_nobody() -> None:
    assert standing_in(1, {1: 2, 2: 3, 3: 1}) is None
    assert standing_in(1, {1: 2, 2: 3, 3: 2}) is None
    assert standing_in(1, {1: 2, 2: 3}) == 3
