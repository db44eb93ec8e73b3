"""A small district for tests of cases: departments, staff, a plan with items, and a case to act on."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from civic.cases import services
from civic.cases.rules import CaseAction, Channel, FeedbackKind
from civic.cases.services import NewContact, NewFeedback, Receipt, State
from civic.core.actor import RESIDENT, Actor, ActorKind, Grant, Role
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.core.ids import new_nonce
from tests.factories import make_department

_numbers = itertools.count(1)

MONDAY = datetime(2026, 9, 7, 2, 0, tzinfo=UTC)
"""Monday 7 September 2026, ten in the morning in the district."""


def insert(table: str, **values: Any) -> int:
    """One row by table name, as another feature would have written it."""
    found = db.metadata.tables[table]
    known = {name: value for name, value in values.items() if name in found.c}
    with unit_of_work() as session:
        key: int = session.execute(found.insert().values(known)).inserted_primary_key[0]
    return key


@dataclass
class World:
    """Two departments with handler and lead each, a dispatcher, and one item that the first leads."""

    water: int
    roads: int
    handler: Actor
    colleague: Actor
    lead: Actor
    other: Actor
    other_lead: Actor
    dispatcher: Actor
    auditor: Actor
    deputy: Actor
    admin: Actor
    item_id: int
    orphan_item_id: int
    now: datetime = MONDAY
    sent: list[Receipt] = field(default_factory=list)

    def pass_time(self, **span: float) -> None:
        self.now += timedelta(**span)

    def submit(self, **values: Any) -> Receipt:
        """A resident's word; ``actor`` defaults to the resident."""
        actor = values.pop("actor", RESIDENT)
        given: dict[str, Any] = {
            "kind": FeedbackKind.SUGGESTION,
            "text": "请在河边步道增设路灯，晚上太暗。",
            "nonce": new_nonce(),
            "item_id": self.item_id,
            "wants_publication": True,
            "contact": NewContact(name="林女士", phone="13800000000"),
            "channel": Channel.WEB if actor is RESIDENT else Channel.HOTLINE,
        }
        with unit_of_work():
            receipt = services.submit_feedback(actor, NewFeedback(**(given | values)), self.now)
        self.sent.append(receipt)
        return receipt

    def do(self, service: Any, actor: Actor, case_id: int, *args: Any, **values: Any) -> State:
        """Call a service with the case's present version and this moment, in a transaction."""
        with unit_of_work():
            version = values.pop("version", None) or version_of(case_id)
            result: State = service(actor, case_id, version, *args, now=self.now, **values)
        return result

    def answered(self, case_id: int, *, resolution: Any = None) -> State:
        """Bring an accepted or unaccepted case to its published answer, in two persons' hands."""
        from civic.cases.rules import CaseStatus, Resolution

        if status_of(case_id) is CaseStatus.ROUTED:
            self.do(services.accept_case, self.handler, case_id)
        self.do(
            services.draft_reply,
            self.handler,
            case_id,
            text="已安排十二盏路灯，九月底前安装完毕。",
            resolution=resolution or Resolution.ADOPTED,
        )
        self.do(services.send_for_approval, self.handler, case_id)
        return self.do(services.approve_reply, self.lead, case_id, publish=True)


def version_of(case_id: int) -> int:
    from civic.cases.models import Case

    found = db.session.scalar(db.select(Case.version).where(Case.id == case_id))
    assert found is not None
    return int(found)


def status_of(case_id: int) -> Any:
    from civic.cases.models import Case
    from civic.cases.rules import CaseStatus

    return CaseStatus(db.session.scalar(db.select(Case.status).where(Case.id == case_id)))


def events_of(case_id: int) -> list[CaseAction]:
    from civic.cases.models import CaseEvent

    rows = db.session.scalars(
        db.select(CaseEvent.action).where(CaseEvent.case_id == case_id).order_by(CaseEvent.seq)
    )
    return [CaseAction(action) for action in rows]


def make_staff(role: Role, department_id: int | None = None) -> Actor:
    """An account that never signs in here, so it needs no password."""
    number = next(_numbers)
    account_id = insert(
        "account",
        email=f"desk{number}@example.org",
        name=f"经办{number}",
        active=True,
        locale="zh_Hans",
        fs_uniquifier=f"desk-{number}",
        mf_recovery_codes=[],
        created_at=MONDAY,
    )
    insert(
        "role_grant", account_id=account_id, role=role.value, department_id=department_id, granted_at=MONDAY
    )
    return Actor(ActorKind.STAFF, account_id, f"经办{number}", frozenset({Grant(role, department_id)}))


def make_world() -> World:
    """Needs an application context."""
    insert(
        "calendar_year", year=2026, notice_title="关于2026年部分节假日安排的通知", notice_number="", url=""
    )
    for day in range(1, 8):
        insert("calendar_day", day=date(2026, 10, day), year=2026, works=False, name="国庆节")
    for month, day in ((9, 20), (10, 10)):
        insert("calendar_day", day=date(2026, month, day), year=2026, works=True, name="国庆节调休")
    water, roads = make_department(), make_department()
    plan_id = insert(
        "plan", slug="test-plan", title="测试规划", status="published", first_year=2026, last_year=2030
    )
    items = [
        insert(
            "item",
            plan_id=plan_id,
            code=code,
            kind="clause",
            number="一、",
            title="防洪排涝",
            title_hant="防洪排澇",
            position=position,
            depth=3,
        )
        for position, code in enumerate(("6.3.1", "6.3.2"), start=1)
    ]
    insert(
        "responsibility", item_id=items[0], department_id=water, role="lead", source="district", position=1
    )
    return World(
        water=water,
        roads=roads,
        handler=make_staff(Role.HANDLER, water),
        colleague=make_staff(Role.HANDLER, water),
        lead=make_staff(Role.LEAD, water),
        other=make_staff(Role.HANDLER, roads),
        other_lead=make_staff(Role.LEAD, roads),
        dispatcher=make_staff(Role.DISPATCHER),
        auditor=make_staff(Role.AUDITOR),
        deputy=make_staff(Role.DEPUTY),
        admin=make_staff(Role.ADMIN),
        item_id=items[0],
        orphan_item_id=items[1],
    )


def make_crowded_world() -> tuple[World, int, Actor]:
    """The small world, and a third department with its lead. Needs an application context."""
    world = make_world()
    parks = make_department()
    return world, parks, make_staff(Role.LEAD, parks)
