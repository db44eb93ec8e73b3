"""Cases: the law of a case, its events and projections, services and queries. It has no pages."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from civic.core.config import Settings


def init_app(app: Flask) -> None:
    """Know the tables, the commands, and what runs by itself: clocks, counts, erasing, Traditional texts."""
    from civic.accounts.rules import AccountDeactivated, LeftDepartment
    from civic.cases.services import pass_cases, show_supports, sweep
    from civic.cases.services.following import carry_on
    from civic.cases.services.handing_over import (
        hand_back_of_department,
        hand_back_of_leaver,
        hand_back_stranded,
    )
    from civic.cases.services.recomputing import say_unmoved
    from civic.cases.services.renewing import renew_at_start
    from civic.cases.services.retention import (
        erase_contacts,
        erase_revisions,
        erase_unseen_photos,
        erase_unsent_files,
        forget_traces,
    )
    from civic.cases.services.scripting import KIND, write_traditional
    from civic.cases.services.summing import regroup, sum_up
    from civic.core.delivery import register_handler
    from civic.core.events import subscribe
    from civic.core.jobs import register_job
    from civic.core.starting import before_serving
    from civic.departments.services import DistrictLoaded, Part, register_part
    from civic.plans.services import PlacesChanged

    import_module("civic.cases.models")
    import_module("civic.cases.cli")
    settings: Settings = app.extensions["settings"]
    register_part(app, "cases", Part(pass_cases))
    before_serving(app, renew_at_start)
    register_job(app, "erase_contacts", 60, erase_contacts)
    register_job(app, "erase_revisions", 60, erase_revisions)
    register_job(app, "erase_unsent_files", 60, erase_unsent_files)
    register_job(app, "forget_traces", 60, forget_traces)
    register_job(app, "sum_up_counters", 1, sum_up)
    register_job(app, "show_supports", 1, show_supports)
    register_job(app, "erase_unseen_photos", 60, erase_unseen_photos)
    register_job(app, "hand_back_stranded", 5, hand_back_stranded)
    register_job(app, "move_deadlines", 1, carry_on, portions=20)
    subscribe(app, DistrictLoaded, say_unmoved)
    subscribe(app, PlacesChanged, regroup)
    subscribe(app, AccountDeactivated, hand_back_of_leaver)
    subscribe(app, LeftDepartment, hand_back_of_department)
    register_job(app, "sweep_cases", settings.worker_sweep_minutes, sweep)
    register_handler(app, KIND, write_traditional, repeatable=True)
