"""Random people doing random things to many cases, on both databases (see :mod:`tests.integration.cases.crowd`).

The run is always the same one, until something that it draws from changes. ``CIVIC_CROWD=500`` draws that many
scripts anew. A failure prints the shortest script found that leads to it: its lines can be run as they stand.
"""

from __future__ import annotations

import os
from collections.abc import Collection

from flask import Flask
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from civic.cases.rules import CaseAction
from tests.integration.cases.crowd import Crowd
from tests.integration.cases.figures import all_figures_are_right
from tests.integration.cases.scripts import played, shortest

SCRIPTS, STEPS = 3, 100
SEEDS, AT_LEAST = range(60, 68), 2
"""Each makes so many scripts, the same each time; the later ones only until everything has happened that can."""


def test_random_people_never_reach_an_impossible_state(app_context: Flask) -> None:
    happened: set[CaseAction] = set()
    drawn = int(os.environ.get("CIVIC_CROWD", "0"))
    if drawn:
        happened |= work(app_context, drawn)
    for tried, number in enumerate(() if drawn else SEEDS):
        if tried < AT_LEAST or not_yet(happened):
            happened |= work(app_context, SCRIPTS, number, not_yet(happened) if happened else frozenset())
    assert not_yet(happened) == set(), "the crowd must have tried everything that is possible"


def not_yet(happened: set[CaseAction]) -> set[CaseAction]:
    return set(CaseAction) - happened


def work(
    app: Flask, scripts: int, number: int | None = None, wanted: Collection[CaseAction] = ()
) -> set[CaseAction]:
    """Draw scripts and play them, the same by the same ``number``; returns everything that has happened.

    Where one fails, the shortest that does is looked for and printed.
    """
    happened: set[CaseAction] = set()
    last: list[Crowd] = []

    class Recorded(Crowd):
        def __init__(self) -> None:
            super().__init__(app, wanted)
            last[:] = [self]

        def teardown(self) -> None:
            super().teardown()
            happened.update(event.action for history in self.histories.values() for event in history)

    try:
        run_state_machine_as_test(
            Recorded if number is None else seed(number)(Recorded),
            settings=settings(
                max_examples=scripts,
                stateful_step_count=STEPS,
                database=None,
                deadline=None,
                derandomize=False,
                report_multiple_bugs=False,
                phases=(Phase.generate,),
                suppress_health_check=list(HealthCheck),
            ),
        )
    except Exception as error:
        script = shortest(app, tuple(last[0].script), error)
        lines = "".join(f"\nstate.then(step={step!r})" for step in script)
        raise AssertionError(f"This script fails:{lines}") from played(app, script)
    all_figures_are_right(last[0].world.now.date(), last[0].narrowings())
    return happened
