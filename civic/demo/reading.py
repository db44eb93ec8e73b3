"""Reading the sample data of a district, strictly: a slip of the pen is an error with file and line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from civic.cases.rules import (
    DeclineCode,
    FeedbackKind,
    Publication,
    RatingLevel,
    Resolution,
    Solved,
    SpeaksAs,
)
from civic.core.actor import Role
from civic.core.errors import NotFound
from civic.demo.rules import REPLYING, REVIEWED, SampleCase, SampleReply, Step, Verb
from civic.departments.rules.datafile import Entry, entries, read_yaml, refuse_unknown, text_of

HOME = Path(__file__).parent / "data"

TEXTS = ("key", "text", "path", "plan", "item", "paragraph", "street", "community", "place", "masked")
OTHERS = ("kind", "before", "speaks_as", "publication", "phone", "replies", "rating", "solved")
KEYS = (*TEXTS, *OTHERS, "office", "to", "into", "code", "about_staff", "words")

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class SampleStaff:
    """Who works in the sample: every department has a handler and a lead, the district has the rest."""

    password: str
    mail_domain: str
    departments: tuple[str, ...]
    district: tuple[tuple[str, Role, str], ...]
    """Name before the @, role and title of those who work for the district as a whole."""
    titles: Mapping[Role, str]
    """What handlers and leads are called."""


@dataclass(frozen=True, slots=True)
class Sample:
    """All sample data of a district."""

    staff: SampleStaff
    cases: tuple[SampleCase, ...]
    progress: Entry


def read_sample(district: str) -> Sample:
    """The sample of a district from ``data/<district>/``; raises :class:`NotFound` if there is none."""
    folder = HOME / district
    if not folder.is_dir():
        raise NotFound(f"There is no sample data for the district {district}: {folder} is missing.")
    paths = _read(folder / "paths.yaml")
    cases: list[SampleCase] = []
    for file in sorted((folder / "cases").glob("*.yaml")):
        found = _read(file)
        cases += [_case(entry, paths, text_of(found, "mark")) for entry in entries(found, "cases")]
    _check_keys(cases)
    return Sample(_staff(_read(folder / "staff.yaml")), tuple(cases), _read(folder / "progress.yaml"))


def _read(path: Path) -> Entry:
    found = read_yaml(path.name, path.read_text(encoding="utf-8"))
    assert isinstance(found, Entry), path
    return found


def _staff(file: Entry) -> SampleStaff:
    titles = file["titles"]
    return SampleStaff(
        password=text_of(file, "password", required=True),
        mail_domain=text_of(file, "mail_domain", required=True),
        departments=tuple(file["departments"]),
        district=tuple(
            (text_of(e, "name", required=True), Role(e["role"]), text_of(e, "title", required=True))
            for e in entries(file, "district")
        ),
        titles={role: text_of(titles, role.value, required=True) for role in (Role.HANDLER, Role.LEAD)},
    )


def _case(entry: Entry, paths: Entry, mark: str) -> SampleCase:
    """``mark`` is put behind every text that a reader might take for a real one."""
    refuse_unknown(entry, KEYS)
    texts = {key: text_of(entry, key) for key in TEXTS}
    path = paths.get(texts["path"])
    if not isinstance(path, Entry):
        raise entry.error(f"there is no path {texts['path']!r} in paths.yaml", "path")
    before = entry.get("before")
    if not isinstance(before, int) or before < 1:
        raise entry.error("'before' must be a number of working days, 1 or more", "before")
    publication = _choice(entry, "publication", Publication) or Publication.PUBLIC
    steps = _steps(path)
    review = REVIEWED[publication]
    case = SampleCase(
        **texts
        | {
            "text": texts["text"] + mark,
            "masked": texts["masked"] + mark if texts["masked"] else "",
            "plan": texts["plan"] or text_of(paths, "plan"),
        },
        kind=_choice(entry, "kind", FeedbackKind) or FeedbackKind.SUGGESTION,
        before=before,
        steps=(Step(1, review), *steps) if review else steps,
        speaks_as=_choice(entry, "speaks_as", SpeaksAs),
        publication=publication,
        phone=text_of(entry, "phone"),
        replies=tuple(_reply(e, mark) for e in entries(entry, "replies")) if "replies" in entry else (),
        rating=_choice(entry, "rating", RatingLevel),
        solved=_choice(entry, "solved", Solved),
        office=text_of(entry, "office"),
        to=text_of(entry, "to"),
        into=text_of(entry, "into"),
        code=_choice(entry, "code", DeclineCode),
        about_staff=bool(entry.get("about_staff")),
        words={verb: text for given in (path, entry) for verb, text in _words(given).items()},
    )
    _check(entry, case)
    return case


def _words(entry: Entry) -> Mapping[str, str]:
    words = entry.get("words", {})
    if not words:
        return {}
    refuse_unknown(words, [verb.value for verb in Verb])
    return {verb: text_of(words, verb, required=True) for verb in words}


def _steps(path: Entry) -> tuple[Step, ...]:
    """``1 accept, 4 draft, 4 send`` as steps; the days never run backwards."""
    found = []
    for part in filter(None, (p.strip() for p in text_of(path, "steps").split(","))):
        day, _, verb = part.partition(" ")
        if not day.isdigit() or int(day) < 1 or verb not in set(Verb):
            raise path.error(f"{part!r} isn't a step: a day from 1 on, and what is done", "steps")
        found.append(Step(int(day), Verb(verb)))
    if [step.day for step in found] != sorted(step.day for step in found):
        raise path.error("the steps must be in the order of their days", "steps")
    return tuple(found)


def _reply(entry: Entry, mark: str) -> SampleReply:
    refuse_unknown(entry, ("text", "resolution", "referred_to"))
    resolution = _choice(entry, "resolution", Resolution)
    if resolution is None:
        raise entry.error("'resolution' is missing", "resolution")
    return SampleReply(
        text_of(entry, "text", required=True) + mark, resolution, text_of(entry, "referred_to")
    )


def _choice(entry: Entry, key: str, kind: type[E]) -> E | None:
    value: Any = entry.get(key)
    if value is None:
        return None
    if value not in set(kind):
        raise entry.error(f"{value!r} isn't one of {', '.join(kind)}", key)
    return kind(value)


def _check(entry: Entry, case: SampleCase) -> None:
    """What a step needs must be there."""
    verbs = [step.verb for step in case.steps]
    wanted = sum(verb in REPLYING for verb in verbs)
    if len(case.replies) != wanted:
        raise entry.error(
            f"the path {case.path!r} needs {wanted} replies, not {len(case.replies)}", "replies"
        )
    needs = {
        "masked": (case.masked, {Verb.PUBLISH_MASKED}),
        "to": (case.to, {Verb.TRANSFER, Verb.DESIGNATE, Verb.INVITE, Verb.ROUTE}),
        "into": (case.into, {Verb.MERGE}),
        "code": (case.code, {Verb.DECLINE}),
    }
    for key, (given, by) in needs.items():
        if not given and by.intersection(verbs):
            raise entry.error(f"{key!r} is missing: the path {case.path!r} needs it")


def _check_keys(cases: list[SampleCase]) -> None:
    keys = [case.key for case in cases]
    twice = {key for key in keys if keys.count(key) > 1}
    lost = {case.into for case in cases if case.into} - set(keys)
    if twice or lost:
        raise ValueError(f"sample cases that stand twice: {sorted(twice)}; that are missing: {sorted(lost)}")
