"""专栏 boxes: one project per name, grouped by category, with the verb or suffix that neighbours share."""

from __future__ import annotations

from civic.plans.importer.errors import PlanSourceError
from civic.plans.importer.lines import Line, is_finished
from civic.plans.importer.structure import Block
from civic.plans.rules import ParsedBox, ParsedParagraph, ParsedProject

VERBS = ("改扩建", "新建", "扩建", "改建", "续建")
SUFFIXES = ("建设",)
WHOLE = "等方面涉及征迁地块"
"""A list that ends in these words is one project: the list says where land is taken, not what is built."""


def read_box(block: Block) -> ParsedBox:
    """The projects of one box, in the order of the text; raises :class:`PlanSourceError` if there are none."""
    projects: list[ParsedProject] = []
    paragraphs = _paragraphs(block.lines)
    for paragraph in paragraphs:
        category, colon, names = paragraph.text.partition("：")
        if not colon:
            raise PlanSourceError(
                paragraph.lines[0], "a line of a box needs a category and a colon (……项目：)"
            )
        for name, action in _split(names.rstrip("。")):
            code = f"B{block.caption.ordinal}-{len(projects) + 1:03d}"
            projects.append(
                ParsedProject(code, block.caption.ordinal, category, name, action, paragraph.lines[0])
            )
    if not projects:
        raise PlanSourceError(block.caption.number, f"{block.caption.text} names no project")
    return ParsedBox(
        number=block.caption.ordinal,
        title=block.caption.rest,
        section=block.section,
        projects=tuple(projects),
        lines=(block.caption.number, *(line.number for line in block.lines)),
        paragraphs=tuple(paragraphs),
    )


def _paragraphs(lines: list[Line]) -> list[ParsedParagraph]:
    found: list[ParsedParagraph] = []
    for line in lines:
        if found and not is_finished(found[-1].text):
            last = found.pop()
            found.append(ParsedParagraph(last.text + line.text, (*last.lines, line.number)))
        else:
            found.append(ParsedParagraph(line.text, (line.number,)))
    return found


def _split(names: str) -> list[tuple[str, str]]:
    """(name, shared action) of each project; a group ends at ；, names part at 、, never inside brackets."""
    found: list[tuple[str, str]] = []
    for group in split_outside_brackets(names, "；"):
        if group.endswith(WHOLE):
            found.append((group, ""))
            continue
        parts = split_outside_brackets(group, "、")
        action = next(
            (v for v in VERBS if parts[0].startswith(v) and not parts[0].startswith(f"{v}小区")), ""
        )
        if action:
            parts[0] = parts[0].removeprefix(action)
        elif len(parts) > 1:
            action = next((s for s in SUFFIXES if parts[-1].endswith(s)), "")
            parts[-1] = parts[-1].removesuffix(action)
        found += [(part, action) for part in parts]
    return found


def split_outside_brackets(text: str, separator: str) -> list[str]:
    """Split, but not inside （） or ()."""
    parts, depth, start = [], 0, 0
    for position, char in enumerate(text):
        if char in "（(":
            depth += 1
        elif char in "）)":
            depth -= 1
        elif char == separator and depth == 0:
            parts.append(text[start:position])
            start = position + 1
    return [part.strip() for part in (*parts, text[start:]) if part.strip()]
