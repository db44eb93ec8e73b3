"""A masked copy told to its writer: which places are covered, and of what kind."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from civic.cases.rules import Exposes, Shown, masked_places, proposed_mask

WORDS = "我叫林小红，住3号楼502室，电话13812345678，路灯坏了。"


def test_covered_places_are_told_by_kind_and_the_rest_stays_readable() -> None:
    runs = masked_places(WORDS, proposed_mask(WORDS))
    assert [run.kinds for run in runs if run.covered] == [
        (Exposes.NAME,),
        (Exposes.HOME,),
        (Exposes.PHONE,),
    ]
    assert runs[-1] == Shown("，路灯坏了。")


def test_what_a_person_covered_beyond_the_known_forms_has_no_kind() -> None:
    runs = masked_places("隔壁卖鱼的老板太吵。", "隔壁＊＊＊＊＊太吵。")
    assert runs[1] == Shown("＊＊＊＊＊", covered=True)


def test_a_part_of_a_number_counts_as_the_number() -> None:
    runs = masked_places("电话13812345678", "电话138＊＊＊＊5678")
    assert [run.kinds for run in runs if run.covered] == [(Exposes.PHONE,)]


def test_a_copy_without_covered_places_is_one_readable_run() -> None:
    assert masked_places("路灯坏了", "路灯坏了") == (Shown("路灯坏了"),)


@given(st.text(max_size=80), st.text(max_size=80))
def test_the_runs_always_make_up_the_copy(original: str, masked: str) -> None:
    assert "".join(run.text for run in masked_places(original, masked)) == masked


@given(st.text(max_size=120))
def test_whatever_is_proposed_is_told_as_covered_with_its_kind(original: str) -> None:
    for run in masked_places(original, proposed_mask(original)):
        assert run.covered == bool(run.kinds)
