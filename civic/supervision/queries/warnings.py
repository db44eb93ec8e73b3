"""The page of warnings: what the rules warn of now, by department, each with its reason and what it is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from itertools import groupby

from civic.cases.queries import WatchedCase
from civic.cases.rules import KIND_LABELS, STATUS_LABELS
from civic.core.actor import Actor, Role
from civic.core.errors import N_, Invalid, NotFound
from civic.core.paging import decode_cursor, encode_cursor
from civic.departments import queries as departments
from civic.departments.queries import DepartmentRow
from civic.plans import queries as plans
from civic.plans.queries import ItemRef
from civic.supervision import policy
from civic.supervision.queries.warning_facts import (
    Gathered,
    gather_warning_facts,
    overdue_severities,
    warning_rules,
)
from civic.supervision.rows import NOBODY_KEY
from civic.supervision.rules.all_clear import Clear, all_clear
from civic.supervision.rules.warning_rules import RULE_LABELS, RuleKey, Severity, WarningRule
from civic.supervision.rules.warnings import (
    SEVERITY_LABELS,
    Sentence,
    SubjectKind,
    Warned,
    judged,
    rule_sentence,
    warn,
)

PAGE = 50
_NOBODY_LAST = 1_000_000_000
_FIGURES = {RuleKey.UNHEARD: "received", RuleKey.DISSATISFIED: "rated", RuleKey.ON_TIME: "own_due"}
"""Of the rules that count cases over a time: the figure of the summary whose list they counted."""


@dataclass(frozen=True, slots=True)
class WarningFilter:
    """Which warnings are asked for; None is all. ``department`` is a key, 'none' for cases that nobody has."""

    department: str | None = None
    rule: RuleKey | None = None
    severity: Severity | None = None

    @property
    def args(self) -> dict[str, str]:
        """The same choice as parameters of an address."""
        chosen = {"department": self.department, "rule": self.rule, "severity": self.severity}
        return {name: str(value) for name, value in chosen.items() if value}


@dataclass(frozen=True, slots=True)
class Tally:
    """How many warnings there are."""

    red: int = 0
    yellow: int = 0

    @property
    def total(self) -> int:
        return self.red + self.yellow


NONE = Tally()
"""No warning; a former department is offered only while there is one."""


@dataclass(frozen=True, slots=True)
class WarningRow:
    """One warning with what it is about; a case by number and days, never by its words.

    ``may_open``: the reader finds the case at the desk.
    """

    warned: Warned
    department: DepartmentRow | None
    case: WatchedCase | None = None
    case_kind: str = ""
    case_status: str = ""
    item: ItemRef | None = None
    may_open: bool = False

    @property
    def label(self) -> str:
        return RULE_LABELS[self.warned.rule]

    @property
    def listed(self) -> dict[str, str]:
        """What the address of the list behind the warning's figure carries; empty where it has none."""
        period, figure = self.warned.period, _FIGURES.get(self.warned.rule)
        if period is None or figure is None:
            return {}
        by, row = "department", self.department.key if self.department else NOBODY_KEY
        if self.item is not None:
            by, row = "item", f"{self.item.plan_slug}:{self.item.code}"
        days = {"since": period.since.isoformat(), "until": period.until.isoformat()}
        return {"by": by, "row": row, "figure": figure, **days}

    @property
    def severity_label(self) -> str:
        return SEVERITY_LABELS[self.warned.severity]


@dataclass(frozen=True, slots=True)
class WarningGroup:
    """The warnings of one department on this page, and how many it has in all."""

    key: str
    department: DepartmentRow | None
    tally: Tally
    rows: tuple[WarningRow, ...]

    @property
    def by_rule(self) -> tuple[tuple[str, tuple[WarningRow, ...]], ...]:
        """(label, its warnings), as they stand in order."""
        return tuple((label, tuple(rows)) for label, rows in groupby(self.rows, key=lambda row: row.label))


@dataclass(frozen=True, slots=True)
class RuleShown:
    """One rule in force: what it says with its thresholds, and what it warns of."""

    key: RuleKey
    label: str
    sentence: Sentence
    tally: Tally


@dataclass(frozen=True, slots=True)
class WarningsPage:
    """``tally``: of what was asked for. ``clear``: of the one department that was asked for, why each other rule
    doesn't warn."""

    wanted: WarningFilter
    today: date
    tally: Tally
    groups: tuple[WarningGroup, ...]
    next_cursor: str | None
    rules: tuple[RuleShown, ...]
    departments: tuple[tuple[DepartmentRow, Tally], ...]
    nobody: Tally
    department: DepartmentRow | None
    clear: tuple[Clear, ...]

    @property
    def is_narrowed(self) -> bool:
        return bool(self.wanted.args)


def warnings_page(
    actor: Actor, wanted: WarningFilter, cursor: str | None, now: datetime, *, size: int = PAGE
) -> WarningsPage:
    """What the rules warn of now; raises :class:`NotAllowed`, and :class:`NotFound` for an unknown department."""
    policy.can_read_summary(actor).require()
    rules = warning_rules()
    chosen = _chosen(wanted.department)
    gathered = gather_warning_facts(rules, now)
    everything = warn(rules, gathered.facts)
    places, counted = _Places(), _by_department(everything)
    fitting = sorted(
        (one for one in everything if _fits(one, wanted, chosen)), key=lambda one: places.key(one)
    )
    after = _after(cursor)
    rest = [one for one in fitting if after is None or places.key(one) > after]
    shown = rest[:size]
    return WarningsPage(
        wanted=wanted,
        today=departments.local_day(now),
        tally=_tally(fitting),
        groups=_groups(_rows(actor, shown, gathered), fitting, places),
        next_cursor=_cursor(places, shown[-1]) if len(rest) > size else None,
        rules=tuple(_shown(rule, everything) for rule in rules),
        departments=tuple(
            (row, counted.get(row.id, NONE)) for row in places.rows if row.active or row.id in counted
        ),
        nobody=counted.get(None, NONE),
        department=chosen,
        clear=all_clear(_asked(rules, wanted), gathered.facts, everything, chosen.id) if chosen else (),
    )


def all_warnings(actor: Actor, wanted: WarningFilter, now: datetime) -> tuple[WarningRow, ...]:
    """Every warning that fits, by department; for the command."""
    policy.can_read_summary(actor).require()
    chosen, places = _chosen(wanted.department), _Places()
    gathered = gather_warning_facts(warning_rules(), now)
    fitting = [one for one in warn(warning_rules(), gathered.facts) if _fits(one, wanted, chosen)]
    return _rows(actor, sorted(fitting, key=places.key), gathered)


def warning_tally(actor: Actor, now: datetime) -> Tally:
    """How many warnings there are, for a line on another page."""
    policy.can_read_summary(actor).require()
    rules = {rule.key: rule for rule in warning_rules()}
    overdue = rules.pop(RuleKey.OVERDUE, None)
    late = overdue_severities(overdue, now) if overdue else {}
    others = tuple(rules.values())
    found = _tally(judged(others, gather_warning_facts(others, now).facts))
    return Tally(found.red + late.get(Severity.RED, 0), found.yellow + late.get(Severity.YELLOW, 0))


class _Places:
    """The order of departments; what nobody has comes last."""

    def __init__(self) -> None:
        self.rows = departments.departments(include_inactive=True)
        self._place = {row.id: place for place, row in enumerate(self.rows)}
        self.names = {row.id: row for row in self.rows}

    def key(self, one: Warned) -> tuple[int, int, int, Decimal, int]:
        place = _NOBODY_LAST if one.department_id is None else self._place[one.department_id]
        return place, *one.rank


def _after(cursor: str | None) -> tuple[int, int, int, Decimal, int] | None:
    found = decode_cursor(cursor, 5)
    if found is None:
        return None
    try:
        place, rule, severity, value, subject = found
        return int(place), int(rule), int(severity), Decimal(str(value)), int(subject)
    except (TypeError, ValueError, InvalidOperation) as error:
        raise Invalid(N_("This page of the list can't be opened. Go back to its beginning.")) from error


def _cursor(places: _Places, last: Warned) -> str:
    place, rule, severity, value, subject = places.key(last)
    return encode_cursor(place, rule, severity, str(value), subject)


def _chosen(key: str | None) -> DepartmentRow | None:
    if key is None or key == NOBODY_KEY:
        return None
    found = next((row for row in departments.departments(include_inactive=True) if row.key == key), None)
    if found is None:
        raise NotFound(N_("There is no such department."))
    return found


def _fits(one: Warned, wanted: WarningFilter, chosen: DepartmentRow | None) -> bool:
    if wanted.department is not None and one.department_id != (chosen.id if chosen else None):
        return False
    return wanted.rule in (None, one.rule) and wanted.severity in (None, one.severity)


def _asked(rules: Iterable[WarningRule], wanted: WarningFilter) -> tuple[WarningRule, ...]:
    return tuple(rule for rule in rules if wanted.rule in (None, rule.key))


def _tally(found: Iterable[Warned]) -> Tally:
    severities = [one.severity for one in found]
    return Tally(severities.count(Severity.RED), severities.count(Severity.YELLOW))


def _by_department(found: Iterable[Warned]) -> dict[int | None, Tally]:
    """Of each department that is warned of, how many; None is what nobody has."""
    counted = Counter((one.department_id, one.severity) for one in found)
    ids = {department_id for department_id, _ in counted}
    return {id_: Tally(counted[id_, Severity.RED], counted[id_, Severity.YELLOW]) for id_ in ids}


def _shown(rule: WarningRule, found: Iterable[Warned]) -> RuleShown:
    tally = _tally(one for one in found if one.rule is rule.key)
    return RuleShown(rule.key, RULE_LABELS[rule.key], rule_sentence(rule), tally)


def _rows(actor: Actor, shown: Iterable[Warned], gathered: Gathered) -> tuple[WarningRow, ...]:
    found = [(one, gathered.cases[one.subject_id] if one.kind is SubjectKind.CASE else None) for one in shown]
    about = {case.item_id if case else one.subject_id for one, case in found if _has_item(one)}
    items = plans.item_refs(item_id for item_id in about if item_id is not None)
    names = departments.department_names(one.department_id for one, _ in found)
    return tuple(_row(actor, one, case, items, names) for one, case in found)


def _has_item(one: Warned) -> bool:
    return one.kind is not SubjectKind.DEPARTMENT


def _row(
    actor: Actor,
    one: Warned,
    case: WatchedCase | None,
    items: Mapping[int, ItemRef],
    names: Mapping[int, DepartmentRow],
) -> WarningRow:
    department = names.get(one.department_id) if one.department_id is not None else None
    if case is None:
        item = items.get(one.subject_id) if _has_item(one) else None
        return WarningRow(one, department, item=item)
    return WarningRow(
        one, department, case, KIND_LABELS[case.kind], STATUS_LABELS[case.status],
        items.get(case.item_id) if case.item_id is not None else None,
        may_open=_may_open(actor, case),
    )  # fmt: skip


def _may_open(actor: Actor, case: WatchedCase) -> bool:
    """Whether the desk shows the case to the reader; an auditor's look at it is recorded there."""
    return actor.has(Role.AUDITOR, Role.DISPATCHER) or actor.has_in(
        case.department_id, Role.HANDLER, Role.LEAD
    )


def _groups(
    rows: Iterable[WarningRow], fitting: Iterable[Warned], places: _Places
) -> tuple[WarningGroup, ...]:
    counted = _by_department(fitting)
    grouped: dict[int | None, list[WarningRow]] = {}
    for row in rows:
        grouped.setdefault(row.warned.department_id, []).append(row)
    return tuple(
        WarningGroup(_key(places, id_), places.names.get(id_ or 0), counted[id_], tuple(found))
        for id_, found in grouped.items()
    )


def _key(places: _Places, department_id: int | None) -> str:
    return NOBODY_KEY if department_id is None else places.names[department_id].key
