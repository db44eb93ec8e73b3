"""Whether page, workbook, Word file and sealed data of a period say the same, in every cell of every table."""

from __future__ import annotations

import json
import re
from itertools import pairwise, takewhile
from math import isclose
from typing import Any

from flask.testing import FlaskClient
from flask_babel import force_locale, gettext

from civic.supervision.columns import all_columns
from tests.integration.supervision.opened import (
    PLAIN,
    Shown,
    Typed,
    figure_cells,
    page_tables,
    sheets,
    word_file,
)

SCOPES = ("department", "chapter", "livelihood", "street", "kind")
BY_SCOPE = ("各部门办理情况", "各章节办理情况", "各民生领域办理情况", "各街道办理情况", "各类诉求办理情况")
COMPARISON, ITEMS, DEFINITIONS = "与往期比较", "反映最多的条目", "指标解释"
NUMBERED = re.compile("^[一二三四五六七八九十]+、")
Rows = list[list[Typed]]


def says_the_same(client: FlaskClient, number: int) -> set[str]:
    """Every cell; returns the addresses that the report links to."""
    place = f"/supervision/snapshots/{number}"
    data = json.loads(client.get(f"{place}.json").data)
    book = sheets(client, f"{place}.xlsx")
    paragraphs, word = word_file(client, f"{place}.docx")
    text = client.get(place).get_data(as_text=True)
    about, *written = word
    assert written == page_tables(text), "the Word file and the page have the same cells and links"
    headings = [NUMBERED.sub("", one) for one in paragraphs if NUMBERED.match(one)]
    assert headings == re.findall(r'<h2 id="part-\d+">(.*?)</h2>', text)
    assert all(one in text for one in paragraphs if one.endswith("。"))
    on_paper(book, [about, *written])
    sealed_figures(book, data)
    defined(book)
    links = {cell.address for rows in book.values() for row in rows for cell in row if cell.address}
    assert {cell.address for table in word for row in table for cell in row if cell.address} <= links
    return links


def on_paper(book: dict[str, Rows], tables: list[list[list[Shown]]]) -> None:
    """Each table on paper holds columns of its sheet, every row of them, as a page shows the values."""
    filled = [rows for rows in book.values() if len(rows) > 1]
    assert len(filled) == len(tables)
    for rows, table in zip(filled, tables, strict=True):
        head = [cell.value for cell in rows[0]]
        assert len(set(head)) == len(head)
        places = [head.index(cell.text) for cell in table[0]]
        assert all(a < b for a, b in pairwise(places))
        for cells, shown in zip(lines_of(rows), table[1:], strict=True):
            assert [Shown(cells[at].shown, cells[at].address) for at in places] == shown


def lines_of(rows: Rows) -> Rows:
    """The lines of a table without its head; below an empty line stands what is to be said of it."""
    return [*takewhile(lambda cells: any(cell.value is not None for cell in cells), rows[1:])]


def sealed_figures(book: dict[str, Rows], data: dict[str, Any]) -> None:
    """Numbers are numbers, shares percentages; exactly what counts something and has a list opens it."""
    for name, scope in zip(BY_SCOPE, SCOPES, strict=True):
        place, rows = data["places"][scope], data["tables"][scope]
        if not rows:
            assert len(book[name]) == 1
            continue
        keys = [*(row["key"] for row in rows), None]
        expected = [*(row["figures"] for row in rows), data["total"]]
        for key, figures, (title, *cells) in zip(keys, expected, book[name][1:], strict=True):
            assert title == Typed(names(place, key) or None, PLAIN)
            compare(figures, cells)
            for cell in cells:
                assert not cell.address or ("row=" in cell.address) == (key is not None)
    compared(book, data)
    items = {row["key"]: row["figures"] for row in data["tables"]["item"]}
    for _item, received, public in book[ITEMS][1:]:
        key = received.address.split("row=")[1].split("&")[0].replace("%3A", ":")
        assert (received.value, public.value) == (items[key]["received"], items[key]["public"])
        assert public.address == (received.address.replace("received", "public") if public.value else "")
    standing = [
        row
        for one in data["plans"]
        for part in ("indicator_counts", "commitment_counts")
        for row in one[part]
    ]
    sheets_of_plans = [
        book[name][1:] for name in book if name.startswith(("指标", "承诺")) and name != DEFINITIONS
    ]
    assert [row[1].value for rows in sheets_of_plans for row in rows] == [row["count"] for row in standing]


def compared(book: dict[str, Rows], data: dict[str, Any]) -> None:
    """Earlier figures open their lists, too, and say how they differ; none where nothing was counted."""
    _head, *rows = book[COMPARISON]
    now = [*figure_cells(data["total"])]
    for at, (_label, current, *_then) in enumerate(rows[: len(now)]):
        assert same(current, now[at])
        assert bool(current.address) == now[at][2]
    notes = [row[0].value for row in rows[len(now) :] if row[0].value]
    place = 2
    for one in data["earlier"]:
        expected = [*figure_cells(one["total"])]
        nothing = "" if any(value for value, _, _ in expected) else "9999"
        # Documents up to version 2 don't say since when cases were counted.
        if data.get("counted_since", nothing) > one["until"]:
            assert any(f"{one['since'][:4]}年" in str(note) and "没有统计数据" in str(note) for note in notes)
            continue
        cells = [row[place : place + 2] for row in rows[: len(now)]]
        place += 2
        assert all(same(then, figure) for (then, _), figure in zip(cells, expected, strict=True))
        assert all(f"since={one['since']}" in then.address for then, _ in cells if then.address)
        assert sum(bool(difference.value) for _, difference in cells) == len([*all_columns()])
    assert len(_head) == place, "an earlier period without counts has no columns"


def names(place: dict[str, Any], key: str | None) -> Any:
    with force_locale("zh_Hans"):
        if key is None:
            return gettext("Total")
        name = place["names"][key]
        return gettext(name["msgid"]) if name["msgid"] else name["hans"]


def compare(figures: dict[str, Any], cells: list[Typed]) -> None:
    expected = [*figure_cells(figures)]
    assert len(cells) == len(expected)
    for cell, one in zip(cells, expected, strict=True):
        assert same(cell, one), (cell, one)
        assert bool(cell.address) == one[2]


def same(cell: Typed, expected: tuple[Any, str, bool]) -> bool:
    value, form, _ = expected
    if value is None:
        return cell.value is None
    # A workbook keeps 16 digits.
    return isinstance(cell.value, int | float) and isclose(cell.value, value) and cell.form == form


def defined(book: dict[str, Rows]) -> None:
    """Every figure of every sheet has its definition, in its own words."""
    terms = {str(term.value): meaning.value for term, meaning in book[DEFINITIONS][1:]}
    assert len(terms) == len(book[DEFINITIONS]) - 1
    assert all(terms.values())
    heads = [cell.value for name in BY_SCOPE for cell in book[name][0][1:]]
    heads += [row[0].value for row in lines_of(book[COMPARISON])]
    for label in heads:
        assert [term for term in terms if str(label) == term or str(label).startswith(f"{term}：")], label
