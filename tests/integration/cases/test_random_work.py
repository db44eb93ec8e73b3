"""Random people doing random things to many cases, on both databases (see :mod:`tests.integration.cases.crowd`).

The run is always the same one, until something that it draws from changes. ``CIVIC_CROWD=500`` draws that many
scripts anew. A failure prints the shortest script found that leads to it: its lines can be run as they stand.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from civic.cases.rules import CaseAction
from civic.cases.rules.guards import _GUARDS, refusal
from civic.core.extensions import db
from tests.integration.cases.acts import ACTS, Do
from tests.integration.cases.crowd import Crowd
from tests.integration.cases.figures import all_figures_are_right
from tests.integration.cases.scripts import played, shortest
from tests.integration.cases.watched import Watch, watching

SCRIPTS, STEPS = 3, 100
SEEDS, AT_LEAST = (110, 202, 300, *range(111, 118)), 2
"""Each makes so many scripts, the same each time; the later ones only until everything has happened that can."""

ANSWER = (
    Do("draft_reply", by="handler", case=1, resolution="explained"),
    Do("publish_reply", by="lead", case=1),
)
LONG_STORY = (
    Do("submit", kind="question", item="led", how="as usual", public=True),
    Do("accept", by="handler", case=1),
    Do("return", by="handler", case=1, suggested_department_id="roads"),
    Do("ask_resident", by="handler", case=1),
    Do("holiday"),
    *(Do("request_extension", by="handler", case=1, days=5),) * 2,
    Do("refuse_extension", by="dispatcher", case=1),
    *(*ANSWER, Do("reopen", by="resident", case=1)) * 3,
    Do("designate", by="dispatcher", case=1, department_id="water"),
    Do("accept", by="handler", case=1),
    ANSWER[0],
    Do("send_for_approval", by="handler", case=1),
    Do("publish_reply", by="handler", case=1),
    *(Do("approve_reply", by="lead", case=1, publish=False),) * 2,
    ANSWER[1],
    *(Do("rate", by="resident", case=1, level="dissatisfied", reason="", solved=None),) * 2,
    Do("reopen", by="resident", case=1),
)
"""What takes so long that it seldom comes about: a department is kept from asking, and a resident objects too often."""


def test_random_people_never_reach_an_impossible_state(app_context: Flask) -> None:
    drawn = int(os.environ.get("CIVIC_CROWD", "0"))
    with watching(db.engine) as watch:
        run = Run(app_context, watch)
        run.tell(LONG_STORY)
        if drawn:
            run.play(drawn)
        for tried, number in enumerate(() if drawn else SEEDS):
            if tried < AT_LEAST or run.missing():
                run.play(SCRIPTS, number)
    assert run.last is not None
    all_figures_are_right(run.last.world.now.date(), run.last.narrowings())
    assert run.missing() == set(), "the crowd must have tried, and been refused, everything that is possible"


def sentences(guard: Any) -> set[str]:
    """Everything with which a guard refuses something."""
    return {said for said in guard.__code__.co_consts if isinstance(said, str)} - {guard.__doc__}


UNSAID = {
    # Who has appealed is never declined again.
    "An appeal is possible once.",
    # With that the case is closed.
    "You have rated this answer as satisfactory.",
}
"""What would stand against something that can't be tried, because what leads there is refused before."""

GUARDED = {action: sentences(guard) - UNSAID for action, guard in _GUARDS.items() if action in ACTS}
"""With what it is refused to do what people do."""


@dataclass
class Run:
    """Scripts drawn and played, and what has happened in them."""

    app: Flask
    watch: Watch
    happened: set[CaseAction] = field(default_factory=set)
    heard: set[str] = field(default_factory=set)
    last: Crowd | None = None

    def missing(self) -> set[CaseAction | str]:
        """What has not happened yet, and what nobody was told yet."""
        said = set().union(sentences(refusal), *GUARDED.values())
        return {*(set(CaseAction) - self.happened), *(said - self.heard)}

    def wanted(self) -> set[CaseAction]:
        """What is to be done more often for it."""
        unheard = {action for action, said in GUARDED.items() if said - self.heard}
        return (set(CaseAction) - self.happened) | unheard

    def tell(self, script: Sequence[Do]) -> None:
        """Play a script that was written down."""
        crowd = Crowd(self.app, self.watch)
        error = played(lambda: crowd, script)
        if error is not None:
            raise error
        self.remember(crowd)

    def remember(self, crowd: Crowd) -> None:
        self.happened.update(event.action for history in crowd.histories.values() for event in history)
        self.heard |= crowd.heard

    def play(self, scripts: int, number: int | None = None) -> None:
        """Draw scripts and play them, the same by the same ``number``; what never happened is done more often.

        Where one fails, the shortest that does is looked for and printed.
        """
        wanted = self.wanted() if self.happened else frozenset[CaseAction]()
        heard, last, run = frozenset(self.heard), list[Crowd](), self

        class Recorded(Crowd):
            def __init__(self) -> None:
                super().__init__(run.app, run.watch, wanted, heard)
                last[:] = [self]

            def teardown(self) -> None:
                super().teardown()
                run.remember(self)

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
            begin = partial(Crowd, self.app, self.watch)
            script = shortest(begin, tuple(last[0].script), error)
            lines = "".join(f"\nstate.then(step={step!r})" for step in script)
            raise AssertionError(f"This script fails:{lines}") from played(begin, script) or error
        self.last = last[0]
