"""Traditional: the interface with Taiwan's words, official texts character by character, names never reworded."""

from __future__ import annotations

import re
from itertools import chain
from typing import Any

import pytest
import yaml

from civic.core.scripts import simplified, traditional
from tests.conftest import ROOT
from tools.catalog import load, overrides

DISTRICT = ROOT / "civic/data/taijiang"

MISLED = (
    "社群", "稽核", "釋出", "專案", "物件", "宣告", "許可權", "視窗", "繫結", "型別", "程式碼", "資料資料", "審籤",
    "賬", "佈", "天后", "區里", "“", "”",
)  # fmt: skip
"""What a conversion for software makes of words of an office, and what it leaves as it is."""


def messages(locale: str) -> dict[str, list[str]]:
    found = {}
    for message in load(locale):
        if message.id:
            key = message.id if isinstance(message.id, str) else message.id[0]
            found[key] = [message.string] if isinstance(message.string, str) else list(message.string)
    return found


HANS, HANT = messages("zh_Hans"), messages("zh_Hant")


@pytest.mark.parametrize("word", MISLED)
def test_no_word_of_an_office_became_one_of_a_computer(word: str) -> None:
    assert [text for text in chain.from_iterable(HANT.values()) if word in text] == []


@pytest.mark.parametrize(
    ("hans", "hant"),
    [
        ("待审签", "待審簽"),
        ("街道和社区", "街道和社區"),
        ("请先登录", "請先登入"),
        ("遮盖个人信息", "遮蓋個人資料"),
        ("重点项目", "重點項目"),
        ("链接", "連結"),
        ("“左右”", "「左右」"),
    ],
)
def test_words_are_those_of_taiwan(hans: str, hant: str) -> None:
    pairs = [(one, HANT[key]) for key, texts in HANS.items() for one in texts if hans in one]
    assert pairs, f"nothing says {hans} any more"
    assert [one for one, there in pairs if not any(hant in text for text in there)] == []


def test_titles_of_laws_keep_their_words() -> None:
    titles = re.compile("《[^》%]*》")
    for key, texts in HANS.items():
        expected = [traditional(title) for text in texts for title in titles.findall(text)]
        assert [title for text in HANT[key] for title in titles.findall(text)] == expected


def test_every_override_is_of_use() -> None:
    said = "\n".join(chain.from_iterable(HANS.values()))
    assert [term for term in overrides()["terms"] if term not in said] == []
    assert [key for key in overrides()["messages"] if key not in HANS] == []


def names(found: Any) -> list[str]:
    """Every official name in a file of the district."""
    if isinstance(found, dict):
        own = [v for k, v in found.items() if k in {"name", "site_name", "function"} and isinstance(v, str)]
        return own + [name for value in found.values() for name in names(value)]
    return [name for value in found for name in names(value)] if isinstance(found, list) else []


def letters(text: str) -> str:
    """着 is written 著 in Taiwan, which Simplified keeps for writing; nothing else may differ on the way back."""
    return text.replace("着", "著")


@pytest.mark.parametrize("file", ["departments", "streets", "district"])
def test_names_of_places_and_offices_are_converted_by_character_only(file: str) -> None:
    found = names(yaml.safe_load((DISTRICT / f"{file}.yaml").read_text("utf-8")))
    assert found
    for name in found:
        there = traditional(name)
        assert len(there) == len(name)
        assert letters(simplified(there)) == letters(name)


@pytest.mark.parametrize(
    ("hans", "hant"),
    [
        ("福州市台江区", "福州市臺江區"),
        ("后洲街道", "後洲街道"),
        ("鳌峰街道", "鰲峰街道"),
        ("上下杭社区居委会", "上下杭社區居委會"),
        ("区发展和改革局", "區發展和改革局"),
        ("苍霞街道", "蒼霞街道"),
    ],
)
def test_known_names(hans: str, hant: str) -> None:
    assert traditional(hans) == hant


def test_the_plan_is_converted_by_character_only() -> None:
    for number, line in enumerate((DISTRICT / "taijiang-14fyp.md").read_text("utf-8").splitlines(), 1):
        there = traditional(line)
        assert len(there) == len(line), number
        assert letters(simplified(there)) == letters(simplified(line)), number
