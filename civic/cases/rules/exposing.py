"""What in a resident's words may expose a person: found by its form, proposed for covering, decided by people.

Numbers are found by their shape (GB 11643 identity numbers, GA 36 number plates, mainland telephone
numbers), names only where the sentence says that one follows. What has no shape stays undiscovered,
so a proposal never replaces reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from civic.core.errors import N_

COVER = "＊"
"""What a proposed mask puts in place of each character."""


class Exposes(StrEnum):
    """What a place in a text seems to be."""

    IDENTITY = "identity"
    BANK_CARD = "bank_card"
    PHONE = "phone"
    EMAIL = "email"
    ACCOUNT = "account"
    PLATE = "plate"
    HOME = "home"
    NAME = "name"


EXPOSES_LABELS: Mapping[Exposes, str] = MappingProxyType(
    {
        Exposes.IDENTITY: N_("identity number"),
        Exposes.BANK_CARD: N_("bank card number"),
        Exposes.PHONE: N_("telephone number"),
        Exposes.EMAIL: N_("e-mail address"),
        Exposes.ACCOUNT: N_("online account"),
        Exposes.PLATE: N_("number plate"),
        Exposes.HOME: N_("door number"),
        Exposes.NAME: N_("name"),
    }
)
"""What people read; msgids."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """A place in a text, as character positions, and what it seems to be."""

    start: int
    end: int
    what: Exposes


_SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙朱胡郭何林罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁余叶蒋杜苏魏程吕丁沈姚卢傅钟姜崔谭廖范汪陆"
    "戴贾夏邱侯邹熊孟秦阎薛尹段雷黎史陶贺毛郝顾龚邵钱严武翁柯庄游欧洪詹温施倪缪"
    "張劉陳楊黃趙吳孫鄭謝許鄧馮韓蕭葉蔣蘇呂盧鐘譚範陸賈鄒閻賀顧龔錢嚴莊歐"
)
_TITLES = (
    "先生|女士|小姐|大爷|大妈|大叔|阿姨|叔叔|奶奶|爷爷|师傅|"
    "老师|医生|主任|校长|园长|科长|局长|书记|经理|老板|警官"
)
_BEFORE_NAME = "我叫|我是|本人叫|名叫|名字叫|姓名|联系人|户主|业主叫"
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"

_SHAPES: tuple[tuple[Exposes, re.Pattern[str]], ...] = (
    (Exposes.EMAIL, re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)),
    (
        Exposes.IDENTITY,
        re.compile(
            r"(?<!\d)[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXxＸ](?!\d)"
        ),
    ),
    (Exposes.PHONE, re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)")),
    (Exposes.PHONE, re.compile(r"(?<!\d)0\d{2,3}[-— ]?[2-8]\d{6,7}(?!\d)")),
    (Exposes.BANK_CARD, re.compile(r"(?<!\d)[3-6]\d{3}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?(?!\d)")),
    (
        Exposes.PLATE,
        re.compile(
            rf"[{_PROVINCES}][A-HJ-NP-Z][·• ]?(?:[A-HJ-NP-Z0-9]{{5,6}}|[A-HJ-NP-Z0-9]{{4}}[挂学警港澳])"
        ),
    ),
    (
        Exposes.ACCOUNT,
        re.compile(r"(?:微信|QQ|qq|vx|VX|抖音)(?:号码?|群)?(?:是|为|[:：])?\s*([A-Za-z0-9_-]{5,20})"),
    ),
    (
        Exposes.HOME,
        re.compile(
            r"(?:\d+\s*(?:号楼|号院|号|栋|幢|座|#)\s*)?(?:[\d一二三四五六七八九十]+\s*(?:单元|梯)\s*)(?:\d{2,4}\s*(?:室|房|户|号)?)?"
        ),
    ),
    (
        Exposes.HOME,
        re.compile(r"(?:\d+\s*(?:号楼|栋|幢|座|#)\s*)?\d{3,4}\s*(?:室|房|户)(?![一-龥]{0,2}居民)"),
    ),
    (
        Exposes.NAME,
        re.compile(
            rf"(?:{_BEFORE_NAME})\s*[:：]?\s*([{_SURNAMES}][一-龥]{{1,2}})(?=[\s，。,.；;、！!）)（(]|$|电话|手机|身份证)"
        ),
    ),
    (Exposes.NAME, re.compile(rf"(?<![工每如上下本台])([{_SURNAMES}])(?:{_TITLES})")),
)


def exposures(text: str) -> tuple[Exposure, ...]:
    """Places that may expose a person, in reading order, none overlapping another; the first shape wins."""
    found: list[Exposure] = []
    for candidate in _candidates(text):
        if all(candidate.end <= other.start or candidate.start >= other.end for other in found):
            found.append(candidate)
    return tuple(sorted(found, key=lambda place: place.start))


def proposed_mask(text: str) -> str:
    """The text with every such place covered, character by character, as long as the original."""
    masked = list(text)
    for place in exposures(text):
        for i in range(place.start, place.end):
            if not text[i].isspace():
                masked[i] = COVER
    return "".join(masked)


def _candidates(text: str) -> Iterator[Exposure]:
    for what, shape in _SHAPES:
        for match in shape.finditer(text):
            start, end = match.span(1) if shape.groups else match.span()
            if end > start:
                yield Exposure(start, end, what)
