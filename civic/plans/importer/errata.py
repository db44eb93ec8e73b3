"""Slips of print and OCR, mended line by line; a reader can see each one."""

from __future__ import annotations

from civic.plans.importer.errors import PlanSourceError
from civic.plans.rules import Erratum


def mend(lines: tuple[str, ...], errata: tuple[Erratum, ...]) -> tuple[str, ...]:
    """The lines with every erratum applied; raises if its line doesn't hold the old text exactly once."""
    mended = list(lines)
    for erratum in errata:
        if not 1 <= erratum.line <= len(mended):
            raise PlanSourceError(erratum.line, "an erratum names a line that the document doesn't have")
        if mended[erratum.line - 1].count(erratum.old) != 1:
            raise PlanSourceError(
                erratum.line, f"an erratum expects “{erratum.old}” exactly once in this line"
            )
        mended[erratum.line - 1] = mended[erratum.line - 1].replace(erratum.old, erratum.new)
    return tuple(mended)


def fitting(lines: tuple[str, ...], errata: tuple[Erratum, ...]) -> tuple[Erratum, ...]:
    """The errata whose line holds their old text exactly once: the others were written for another copy."""
    return tuple(e for e in errata if 1 <= e.line <= len(lines) and lines[e.line - 1].count(e.old) == 1)
