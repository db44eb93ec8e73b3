"""The form of a department's report. It checks nothing itself but what can't be read: the law is in the rules."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice

from civic.core.errors import DomainError
from civic.core.text import tidy
from civic.files.queries import FileRow
from civic.files.rules import ACCEPTED
from civic.progress.queries.updates import UpdateRow
from civic.progress.rules.updates import (
    LONGEST_TITLE,
    UPDATE_LABELS,
    Evidence,
    EvidenceKind,
    Flaw,
    Milestone,
    Report,
    UpdateStatus,
)
from civic.web.messages import say

SPARE_MILESTONES = 3
SPARE_LINKS = 2
SPARE_FILES = 3
"""Empty rows at the end, so that a form without script can grow with each save."""

DAY: dict[str, Any] = {"type": "date"}
TITLE: dict[str, Any] = {"maxlength": LONGEST_TITLE}


def _day(label: Any = "", **kwargs: Any) -> StringField:
    return StringField(label, render_kw=DAY, **kwargs)


class MilestoneForm(Form):
    """One row of the milestones; an empty title takes it out."""

    key = HiddenField()
    title = StringField(_l("What is reached"), render_kw=TITLE)
    planned_on = _day(_l("Planned for"))
    actual_on = _day(_l("Reached on"))


class EvidenceForm(Form):
    """A link, or a file that is stored already."""

    file = HiddenField()
    title = StringField(_l("What it shows"), render_kw=TITLE)
    url = StringField(_l("Web address"), render_kw={"type": "url", "maxlength": 500})
    remove = BooleanField(_l("Take it out"))


class UploadForm(Form):
    """A new file."""

    upload = FileField(_l("File"), render_kw={"accept": ",".join(ACCEPTED)})
    title = StringField(_l("What it shows"), render_kw=TITLE)


class ReportForm(FlaskForm):
    """``version`` is that of the open report as the person saw it, 0 for a new one."""

    version = HiddenField()
    corrects = HiddenField()
    status = RadioField(
        _l("How far is it?"),
        choices=[SelectChoice(one.value, _l(text)) for one, text in UPDATE_LABELS.items()],
    )
    percent = StringField(
        _l("Percentage"),
        description=_l("Only if your department really measures one. It is shown as yours, never computed."),
        render_kw={"inputmode": "numeric", "maxlength": 4},
    )
    text = TextAreaField(
        _l("What has been done, and what comes next?"),
        description=_l("Plain words that a resident understands. No names of private persons."),
        render_kw={"rows": 8},
    )
    as_of = _day(_l("As of"), description=_l("The day that the report speaks of."))
    expected_on = _day(
        _l("Expected to be done by"), description=_l("After this day it shows as past its date.")
    )
    milestones = FieldList(FormField(MilestoneForm))
    evidence = FieldList(FormField(EvidenceForm))
    uploads = FieldList(FormField(UploadForm))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.problems: list[tuple[str, str]] = []
        """(id of the field, sentence) for the summary, in the order found."""
        self._rows: dict[str, list[int]] = {"milestones": [], "evidence": []}

    @property
    def seen_version(self) -> int:
        """The version that the person was looking at; -1 for what can't be one."""
        return _number(self.version.data, 0)

    @property
    def corrected(self) -> int | None:
        """The published report that is to be corrected."""
        found = _number(self.corrects.data, 0)
        return found if found > 0 else None

    def begin(self, report: Report | None, today: date, *, everything: bool) -> None:
        """Fill in what is known: of a draft or a report to correct everything, else what carries on."""
        if report is not None:
            self.status.data = report.status.value
            self.percent.data = "" if report.percent is None else str(report.percent)
            self.expected_on.data = _iso(report.expected_on)
            for one in report.milestones:
                self.milestones.append_entry(
                    {
                        "key": one.key,
                        "title": one.title,
                        "planned_on": _iso(one.planned_on),
                        "actual_on": _iso(one.actual_on),
                    }
                )
        self.as_of.data = _iso(report.as_of if report and everything else today)
        if report is not None and everything:
            self.text.data = report.text
            for piece in report.evidence:
                self.evidence.append_entry({"file": piece.file, "title": piece.title, "url": piece.url})
        self.add_spares()

    def add_spares(self) -> None:
        """Leave a few empty rows at the end of each list."""
        spares = (
            (self.milestones, SPARE_MILESTONES, lambda row: not row.title.data),
            (self.evidence, SPARE_LINKS, lambda row: not (row.title.data or row.url.data or row.file.data)),
        )
        for rows, wanted, is_empty in spares:
            empty = 0
            for entry in reversed(rows.entries):
                if not is_empty(entry.form):
                    break
                empty += 1
            for _ in range(wanted - empty):
                rows.append_entry()
        while len(self.uploads.entries) < SPARE_FILES:
            self.uploads.append_entry()

    def new_files(self) -> Iterable[tuple[Any, bytes, str, str]]:
        """Each file that came with the form: its row, content, name, and title."""
        for entry in self.uploads.entries:
            upload = entry.form.upload.data
            if isinstance(upload, FileStorage) and upload.filename:
                yield entry.form, upload.read(), upload.filename, (entry.form.title.data or "").strip()

    def keep_file(self, row: Any, stored: FileRow, title: str) -> None:
        """A file was stored: it is a piece of evidence from now on, and its upload row is free again."""
        self.evidence.append_entry({"file": stored.key, "title": title or stored.name.rpartition(".")[0]})
        row.title.data = ""

    def refuse_file(self, row: Any, error: DomainError) -> None:
        """A file could not be taken in."""
        self._blame(row.upload, say(error))

    def report(self) -> Report | None:
        """What was filled in, or None where something can't be read; ``problems`` say what."""
        status = self.status.data
        if status not in {one.value for one in UpdateStatus}:
            self._blame(self.status, gettext("Choose how far it is."))
        as_of = self._date(self.as_of)
        if as_of is None and not self.as_of.errors:
            self._blame(self.as_of, gettext("Enter the day that the report speaks of."))
        percent = (self.percent.data or "").strip().rstrip("%％")
        if percent and not percent.isdecimal():
            self._blame(self.percent, gettext("A percentage is a whole number from 0 to 100."))
        expected_on = self._date(self.expected_on)
        milestones, evidence = self._milestones(), self._evidence()
        if self.problems or as_of is None:
            return None
        return Report(
            UpdateStatus(status), tidy(self.text.data or ""), as_of, int(percent) if percent else None,
            expected_on, milestones, evidence,
        )  # fmt: skip

    def blame(self, flaws: Iterable[Flaw]) -> None:
        """Show what the rules found, each at its field."""
        for flaw in flaws:
            name, _, rest = flaw.place.partition("-")
            field: Any = getattr(self, str(name))
            if rest:
                number, _, column = rest.partition("-")
                entry = field.entries[self._rows[name][int(number)]]
                field = getattr(entry.form, "title" if column == "file" else column)
            self._blame(field, gettext(flaw.text, **flaw.params))

    def refuse(self, error: DomainError) -> None:
        """Show an error that belongs to the whole form."""
        self.problems.append(("report-form", say(error)))

    def _milestones(self) -> tuple[Milestone, ...]:
        found = []
        for n, entry in enumerate(self.milestones.entries):
            row = entry.form
            title = tidy(row.title.data or "").replace("\n", " ")
            planned, actual = self._date(row.planned_on), self._date(row.actual_on)
            if not title and not planned and not actual:
                continue
            self._rows["milestones"].append(n)
            found.append(Milestone((row.key.data or "")[:8], title, planned, actual))
        return tuple(found)

    def _evidence(self) -> tuple[Evidence, ...]:
        found = []
        for n, entry in enumerate(self.evidence.entries):
            row = entry.form
            title, url, key = tidy(row.title.data or ""), (row.url.data or "").strip(), row.file.data or ""
            if row.remove.data or not (title or url or key):
                continue
            self._rows["evidence"].append(n)
            kind = EvidenceKind.DOCUMENT if key else EvidenceKind.LINK
            found.append(Evidence(kind, title.replace("\n", " "), "" if key else url, key))
        return tuple(found)

    def _date(self, field: Any) -> date | None:
        text = (field.data or "").strip().replace("/", "-")
        if not text:
            return None
        try:
            found = date.fromisoformat(text)
        except ValueError:
            found = None
        if found is None or not 2000 <= found.year <= 2100:
            self._blame(field, gettext("Enter a day such as 2024-03-31."))
            return None
        return found

    def _blame(self, field: Any, sentence: str) -> None:
        field.errors = [*field.errors, sentence]
        anchor = f"{field.id}-0" if field.type == "RadioField" else field.id
        self.problems.append((anchor, sentence))


class DeedForm(FlaskForm):
    """A button about a report; ``note`` says what should be changed when it is sent back."""

    version = HiddenField()
    note = TextAreaField(_l("What should be changed?"), render_kw={"rows": 3, "maxlength": 1000})

    @property
    def seen_version(self) -> int:
        return _number(self.version.data, -1)


def begin_from(row: UpdateRow | None) -> str:
    """The version to put into a form about an open report."""
    return str(row.version) if row else "0"


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _number(written: Any, otherwise: int) -> int:
    text = str(written or "")
    return int(text) if text.isdecimal() and len(text) < 10 else otherwise
