"""The part of a period's document that says what residents talked about: counts of public messages, and no message.

It can't be made again later, because a sweep reads what is public at that moment; so it is sealed as it was told.
"""

from __future__ import annotations

from datetime import UTC
from typing import Any

from civic.supervision.queries.topics import Reading, reading
from civic.supervision.rules.choices import Choice, Scope
from civic.supervision.rules.tally import Tally, hottest, seen_of, told_tallies
from civic.supervision.rules.topics import TopicChoice, mark, weeks

MOST_TOLD = 30
Json = dict[str, Any]


def has_topics(choice: Choice) -> bool:
    """Whether topics can be told apart as a summary is narrowed: by chapter and street."""
    return not choice.keys.keys() - {Scope.CHAPTER, Scope.STREET}


def topics_part(choice: TopicChoice) -> Json | None:
    """The hottest topics of a choice as the last sweep found them, ``told`` of how many; None before the first."""
    found, _every = reading(choice)
    if found is None:
        return None
    tallies = told_tallies(found.talk.now)
    listed = hottest(tallies, choice.period.until, MOST_TOLD)
    return {
        "read_at": found.read.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "read_since": found.read.since.isoformat(),
        "messages": found.read.messages,
        "messages_before": found.read.before,
        "told": len(tallies),
        "listed": _listed(found, {key: tallies[key] for key in listed}),
    }


def _listed(found: Reading, tallies: dict[int, Tally]) -> list[Json]:
    """Without the other phrases of a topic, which fewer may use, and without numbers of messages: together with a
    phrase, a number would go on telling what an erased message said."""
    topics, seen, period = found.found(tallies), seen_of(found.talk, tallies.keys()), found.period
    rows = []
    for key, tally in tallies.items():
        changed = mark(seen[key]) if found.reaches else None
        rows.append({
            "phrase": topics[key].phrase,
            "phrase_hant": topics[key].phrase_hant,
            "messages": tally.n,
            "before": seen[key].before if found.reaches else None,
            "writers": len(tally.newest),
            "heat": f"{tally.heat(period.until):.1f}",
            "mark": changed.value if changed else None,
            "streets": [{"key": street, "n": n} for street, n in found.by_street(tally)],
            "weeks": [
                {"monday": monday.isoformat(), "n": n} for monday, n in weeks(tally.days, period)
            ],
        })  # fmt: skip
    return rows
