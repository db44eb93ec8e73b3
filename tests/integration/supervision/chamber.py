"""A deputy, a department that owes answers, and another one; each with a browser of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from civic.cases import services as cases
from civic.cases.rules import CaseAction
from civic.core.actor import Actor, Grant, Role
from civic.departments import queries as departments
from tests.factories import make_account, sign_in
from tests.factories.pages import csrf_token
from tests.integration.cases.worlds import World, make_world

TEXT = "台江步道夜间照明不足，居民多次反映。请贵局说明原因，并在年底前补装路灯。"
TITLE = "关于步道夜间照明"
ANSWER = "已完成现场踏勘，年底前补装路灯十二盏。"
PRIVATE = "木棉暗号只写给部门看"


@dataclass
class Chamber:
    """Who takes part, and the cases: ``public`` and ``private`` are with our department, ``elsewhere`` isn't.

    ``app`` and ``browsers`` are of the test that uses it.
    """

    world: World
    people: Mapping[str, Actor]
    public: str = ""
    private: str = ""
    elsewhere: str = ""
    browsers: dict[str, FlaskClient] = field(default_factory=dict)
    app: Flask = field(init=False, repr=False)

    @property
    def key(self) -> str:
        with self.app.app_context():
            return departments.department(self.world.water).key

    def browser(self, who: str) -> FlaskClient:
        if who not in self.browsers:
            self.browsers[who] = self.app.test_client()
            if who != "nobody":
                sign_in(self.browsers[who], self.people[who])
        return self.browsers[who]

    def get(self, who: str, address: str) -> TestResponse:
        return self.browser(who).get(address)

    def read(self, who: str, address: str) -> str:
        found = self.get(who, address)
        assert found.status_code == 200, f"{who}: {address} {found.status_code}"
        return found.get_data(as_text=True)

    def post(self, who: str, page: str, address: str, data: Mapping[str, Any]) -> TestResponse:
        """Press a button on ``page``, whose token is taken from there."""
        token = csrf_token(self.get(who, page))
        return self.browser(who).post(address, data={"csrf_token": token, **data})

    def press(self, who: str, page: str, slug: str, version: int, **data: Any) -> None:
        answer = self.post(who, page, f"{page}/{slug}", {"version": str(version), **data})
        assert answer.status_code == 302, (slug, answer.status_code, answer.get_data(as_text=True)[-2000:])


def open_chamber() -> Chamber:
    """Needs an application context."""
    world = make_world()
    ours, theirs = world.water, world.roads
    people = {
        "deputy": make_account(Role.DEPUTY, name="周代表"),
        "colleague": make_account(Role.DEPUTY, name="吴代表"),
        "auditor": make_account(Role.AUDITOR),
        "admin": make_account(Role.ADMIN),
        "handler": make_account(Role.HANDLER, department_id=ours, name="陈经办"),
        "lead": make_account(grants=[Grant(Role.HANDLER, ours), Grant(Role.LEAD, ours)], name="林局长"),
        "stranger": make_account(grants=[Grant(Role.HANDLER, theirs), Grant(Role.LEAD, theirs)]),
    }
    public = world.submit()
    world.do(cases.review_publication, world.dispatcher, public.case_id, CaseAction.PUBLISH)
    private = world.submit(text=PRIVATE, wants_publication=False)
    elsewhere = world.submit(item_id=world.orphan_item_id, text=PRIVATE, wants_publication=False)
    world.do(cases.route_case, world.dispatcher, elsewhere.case_id, theirs, reason="归他局办理。")
    return Chamber(world, people, public.reference, private.reference, elsewhere.reference)
