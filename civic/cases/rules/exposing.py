"""What in a resident's words may expose a person: found by its form, proposed for covering, decided by people.

Numbers are found by their shape (GA 36 number plates, mainland telephone numbers), identity and card
numbers also by their check digit or by the word before them; homes only down to the door, so that the
street number of a public place stays readable; names only where the sentence says that one follows.
What has no shape stays undiscovered, so a proposal never replaces reading. docs/masking.md says more.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from civic.cases.rules.check_digits import is_card_number, is_identity_number
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
_MORE_SURNAMES = (
    "高马方石金白万常汤任江童颜梅盛林章鲁韦俞纪舒屈项祝阮蓝闵席季麻路娄危涂连池甘卓简"
    "龙聂庞易阳康柏粟覃龍聶龐陽馬萬湯紀項藍連塗"
)
"""Also everyday words: taken for a surname only where a name is announced."""
_TWO_CHARACTERS = "欧阳|歐陽|上官|司马|司馬|诸葛|諸葛|司徒|夏侯|皇甫|尉迟|公孙|慕容|令狐|东方|独孤"
_SURNAME = f"(?:{_TWO_CHARACTERS}|[{_SURNAMES}{_MORE_SURNAMES}])"
_TITLES = "先生|女士|小姐|大爷|大妈|大叔|阿姨|叔叔|奶奶|爷爷|师傅|老师|大爺|大媽|師傅|老師"
"""Titles of offices are left out: whoever addresses an official by name and office exposes nobody."""
_ANNOUNCED = "我叫|我名叫|本人叫|名叫|名字叫|名字是|姓名|联系人|聯繫人|户主|戶主|业主叫|業主叫"
_HAN = "[一-龥]"
_NO_NAME = "他她它你您们人车停救护了一不什么来过去这那个着到老保警醒大家物"
"""What 我叫 also goes before: whom or what somebody calls."""
_NAME_ENDS = (
    r"(?=[^\w]|$|[0-9A-Za-z]|电话|手机|身份证|電話|手機|住|家|是|在|今年|来自|來自|男|女|想|要|和|跟|的)"
)
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼滬遼魯蘇贛陝閩貴寧瓊"
_PLATE_SIGN = "[A-HJ-NP-Z0-9]"
_PUBLIC_HOUSES = (
    "医院|学校|小学|中学|大学|政府|中心|办事处|大厅|法院|派出所|银行|酒店|宾馆|商场|大厦|"
    "醫院|學校|小學|中學|大學|辦事處|大廳|銀行|賓館|商場|大廈"
)
_NOT_HOUSES = "".join(f"(?<!{word})" for word in _PUBLIC_HOUSES.split("|"))
"""Rooms of these are offices and shops that anyone may visit."""
_NUMBER = r"(?:\d{1,4}|[一二三四五六七八九十]{1,3})"
_BUILDING = rf"{_NUMBER}\s*(?:号楼|號樓|号院|号|號|栋|棟|幢|座|#)\s*"
_NO_SHOP = "(?!号?(?:门面|店面|商铺|铺面|店铺|門面|商鋪))"
_FLAT = "房(?![产產价價屋间間东東子源型贷改])"
_DOOR_END = rf"(?:号房|號房|室|{_FLAT}|[号號](?![楼樓院线線路口]){_NO_SHOP})"
_NO_MEASURE = r"(?!\d|\s*(?:[多余餘几幾层層楼樓米平元人户戶年个個万萬亩畝台條条次名辆吨㎡%]|m))" + _NO_SHOP
"""After a bare number: not a floor, an area or a count of something."""

_SHAPES: tuple[tuple[Exposes, re.Pattern[str]], ...] = (
    # Full-width signs need no mention: what is searched has them as plain ones.
    (Exposes.EMAIL, re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)),
    (
        Exposes.IDENTITY,
        re.compile(
            r"(?:身份证|身份證|护照|護照|台胞证|台胞證|通行证|通行證|居住证|居住證)(?:号码?|號碼?)?(?:是|为|為|:)?\s*"
            r"([A-Za-z]{0,2}\d{7,17}[\dXx])(?![\dA-Za-z])"
        ),
    ),
    (
        Exposes.BANK_CARD,
        re.compile(
            r"(?:银行卡|銀行卡|卡号|卡號|账号|帳號|帐号|账户|帳戶)(?:号码?)?(?:是|为|為|:)?\s*"
            r"(\d(?:[ -]?\d){11,20})(?!\d)"
        ),
    ),
    (Exposes.PHONE, re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)")),
    (Exposes.PHONE, re.compile(r"(?<!\d)1[3-9]\d{2}[- ]?\d{3}[- ]?\d{4}(?!\d)")),
    (
        Exposes.PHONE,
        re.compile(r"[幺一][三四五六七八九][零〇一二三四五六七八九幺]{9}(?![零〇一二三四五六七八九幺])"),
    ),
    (Exposes.PHONE, re.compile(r"(?<!\d)\(?0(?:10|2\d|[3-9]\d{2})[)\-— ]{0,2}[2-8]\d{6,7}(?!\d)")),
    (
        Exposes.PHONE,
        re.compile(r"(?:电话|電話|座机|座機|联系方式)(?:号码?|是|为|:|\s){0,3}([2-8]\d{6,7})(?!\d)"),
    ),
    (
        Exposes.PLATE,
        re.compile(
            rf"[{_PROVINCES}][A-HJ-NP-Z][·•. -]?(?:"
            rf"[A-HJK]{_PLATE_SIGN}\d{{4}}|\d{{5}}[A-HJK]|"
            rf"(?={_PLATE_SIGN}*\d{_PLATE_SIGN}*\d){_PLATE_SIGN}{{5}}|{_PLATE_SIGN}{{4}}[挂掛学學警港澳])(?![A-Z0-9])",
            re.IGNORECASE,
        ),
    ),
    (
        Exposes.ACCOUNT,
        re.compile(
            r"(?:微信|微訊|薇信|QQ|vx|wx|wechat|抖音|微博|小红书)(?:号码?|號碼?|群|ID|账号|帐号|帳號)?(?:是|为|為|:)?\s*"
            r"([A-Za-z][A-Za-z0-9_-]{4,19}|\d{5,11})(?![A-Za-z0-9_-])",
            re.IGNORECASE,
        ),
    ),
    (
        Exposes.HOME,
        re.compile(
            rf"{_NOT_HOUSES}(?<!\d)(?:{_BUILDING}){{0,2}}{_NUMBER}\s*(?:单元|單元|梯)\s*"
            rf"(?:\d{{1,2}}[楼樓层層]\s*)?\d{{2,4}}(?:\s*{_DOOR_END}|{_NO_MEASURE})"
        ),
    ),
    (
        Exposes.HOME,
        re.compile(rf"{_NOT_HOUSES}(?<!\d)(?:{_BUILDING}){{1,2}}\d{{3,4}}\s*(?:{_DOOR_END}|单元|單元)"),
    ),
    (
        Exposes.HOME,
        re.compile(rf"{_NOT_HOUSES}(?<!\d){_NUMBER}\s*(?:号楼|號樓|栋|棟|幢|座|#)\s*\d{{3,4}}{_NO_MEASURE}"),
    ),
    (
        Exposes.HOME,
        re.compile(rf"{_NOT_HOUSES}(?<![\d第楼樓栋棟幢座元])\d{{3,4}}\s*(?:室(?![内內外友温溫])|{_FLAT})"),
    ),
    (
        Exposes.HOME,
        re.compile(
            r"(?:家住|我住|住址|家庭地址|户籍地址)(?:在|:|是|为)?[^\s,。;!?]{0,30}?"
            r"(?<!\d)(\d{1,4}(?:-\d{1,4})?[号號])(?![楼樓院线線路口]|附近|旁|对面|門口|门口"
            r"|[一-龥]{0,8}(?:小区|小區|花园|花園|苑|公寓|大厦|大廈|楼|樓|院|新村))"
        ),
    ),
    (Exposes.NAME, re.compile(rf"姓名\s*(?:[:是为為]\s*)({_HAN}{{2,4}}(?:·{_HAN}{{1,6}})?)(?!{_HAN})")),
    (
        Exposes.NAME,
        re.compile(
            rf"(?:{_ANNOUNCED})\s*[:是]?\s*"
            rf"({_SURNAME}{_HAN}{{1,2}}(?=[^\w]|$)|{_SURNAME}{_HAN}{{1,2}}?{_NAME_ENDS}|{_SURNAME}{_HAN}{{2}})"
        ),
    ),
    (Exposes.NAME, re.compile(rf"我叫\s*((?![{_NO_NAME}]){_HAN}{{2,3}})(?=[,。.;、!)(])")),
    (
        Exposes.NAME,
        re.compile(rf"我是\s*([{_SURNAMES}]{_HAN}{{1,2}})(?=[\s,。.;、!)(]|$|电话|手机|身份证)"),
    ),
    (
        Exposes.NAME,
        re.compile(rf"(?<![工每如上下本台历其不照])(?!许老师|段老师)([{_SURNAMES}])(?:{_TITLES})"),
    ),
)
_CHECKED: tuple[tuple[Exposes, re.Pattern[str], Callable[[str], bool]], ...] = (
    (
        Exposes.IDENTITY,
        re.compile(
            r"(?<!\d)[1-9]\d{5}[ -]?(?:18|19|20)\d{2}[ -]?(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])[ -]?"
            r"\d{3}[\dXx](?![\dA-Za-z])"
        ),
        is_identity_number,
    ),
    (Exposes.BANK_CARD, re.compile(r"(?<!\d)[3-6](?:[ -]?\d){14,18}(?!\d)"), is_card_number),
)
"""Shapes that many harmless numbers share: only those with the right check digit are proposed."""


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
    folded = _folded(text)
    for what, shape, is_real in _CHECKED:
        for match in shape.finditer(folded):
            if is_real(re.sub(r"[ -]", "", match.group())):
                yield Exposure(*match.span(), what)
    for what, shape in _SHAPES:
        for match in shape.finditer(folded):
            yield Exposure(*match.span(1 if shape.groups else 0), what)


def _folded(text: str) -> str:
    """Full-width digits, letters and signs as plain ones; every character keeps its place."""
    return "".join(
        plain if len(plain := unicodedata.normalize("NFKC", character)) == 1 else character
        for character in text
    )
