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
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from civic.cases.rules.past_moments import is_format
from civic.cases.rules.past_rows import NEEDED, WORDS, Column, RowRefused

ADDED = ("line", "column", "reason")
"""What the report says of each row, after the row itself."""
ENCODINGS = ("utf-8-sig", "gb18030")
LONGEST_CELL = 1_000_000


class FileRefused(Exception):
    """The file or its mapping can't be used at all; nothing more of it is loaded."""


@dataclass(frozen=True, slots=True)
class CaseMapping:
    """How another system's file is to be read (``docs/data-format.md``); ``name`` is that of its own file."""

    name: str = ""
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
        # JSON can name halves of characters, which no text here can hold.
        json.dumps(given, ensure_ascii=False).encode()
    except (UnicodeError, json.JSONDecodeError) as error:
        raise FileRefused(f"{path.name} is no JSON in UTF-8: {error}.") from None
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
    unread = next((one for one in dates if not is_format(one)), None)
    if unread is not None:
        raise FileRefused(
            f"{path.name}: “{unread}” is no format of a moment; write one with year, month and day, such as "
            "%d.%m.%Y or %d.%m.%Y %H:%M."
        )
    named = {name: given.get(name, "") for name in ("system", "plan", "encoding")}
    if not all(isinstance(value, str) for value in named.values()):
        raise FileRefused(f"{path.name}: system, plan and encoding are texts.")
    return CaseMapping(
        path.name, **named, columns=columns, values=values, defaults=defaults, formats=tuple(dates)
    )


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
        if not path.is_file():
            raise FileRefused(
                f"{path.name} can't be read more than once, as a pipe: save it as a file first."
            )
        csv.field_size_limit(LONGEST_CELL)
        self.path = path
        self.encoding = mapping.encoding or _encoding_of(path)
        self._source: TextIO | None = None
        self.separator, self.headings = self._beginning()
        if not any(map(str.strip, self.headings)):
            raise FileRefused(f"{path.name} has no headings: its first line is empty.")
        self.columns = self._columns(mapping)
        self.left_out = tuple(
            _shown(heading)
            for number, heading in enumerate(self.headings)
            if number not in self.columns and heading not in ADDED
        )

    def _beginning(self) -> tuple[str, tuple[str, ...]]:
        """What stands between cells, and the headings."""
        try:
            with self._open() as source:
                separator = max(",;\t", key=source.readline().count)
            with self._open() as source:
                return separator, tuple(next(csv.reader(source, delimiter=separator), []))
        except (UnicodeError, csv.Error) as error:
            raise FileRefused(f"{self.path.name}: {error}; say its encoding in the mapping.") from None
        except (LookupError, ValueError):
            raise FileRefused(
                f"There is no encoding “{self.encoding}”; leave it out of the mapping."
            ) from None

    def rows(self) -> Iterator[FoundRow]:
        """All rows but the headings and empty lines; raises :class:`FileRefused` where the file ends being one."""
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
                except (csv.Error, UnicodeError) as error:
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
        absent = mapping.columns.keys() - {heading.strip() for heading in self.headings}
        if absent:
            raise FileRefused(
                f"{mapping.name}: {self.path.name} has no heading {', '.join(f'“{one}”' for one in sorted(absent))}; "
                f"take out of the mapping what isn't there. The headings are: {self._listed()}."
            )
        missing = [c.value for c in NEEDED if c not in found.values() and c not in mapping.defaults]
        if missing:
            raise FileRefused(
                f"No heading stands for {', '.join(missing)}; the headings are: {self._listed()}."
            )
        return found

    def _listed(self) -> str:
        return ", ".join(map(_shown, self.headings))


def _shown(heading: str) -> str:
    """A heading in a sentence: one that isn't closed goes on to the end of the file."""
    return " ".join(heading[:80].split())


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
        with self._being_written():
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
            with self._being_written():
                self._file.close()

    @contextmanager
    def _being_written(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise FileRefused(
                f"The report of refused rows can't be written to {self.path}: {error.strerror}. Choose another "
                "place with --report."
            ) from None
