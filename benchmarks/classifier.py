"""What a classifier would add to the rules of routing: ``python -m benchmarks.classifier FILE``.

FILE is a gzipped CSV of real messages with 留言主题, 留言详情 and a class given by people (一级标签). For each number
of examples a naive Bayes over pairs of characters is trained on a random sample and asked about those of the others
that no rule takes. Printed: how often it is right over all of them, and over its surest half and quarter.
Nothing fitted is kept.
"""

from __future__ import annotations

import csv
import gzip
import random
import sys
from collections import Counter, defaultdict
from math import log
from pathlib import Path
from statistics import mean

from civic.core.text import bigrams
from civic.departments.rules import read_departments, read_streets, read_yaml
from civic.routing.rules import Question, RoutingTable, read_routing

DATA = Path(__file__).resolve().parents[1] / "civic" / "data" / "taijiang"
SIZES = (50, 100, 200, 400, 800)
ROUNDS = 5
SEED = 20261128
SMOOTH = 0.1
PARTS = (1.0, 0.5, 0.25)
Example = tuple[frozenset[str], str]


def main() -> None:
    messages = read(Path(sys.argv[1]))
    table = shipped_table()
    left = {text for text, _ in messages if table.match(Question(text)) is None}
    examples = [(text, (frozenset(bigrams(text)), name)) for text, name in messages]
    print(
        f"{len(messages)} messages, {len({name for _, name in messages})} classes, {len(left)} without a rule"
    )
    print("examples  " + "  ".join(f"surest {part:.0%}" for part in PARTS))
    for size in SIZES:
        rounds = []
        for turn in range(ROUNDS):
            shuffled = random.Random(SEED + turn).sample(examples, len(examples))
            asked = [example for text, example in shuffled[size:] if text in left]
            rounds.append(measured([example for _, example in shuffled[:size]], asked))
        print(f"{size:8}  " + "  ".join(f"{mean(values):10.3f}" for values in zip(*rounds, strict=True)))


def read(path: Path) -> list[tuple[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [(f"{row['留言主题']}。{row['留言详情']}", row["一级标签"]) for row in csv.DictReader(file)]


def shipped_table() -> RoutingTable:
    def content(name: str) -> object:
        return read_yaml(name, (DATA / name).read_text("utf-8"))

    keys = {
        department.key for department in read_departments("departments.yaml", content("departments.yaml"))
    }
    streets = {street.code for street in read_streets("streets.yaml", content("streets.yaml"), keys)}
    return read_routing("routing.yaml", content("routing.yaml"), keys, streets)


def measured(known: list[Example], asked: list[Example]) -> list[float]:
    """The share that is right, over all that is asked and over the surest parts of it."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for pairs, name in known:
        counts[name].update(pairs)
    sizes = Counter(name for _, name in known)
    seen = frozenset(pair for pairs, _ in known for pair in pairs)
    whole = {name: log(count.total() + SMOOTH * len(seen)) for name, count in counts.items()}
    answers = []
    for pairs, name in asked:
        # A pair that no example has says nothing of any class.
        heard = pairs & seen
        scores = sorted(
            (
                (
                    log(sizes[one] / len(known))
                    + sum(log(counts[one][pair] + SMOOTH) for pair in heard)
                    - len(heard) * whole[one],
                    one,
                )
                for one in sizes
            ),
            reverse=True,
        )
        answers.append(((scores[0][0] - scores[1][0]) / max(len(heard), 1), scores[0][1] == name))
    answers.sort(reverse=True)
    return [mean(right for _, right in answers[: round(len(answers) * part)]) for part in PARTS]


if __name__ == "__main__":
    main()
