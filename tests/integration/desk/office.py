"""A desk to test at: two departments with people who are signed in, and their forms filled in as a browser does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.cases import queries, services
from civic.cases.models import Case
from civic.cases.queries import CasePage
from civic.cases.rules import FeedbackKind, Resolution
from civic.cases.services import NewContact, NewFeedback
from civic.core.actor import RESIDENT, Actor, Role
from civic.core.audit import AuditEntry
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.core.ids import new_nonce
from tests.factories import make_account, make_department, sign_in
from tests.integration.cases.worlds import version_of
from tests.snapshots import built_once

MONDAY = datetime(2026, 9, 7, 2, 0, tzinfo=UTC)
"""Monday 7 September 2026, ten in the morning in the district."""

REPLY = "已安排十二盏路灯，九月底前装好。"
WORDS = "请在河边3号楼前增设路灯，晚上太暗，老人不敢走。"


@dataclass
class Form:
    """One form of a page: where it goes, and what a browser would send if nobody touched it."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Forms(HTMLParser):
    """Collects the forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._textarea = self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("action", "").partition("#")[0]))
        elif self.forms:
            self._control(tag, given, given.get("name", ""))

    def _control(self, tag: str, given: dict[str, str], name: str) -> None:
        form = self.forms[-1]
        if tag == "input" and name and (given.get("type") not in ("radio", "checkbox") or "checked" in given):
            form.fields[name] = given.get("value", "")
        elif tag == "button":
            form.buttons.append((name, given.get("value", "")))
        elif tag == "textarea":
            self._textarea = name
            form.fields[name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in given or self._select not in form.fields):
            form.fields[self._select] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.forms[-1].fields[self._textarea] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            # A browser drops the first line end of a text area.
            name, self._textarea = self._textarea, ""
            fields = self.forms[-1].fields
            fields[name] = fields[name].removeprefix("\r\n").removeprefix("\n")
        elif tag == "select":
            self._select = ""


OF_FORMS = re.compile(r"<(?:form|input|button|option|/?select)\b[^>]*>|<textarea\b.*?</textarea>", re.DOTALL)
"""To read the rest of a page as well takes four times as long; no value on our pages has a bare angle bracket."""


def forms_of(page: TestResponse) -> list[Form]:
    parser = _Forms()
    parser.feed("".join(OF_FORMS.findall(page.get_data(as_text=True))))
    return parser.forms


@dataclass
class Office:
    """Everyone at work: ``handler``, ``colleague`` and ``lead`` of the waterworks, ``other`` of the roads."""

    app: Flask
    water: int
    roads: int
    item_id: int
    people: dict[str, Actor]
    browsers: dict[str, FlaskClient] = field(default_factory=dict)
    now: datetime = MONDAY

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """The clock of the platform shows this office's moment."""
        with time_machine.travel(self.now, tick=False):
            yield

    def pass_time(self, **span: float) -> None:
        """Go on in time; after a working day everybody signs in anew."""
        self.now += timedelta(**span)
        self.browsers.clear()

    def browser(self, who: str) -> FlaskClient:
        """The browser of one of the people, signed in at first use."""
        if who not in self.browsers:
            with self.at_work():
                self.browsers[who] = sign_in(self.app.test_client(), self.people[who])
        return self.browsers[who]

    def get(self, who: str, address: str) -> TestResponse:
        browser = self.browser(who)
        with self.at_work():
            return browser.get(address)

    def open(self, who: str, reference: str) -> TestResponse:
        """The page of a case."""
        return self.get(who, f"/desk/cases/{reference}")

    def form(self, who: str, reference: str, slug: str) -> Form:
        """The form of an action on the page of a case, or behind its link; fails if the page offers neither."""
        page = self.open(who, reference)
        wanted = f"/desk/cases/{reference}/{slug}"
        if f'href="{wanted}"' in page.get_data(as_text=True):
            page = self.get(who, wanted)
        found = [form for form in forms_of(page) if form.action == wanted and "csrf_token" in form.fields]
        assert found, f"{who} is not offered {slug} ({page.status_code})"
        return found[0]

    def send(self, who: str, form: Form, **typed: str) -> TestResponse:
        browser = self.browser(who)
        with self.at_work():
            return browser.post(form.action, data={**form.fields, **typed})

    def act(self, who: str, reference: str, slug: str, **typed: str) -> TestResponse:
        """Open the case, fill in the form of the action, send it; it must succeed."""
        answer = self.send(who, self.form(who, reference, slug), **typed)
        assert answer.status_code == 302, answer.get_data(as_text=True)
        return answer

    def offers(self, who: str, reference: str) -> set[str]:
        """The actions a page offers, by their word in the address."""
        start = f"/desk/cases/{reference}/"
        page = self.open(who, reference)
        linked = re.findall(r'href="([^"?#]+)"', page.get_data(as_text=True))
        addresses = [form.action for form in forms_of(page)] + linked
        words = {a.removeprefix(start) for a in addresses if a.startswith(start)}
        return {word for word in words if "/" not in word} - {"note", "files"}

    def submit(self, **values: Any) -> str:
        """A resident's word comes in; returns its reference."""
        given: dict[str, Any] = {
            "kind": FeedbackKind.SUGGESTION,
            "text": WORDS,
            "nonce": new_nonce(),
            "item_id": self.item_id,
            "wants_publication": True,
            "contact": NewContact(name="林女士", phone="13800000000"),
        }
        with self.app.app_context(), unit_of_work():
            return services.submit_feedback(RESIDENT, NewFeedback(**(given | values)), self.now).reference

    def case(self, reference: str, who: str = "dispatcher") -> CasePage:
        """What the platform knows of the case."""
        with self.app.app_context():
            case_id = queries.case_id_of(reference)
            assert case_id is not None
            return queries.case_page(self.people[who], case_id, self.now)

    def looks(self, action: str) -> list[int | None]:
        """The accounts in the audit rows of an action, in order."""
        with self.app.app_context():
            rows = select(AuditEntry.account_id).where(AuditEntry.action == action).order_by(AuditEntry.id)
            return list(db.session.scalars(rows))

    def looks_at(self, action: str) -> list[str]:
        """The cases in the audit rows of an action, in order."""
        with self.app.app_context():
            rows = select(AuditEntry.subject_id).where(AuditEntry.action == action).order_by(AuditEntry.id)
            references = {
                row.id: row.reference for row in db.session.execute(select(Case.id, Case.reference))
            }
            return [references[int(one)] for one in db.session.scalars(rows)]

    def step(self, who: str, reference: str, service: Callable[..., object], **given: Any) -> None:
        """Somebody takes a step on the way to what a test looks at; the pages for it have tests of their own."""
        with self.app.app_context(), unit_of_work():
            case_id = queries.case_id_of(reference)
            assert case_id is not None
            service(self.people[who], case_id, version_of(case_id), now=self.now, **given)

    def accept(self, reference: str, who: str = "handler") -> None:
        self.step(who, reference, services.accept_case)

    def draft(self, reference: str, *, send: bool = False) -> None:
        """Accept and draft, in the handler's hands."""
        self.accept(reference)
        self.step("handler", reference, services.draft_reply, text=REPLY, resolution=Resolution.ADOPTED)
        if send:
            self.step("handler", reference, services.send_for_approval)

    def answered(self, reference: str) -> None:
        """Bring a case to its published reply, in two persons' hands."""
        self.draft(reference, send=True)
        self.step("lead", reference, services.approve_reply, publish=True)


def make_office(app: Flask) -> Office:
    """Departments, people and one item of a plan. Requests run outside this context, as they do on a server."""
    with app.app_context():
        return Office(app, *built_once(app, "office", _furnished))


def _furnished() -> tuple[int, int, int, dict[str, Actor]]:
    water = make_department("water", "区水务局", name_hant="區水務局", name_en="Water Office")
    roads = make_department("roads", "区住建局", name_hant="區住建局", name_en="Roads Office")
    with time_machine.travel(MONDAY, tick=False):
        people = {
            "handler": make_account(Role.HANDLER, department_id=water, name="陈经办"),
            "colleague": make_account(Role.HANDLER, department_id=water, name="黄经办"),
            "lead": make_account(Role.LEAD, department_id=water, name="郑科长"),
            "other": make_account(Role.HANDLER, department_id=roads, name="外局经办"),
            "dispatcher": make_account(Role.DISPATCHER, name="派单员"),
            "auditor": make_account(Role.AUDITOR, name="审计员"),
            "deputy": make_account(Role.DEPUTY, name="代表"),
            "admin": make_account(Role.ADMIN, name="管理员"),
        }
    return water, roads, _make_item(water), people


def _make_item(department_id: int) -> int:
    """A clause with one paragraph that the department leads."""
    tables = db.metadata.tables
    with unit_of_work() as session:

        def insert(table: str, **values: Any) -> int:
            known = {name: value for name, value in values.items() if name in tables[table].c}
            key: int = session.execute(tables[table].insert().values(known)).inserted_primary_key[0]
            return key

        plan_id = insert(
            "plan", slug="test-plan", title="测试规划", status="published", first_year=2026, last_year=2030
        )
        item_id = insert(
            "item", plan_id=plan_id, code="6.3.1", kind="clause", number="一、", title="防洪排涝",
            title_hant="防洪排澇", position=1, depth=3,
        )  # fmt: skip
        insert(
            "paragraph", item_id=item_id, anchor="p1", position=1,
            text="推进内河沿岸步道照明建设。", text_hant="推進內河沿岸步道照明建設。",
        )  # fmt: skip
        insert(
            "responsibility",
            item_id=item_id,
            department_id=department_id,
            role="lead",
            source="district",
            position=1,
        )
    return item_id
