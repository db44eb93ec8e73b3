"""How the numbers of a sum stand in one piece: whole numbers of four bytes, the least significant first.

How many codes there are and how many parts, which, and for each part in which anything is counted, how much of each
code was counted up to its end. So any run of parts is read from two places, however many numbers there are.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import islice
from operator import add, sub
from struct import pack, unpack, unpack_from

Cells = dict[int, list[int]]
"""By code, the numbers of all parts: the days of a month, or the months of a year."""

SIZE = 4
HEAD = 2 * SIZE
NOTHING: tuple[tuple[int, ...], Sequence[int]] = ((), ())


def packed(cells: Cells) -> bytes:
    """The numbers in one piece; nothing if all of them are 0."""
    codes = sorted(code for code, cell in cells.items() if any(cell))
    if not codes:
        return b""
    parts, vectors, so_far = [], [], [0] * len(codes)
    for part, row in enumerate(zip(*(cells[code] for code in codes), strict=True), 1):
        if any(row):
            so_far = list(map(add, so_far, row))
            parts.append(part)
            vectors += so_far
    numbers = (len(codes), len(parts), *codes, *parts, *vectors)
    return pack(f"<{len(numbers)}i", *numbers)


def within(held: bytes, first: int, last: int) -> tuple[tuple[int, ...], Sequence[int]]:
    """The codes, and how much of each was counted from the first part to the last."""
    if not held:
        return NOTHING
    width, count = unpack_from("<2i", held)
    head = unpack_from(f"<{width + count}i", held, HEAD)
    begin, end = bisect_left(head, first, width), bisect_right(head, last, width)
    if begin >= end:
        return NOTHING
    vectors, row = HEAD + len(head) * SIZE, f"<{width}i"
    after = unpack_from(row, held, vectors + (end - 1 - width) * width * SIZE)
    if begin == width:
        return head[:width], after
    before = unpack_from(row, held, vectors + (begin - 1 - width) * width * SIZE)
    return head[:width], tuple(map(sub, after, before))


def unpacked(held: bytes, parts: int) -> Cells:
    """The numbers that were :func:`packed`, of so many parts."""
    if not held:
        return {}
    numbers = iter(unpack(f"<{len(held) // SIZE}i", held))
    width, count = islice(numbers, 2)
    codes, counted = tuple(islice(numbers, width)), tuple(islice(numbers, count))
    cells = {code: [0] * parts for code in codes}
    before: tuple[int, ...] = (0,) * width
    for part in counted:
        after = tuple(islice(numbers, width))
        for code, n in zip(codes, map(sub, after, before), strict=True):
            cells[code][part - 1] = n
        before = after
    return cells


def joined(cells: Cells, more: Cells) -> Cells:
    """Both added; codes that fall to nothing go."""
    found = dict(cells)
    for code, cell in more.items():
        there = found.get(code)
        found[code] = cell if there is None else list(map(add, there, cell))
    return {code: cell for code, cell in found.items() if any(cell)}
