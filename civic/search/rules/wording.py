"""What a resident's sentence asks for: its words without those that only hold a sentence together. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from operator import ne

from civic.core.scripts import simplified
from civic.core.text import bigrams, normalise, runs

LONGEST = 2000
"""No message is longer; of what is, the beginning is searched."""

# Of the language, not of a district. Not here: 都, 和, 在, 有, which are parts of words as often (闽都, 和谐, 国有).
FUNCTION_WORDS = (
    "什么时候 什么地方 怎么样 怎么 怎样 如何 为什么 什么 哪里 哪儿 哪个 哪些 谁来 多久 几时 何时 多少 "
    "有没有 能不能 可不可以 是不是 会不会 要不要 行不行 是否 可以 可能 应该 需要 "
    "我们家 我们 你们 他们 她们 咱们 我家 你家 咱家 大家 自己 人家 别人 "
    "这里 那里 这边 那边 这个 那个 这些 那些 这样 那样 这么 那么 一下 一点 一些 一个 有点 有些 有人 "
    "请问 想问 咨询 希望 建议 要求 请求 呼吁 强烈 麻烦 谢谢 感谢 您好 你好 领导 尊敬 反映 投诉 举报 质疑 "
    "没有 没人 没法 没处 找不到 不到 不了 不能 不会 不要 不让 不敢 不行 不够 不好 不知道 "
    "总是 老是 经常 一直 已经 现在 目前 今年 去年 每次 每天 每年 天天 年年 到底 究竟 真的 实在 "
    "非常 特别 十分 比较 太多 太少 太贵 太差 太远 太大 太小 太久 太旧 很多 好多 "
    "因为 所以 但是 可是 而且 如果 虽然 还是 或者 还有 只能 只有 只好 就是 不是 都是 又是 也是 "
    "关于 问题 情况 事宜 相关 解决 "
    "吗 呢 吧 啊 呀 哦 啦 嘛 的 了 着 很 也 又 您 你 我 他 她 它 们 这 那 哪 谁 咋 啥"
)
_FUNCTION_WORD = re.compile("|".join(sorted(FUNCTION_WORDS.split(), key=lambda word: (-len(word), word))))
_IDEOGRAPH = re.compile("[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Question:
    """A query taken apart.

    ``text``: all of it in the form in which it's compared. ``words``: its runs of characters without function
    words. ``pairs``: how often it says each pair of neighbouring
    characters in them; ``neighbours``: the pairs before and after each. ``characters``: the ideographs of them.
    """

    text: str
    words: tuple[str, ...]
    pairs: Mapping[str, int]
    neighbours: Mapping[str, frozenset[str]]
    characters: tuple[str, ...]


def asked(query: str) -> Question:
    """Take a query apart; one that holds function words only is asked for these."""
    text = folded(query[:LONGEST])
    every = runs(text)
    words = [word for run in every for word in _FUNCTION_WORD.sub(" ", run).split()] or every
    pairs: Counter[str] = Counter()
    beside: dict[str, set[str]] = {}
    for word in words:
        own = bigrams(word)
        pairs.update(own)
        for pair in own:
            beside.setdefault(pair, set())
        for before, after in pairwise(own):
            beside[before].add(after)
            beside[after].add(before)
    return Question(
        text,
        tuple(words),
        pairs,
        {pair: frozenset(others - {pair}) for pair, others in beside.items()},
        tuple(dict.fromkeys(character for word in words for character in characters(word))),
    )


def misspelt(word: str, text: str) -> frozenset[str]:
    """What the text holds that differs from a word by exactly one character."""
    half = len(word) // 2
    found = set()
    # One half of the word is right wherever the wrong character stands.
    for part, before in ((word[:half], 0), (word[half:], half)):
        at = text.find(part) if part else -1
        while at >= 0:
            other = text[max(at - before, 0) : at - before + len(word)]
            if len(other) == len(word) and sum(map(ne, word, other)) == 1 and other.isalpha():
                found.add(other)
            at = text.find(part, at + 1)
    return frozenset(found)


def folded(text: str) -> str:
    """The form in which queries and items are compared: normal form, in Simplified characters."""
    return simplified(normalise(text))


def characters(text: str) -> list[str]:
    """The ideographs of a text."""
    return _IDEOGRAPH.findall(text)
