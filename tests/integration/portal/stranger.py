"""A stranger who opens every address that needs no session, with everything that can be put into it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product

from flask import Flask, url_for
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from civic.web.access import Audience, declared_access

OPEN = frozenset({Audience.PUBLIC, Audience.MACHINE, Audience.RESIDENT})
PREFIXES = ("", "/zh-hant", "/en")
KINDS = ("suggestion", "question", "complaint", "report", "praise")


@dataclass
class Stranger:
    """``values``: for each part of an address what is tried; ``asked``: what is put behind it, by endpoint."""

    app: Flask
    values: Mapping[str, Iterable[object]]
    asked: Mapping[str, Iterable[Mapping[str, str]]] = field(default_factory=dict)

    def addresses(self) -> Iterator[tuple[str, str]]:
        """(endpoint, address) of everything; fails for a part of an address that nobody gave values for."""
        with self.app.test_request_context():
            for rule in sorted(self.app.url_map.iter_rules(), key=lambda rule: rule.rule):
                if rule.endpoint == "static" or not _open(self.app, rule):
                    continue
                names = sorted(rule.arguments - set(rule.defaults or ()))
                tried = [self._tried(rule.endpoint, name) for name in names]
                for given in product(*tried):
                    for query in ({}, *self.asked.get(rule.endpoint, ())):
                        parts = dict(zip(names, given, strict=True))
                        yield rule.endpoint, url_for(rule.endpoint, **parts, **query)

    def _tried(self, endpoint: str, name: str) -> Iterable[object]:
        key = f"{endpoint}:{name}" if f"{endpoint}:{name}" in self.values else name
        assert key in self.values, f"say in this test what to try for <{name}> of {endpoint}"
        return self.values[key]

    def opened(self, only: Collection[str] = ()) -> Iterator[tuple[str, str, TestResponse]]:
        """(endpoint, address, answer) of everything, and the first address of each endpoint in every language."""
        seen: set[str] = set()
        for endpoint, address in list(self.addresses()):
            if only and endpoint not in only:
                continue
            for prefix in PREFIXES if endpoint not in seen else PREFIXES[:1]:
                with self.app.test_client().get(prefix + address) as answer:
                    assert answer.status_code < 500, prefix + address
                    yield endpoint, prefix + address, answer
            seen.add(endpoint)


def _open(app: Flask, rule: Rule) -> bool:
    return "GET" in (rule.methods or set()) and bool(declared_access(app, rule.endpoint) & OPEN)
