"""Whether two cases can become one: what the lists know of a case decides as all that is known of it would."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from civic.cases import policy
from civic.cases.rules import ANSWERED, CaseAction, CaseStatus, Mergeable, into_one, mergeable
from tests.unit.cases.happenings import at, story
from tests.unit.cases.test_every_row_and_role import ANSWERED as ANSWER
from tests.unit.cases.test_every_row_and_role import LIVES, PEOPLE, ROUTED, WORKED_ON

A = CaseAction
OTHERS = (
    (*ANSWER, (A.REOPEN, at(2))),
    (*WORKED_ON, (A.DECLINE, at(1), {"code": "no_substance"}), (A.APPEAL, at(2))),
    (*ROUTED, (A.ABSORB, at(1), {"case_id": 98})),
    (*ANSWER, (A.ABSORB, at(2), {"case_id": 98})),
    (*ANSWER, (A.ERASE_WORDS, at(2))),
)
CASES = [story(*life) for life in (*LIVES.values(), *OTHERS)]


def test_who_may_merge_which_case_into_which_is_what_both_actions_allow() -> None:
    seen = set()
    for (actor, _capacities), case, survivor in product(PEOPLE.values(), CASES, CASES):
        if actor.account_id is None:
            continue
        decision = policy.can_merge(actor, mergeable(case), mergeable(survivor))
        late = case.round.number > 1 and survivor.status in ANSWERED
        both = policy.can(actor, A.MERGE, case, at(3)) and policy.can(actor, A.ABSORB, survivor, at(3))
        assert bool(decision) == (bool(both) and not late), (actor, case.status, survivor.status)
        assert bool(decision) != bool(decision.reason)
        seen.add(bool(decision))
    assert seen == {True, False}


STANDS = st.builds(
    Mergeable,
    st.sampled_from(CaseStatus),
    st.none(),
    objects=st.booleans(),
    holds_others=st.booleans(),
    is_erased=st.booleans(),
)


@given(st.lists(STANDS, min_size=1, max_size=8))
def test_the_one_that_goes_on_takes_in_as_many_as_any_could(cases: list[Mergeable]) -> None:
    dispatcher = PEOPLE["dispatcher"][0]

    def may(one: Mergeable, other: Mergeable) -> bool:
        return bool(policy.can_merge(dispatcher, one, other))

    into, *others = into_one(cases, may)
    possible = [
        [at for at, one in enumerate(cases) if at != survivor and may(one, cases[survivor])]
        for survivor in range(len(cases))
    ]
    assert others == possible[into]
    assert len(others) == max(map(len, possible))
    assert into == min(at for at, found in enumerate(possible) if len(found) == len(others))
