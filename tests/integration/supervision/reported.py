"""Whether page, workbook, Word file and sealed data of a period say the same, in every cell of every table."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from math import isclose
from typing import Any

from flask.testing import FlaskClient
from flask_babel import force_locale, gettext

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
        for cells, shown in zip(rows[1:], table[1:], strict=True):
            assert [Shown(cells[at].shown, cells[at].address) for at in places] == shown


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
    earlier = [[*figure_cells(one["total"])] for one in data["earlier"]]
    now = [*figure_cells(data["total"])]
    for at, (_label, current, *then) in enumerate(book[COMPARISON][1:]):
        assert same(current, now[at])
        for one, cell in zip(earlier, then, strict=True):
            assert same(cell, one[at]) or (cell.value is None and not any(value for value, _, _ in one))
    assert len(book[COMPARISON]) == 1 + len(now)
    items = {row["key"]: row["figures"] for row in data["tables"]["item"]}
    for _item, received, public in book[ITEMS][1:]:
        key = received.address.split("row=")[1].split("&")[0].replace("%3A", ":")
        assert (received.value, public.value) == (items[key]["received"], items[key]["public"])
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
    heads += [row[0].value for row in book[COMPARISON][1:]]
    for label in heads:
        assert [term for term in terms if str(label) == term or str(label).startswith(f"{term}：")], label
