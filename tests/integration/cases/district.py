"""Where a :mod:`crowd` is at work, and what happens there that isn't one person's work on one case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from civic.accounts import queries as accounts
from civic.cases import queries, services
from civic.cases.models import Case, SupportChange, VoiceSupport
from civic.cases.rules import CaseFacts, FeedbackKind, HeldBecause
from civic.cases.services.retention import erase_contacts
from civic.core.actor import RESIDENT, Actor
from civic.core.dated import fingerprint
from civic.core.db import unit_of_work
from civic.core.errors import DomainError
from civic.core.extensions import db
from civic.core.workdays import is_workday
from civic.departments import queries as departments
from civic.departments.rules import CalendarFile, ReorganisationKind, SpecialDay
from civic.departments.services import NewReorganisation, change_calendar, plan_reorganisation
from civic.departments.services.calendars import calendar_values, special_days
from tests.copies import empty
from tests.integration.cases.acts import DEPARTMENTS, OUTSIDE, PEOPLE
from tests.integration.cases.replayed import stored_counters, whole_database
from tests.integration.cases.watched import Watch
from tests.integration.cases.worlds import make_crowded_world
from tests.snapshots import built_once


class District:
    """A small one, in which nothing was said yet."""

    def begin(self, app: Flask, watch: Watch) -> None:
        self.app, self.watch = app, watch
        db.session.remove()
        if db.engine.dialect.name == "postgresql":
            empty(app)
        app.extensions.pop("civic.kept", None)
        self.world, parks, third_lead = built_once(app, "crowd", make_crowded_world)
        world, ids = self.world, (self.world.water, self.world.roads, parks)
        self.departments = dict(zip(DEPARTMENTS, ids, strict=True))
        self.people: dict[str, Actor] = {
            "resident": RESIDENT,
            **{name: getattr(world, name) for name in (*PEOPLE[:-1], "dispatcher", *OUTSIDE)},
            "third_lead": third_lead,
        }
        self.cases: list[int] = []
        self.facts: dict[int, CaseFacts] = {}
        self.whole: tuple[int, object] = (-1, None)

    def as_it_stands(self) -> object:
        """The whole database, read again only if anything was written since."""
        if self.whole[0] != self.watch.changes:
            self.whole = self.watch.changes, whole_database()
        return self.whole[1]

    def nothing_changed(self, before: object) -> None:
        """What was refused leaves everything as it was."""
        db.session.rollback()
        assert whole_database() == before, "what was refused has changed something"

    def submit(self, kind: str, item: str | None, how: str, public: bool) -> None:
        world = self.world
        receipt = world.submit(
            kind=FeedbackKind(kind),
            item_id={"led": world.item_id, "orphan": world.orphan_item_id}.get(item or ""),
            wants_publication=public,
            about_staff=how == "about staff",
            held=(HeldBecause.NO_PROOF,) if how == "held" else (),
        )
        self.cases.append(receipt.case_id)

    def time_passes(self, hours: int) -> None:
        self.world.pass_time(hours=hours)

    def sweep(self) -> None:
        with unit_of_work():
            services.sweep(self.world.now)
        with unit_of_work():
            assert services.sweep(self.world.now) == services.SweepReport(0, 0), "once is enough"

    def press(self, case: int, browser: str) -> None:
        self.support(services.support_voice, case, browser, mine=True)

    def take_back(self, case: int, browser: str) -> None:
        self.support(services.take_back_support, case, browser, mine=False)

    def support(self, service: Any, case: int, browser: str, *, mine: bool) -> None:
        case_id = self.cases[(case - 1) % len(self.cases)]
        reference = self.world.sent[self.cases.index(case_id)].reference
        seen = self.facts[case_id]
        survivor = self.facts[seen.survivor_id] if seen.survivor_id is not None else seen
        try:
            with unit_of_work():
                service(reference, browser, self.world.now)
        except DomainError:
            assert not survivor.is_visible
        else:
            assert survivor.is_visible
            assert queries.supported(reference, browser).mine is mine

    def count_supports(self) -> None:
        with unit_of_work():
            services.show_supports(self.world.now)
        pressed = db.session.execute(select(VoiceSupport.case_id, VoiceSupport.browser_hash)).all()
        for case_id, shown in db.session.execute(select(Case.id, Case.supporters)):
            joined = {case_id, *self.facts[case_id].absorbed}
            assert shown == len({row.browser_hash for row in pressed if row.case_id in joined})
        assert db.session.scalar(select(func.count()).select_from(SupportChange)) == 0

    def sum_up(self) -> None:
        with unit_of_work():
            services.sum_up(self.world.now)

    def rebuild(self) -> None:
        before = stored_counters()
        with unit_of_work():
            services.rebuild_stats()
        assert stored_counters() == before
        assert services.check_stats() == []

    def holiday(self) -> None:
        """The official calendar names another day off, and what it moves is moved."""
        now, calendar = self.world.now, departments.calendar()
        days = (now.date() + timedelta(days=n) for n in range(1, 99))
        day = next(day for day in days if is_workday(calendar, day))
        before = calendar_values(day.year)
        kept = (one for one in special_days(before) if one.day != day)
        off = (*kept, SpecialDay(day, False, "补充放假"))
        file = CalendarFile(day.year, "关于补充放假的通知", "1号", now.date(), "", off)
        with unit_of_work():
            change_calendar(self.people["admin"], file, "补充放假", now, fingerprint(before))
            services.recompute_deadlines(now)

    def reorganise(self, source: str, target: str, whole: bool) -> None:
        """A department is merged into another one, or what concerns an item of the plan passes to it."""
        today = departments.local_day(self.world.now)
        new = NewReorganisation(
            ReorganisationKind.MERGE if whole else ReorganisationKind.SPLIT,
            self.departments[source], self.departments[target], today, "通知", "1号", today,
            frozenset() if whole else frozenset({f"item:{self.world.item_id}"}),
        )  # fmt: skip
        before = self.as_it_stands()
        try:
            with unit_of_work():
                plan_reorganisation(self.people["admin"], new, self.world.now)
        except DomainError:
            self.nothing_changed(before)
        for name, actor in self.people.items():
            if actor.account_id is not None:
                self.people[name] = accounts.actor_of(actor.account_id)

    def leave(self, person: str, successor: str | None) -> None:
        """Somebody leaves, and what they have goes to a colleague or back to the department."""
        actor, to = self.people[person], self.people[successor].account_id if successor else None
        assert actor.account_id is not None
        before = self.as_it_stands()
        try:
            with unit_of_work():
                services.hand_over_cases(
                    self.people["admin"], actor.account_id,
                    dict.fromkeys(sorted(actor.departments()), to), self.world.now,
                )  # fmt: skip
        except DomainError:
            self.nothing_changed(before)

    def contacts_go(self) -> None:
        """Long after their end, as retention has it."""
        with unit_of_work():
            erase_contacts(self.world.now + timedelta(days=200))
