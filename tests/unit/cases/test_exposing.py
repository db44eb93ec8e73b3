"""What exposes a person is found by its form, and the proposed mask covers exactly that."""

from __future__ import annotations

import pytest
from hypothesis import example, given
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
        ("号35010319480101123X。", [("35010319480101123X", Exposes.IDENTITY)]),
        ("身份证号：350103194801011231", [("350103194801011231", Exposes.IDENTITY)]),
        ("台胞证号01234567", [("01234567", Exposes.IDENTITY)]),
        ("转到6222 0214 0200 1234 563", [("6222 0214 0200 1234 563", Exposes.BANK_CARD)]),
        ("银行卡号：6222021402001234564", [("6222021402001234564", Exposes.BANK_CARD)]),
        ("打１３８５９１００００１找我", [("１３８５９１００００１", Exposes.PHONE)]),
        ("幺三八五九幺零零零零幺", [("幺三八五九幺零零零零幺", Exposes.PHONE)]),
        ("（0591）83221234", [("（0591）83221234", Exposes.PHONE)]),
        ("闽A12345、闽A·F12L3", [("闽A12345", Exposes.PLATE), ("闽A·F12L3", Exposes.PLATE)]),
        ("绿牌闽AD12345", [("闽AD12345", Exposes.PLATE)]),
        ("闽A12345D、闽a f1234", [("闽A12345D", Exposes.PLATE), ("闽a f1234", Exposes.PLATE)]),
        ("加我微信 lin_12345 或QQ：12345678", [("lin_12345", Exposes.ACCOUNT), ("12345678", Exposes.ACCOUNT)]),
        ("祥坂新村8座1704单元", [("8座1704单元", Exposes.HOME)]),
        ("金源花园3栋502，漏水", [("3栋502", Exposes.HOME)]),
        ("家住下池巷12号，门前", [("12号", Exposes.HOME)]),
        ("姓名：阿依古丽 电话", [("阿依古丽", Exposes.NAME)]),
        ("我叫陈强住在河下", [("陈强", Exposes.NAME)]),
        ("3栋2单元5楼505室，金源2栋320漏水", [("3栋2单元5楼505室", Exposes.HOME), ("2栋320", Exposes.HOME)]),
        ("我叫周鱼家，我叫乌兰。", [("周鱼家", Exposes.NAME), ("乌兰", Exposes.NAME)]),
        ("我叫欧阳小明。", [("欧阳小明", Exposes.NAME)]),
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
        "编号350103194801011231和6222021402001234564",
        "八一七中路100号的台江医院3号楼201室",
        "工业路523号门口、上浦路23号对面，小区有502户居民",
        "家住工业路523号附近",
        "5号楼3单元水管坏了",
        "120房产证、302房价、班里301室内活动",
        "闽东A区、微信公众号tjfabu、微信小程序ABCDE",
        "7栋2单元20层、5栋一单元25楼、3栋105m2、洋房44栋724户，我叫他们，我叫停车，",
        "家住珍珠北路139号潇楚佳苑小区，历史老师、其余老师",
        "胡书记、陈局长、王主任，你们好",
        "5栋105号门面、7栋一单元100多户业主，不许老师补课",
        "我叫了救护车，姓名和电话都留了",
    ],
)
def test_what_is_left_alone(text: str) -> None:
    assert found(text) == []


@given(st.from_regex(r"[1-9][0-9]{5}19[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])[0-9]{3}", fullmatch=True))
def test_of_the_eleven_last_signs_one_makes_an_identity_number(start: str) -> None:
    last = [
        sign for sign in "0123456789X" if found(f"号{start}{sign}，") == [(start + sign, Exposes.IDENTITY)]
    ]
    assert len(last) == 1


@given(st.from_regex(r"62[0-9]{13,16}", fullmatch=True))
@example("62001018170713090")
def test_of_the_ten_last_digits_one_makes_a_card_number(start: str) -> None:
    read = {n: dict(found(f"号{start}{n}，")).get(start + n) for n in "0123456789"}
    cards = [n for n, what in read.items() if what is Exposes.BANK_CARD]
    # With a day of birth in it the same number may be an identity number as well: then it's called that.
    assert len(cards) == 1 or (not cards and Exposes.IDENTITY in read.values())


@given(st.text(alphabet="张林我叫姓名1358900闽A2单元室号栋住 ，。x@：", max_size=60))
def test_a_proposed_mask_only_covers(text: str) -> None:
    masked = proposed_mask(text)
    assert len(masked) == len(text)
    assert beyond_covering(text, masked) == ()
    assert proposed_mask(text) == masked
