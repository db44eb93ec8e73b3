"""Periodic jobs: a feature registers a function of ``now``; the worker runs it, mostly in its own transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Flask


@dataclass(frozen=True, slots=True)
class Job:
    """``run`` is called every ``minutes`` (a divisor of 60, or a multiple of it up to a day), with the time.

    With ``portions`` it is called up to so many times in a row, each time in a transaction of its own, as long as
    what it returns says that there was something to do.
    ``outside``: it takes long, so it runs outside any transaction and opens its own for what it writes.
    """

    name: str
    minutes: int
    run: Callable[[datetime], object]
    portions: int = 1
    outside: bool = False


def register_job(
    app: Flask,
    name: str,
    minutes: int,
    run: Callable[[datetime], object],
    *,
    portions: int = 1,
    outside: bool = False,
) -> None:
    """Add a job; its name appears in the worker's log."""
    jobs(app)[name] = Job(name, minutes, run, portions, outside)


def jobs(app: Flask) -> dict[str, Job]:
    """The registered jobs by name."""
    registered: dict[str, Job] = app.extensions.setdefault("civic.jobs", {})
    return registered
