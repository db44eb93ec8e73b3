"""How the numbers of a sum stand in one piece: whole numbers of two bytes, or of four where two don't hold one of them.

How many bytes a number has, how many codes and parts there are, which, and for each part in which anything is counted,
how much of each code was counted up to its end. So any run of parts is read from two places, however many numbers
there are. All stand with their least significant byte first.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from itertools import islice
from operator import add, itemgetter, sub
from struct import Struct, pack, unpack, unpack_from

Cells = dict[int, list[int]]
"""By code, the numbers of all parts: the days of a month, or the months of a year."""

HEAD = Struct("<BIB")
"""Bytes of a number, codes, parts."""
NARROW, WIDE = 2, 4
LETTERS = {NARROW: "H", WIDE: "i"}
MOST_NARROW = 0xFFFF
Filled = Callable[[tuple[int, ...]], tuple[int, ...]]
PACKING = 2
"""To be raised where numbers come to stand otherwise: sums of an earlier release are then made anew."""
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
    numbers = (*codes, *parts, *vectors)
    size = NARROW if min(numbers) >= 0 and max(numbers) <= MOST_NARROW else WIDE
    return HEAD.pack(size, len(codes), len(parts)) + pack(f"<{len(numbers)}{LETTERS[size]}", *numbers)


def within(held: bytes, first: int, last: int) -> tuple[tuple[int, ...], Sequence[int]]:
    """The codes, and how much of each was counted from the first part to the last."""
    if not held:
        return NOTHING
    size, width, count = HEAD.unpack_from(held)
    head = _numbers(size, width + count).unpack_from(held, HEAD.size)
    begin, end = bisect_left(head, first, width), bisect_right(head, last, width)
    if begin >= end:
        return NOTHING
    vectors, row = HEAD.size + len(head) * size, _numbers(size, width)
    after = row.unpack_from(held, vectors + (end - 1 - width) * row.size)
    if begin == width:
        return head[:width], after
    before = row.unpack_from(held, vectors + (begin - 1 - width) * row.size)
    return head[:width], tuple(map(sub, after, before))


def taken(held: bytes, first: int, last: int, wanted: tuple[int, ...]) -> tuple[int, ...] | None:
    """How much of each wanted code, in ascending order, was counted from the first part to the last; None for nothing.

    Only those are looked at, which is some times faster than :func:`within` where few of many are wanted.
    """
    if not held:
        return None
    size, width, count = HEAD.unpack_from(held)
    head = HEAD.size + width * size
    parts = _numbers(size, count).unpack_from(held, head)
    begin, end = bisect_left(parts, first), bisect_right(parts, last)
    row, filled = _taking(size, held[HEAD.size : head], wanted)
    if begin >= end or row is None:
        return None
    vectors, length = head + count * size, width * size
    numbers = row.unpack_from(held, vectors + (end - 1) * length)
    if begin:
        numbers = tuple(map(sub, numbers, row.unpack_from(held, vectors + (begin - 1) * length)))
    return numbers if filled is None else filled((*numbers, 0))


@lru_cache(maxsize=4096)
def _taking(size: int, held: bytes, wanted: tuple[int, ...]) -> tuple[Struct | None, Filled | None]:
    """What reads the wanted among the codes that are held, and what puts 0 in place of those that aren't among them."""
    codes = unpack(f"<{len(held) // size}{LETTERS[size]}", held)
    places = {code: place for place, code in enumerate(codes) if code in wanted}
    if not places:
        return None, None
    form, behind = "<", 0
    for place in places.values():
        form += f"{(place - behind) * size}x{LETTERS[size]}"
        behind = place + 1
    if len(places) == len(wanted):
        return Struct(form), None
    order = {code: number for number, code in enumerate(places)}
    return Struct(form), itemgetter(*(order.get(code, len(places)) for code in wanted))


@cache
def _numbers(size: int, count: int) -> Struct:
    """So many numbers in a row: there are no more codes, days and working days than a few hundred."""
    return Struct(f"<{count}{LETTERS[size]}")


def unpacked(held: bytes, parts: int) -> Cells:
    """The numbers that were :func:`packed`, of so many parts."""
    if not held:
        return {}
    size, width, count = HEAD.unpack_from(held)
    numbers = iter(unpack_from(f"<{(len(held) - HEAD.size) // size}{LETTERS[size]}", held, HEAD.size))
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
