"""What a list's address asks for."""

from __future__ import annotations

from flask import request

FILTERS = ("item", "department", "street", "kind", "answered")


def asked_voices() -> dict[str, str]:
    """The filters of a list of voices as they stand in the address, '' for each that doesn't."""
    return {name: request.args.get(name, "") for name in FILTERS}
