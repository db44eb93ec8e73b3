"""How a table stands on paper: upright or on a turned page, in which type, and how wide its columns are. Pure.

No word, number or day is broken, and no head stands one Chinese character a line. Widths of texts are in em, the
width of a Chinese character, until the size of type is known; then in points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from unicodedata import east_asian_width

from civic.supervision.reports.layout import HEAD_LINES, WORD

POINTS_A_MM = 72 / 25.4
UPRIGHT, TURNED = (210 - 28 - 26) * POINTS_A_MM, (297 - 35 - 37) * POINTS_A_MM
"""The room inside the margins of a page (GB/T 9704—2012) and of one turned by a quarter."""
FEW, MANY = 3, 8
"""Tables of so few columns are never turned, those of more than many always: in every report they look the same."""
SMALL, SMALLEST, STEP = 10.5, 7.5, 0.5
PADDING = 2.85
"""Left and right of what a cell holds; beside it stands half a line."""
BESIDE = 2 * PADDING + 1
HEAD, TEXT, WIDEST, BETWEEN = 4, 8, 18, 0.25
"""The least a head and a text get before they are broken, the most a column wants while others want as well, and what
Word leaves between Chinese and Latin characters."""
WIDE, NARROW = frozenset("MWmw%&@"), frozenset(" !'()*,-./:;[\\]`fijlt|")


def em(text: str) -> float:
    """How wide a text is on one line, at most: the bold type of Times New Roman, and Chinese, and the room that is
    left between both."""
    apart = sum(_is_wide(one) != _is_wide(other) for one, other in pairwise(text))
    return sum(map(_em, text)) + BETWEEN * apart


def _is_wide(one: str) -> bool:
    return east_asian_width(one) in "WF"


def _em(one: str) -> float:
    if one in WIDE or not one.isascii():
        return 1
    if one in NARROW:
        return 0.5 if one == "*" else 0.34
    if one.isupper():
        return 0.78
    return 0.5 if one.isdigit() else 0.58


def longest_word(text: str) -> float:
    """The widest of what isn't broken between lines; Chinese is, between any two characters."""
    return max(map(em, WORD.findall(text)), default=0)


@dataclass(frozen=True, slots=True)
class Column:
    """What a column holds: its head, texts, and what is kept whole: numbers and days."""

    head: str
    texts: Sequence[str] = ()
    whole: Sequence[str] = ()

    @property
    def least(self) -> float:
        """What it can't do with less than, in em."""
        head = max(longest_word(self.head), min(em(self.head), max(HEAD, em(self.head) / HEAD_LINES)))
        texts = (max(longest_word(one), min(em(one), TEXT)) for one in self.texts)
        return max((head, *texts, *map(em, self.whole)))

    @property
    def one_line(self) -> float:
        """With what each row would take one line."""
        return max((self.least, em(self.head) / 2, *map(em, self.texts)))

    @property
    def wanted(self) -> float:
        """The same, if that isn't too much."""
        return max(self.least, min(WIDEST, self.one_line))


def is_turned(columns: Sequence[Column]) -> bool:
    """Whether a table stands on a turned page."""
    if FEW < len(columns) <= MANY:
        return _needed(columns, SMALL) > UPRIGHT
    return len(columns) > MANY


def _needed(columns: Sequence[Column], points: float) -> float:
    return sum(column.least * points + BESIDE for column in columns)


def fitted(columns: Sequence[Column], *, turned: bool) -> tuple[float, tuple[float, ...]]:
    """The size of type and the width of each column, both in points; together they fill the page.

    Type is as large as can be, at least the smallest that can be read. What is left is shared by what the texts of each
    column would take on one line, first of those that want little.
    """
    room = TURNED if turned else UPRIGHT
    points = SMALL
    while points > SMALLEST and _needed(columns, points) > room:
        points -= STEP
    widths = [column.least * points + BESIDE for column in columns]
    for more in ([column.wanted for column in columns], [column.one_line for column in columns]):
        widths = _widened(widths, [one * points + BESIDE for one in more], room)
    return points, tuple(room * width / sum(widths) for width in widths)


def _widened(widths: Sequence[float], wanted: Sequence[float], room: float) -> list[float]:
    """As near to what is wanted as there is room, each column by the same share of what it lacks."""
    left, more = room - sum(widths), sum(wanted) - sum(widths)
    share = min(max(left / more, 0), 1) if more else 0
    return [low + (high - low) * share for low, high in zip(widths, wanted, strict=True)]
