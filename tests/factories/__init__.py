"""Makers of what tests need: accounts, departments, signed-in browsers. Each commits what it makes."""

from tests.factories.accounts import PASSWORD, enrol, make_account, sign_in, sign_out
from tests.factories.departments import make_department

__all__ = ["PASSWORD", "enrol", "make_account", "make_department", "sign_in", "sign_out"]
