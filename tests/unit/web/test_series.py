"""A series over two plans: one scale, everything inside the picture, names that can be read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from civic.web.charts import HEIGHT, LINE, WIDTH, growing, straight
from civic.web.series import Span, series_chart

TODAY = date(2023, 7, 1)
values = st.decimals("0.5", "5000", places=2)


def spans(base: Decimal, goal: Decimal, result: Decimal, wanted: Decimal, latest: Decimal) -> list[Span]:
    return [
        Span(2015, 2020, base, goal, straight(2015, base, 2020, goal), None, ((2020, result),)),
        Span(2020, 2025, result, wanted, growing(2020, result, 2025, wanted), None, ((2022, latest),)),
    ]


@given(values, values, values, values, values)
def test_everything_stays_inside_the_picture(
    base: Decimal, goal: Decimal, result: Decimal, wanted: Decimal, latest: Decimal
) -> None:
    chart = series_chart(spans(base, goal, result, wanted, latest), TODAY)
    assert chart is not None
    for mark in (*chart.points, *chart.goals):
        assert 0 <= mark.x <= WIDTH
        assert 0 <= mark.y <= HEIGHT
        assert LINE / 2 <= mark.label_y <= HEIGHT
    assert [mark.year for mark in chart.points] == [2015, 2020, 2022]
    assert len(chart.paths) == 2


def test_where_two_plans_meet_one_value_stands_and_only_some_are_named() -> None:
    gdp = spans(Decimal("369.6"), Decimal(570), Decimal("600.81"), Decimal("862.5"), Decimal(690))
    second = gdp[1]
    more = Span(
        2020,
        2025,
        second.baseline,
        second.goal,
        second.way,
        None,
        ((2021, Decimal(650)), (2022, Decimal(690))),
    )
    chart = series_chart([gdp[0], more], TODAY)
    assert chart is not None
    assert [(mark.year, bool(mark.anchor)) for mark in chart.points] == [
        (2015, True), (2020, True), (2021, False), (2022, True),
    ]  # fmt: skip
    assert [mark.year for mark in chart.goals] == [2020, 2025]
    assert [year for year, _, written in chart.years if written] == [2015, 2020, 2025]
    assert chart.today_x


def test_one_value_alone_makes_no_series() -> None:
    assert series_chart([Span(2015, 2020, Decimal(1), None, None, None, ())], TODAY) is None
    assert series_chart([], TODAY) is None
