"""Reading a sheet of values, and the template file to fill in."""

from __future__ import annotations

import csv
import io

from civic.core.errors import N_, Invalid
from civic.progress.rules.reported import COLUMNS, REQUIRED

LARGEST = 2 * 1024 * 1024


def read_csv(content: bytes) -> list[dict[str, str]]:
    """The cells of a CSV file (UTF-8, header in the first row); raises :class:`Invalid` with the reason."""
    if len(content) > LARGEST:
        raise Invalid(N_("The file is larger than 2 MB."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid(N_("The file is not UTF-8 text. Save it as “CSV UTF-8”.")) from None
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        header = [name.strip() for name in reader.fieldnames or ()]
        reader.fieldnames = header
        rows = [row for row in reader if any(isinstance(v, str) and v.strip() for v in row.values())]
    except csv.Error as error:
        raise Invalid(N_("The file is no CSV: %(why)s."), why=str(error)) from None
    unknown = [name for name in header if name not in COLUMNS]
    missing = [name for name in REQUIRED if name not in header]
    if missing:
        raise Invalid(N_("The first row lacks the column “%(column)s”."), column=missing[0])
    if unknown or len(set(header)) < len(header):
        raise Invalid(
            N_("The first row has a column that isn’t known: “%(column)s”."), column=[*unknown, "?"][0]
        )
    if not rows:
        raise Invalid(N_("The file has no rows."))
    for number, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise Invalid(N_("Row %(row)s has another number of cells than the header."), row=number)
    return rows


def template_csv() -> str:
    """An empty sheet: its header only, ready to be filled in."""
    out = io.StringIO(newline="")
    csv.writer(out).writerow(COLUMNS)
    return out.getvalue()
