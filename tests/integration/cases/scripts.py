"""Playing a :mod:`crowd`'s script, and finding the shortest part of it that fails in the same way."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence

from tests.integration.cases.acts import Do
from tests.integration.cases.crowd import Crowd

Script = tuple[Do, ...]
Begin = Callable[[], Crowd]


def played(begin: Begin, script: Sequence[Do]) -> Exception | None:
    """What a script ends with, from its own beginning; None if all is well."""
    crowd = begin()
    try:
        crowd.nothing_is_wrong()
        for step in script:
            crowd.then(step)
            crowd.nothing_is_wrong()
        crowd.teardown()
    except Exception as error:
        return error
    return None


def shortest(begin: Begin, script: Script, error: BaseException) -> Script:
    """The script without every step, and run of steps, that the failure doesn't need."""
    length = len(script)
    while length := length // 2 or (1 if length > 1 else 0):
        for start in range(len(script) - length, -1, -length):
            shorter = without(script, range(start, start + length))
            found = played(begin, shorter)
            if found is not None and where(found) == where(error):
                script = shorter
        if length == 1:
            return script
    return script


def without(script: Script, gone: range) -> Script:
    """A script with some steps less; nothing is done to a case that never comes in, and the next have its number."""
    numbers: dict[int, int] = {}
    kept, came = [], 0
    for place, step in enumerate(script):
        if step.what == "submit":
            came += 1
            if place not in gone:
                numbers[came] = len(numbers) + 1
        if place in gone:
            continue
        if step.what == "submit" or "case" not in step.given:
            kept.append(step)
        elif (number := step.given["case"]) in numbers or number > came:
            kept.append(Do(step.what, **step.given | {"case": numbers.get(number, number)}))
    return tuple(kept)


def where(error: BaseException) -> tuple[type, str, int | None]:
    """Which check failed, or where what wasn't foreseen was raised."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return type(error), last.filename, last.lineno
