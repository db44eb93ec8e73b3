"""Makers of what tests need: accounts, departments, signed-in browsers, filled-in forms. Each commits what it makes."""

from tests.factories.accounts import PASSWORD, current_code, enrol, make_account, sign_in, sign_out
from tests.factories.departments import make_department
from tests.factories.pages import csrf_token, submit

__all__ = [
    "PASSWORD",
    "csrf_token",
    "current_code",
    "enrol",
    "make_account",
    "make_department",
    "sign_in",
    "sign_out",
    "submit",
]
