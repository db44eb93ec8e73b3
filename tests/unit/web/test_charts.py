"""Geometry of charts: everything inside the picture, names that don't cover each other."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from civic.web.charts import HEIGHT, LINE, WIDTH, chart, growing, straight, today_mark

numbers = st.decimals("-1000", "100000", places=3)


@given(numbers, numbers, st.dictionaries(st.integers(2015, 2030), numbers), st.booleans())
def test_everything_stays_inside_the_picture(
    base: Decimal, goal: Decimal, values: dict[int, Decimal], zero: bool
) -> None:
    drawn = chart(
        2020, 2025, baseline=base, goal=goal, way=straight(2020, base, 2025, goal),
        observations=values.items(), from_zero=zero,
    )  # fmt: skip
    assert drawn is not None
    for place in (drawn.baseline, drawn.goal, *drawn.points):
        assert place is not None
        assert 0 <= place.x <= WIDTH
        assert 0 <= place.y <= drawn.axis_y <= HEIGHT
        assert 0 <= place.label_y <= HEIGHT
        assert 2020 <= place.year <= 2025


@given(numbers, numbers, numbers)
def test_names_at_the_last_year_can_be_read(base: Decimal, goal: Decimal, value: Decimal) -> None:
    drawn = chart(2015, 2020, baseline=base, goal=goal, observations=[(2020, value)])
    assert drawn is not None
    assert drawn.goal is not None
    assert abs(drawn.goal.label_y - drawn.points[0].label_y) >= LINE - 0.11


def test_without_a_number_there_is_no_chart() -> None:
    assert chart(2020, 2025) is None
    assert chart(2020, 2025, observations=[(2019, Decimal(1))]) is None


def test_growth_is_a_curve_below_the_straight_line() -> None:
    way = growing(2020, Decimal("600.81"), 2025, Decimal("862.5"))
    middle = next(value for year, value in way.points if year == 2022.5)
    assert round(middle, 2) == 719.86
    assert way.points[-1] == (2025, 862.5)


def test_today_stands_between_the_years() -> None:
    assert today_mark(date(2023, 1, 1)) == 2022
    assert 2022.4 < today_mark(date(2023, 7, 1)) < 2022.6
    inside = chart(2020, 2025, baseline=Decimal(1), today=date(2023, 7, 1))
    after = chart(2020, 2025, baseline=Decimal(1), today=date(2026, 11, 23))
    assert inside is not None
    assert inside.today_x is not None
    assert inside.left < inside.today_x < inside.right
    assert after is not None
    assert after.today_x is None


def test_a_limit_shows_the_side_to_stay_on() -> None:
    below = chart(2015, 2020, baseline=Decimal("0.033"), goal=Decimal("0.035"), keep_below=True)
    above = chart(2015, 2020, baseline=Decimal(100), goal=Decimal(100), keep_below=False)
    assert below is not None
    assert below.band is not None
    assert below.band[0] == below.limit_y
    assert above is not None
    assert above.band is not None
    assert above.limit_y is not None
    assert sum(above.band) == above.limit_y
