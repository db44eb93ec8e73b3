"""What the pages of mergers and splits show: what a department has, how many open cases go with it, what is planned."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from civic.admin.rules import PART_NAMES
from civic.cases import queries as cases
from civic.cases.queries import OpenCases
from civic.core.actor import Actor
from civic.core.dated import fingerprint
from civic.departments import queries as departments
from civic.departments import services
from civic.departments.queries import DepartmentRow
from civic.departments.rules import Holding, ReorganisationKind, ReorganisationRow
from civic.departments.services import NewReorganisation


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that passes, or can: ``cases`` counts the open ones that go with it."""

    holding: Holding
    chosen: bool
    cases: int


@dataclass(frozen=True, slots=True)
class PartShown:
    """Things of one kind; ``is_choice`` where the administrator says which of them pass."""

    label: str
    is_choice: bool
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a merger or split would pass on; ``seen`` marks what was shown."""

    new: NewReorganisation
    source: DepartmentRow
    target: DepartmentRow
    parts: tuple[PartShown, ...]
    open: OpenCases
    seen: str

    @property
    def whole(self) -> bool:
        return self.new.kind is ReorganisationKind.MERGE


@dataclass(frozen=True, slots=True)
class Reorganised:
    """A merger or split in which a department has a part, with both of them."""

    row: ReorganisationRow
    source: DepartmentRow
    target: DepartmentRow


def preview(actor: Actor, new: NewReorganisation, chosen: Collection[str] | None) -> Preview:
    """What would pass; ``chosen`` None before anything was chosen: in a merger everybody comes along."""
    held = services.holdings(actor, new.source_id)
    opened = cases.open_cases_of(new.source_id)
    whole = new.kind is ReorganisationKind.MERGE
    parts = tuple(
        PartShown(
            PART_NAMES[name],
            name == "people" or not whole,
            tuple(
                Choice(
                    one,
                    (whole if chosen is None else one.key in chosen) or (whole and name != "people"),
                    opened.by_key.get(one.key, 0),
                )
                for one in found
            ),
        )
        for name, found in held.items()
    )
    return Preview(
        new,
        departments.department(new.source_id),
        departments.department(new.target_id),
        parts,
        opened,
        mark_of(held),
    )


def mark_of(held: Mapping[str, tuple[Holding, ...]]) -> str:
    """A mark of what a department has, by which a change since the preview is seen."""
    return fingerprint({name: [one.key for one in found] for name, found in held.items()})


def reorganisations_of(department_id: int) -> tuple[Reorganised, ...]:
    """The mergers and splits in which a department has a part, the latest day first."""
    rows = [row for row in departments.reorganisations() if department_id in (row.source_id, row.target_id)]
    names = departments.department_names(one for row in rows for one in (row.source_id, row.target_id))
    return tuple(Reorganised(row, names[row.source_id], names[row.target_id]) for row in rows)
