"""What exposes a person is found by its form, and the proposed mask covers exactly that."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.cases.rules import Exposes, exposures, proposed_mask
from civic.desk.rules import beyond_covering


def found(text: str) -> list[tuple[str, Exposes]]:
    return [(text[place.start : place.end], place.what) for place in exposures(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("请打13859100001联系我", [("13859100001", Exposes.PHONE)]),
        ("请打138 5910 0001或138-5910-0001", [("138 5910 0001", Exposes.PHONE), ("138-5910-0001", Exposes.PHONE)]),
        ("座机0591-83221234，", [("0591-83221234", Exposes.PHONE)]),
        ("身份证35010319480101123X。", [("35010319480101123X", Exposes.IDENTITY)]),
        ("卡号6222 0214 0200 1234 567", [("6222 0214 0200 1234 567", Exposes.BANK_CARD)]),
        ("闽A12345、闽A·F12L3", [("闽A12345", Exposes.PLATE), ("闽A·F12L3", Exposes.PLATE)]),
        ("绿牌闽AD12345", [("闽AD12345", Exposes.PLATE)]),
        ("邮箱 lin.x@example.org", [("lin.x@example.org", Exposes.EMAIL)]),
        ("微信号：lin_12345", [("lin_12345", Exposes.ACCOUNT)]),
        ("住河下街23号3单元502室", [("23号3单元502室", Exposes.HOME)]),
        ("5栋201室漏水", [("5栋201室", Exposes.HOME)]),
        ("我叫李小红，住在这里", [("李小红", Exposes.NAME)]),
        ("联系人：陈强 电话", [("陈强", Exposes.NAME)]),
        ("隔壁张大爷和林老师", [("张", Exposes.NAME), ("林", Exposes.NAME)]),
    ],
)  # fmt: skip
def test_what_is_found(text: str, expected: list[tuple[str, Exposes]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2025年地区生产总值862.5亿元，6.3.1第2段",
        "请拨12345或110，也可以打12333",
        "我是台江居民，我是老师",
        "在上海街道23号线路口，6路公交",
        "关于老师待遇，班主任老师、工程师傅、如何主任",
        "文件号台政综〔2021〕12号",
        "10000平方米、100000000元",
    ],
)
def test_what_is_left_alone(text: str) -> None:
    assert found(text) == []


@given(st.text(alphabet="张林我叫1358900闽A2单元室号 ，。x@", max_size=60))
def test_a_proposed_mask_only_covers(text: str) -> None:
    masked = proposed_mask(text)
    assert len(masked) == len(text)
    assert beyond_covering(text, masked) == ()
    assert proposed_mask(text) == masked
