"""Reading a document: Markdown and text as they are, Word by its paragraphs and tables."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from civic.plans.importer.errors import PlanSourceError

KNOWN = {".md", ".txt", ".docx"}
SIGNATURES = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"%PDF": "a PDF file",
    b"\xd0\xcf\x11\xe0": "an old Word file (.doc); save it as .docx",
    b"GIF8": "a GIF picture",
}


def read_lines(name: str, content: bytes) -> tuple[str, ...]:
    """The lines of a document, numbered from 1 by position; raises :class:`PlanSourceError`."""
    if not content.strip():
        raise PlanSourceError(1, "the file is empty")
    for signature, what in SIGNATURES.items():
        if content.startswith(signature):
            raise PlanSourceError(1, f"the file is {what}; a plan is read from .md, .txt or .docx")
    suffix = Path(name).suffix.lower()
    if suffix not in KNOWN:
        raise PlanSourceError(
            1, f"a file ending in {suffix or 'nothing'} can't be read; use .md, .txt or .docx"
        )
    return _word(content) if suffix == ".docx" else _text(content)


def _text(content: bytes) -> tuple[str, ...]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise PlanSourceError(line, "the file is not UTF-8; save it as UTF-8 and import it again") from None
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        raise PlanSourceError(line, "the file holds binary data, it is no text")
    return tuple(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))


def _word(content: bytes) -> tuple[str, ...]:
    from docx import Document
    from docx.table import Table

    try:
        document = Document(BytesIO(content))
    except Exception:
        raise PlanSourceError(1, "the file is no Word document (.docx)") from None
    lines: list[str] = []
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            seen: set[object] = set()
            lines += ["\t".join(_once(row.cells, seen)) for row in block.rows]
        else:
            # A heading keeps a mark: a title may go on in a second heading, a paragraph never does.
            mark = "# " if _is_heading(block) and block.text.strip() else ""
            lines += [mark + line for line in block.text.split("\n")]
    return tuple(lines)


def _is_heading(paragraph: object) -> bool:
    """Whether Word's own style says so; its built-in names are English in every language of Word."""
    name = getattr(paragraph.style, "name", None) or ""  # type: ignore[attr-defined]
    return name.lower().startswith(("heading", "title"))


def _once(cells: tuple[object, ...], seen: set[object]) -> list[str]:
    """The texts of a row; a cell merged over columns or rows is given once and stands empty elsewhere.

    ``seen`` holds the table's cells themselves: while they are held, none is taken for another.
    """
    texts = []
    for cell in cells:
        element = cell._tc  # type: ignore[attr-defined]
        texts.append("" if element in seen else str(cell.text).replace("\n", " "))  # type: ignore[attr-defined]
        seen.add(element)
    return texts
