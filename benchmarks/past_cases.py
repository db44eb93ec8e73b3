"""A made-up district's past cases as a CSV for ``flask civic load-cases``: the same ones for the same seed and number.

Over 420 days, with weekends as quiet as they are, each item's lead department, all kinds and streets, answers on
time and late, ratings, cases that were declined, withdrawn or are still open.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

SEED = 20261128
DAYS = 420
KINDS = ("suggestion", "question", "complaint", "report", "praise")
WEIGHTS = (3, 3, 2, 4, 1)
PLACES = ("小区门口", "河边步道", "菜市场旁", "学校后面", "公交站", "老旧小区", "街心公园", "地铁口")
MATTERS = (
    "路灯不亮",
    "停车位不够",
    "积水排不出去",
    "垃圾没人清运",
    "施工噪音太大",
    "健身器材坏了",
    "电梯经常停运",
)
WISHES = (
    "请问什么时候能解决",
    "希望尽快安排处理",
    "已经反映过一次",
    "老人出行很不方便",
    "孩子上学要绕路",
    "建议增加设施",
)
ANSWERS = (
    "经现场核实，已安排整改",
    "该事项已列入年度计划",
    "感谢您的建议，我们会认真研究",
    "已协调相关单位处理完毕",
)
RESOLUTIONS = ("resolved", "explained", "planned")
HEADINGS = (
    "id", "kind", "text", "submitted_at", "channel", "item", "street", "department", "accepted_at", "reply",
    "replied_at", "resolution", "rating", "solved", "closed_at", "decline_code", "declined_at", "withdrawn_at",
    "public",
)  # fmt: skip


def write_past_cases(
    path: Path,
    count: int,
    items: Sequence[tuple[str, str]],
    streets: Sequence[str],
    last: datetime,
    first: int | None = None,
) -> None:
    """Write ``count`` cases, oldest first, about items with their lead departments; the last came in at ``last``.

    With ``first`` only so many of them.
    """
    with open(path, "w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, HEADINGS)
        writer.writeheader()
        writer.writerows(islice(_rows(count, items, streets, last), first))


def _rows(
    count: int, items: Sequence[tuple[str, str]], streets: Sequence[str], last: datetime
) -> Iterator[dict[str, str]]:
    dice = random.Random(SEED)
    step = timedelta(days=DAYS) / count
    for number in range(count):
        at = last - timedelta(days=DAYS) + step * number
        item, department = dice.choice(items)
        kind = dice.choices(KINDS, WEIGHTS)[0]
        row = {
            "id": f"P{number:07d}", "kind": kind, "channel": "hotline", "item": item,
            "street": dice.choice(streets), "department": department, "submitted_at": at.isoformat(" ", "seconds"),
            "text": f"{dice.choice(PLACES)}{dice.choice(MATTERS)}，{dice.choice(WISHES)}。第{number}号",
            "public": "yes" if dice.random() < 0.3 else "no",
        }  # fmt: skip
        yield row | _end(dice, kind, at, last)


def _end(dice: random.Random, kind: str, at: datetime, last: datetime) -> dict[str, str]:
    lot = dice.random()
    if lot < 0.03:
        told = _stamped(last, declined_at=at + timedelta(hours=20))
        return told | {"decline_code": "no_substance"} if told else {}
    if lot < 0.05:
        return _stamped(last, withdrawn_at=at + timedelta(days=dice.randint(1, 6)))
    accepted = at + timedelta(hours=dice.expovariate(1 / 20))
    replied = accepted + timedelta(days=dice.gammavariate(3, 3))
    if replied > last:
        return _stamped(last, accepted_at=accepted)
    told = _stamped(last, accepted_at=accepted, replied_at=replied)
    told |= {"reply": f"{dice.choice(ANSWERS)}。", "resolution": dice.choice(RESOLUTIONS)}
    if kind == "suggestion" and dice.random() < 0.3:
        told["resolution"] = dice.choice(("adopted", "partly_adopted", "not_adopted"))
    rated = replied + timedelta(days=dice.randint(1, 10))
    if rated < last and dice.random() < 0.4:
        rating = dice.choice(("satisfied", "basically_satisfied", "dissatisfied"))
        solved = dice.choice(("solved", "partly", "not", ""))
        told |= {"rating": rating, "solved": solved} | _stamped(last, closed_at=rated)
    return told


def _stamped(last: datetime, **moments: datetime) -> dict[str, str]:
    """Moments as a row has them; none of them, if one lies behind the end: it hasn't happened yet."""
    if any(at > last for at in moments.values()):
        return {}
    return {name: at.isoformat(" ", "seconds") for name, at in moments.items()}
