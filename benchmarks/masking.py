"""How well masking proposes: ``python -m benchmarks.masking FOLDER`` over a folder of real messages.

FOLDER holds gzipped CSV files with a column 留言详情. Two figures are counted, and what a person has to judge
is printed (to read, not to keep):

- recall: every message gets one personal detail of each kind, written the way people write it and with
  random digits, and is asked whether all of it is proposed;
- precision: a random sample of what is proposed in the messages as they are, in its surroundings;
- cues: places where a wide net (any long number, any announced name, any door) finds something and no proposal is.
"""

from __future__ import annotations

import csv
import gzip
import random
import re
import sys
from collections import Counter
from pathlib import Path

from civic.cases.rules import Exposes, exposures
from civic.cases.rules.check_digits import is_card_number, is_identity_number

SEED = 20261123
SAMPLE = 200
CUES = (
    r"(?<!\d)\d{11}(?!\d)", r"(?<!\d)\d{17}[\dXx]", r"我叫\S{2,4}", r"姓名\S{2,5}", r"\d{3,4}室", r"单元\d+",
    r"微信\S{0,3}[A-Za-z0-9_]{5,}",
    r"\S+@\S+", r"家住\S{0,15}\d+号",
)  # fmt: skip
WAYS = {
    Exposes.PHONE: ("电话{}，", "请打{}联系我，", "（{}）"),
    Exposes.IDENTITY: ("身份证{}，", "证件号码{}，", "（{}）"),
    Exposes.BANK_CARD: ("卡号{}，", "钱打到{}，", "账户：{}。"),
    Exposes.EMAIL: ("邮箱{}，", "写信给{}。"),
    Exposes.PLATE: ("车牌{}，", "{}占道，", "车号是{}。"),
    Exposes.ACCOUNT: ("微信{}，", "微信号：{}，", "加我微信 {}，", "QQ:{}。"),
    Exposes.HOME: ("住{}，", "我家{}漏水，", "地址：{}。"),
    Exposes.NAME: ("我叫{}，", "姓名：{}，", "本人叫{}。", "我叫{}住在附近，"),
}


def messages(folder: Path) -> list[str]:
    """Every different message of the folder's files."""
    found: dict[str, None] = {}
    for path in sorted(folder.glob("*.csv.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for row in csv.DictReader(lines):
                if row.get("留言详情"):
                    found[row["留言详情"].strip()] = None
    return list(found)


def detail(kind: Exposes, dice: random.Random) -> str:
    """A made-up detail of one kind."""

    def digits(n: int) -> str:
        return "".join(dice.choice("0123456789") for _ in range(n))

    if kind is Exposes.PHONE:
        number = f"1{dice.choice('3456789')}{digits(9)}"
        spaced = f"{number[:3]} {number[3:7]} {number[7:]}"
        return dice.choice((number, spaced, f"0591-8{digits(7)}"))
    if kind is Exposes.IDENTITY:
        start = f"350103{dice.randint(1940, 2010)}{dice.randint(1, 12):02}{dice.randint(1, 28):02}{digits(3)}"
        return next(start + last for last in "0123456789X" if is_identity_number(start + last))
    if kind is Exposes.BANK_CARD:
        start = "62" + digits(dice.choice((14, 17)) - 1)
        return next(start + last for last in "0123456789" if is_card_number(start + last))
    if kind is Exposes.PLATE:
        return dice.choice((f"闽A{digits(5)}", f"闽AD{digits(5)}", f"闽A·{dice.choice('BFK')}{digits(4)}"))
    if kind is Exposes.HOME:
        building, unit = dice.randint(1, 40), dice.randint(1, 4)
        door = dice.randint(1, 30) * 100 + dice.randint(1, 8)
        ways = ("{0}栋{1}单元{2}室", "{0}号楼{2}室", "{0}座{2}单元", "{0}#{2}")
        return dice.choice(ways).format(building, unit, door)
    if kind is Exposes.NAME:
        given = "".join(dice.choice("明华小丽强芳建国秀英") for _ in range(dice.choice((1, 2))))
        return dice.choice("王林陈黄郑高马欧") + given
    return f"lin{digits(5)}" + ("@example.org" if kind is Exposes.EMAIL else "")


def recall(texts: list[str], dice: random.Random) -> dict[Exposes, float]:
    """The share of made-up details that are proposed from end to end, by kind."""
    hits: Counter[Exposes] = Counter()
    for text in texts:
        cut = text.find("。") + 1
        for kind, ways in WAYS.items():
            written = detail(kind, dice)
            before, after = dice.choice(ways).split("{}")
            start = cut + len(before)
            whole = text[:cut] + before + written + after + text[cut:]
            covered = {at for place in exposures(whole) for at in range(place.start, place.end)}
            hits[kind] += all(
                at in covered for at in range(start, start + len(written)) if not whole[at].isspace()
            )
    return {kind: hits[kind] / len(texts) for kind in WAYS}


def main(folder: Path) -> None:
    """Print the figures, then what a person has to read."""
    dice = random.Random(SEED)
    texts = messages(folder)
    shown, missed = [], []
    counts: Counter[Exposes] = Counter()
    for text in texts:
        places = exposures(text)
        for place in places:
            counts[place.what] += 1
            before = text[max(place.start - 12, 0) : place.start]
            after = text[place.end : place.end + 8]
            shown.append(f"{place.what.value}: {before}[{text[place.start : place.end]}]{after}")
        for cue in CUES:
            for hit in re.finditer(cue, text):
                if not any(place.start < hit.end() and hit.start() < place.end for place in places):
                    missed.append(f"{text[max(hit.start() - 10, 0) : hit.end() + 8]}")
    print(f"{len(texts)} messages, {sum(counts.values())} proposals: {dict(counts)}")
    for kind, share in recall(texts, dice).items():
        print(f"recall of planted details, {kind.value}: {share:.4f}")
    print(f"-- {SAMPLE} proposals to judge --")
    print("\n".join(" ".join(one.split()) for one in dice.sample(shown, min(SAMPLE, len(shown)))))
    print(f"-- {len(missed)} cues without a proposal, {SAMPLE} of them --")
    print("\n".join(" ".join(one.split()) for one in dice.sample(missed, min(SAMPLE, len(missed)))))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
