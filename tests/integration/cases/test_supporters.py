"""Counting supporters: whatever browsers press in whatever order, the number is that of those who support it now."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from civic.cases import queries, services
from civic.cases.models import Case, SupportChange
from civic.cases.rules import CaseAction
from civic.core.db import unit_of_work
from civic.core.errors import NotFound
from civic.core.extensions import db
from tests.integration.cases.test_racing import at_once
from tests.integration.cases.worlds import World

BROWSERS = ("one", "two", "three", "four")


def published(world: World) -> Any:
    receipt = world.submit()
    world.do(services.review_publication, world.dispatcher, receipt.case_id, CaseAction.PUBLISH)
    return receipt


def shown(case_id: int) -> int:
    return db.session.scalars(select(Case.supporters).where(Case.id == case_id)).one()


presses = st.lists(
    st.tuples(st.sampled_from(("support", "back", "count")), st.integers(0, 1), st.sampled_from(BROWSERS)),
    max_size=9,
)


@settings(max_examples=15)
@given(before=presses, after=presses, apart=presses)
def test_the_number_is_that_of_the_browsers_that_support_it_now(
    world: World, before: list[Any], after: list[Any], apart: list[Any]
) -> None:
    """Through a merge and back: together each browser counts once, apart each case has its own again."""
    cases = published(world), published(world)
    own: tuple[set[str], set[str]] = (set(), set())
    merged = False

    def play(steps: list[Any]) -> None:
        for what, place, browser in steps:
            with unit_of_work():
                if what == "count":
                    services.show_supports(world.now)
                elif what == "support":
                    services.support_voice(cases[place].reference, browser, world.now)
                else:
                    services.take_back_support(cases[place].reference, browser, world.now)
            if what == "support":
                if not merged:
                    own[place].add(browser)
                elif browser not in own[0] | own[1]:
                    own[1].add(browser)
            elif what == "back":
                for each in own if merged else (own[place],):
                    each.discard(browser)
            check()

    def check() -> None:
        for place in (0, 1):
            expected = own[0] | own[1] if merged else own[place]
            found = queries.supported(cases[place].reference, "one")
            assert found.count == len(expected)
            assert found.mine == ("one" in expected)

    def count() -> None:
        with unit_of_work():
            services.show_supports(world.now)

    play(before)
    count()
    assert [shown(case.case_id) for case in cases] == [len(own[0]), len(own[1])]
    world.do(services.merge_case, world.dispatcher, cases[0].case_id, cases[1].case_id)
    merged = True
    play(after)
    count()
    assert shown(cases[1].case_id) == len(own[0] | own[1])
    world.do(services.unmerge_case, world.dispatcher, cases[0].case_id)
    merged = False
    play(apart)
    count()
    assert [shown(case.case_id) for case in cases] == [len(own[0]), len(own[1])]
    assert db.session.scalar(select(SupportChange.case_id).limit(1)) is None


def test_presses_at_once_and_a_count_between_them_lose_nothing(app: Flask, world: World) -> None:
    case = published(world)

    def press(browser: str) -> Any:
        return lambda: services.support_voice(case.reference, browser, world.now)

    def count() -> Any:
        return services.show_supports(world.now)

    results = at_once(app, *(press(f"browser {n % 6}") for n in range(12)), count, count)
    assert [result for result in results if isinstance(result, Exception)] == []
    with unit_of_work():
        services.show_supports(world.now)
    assert queries.supported(case.reference).count == 6
    assert shown(case.case_id) == 6


def test_a_case_that_nobody_may_read_takes_no_support(world: World) -> None:
    waiting = world.submit().reference
    for service in (services.support_voice, services.take_back_support):
        with pytest.raises(NotFound), unit_of_work():
            service(waiting, "one", world.now)
