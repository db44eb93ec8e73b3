"""What is pointed out about a reply before it goes out: the reason is said, and nothing is ever refused.

Each rule is one a reader can follow: what was asked, what is named, on what it rests, what was said before.
A question counts as touched if the reply speaks of its matter; one for a time, an amount or a reason also
needs such a word in the reply. docs/reply-quality.md says how well the rules do on real replies.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from civic.cases.rules.courtesy import without_courtesy
from civic.cases.rules.exposing import Exposes, exposures
from civic.cases.rules.placeholders import unfilled_placeholders
from civic.cases.rules.vocabulary import Resolution
from civic.core.errors import N_
from civic.core.text import bigrams, excerpt, normalise


class HintCode(StrEnum):
    """What is pointed out, the gravest first."""

    EXPOSES = "exposes"
    UNFILLED = "unfilled"
    COURTESY = "courtesy"
    UNANSWERED = "unanswered"
    NO_MEASURE = "no_measure"
    NO_DATE = "no_date"
    NO_BASIS = "no_basis"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class HintText:
    """The msgids of a hint: what was noticed, and why it matters to the resident."""

    sentence: str
    why: str


HINT_TEXTS: Mapping[HintCode, HintText] = MappingProxyType(
    {
        HintCode.EXPOSES: HintText(
            N_("The reply shows personal data."),
            N_("The case may be read by everyone. Leave out what points to one person."),
        ),
        HintCode.UNFILLED: HintText(
            N_("A placeholder is not filled in."),
            N_("The resident would read the placeholder as it stands."),
        ),
        HintCode.COURTESY: HintText(
            N_("Without courtesy phrases almost nothing is left."),
            N_("The resident wants to know what was found out and what is done."),
        ),
        HintCode.UNANSWERED: HintText(
            N_("A question seems to be without an answer."),
            N_("Who asked a question objects if it's passed over. Answer it, or say who can."),
        ),
        HintCode.NO_MEASURE: HintText(
            N_("No measure and no date is named."),
            N_("Say what was done or will be done, by whom and by when, so that it can be checked."),
        ),
        HintCode.NO_DATE: HintText(
            N_("Something is promised without a date."),
            N_("Say by when, even if only the month; the resident can then wait instead of asking again."),
        ),
        HintCode.NO_BASIS: HintText(
            N_("A wish is refused without a legal basis."),
            N_("Name the law, rule or plan on which the refusal rests, and the article if you can."),
        ),
        HintCode.REPEATED: HintText(
            N_("The text is nearly equal to an earlier reply."),
            N_("Check that it fits this resident's matter, place and dates."),
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing pointed out; ``excerpts`` are the passages that it is about."""

    code: HintCode
    excerpts: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        return HINT_TEXTS[self.code].sentence

    @property
    def why(self) -> str:
        return HINT_TEXTS[self.code].why


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier reply of the same department, and the number of its case."""

    reference: str
    text: str


@dataclass(frozen=True, slots=True)
class Written:
    """A reply in the making, with what it answers. ``open_to_all``: the public reads it, or may come to."""

    text: str
    words: str
    resolution: Resolution | None = None
    open_to_all: bool = True
    earlier: Sequence[Earlier] = ()


SHOWN = 3
"""How many passages a hint quotes."""
LONGEST_EXCERPT = 60


def hints(written: Written) -> tuple[Hint, ...]:
    """Everything to point out about a reply, the gravest first; nothing about an empty one."""
    if not written.text.strip():
        return ()
    found = {code: find(written) for code, find in _RULES.items()}
    return tuple(Hint(code, passages) for code in HintCode if (passages := found[code]) is not None)


_Passages = tuple[str, ...] | None
"""What a rule finds: the passages it is about (there may be none to quote), or None if all is well."""


def _quoted(passages: Sequence[str]) -> _Passages:
    different = dict.fromkeys(excerpt(passage, LONGEST_EXCERPT) for passage in passages)
    return tuple(different)[:SHOWN] or None


# Personal data

_MOBILE = re.compile(r"(?:\+?86)?1\d{10}")


def _exposed(written: Written) -> _Passages:
    if not written.open_to_all:
        return None
    places = exposures(written.text)
    shown = (
        (written.text[place.start : place.end], place.what)
        for place in places
        if place.what is not Exposes.ACCOUNT
    )
    return _quoted([passage for passage, what in shown if not _is_of_an_office(passage, what)])


def _is_of_an_office(passage: str, what: Exposes) -> bool:
    """Numbers and addresses at which an office is reached belong into a reply."""
    if what is Exposes.PHONE:
        return not _MOBILE.fullmatch(re.sub(r"[ -]", "", normalise(passage)))
    return what is Exposes.EMAIL and normalise(passage).endswith(".gov.cn")


# Placeholders


def _unfilled(written: Written) -> _Passages:
    return _quoted(unfilled_placeholders(written.text))


# Courtesy

LEAST_SUBSTANCE = 20
"""Characters that have to be left for a reply to say anything."""


def _empty(written: Written) -> _Passages:
    rest = without_courtesy(written.text)
    named = _DONE_OR_PLANNED.search(rest) and _DATE.search(unsigned(rest))
    says_something = named or len(re.findall(r"\w", rest)) >= LEAST_SUBSTANCE
    return None if says_something else ()


# Questions

_SENTENCE = re.compile(r"[^。！!；;？?\n]+[？?]?")
_ASKS = re.compile(
    r"[？?]$|吗|嗎|是否|何时|何時|什么时候|什麼時候|几时|多久|多长时间|多長時間|为什么|為什麼|为何|為何|凭什么|憑什麼"
    r"|怎么办|怎麼辦|能不能|可不可以|有没有|有沒有|能否|可否|哪里可以|哪裡可以|请问|請問|想问|想問|咨询一下|諮詢一下"
)
_RHETORICAL = re.compile(r"难道|難道|岂|豈|何来|何以堪|不是.{0,20}吗|还有.{0,6}吗|怎么能|天理|良心|有人管")
"""What wants no answer but says how somebody feels."""
_MERELY_POLITE = re.compile(r"^(?:能否|可否|能不能|可不可以|是否)?(?:您好|你好|谢谢|謝謝)[？?]?$")
_OF_TIME = re.compile(
    r"何时|何時|什么时候|什麼時候|几时|多久|多长时间|多長時間|哪天|哪年|几月|几号(?!楼|院|线)"
)
_OF_AMOUNT = re.compile(r"多少|几(?:元|块钱|平)|价格是|费用是")
_OF_REASON = re.compile(r"为什么|為什麼|为何|為何|凭什么|憑什麼|什么原因|什麼原因|原因是什么")

_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月"
_DATE = re.compile(
    rf"(?:20|19)\d\d\s*年|二[〇○零]\S{{2}}年|{_MONTH}(?:份|底|初|中旬|上旬|下旬|\s*\d{{1,2}}\s*[日号]|前|末)?"
    r"|\d{4}[-./]\d{1,2}(?:[-./]\d{1,2})?|(?:\d+|[一二两三四五六七八九十]+|半)\s*(?:个)?(?:工作日|小时|日内|天内|天|周|星期|月内|个月|年内|季度)"
    r"|[一二三四]季度|(?:今|明|后|本)年|年底|年内|月底|月内|本月|下月|上半年|下半年|本周|下周|今天|明天|昨天|昨日|今日|当日|当天|即日"
    r"|春节前|国庆前|汛期前|开学前|学期"
)
_SIGNED = re.compile(
    r"\s*(?:[\w\s（）()]{0,25})?(?:20\d\d年\d{1,2}月\d{1,2}[日号]|二[〇○零]\S{2}年\S{1,3}月\S{1,3}[日号])\s*[。.]?\s*$"
)
_AMOUNT = re.compile(r"\d|[一二两三四五六七八九十百千万]+\s*(?:元|米|平方|户|个|亩|万)")
_REASON = re.compile(
    r"因|由于|由於|鉴于|原因|系|是为了|出于|考虑到|受.{1,12}影响|导致|属于|根据|依据|按照|不具备|不符合"
)

_HOLLOW = re.compile(
    r"什么|怎么|怎样|如何|是否|何时|时候|多久|为何|为什|请问|想问|能否|能不|不能|可以|可否|有没|没有|是不|谁|哪|吗|呢|啊|呀|吧"
    r"|我们|你们|他们|你好|您好|领导|有关|部门|政府|希望|谢谢|这个|那个|这样|这么|那么|现在|一直|已经|还是|但是|因为|所以|就是"
    r"|[的了着过和与及在是有也都就还又很把被给对向从到我你您他她它这那一不会要能]"
)
TOUCHED = 0.1
"""Share of a question's pairs of characters that a reply which speaks of the matter has at least."""
LEAST_MATTER = 4
"""A question with fewer pairs points back to what was said before it: whether it's touched can't be told."""


def questions(words: str) -> tuple[str, ...]:
    """What a message asks, in order: the asking part of each sentence, with the part before it."""
    asked = (_asking_part(match.group().strip()) for match in _SENTENCE.finditer(words))
    return tuple(
        part for part in asked if part and not _MERELY_POLITE.match(part) and not _RHETORICAL.search(part)
    )


def _asking_part(sentence: str) -> str:
    parts = [part.strip() for part in re.split(r"[，,：:]", sentence)]
    asking = [at for at, part in enumerate(parts) if _ASKS.search(part)]
    return "，".join(part for part in parts[max(asking[0] - 1, 0) : asking[-1] + 1] if part) if asking else ""


def _key_pairs(text: str) -> frozenset[str]:
    """Pairs of characters that carry the matter: words of asking, pointing and joining are cut out."""
    return frozenset(pair for pair in bigrams(_HOLLOW.sub(" ", text)) if len(pair) == 2)


def _unanswered(written: Written) -> _Passages:
    said = unsigned(written.text)
    pairs = frozenset(bigrams(said))
    return _quoted([asked for asked in questions(written.words) if not _answers(said, pairs, asked)])


def _answers(said: str, pairs: frozenset[str], asked: str) -> bool:
    if _OF_TIME.search(asked) and not _DATE.search(said):
        return False
    if _OF_AMOUNT.search(asked) and not _AMOUNT.search(said):
        return False
    if _OF_REASON.search(asked) and not _REASON.search(said):
        return False
    key = _key_pairs(asked)
    return len(key) < LEAST_MATTER or len(key & pairs) >= TOUCHED * len(key)


def unsigned(text: str) -> str:
    """A reply without the name and date below it: the day of writing is no date named."""
    return _SIGNED.sub("", text)


# Measures and dates

_DEEDS = (
    "修复|修好|维修|抢修|修缮|更换|安装|加装|增设|增加|新建|建设|改造|扩建|建成|开工|施工|完工|竣工|验收|通车|投入使用|开通|铺设|拆除|清理|清运|疏通|"
    "整治|整改|查处|处罚|罚款|立案|约谈|责令|取缔|查封|关停|检查|巡查|排查|检测|监测|测量|勘查|勘察|踏勘|走访|现场查看|实地查看|核查|调取|调查核实|"
    "联系|致电|沟通|协商|调解|召开|受理|办理|发放|拨付|退还|退款|返还|补发|缴纳|安置|签订|审批|批复|批准|公示|招标|采购|编制|规划|纳入|列入|调整|"
    "划定|设置|施划|派出|安排|组织|移交|转交|移送|申请|登记|督促|要求"
)
_DONE_OR_PLANNED = re.compile(
    rf"(?:已|已经|于|将|拟|计划|预计|决定|正在|正|立即|随即|现场|当场|完成|责成|要求|安排|组织|派)[^。！？!?；;\n]{{0,24}}?(?:{_DEEDS})"
    rf"|(?:{_DEEDS})[^，。！？!?；;\n]{{0,6}}(?:了|完毕|完成|到位)"
)
_PROMISED = re.compile(
    rf"(?:将(?!于)|拟|计划|预计|下一步|尽快|尽早|近期|适时|后续|待)[^。！？!?；;\n]{{0,24}}?(?:{_DEEDS})"
)
_LAW = "法|条例|规定|办法|细则|规则|规范|标准|规程|通知|意见|方案|决定|批复|规划|公告|函|政策|纪要|章程|合同|协议"
_BASIS = re.compile(
    rf"《[^《》]{{2,60}}》|第[一二三四五六七八九十百\d]+条|[〔\[(（]\d{{4}}[〕\])）]\s*第?\d+号"
    rf"|(?:根据|依据|依照|按照|按)[^，。；\n]{{2,30}}?(?:{_LAW})"
)
_REFUSES = re.compile(
    r"不予|不能(?!及时|尽快)|无法|不符合|不具备|不宜|不属于|不在.{0,12}范围|不享受|不支持|暂不|暂无|没有条件|不可以|不允许|不得"
)


def _without_measure(written: Written) -> _Passages:
    said = unsigned(written.text)
    if _DONE_OR_PLANNED.search(said) or _DATE.search(said):
        return None
    return None if written.resolution in _EXPLAINING and _BASIS.search(said) else ()


def _without_date(written: Written) -> _Passages:
    said = unsigned(written.text)
    if _DATE.search(said):
        return None
    return _quoted([match.group() for match in _PROMISED.finditer(said)])


_EXPLAINING = frozenset({Resolution.EXPLAINED, Resolution.NOT_ADOPTED, Resolution.REFERRED})
"""Resolutions that may rest on a rule instead of a deed."""


def _without_basis(written: Written) -> _Passages:
    if _BASIS.search(written.text):
        return None
    if written.resolution is Resolution.NOT_ADOPTED:
        return _quoted(_refusals(written.text)) or ()
    may_refuse = written.resolution in (Resolution.EXPLAINED, Resolution.PARTLY_ADOPTED, None)
    return _quoted(_refusals(written.text)) if may_refuse else None


def _refusals(text: str) -> list[str]:
    return [
        match.group().strip("，, ") for match in _SENTENCE.finditer(text) if _REFUSES.search(match.group())
    ]


# Earlier replies

SHINGLE = 4
ALIKE = 0.8
LEAST_TO_COMPARE = 30
"""Shorter texts are alike by nature."""


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", normalise(text))


def shingles(plain: str) -> frozenset[str]:
    """Every run of four characters of a text without punctuation and space."""
    return frozenset(plain[i : i + SHINGLE] for i in range(len(plain) - SHINGLE + 1))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """From 0 (nothing in common) to 1 (the same): what both have of what either has."""
    either = len(one | other)
    return len(one & other) / either if either else 0.0


def _repeated(written: Written) -> _Passages:
    plain = _plain(written.text)
    if len(plain) < LEAST_TO_COMPARE:
        return None
    own = shingles(plain)
    alike = []
    for earlier in written.earlier:
        if not ALIKE / 2 <= len(earlier.text) / len(written.text) <= 2 / ALIKE:
            continue  # Of such different length they can't be alike, whatever their punctuation.
        share = likeness(own, shingles(_plain(earlier.text)))
        if share >= ALIKE:
            alike.append((share, earlier.reference))
    return _quoted([reference for _share, reference in sorted(alike, reverse=True)])


_RULES: Mapping[HintCode, Callable[[Written], _Passages]] = MappingProxyType(
    {
        HintCode.EXPOSES: _exposed,
        HintCode.UNFILLED: _unfilled,
        HintCode.COURTESY: _empty,
        HintCode.UNANSWERED: _unanswered,
        HintCode.NO_MEASURE: _without_measure,
        HintCode.NO_DATE: _without_date,
        HintCode.NO_BASIS: _without_basis,
        HintCode.REPEATED: _repeated,
    }
)
