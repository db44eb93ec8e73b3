"""A deputy reads no private word anywhere, an auditor none without a trace of it, and neither a contact.

Every page that either may open is opened, with everything that can be put into its address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import product
from zipfile import ZipFile

import time_machine
from flask import Flask, url_for
from flask.testing import FlaskClient
from werkzeug.routing import AnyConverter, IntegerConverter, Rule

from civic.cases import services
from civic.cases.rules import AttachedTo, CaseAction, Resolution
from civic.cases.services import NewContact, Receipt
from civic.core.actor import RESIDENT, Role
from civic.core.audit import AuditEntry
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.files import services as uploads
from civic.web.access import Audience, declared_access
from tests.factories import make_account, sign_in
from tests.integration.cases.worlds import World
from tests.integration.supervision.watched import SECRET, real_world

WORDS = (SECRET, "木棉暗號")
CONTACT = ("13911112222", "王秘密")
INSIDE = frozenset({"desk.case", "desk.pane", "desk.attachment", "desk.original_photo"})
"""Where an auditor reads a case from inside."""
PERIOD = {"since": "2026-09-01", "until": "2026-09-30"}


def secrets(world: World) -> tuple[Receipt, Receipt]:
    """A private case, answered, and one that is public with its words covered, both with all that staff writes."""
    contact = NewContact(name=CONTACT[1], phone=CONTACT[0], address=CONTACT[1])
    private = world.submit(
        text=f"{SECRET}在河边，路灯坏了。", place=SECRET, contact=contact, wants_publication=False
    )
    masked = world.submit(text=f"{SECRET}旁边的路灯坏了。", place=SECRET, contact=contact)
    covered = "＊＊＊＊旁边的路灯坏了。"
    world.do(
        services.review_publication, world.dispatcher, masked.case_id, CaseAction.PUBLISH_MASKED, masked_text=covered
    )  # fmt: skip
    for one in (private, masked):
        world.do(services.return_case, world.handler, one.case_id, reason=SECRET)
        world.do(services.designate_case, world.dispatcher, one.case_id, world.water, reason=SECRET)
        world.do(services.accept_case, world.handler, one.case_id)
        world.do(services.ask_resident, world.handler, one.case_id, question=SECRET)
        world.do(services.add_information, RESIDENT, one.case_id, text=SECRET)
        with unit_of_work():
            services.add_note(world.handler, one.case_id, SECRET, world.now)
            upload = uploads.made_upload(f"%PDF-1.7 {SECRET}".encode(), f"{SECRET}.pdf")
            services.attach_file(world.handler, one.case_id, upload, AttachedTo.REPLY, world.now)
    draft = {"text": SECRET, "resolution": Resolution.EXPLAINED}
    world.do(services.draft_reply, world.handler, private.case_id, **draft)
    world.do(services.send_for_approval, world.handler, private.case_id)
    world.do(services.approve_reply, world.lead, private.case_id, publish=True)
    world.do(services.draft_reply, world.handler, masked.case_id, **draft)
    return private, masked


def addresses(
    app: Flask, role: Role, references: list[str], attachments: list[int]
) -> Iterator[tuple[str, str]]:
    """(endpoint, address) of everything that a role may open, with whatever an address may ask for."""
    values: dict[str, list[object]] = {
        "reference": [*references], "attachment_id": [*attachments], "phrase": [SECRET[:2], "路灯"],
    }  # fmt: skip
    asked: dict[str, list[dict[str, str]]] = {
        "desk.queue": [{"view": view} for view in ("all", "department", "overdue")] + [{"q": "木棉"}],
        "desk.changes": [{"view": "all"}],
        "supervision.summary": [PERIOD],
        "supervision.summary_csv": [PERIOD],
        "supervision.behind": [{"figure": figure, **PERIOD} for figure in ("received", "open", "public")],
        "supervision.warnings": [{"rule": "overdue"}],
    }
    with app.test_request_context():
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
            opened_by = declared_access(app, rule.endpoint)
            if "GET" not in (rule.methods or ()) or not opened_by & {role, Audience.STAFF}:
                continue
            names = sorted(rule.arguments)
            for given in product(*(tried(rule, name, values) for name in names)):
                for query in ({}, *asked.get(rule.endpoint, ())):
                    yield (
                        rule.endpoint,
                        url_for(rule.endpoint, **dict(zip(names, given, strict=True)), **query),
                    )


def tried(rule: Rule, name: str, values: dict[str, list[object]]) -> list[object]:
    """What is put into a part of an address: all of a choice, the first of what is numbered, or as said here."""
    converter = rule._converters[name]
    if name in values or not isinstance(converter, IntegerConverter | AnyConverter):
        assert name in values, f"say in this test what to try for <{name}> of {rule.endpoint}"
        return values[name]
    return sorted(converter.items) if isinstance(converter, AnyConverter) else [1]


def words_of(content: bytes) -> str:
    """What an answer says; of a workbook or document what its parts say."""
    if not content.startswith(b"PK"):
        return content.decode("utf-8", "replace")
    with ZipFile(BytesIO(content)) as parts:
        return "".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())


def looks(app: Flask) -> list[tuple[int | None, str]]:
    with app.app_context():
        rows = db.session.scalars(
            db.select(AuditEntry).where(AuditEntry.action == "case.read").order_by(AuditEntry.id)
        )
        return [(row.account_id, row.subject_id) for row in rows]


def test_deputies_read_no_private_word_and_auditors_none_without_a_trace(taijiang: Flask) -> None:
    with taijiang.app_context():
        world = real_world()
        private, masked = secrets(world)
        attachments = [1, 2]
        world.pass_time(days=30)
        db.session.remove()
    references = [private.reference, masked.reference]
    with time_machine.travel(world.now, tick=False):
        for role in (Role.DEPUTY, Role.AUDITOR):
            with taijiang.app_context():
                account = make_account(role)
                client = sign_in(taijiang.test_client(), account)
            read = walk(taijiang, client, role, references, attachments)
            if role is Role.DEPUTY:
                assert read == {}
            else:
                assert set(read) == INSIDE - {"desk.original_photo"}, "without a photo"


def walk(
    app: Flask, client: FlaskClient, role: Role, references: list[str], attachments: list[int]
) -> dict[str, int]:
    """Open everything; by endpoint, how often a private word was read. Fails for one without its audit row."""
    read: dict[str, int] = {}
    before = looks(app)
    for endpoint, address in list(addresses(app, role, references, attachments)):
        with client.get(address) as answer:
            assert answer.status_code < 500, address
            body = words_of(answer.get_data())
        shown = re.sub(r'(?:value|href|action|content|data-news)="[^"]*"', "", body)
        after = looks(app)
        assert not any(word in body for word in CONTACT), address
        if any(word in shown for word in WORDS):
            assert role is Role.AUDITOR, address
            read[endpoint] = read.get(endpoint, 0) + 1
            assert len(after) == len(before) + 1, f"{address} leaves no trace"
        elif endpoint not in INSIDE:
            assert after == before, f"{address} leaves a trace of nothing"
        before = after
    return read
