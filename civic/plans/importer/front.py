"""Cover, notice and printed contents: what they say of the document, and where the body begins."""

from __future__ import annotations

import re
from datetime import date

from civic.plans.importer.errors import PlanSourceError
from civic.plans.importer.lines import LineKind, classify
from civic.plans.rules import PlanMetadata

_NUMBER = re.compile(r"^\S{1,8}〔\d{4}〕\d+号$")
_DAY = re.compile(r"^(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日$")
_APPROVED = re.compile(r"[（(](\d{4})年(\d{1,2})月(\d{1,2})日(.+?)(?:审议)?批准[）)]")
_PAGE = re.compile(r"(?:\.{2,}|…+|\t)\s*(?:</?b>)?\s*\d+\s*(?:</b>)?\s*$")


def is_contents_line(raw: str) -> bool:
    """Whether a line belongs to a printed table of contents: it ends in dots or a tab and a page number."""
    return bool(_PAGE.search(raw.rstrip()))


def body_start(lines: tuple[str, ...]) -> int:
    """Index of the first line of the body: the preface, or the first chapter if there is none."""
    for index, raw in enumerate(lines):
        kind = classify(index + 1, raw).kind
        if kind in (LineKind.PREFACE, LineKind.CHAPTER) and not is_contents_line(raw):
            return index
    raise PlanSourceError(1, "no chapter (第一章 …) was found; is this a plan?")


def read_metadata(front: tuple[str, ...]) -> PlanMetadata:
    """What can be read off the pages before the body; what isn't there stays empty."""
    plain = [re.sub(r"^#+\s*|</?b>|\*\*", "", line).strip() for line in front]
    number = next((line for line in plain if _NUMBER.match(line)), "")
    issued, issued_by = None, ""
    for index, line in enumerate(plain):
        if match := _DAY.match(line):
            issued = date(int(match[1]), int(match[2]), int(match[3]))
            issued_by = next((p for p in reversed(plain[:index]) if p), "")
            break
    approved = next((m for line in plain if (m := _APPROVED.search(line))), None)
    return PlanMetadata(
        title=_title(plain),
        document_number=number,
        issued_on=issued,
        issued_by=issued_by,
        approved_on=date(int(approved[1]), int(approved[2]), int(approved[3])) if approved else None,
        approved_by=approved[4] if approved else "",
    )


def _title(plain: list[str]) -> str:
    """The name of the document: the quoted 《…规划…》 of the notice, or the first heading with 规划 in it."""
    for line in plain:
        if match := re.search(r"《([^》]*规划[^》]*)》", line):
            return match[1]
    return next((re.sub(r"\s+", "", line) for line in plain if "规划" in line), "")
