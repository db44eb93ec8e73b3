"""Whatever the moments of the cases are, and even if one moves meanwhile, paging shows each other row exactly once."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from civic.cases import queries
from civic.cases.models import Case
from civic.cases.queries import QueueFilter, QueueOrder, QueueView
from civic.core.db import unit_of_work
from tests.integration.desk.office import Office

CASES = 7
HOURS = st.integers(0, 3)
"""Few moments, so that many cases share one."""
KEYS = {
    QueueOrder.URGENT: ("urgent_at", False),
    QueueOrder.NEWEST: ("submitted_at", True),
    QueueOrder.OLDEST: ("submitted_at", False),
    QueueOrder.UNCHANGED: ("changed_at", False),
}
"""What an order goes by, and whether it falls."""


def test_each_order_is_paged_through_once(office: Office) -> None:
    references = [office.submit() for _ in range(CASES)]
    with office.app.app_context():
        ids = [queries.case_id_of(reference) or 0 for reference in references]

        @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
        @given(
            hours=st.lists(HOURS, min_size=CASES, max_size=CASES),
            order=st.sampled_from(QueueOrder),
            size=st.integers(1, CASES),
            moved=st.one_of(st.none(), st.tuples(st.sampled_from(ids), HOURS, st.integers(1, CASES))),
        )
        def paged(hours: list[int], order: QueueOrder, size: int, moved: tuple[int, int, int] | None) -> None:
            key, falls = KEYS[order]
            move(office, key, dict(zip(ids, hours, strict=True)))
            seen: list[int] = []
            cursor, pages = None, 0
            while pages == 0 or cursor:
                page = queries.queue(
                    office.people["handler"], QueueFilter(QueueView.ALL), cursor,
                    now=office.now, size=size, order=order,
                )  # fmt: skip
                seen += [row.case_id for row in page.rows]
                cursor, pages = page.next_cursor, pages + 1
                if moved and pages == moved[2]:
                    move(office, key, {moved[0]: moved[1]})
            rows = sorted(zip(hours, ids, strict=True), reverse=falls)
            moving = moved[0] if moved else None
            assert [one for one in seen if one != moving] == [one for _hour, one in rows if one != moving]
            assert moving or len(seen) == CASES

        paged()


def move(office: Office, key: str, hours: dict[int, int]) -> None:
    moments = {case_id: office.now + timedelta(hours=hour) for case_id, hour in hours.items()}
    with unit_of_work() as session:
        session.execute(update(Case), [{"id": case_id, key: at} for case_id, at in moments.items()])
