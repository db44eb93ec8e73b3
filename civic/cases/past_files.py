"""Files of past cases: a CSV as another system wrote it, the mapping of its headings and words, and what was refused.

Nothing of a file is trusted to be as ours: encodings, separators and the order of columns differ. The report of what
was refused has the headings of the file, so that it can be mended and loaded again as it is.
"""

from __future__ import annotations

import codecs
import csv
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from civic.cases.rules.past_rows import NEEDED, WORDS, Column, RowRefused

ADDED = ("line", "column", "reason")
"""What the report says of each row, after the row itself."""
ENCODINGS = ("utf-8-sig", "gb18030")
LONGEST_CELL = 1_000_000


class FileRefused(Exception):
    """The file or its mapping can't be used at all; nothing more of it is loaded."""


@dataclass(frozen=True, slots=True)
class CaseMapping:
    """How another system's file is to be read (``docs/data-format.md``)."""

    system: str = ""
    plan: str = ""
    columns: Mapping[str, Column] = field(default_factory=dict)
    values: Mapping[Column, Mapping[str, str]] = field(default_factory=dict)
    defaults: Mapping[Column, str] = field(default_factory=dict)
    formats: tuple[str, ...] = ()
    encoding: str = ""


@dataclass(frozen=True, slots=True)
class FoundRow:
    """One row as it stands in the file, from ``line`` on; ``broken`` says why its cells can't be told apart."""

    line: int
    cells: tuple[str, ...]
    broken: str = ""


def read_mapping(path: Path) -> CaseMapping:
    """A mapping from its JSON file; raises :class:`FileRefused` naming what is wrong in it."""
    try:
        given = json.loads(path.read_text("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise FileRefused(f"{path.name} is no JSON in UTF-8: {error}") from None
    parts = {"system", "plan", "columns", "values", "defaults", "dates", "encoding"}
    if not isinstance(given, dict) or not given.keys() <= parts:
        raise FileRefused(f"{path.name}: a mapping is an object of {', '.join(sorted(parts))}.")
    columns = {
        heading: _column(path, name, "columns")
        for heading, name in _texts(path, given.get("columns", {}), "columns").items()
    }
    values = {
        _column(path, name, "values"): _texts(path, words, f"values.{name}")
        for name, words in _object(path, given.get("values", {}), "values").items()
    }
    defaults = {
        _column(path, name, "defaults"): word
        for name, word in _texts(path, given.get("defaults", {}), "defaults").items()
    }
    for column, vocabulary in WORDS.items():
        used = [*values.get(column, {}).values(), *filter(None, [defaults.get(column)])]
        for word in used:
            if word and word not in vocabulary:
                known = ", ".join(vocabulary)
                raise FileRefused(f"{path.name}: {column.value} can't be “{word}”, only: {known}.")
    dates = given.get("dates", [])
    if not isinstance(dates, list) or not all(isinstance(one, str) for one in dates):
        raise FileRefused(f"{path.name}: dates is a list of formats such as %d.%m.%Y %H:%M.")
    named = {name: given.get(name, "") for name in ("system", "plan", "encoding")}
    if not all(isinstance(value, str) for value in named.values()):
        raise FileRefused(f"{path.name}: system, plan and encoding are texts.")
    return CaseMapping(columns=columns, values=values, defaults=defaults, formats=tuple(dates), **named)


def _object(path: Path, given: Any, part: str) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise FileRefused(f"{path.name}: {part} is an object.")
    return given


def _texts(path: Path, given: Any, part: str) -> dict[str, str]:
    found = _object(path, given, part)
    wrong = next((key for key, value in found.items() if not isinstance(value, str)), None)
    if wrong is not None:
        raise FileRefused(f"{path.name}: {part}.{wrong} is a text.")
    return found


def _column(path: Path, name: str, part: str) -> Column:
    try:
        return Column(name)
    except ValueError:
        raise FileRefused(
            f"{path.name}: {part} names “{name}”, which is no column; there are: {', '.join(Column)}."
        ) from None


class PastFile:
    """A CSV of past cases: its headings, and its rows one after the other."""

    def __init__(self, path: Path, mapping: CaseMapping) -> None:
        self.path = path
        self.encoding = mapping.encoding or _encoding_of(path)
        self._source: TextIO | None = None
        try:
            with self._open() as source:
                first = source.readline()
        except LookupError:
            raise FileRefused(
                f"There is no encoding “{self.encoding}”; leave it out of the mapping."
            ) from None
        except UnicodeDecodeError as error:
            raise FileRefused(f"{path.name}: {error}; say its encoding in the mapping.") from None
        self.separator = max(",;\t", key=first.count)
        self.headings = tuple(next(csv.reader([first], delimiter=self.separator), []))
        self.columns = self._columns(mapping)
        self.left_out = tuple(
            heading
            for number, heading in enumerate(self.headings)
            if number not in self.columns and heading not in ADDED
        )

    def rows(self) -> Iterator[FoundRow]:
        """All rows but the headings and empty lines; raises :class:`FileRefused` where the file ends being one."""
        csv.field_size_limit(LONGEST_CELL)
        with self._open() as source:
            self._source = source
            reader = csv.reader(source, delimiter=self.separator)
            next(reader, None)
            before = reader.line_num
            while True:
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except (csv.Error, UnicodeDecodeError) as error:
                    raise FileRefused(f"line {before + 1}: {error}; nothing after it was read.") from None
                line, before = before + 1, reader.line_num
                if any(cells):
                    yield FoundRow(line, tuple(cells), self._broken(cells))

    def share(self) -> float:
        """How much of the file has been read, from 0 to 1."""
        if self._source is None or self._source.closed:
            return 1.0
        return self._source.buffer.tell() / self.path.stat().st_size

    def named(self, row: FoundRow) -> dict[Column, str]:
        """A row's cells by our columns; raises :class:`RowRefused` if it isn't as long as the headings."""
        if row.broken:
            raise RowRefused(None, row.broken)
        return {column: row.cells[number] for number, column in self.columns.items()}

    def _broken(self, cells: Sequence[str]) -> str:
        if len(cells) == len(self.headings):
            return ""
        return f"It has {len(cells)} cells; there are {len(self.headings)} headings."

    def _open(self) -> TextIO:
        return open(self.path, encoding=self.encoding, newline="")

    def _columns(self, mapping: CaseMapping) -> dict[int, Column]:
        found: dict[int, Column] = {}
        for number, heading in enumerate(self.headings):
            name = heading.strip()
            column = mapping.columns.get(name) or (Column(name) if name in set(Column) else None)
            if column is None:
                continue
            if column in found.values():
                raise FileRefused(f"Two headings stand for {column.value}: the second is “{name}”.")
            found[number] = column
        missing = [c.value for c in NEEDED if c not in found.values() and c not in mapping.defaults]
        if missing:
            raise FileRefused(
                f"No heading stands for {', '.join(missing)}; the headings are: {', '.join(self.headings)}."
            )
        return found


def _encoding_of(path: Path) -> str:
    """UTF-8, with or without a mark, or what is left in China: GB18030, which also reads GBK and GB2312."""
    with open(path, "rb") as source:
        if source.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
    for encoding in ENCODINGS:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with open(path, "rb") as source:
                while part := source.read(1 << 20):
                    decoder.decode(part)
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise FileRefused(f"{path.name} is neither UTF-8 nor GB18030; say its encoding in the mapping.")


class RefusedRows:
    """The report: each refused row as it stood, with line, column and reason. It is made when there is a first."""

    def __init__(self, path: Path, source: PastFile) -> None:
        if not path.parent.is_dir():
            raise FileRefused(f"There is no folder {path.parent} for the report of refused rows.")
        if path.exists() and path.samefile(source.path):
            raise FileRefused("The report of refused rows can't take the place of the file itself.")
        self.path = path
        self.source = source
        self.count = 0
        self._file: TextIO | None = None
        self._kept = [number for number, heading in enumerate(source.headings) if heading not in ADDED]

    def add(self, row: FoundRow, refused: RowRefused) -> None:
        """One more; what is longer than the headings stands after the reason, so that nothing is lost."""
        heading = next((n for n, column in self.source.columns.items() if column is refused.column), None)
        named = self.source.headings[heading] if heading is not None else refused.column or ""
        cells = [row.cells[number] if number < len(row.cells) else "" for number in self._kept]
        more = row.cells[len(self.source.headings) :]
        csv.writer(self._open()).writerow([*cells, row.line, named, refused.reason, *more])
        self.count += 1

    def _open(self) -> TextIO:
        if self._file is None:
            # It holds residents' words: nobody but who loads them can read it.
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            self._file = os.fdopen(handle, "w", encoding="utf-8-sig", newline="")
            kept = [self.source.headings[number] for number in self._kept]
            csv.writer(self._file).writerow([*kept, *ADDED])
        return self._file

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
