"""What the hints about replies say of real ones: ``python -m benchmarks.reply_quality FILE``.

FILE is a gzipped CSV with the columns 留言详情 (what the resident wrote), 答复意见 (the reply) and 可解释性 (1 or 0:
whether a person judged the reply to be well reasoned). Printed are figures only:

- how often each hint fires, and among replies judged good and poor;
- precision and recall of "at least one hint" for the poor ones;
- the chance that a poor reply gets more hints than a good one (0.5 is chance, ties count half).

Nothing was fitted to these replies. They carry no resolution, so the rule about refusals goes by the
reply's own words; earlier replies are all that stand before one in the file, newest first.
"""

from __future__ import annotations

import csv
import gzip
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from civic.cases.rules import Earlier, HintCode, Written, hints
from civic.desk.rules import EARLIER_COMPARED

POOR = "0"


def read(path: Path) -> list[dict[str, str]]:
    """The messages that have a reply."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [row for row in csv.DictReader(lines) if row["答复意见"].strip()]


def judged(rows: Sequence[dict[str, str]]) -> list[tuple[bool, frozenset[HintCode]]]:
    """For each reply whether it was judged poor, and what is pointed out about it."""
    before: list[Earlier] = []
    found = []
    for row in rows:
        written = Written(row["答复意见"], row["留言详情"], earlier=before[: -EARLIER_COMPARED - 1 : -1])
        found.append((row["可解释性"] == POOR, frozenset(hint.code for hint in hints(written))))
        before.append(Earlier(row["留言编号"], row["答复意见"]))
    return found


def chance(poor: Sequence[int], good: Sequence[int]) -> float:
    """How likely a poor reply has more hints than a good one."""
    wins = sum((p > g) + (p == g) / 2 for p in poor for g in good)
    return wins / (len(poor) * len(good))


def main(path: Path) -> None:
    """Print the figures."""
    rows = read(path)
    begun = time.perf_counter()
    found = judged(rows)
    spent = time.perf_counter() - begun
    poor = [codes for is_poor, codes in found if is_poor]
    good = [codes for is_poor, codes in found if not is_poor]
    print(f"{len(found)} replies, {len(poor)} of them judged poor; {1000 * spent / len(found):.1f} ms each")
    in_poor, in_good = (Counter(code for codes in group for code in codes) for group in (poor, good))
    for code in HintCode:
        print(
            f"{code.value}: {(in_poor[code] + in_good[code]) / len(found):.1%} of all,"
            f" {in_poor[code] / len(poor):.1%} of the poor, {in_good[code] / len(good):.1%} of the good"
        )
    hit, false = sum(map(bool, poor)), sum(map(bool, good))
    print(f"at least one hint: precision {hit / (hit + false):.1%}, recall {hit / len(poor):.1%}")
    print(f"without any: {len(good) - false} of {len(good)} good ones")
    print(
        f"a poor one has more hints than a good one: {chance([len(c) for c in poor], [len(c) for c in good]):.3f}"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
