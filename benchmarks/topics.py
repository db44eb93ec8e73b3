"""What topics find in real messages and how long they take: ``python -m benchmarks.topics FOLDER``.

FOLDER holds gzipped CSV files of real messages: ``labelled_raw`` (留言详情, 一级标签), ``messages`` and
``messages_with_replies`` (留言详情), ``labelled_tokenised`` (tokens). Printed:

- how well topics and groups agree with classes given by people: the share of a topic's messages that are in the class
  most of them are in, over all topics weighted by their messages, and the same for topics of the same sizes drawn at
  random;
- how often one message written anew with a tenth of its characters left out is found to say nearly the same;
- how long a sweep of 20,000 messages takes and how much memory. There are fewer real ones than that, so the rest
  is made of a half of one and a half of another.
"""

from __future__ import annotations

import csv
import gzip
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from civic.supervision.rules.phrases import topics_of
from civic.supervision.rules.topics import alike_groups
from civic.supervision.services.topics import words_of

SEED = 20261128
WHOLE = 20_000
LEFT_OUT = 0.1
REWRITTEN = 300


def main(folder: Path) -> None:
    labelled = [(row["留言详情"], row["一级标签"]) for row in rows(folder, "labelled_raw")]
    classes = dict(enumerate(label for _, label in labelled))
    texts = dict(enumerate(text for text, _ in labelled))
    found = topics_of({key: words_of(text) for key, text in texts.items()})
    dice = random.Random(SEED)
    kept = [topic.keys for topic in found]
    drawn = [frozenset(dice.sample(range(len(texts)), len(keys))) for keys in kept]
    print(
        f"{len(texts)} messages in {len(set(classes.values()))} classes, {len(found)} topics: "
        f"{agreement(kept, classes):.0%} of a topic's messages are in its class; "
        f"{agreement(drawn, classes):.0%} if drawn at random"
    )
    groups: dict[int, set[int]] = {}
    for key, first in alike_groups(texts).items():
        groups.setdefault(first, set()).add(key)
    print(
        f"{len(groups)} groups of like messages, {sum(map(len, groups.values()))} messages: "
        f"{agreement(groups.values(), classes):.0%} in one class"
    )
    print(f"written anew with a tenth left out: {recall(texts, dice):.0%} found")
    every = all_texts(folder, dice)
    began = time.perf_counter()
    words = {key: words_of(text) for key, text in every.items()}
    cut = time.perf_counter()
    topics = topics_of(words)
    named = time.perf_counter()
    alike = alike_groups(every)
    ended = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{len(every)} messages: words {cut - began:.0f} s, {len(topics)} topics {named - cut:.0f} s, "
        f"{len(set(alike.values()))} groups {ended - named:.0f} s; {peak:.0f} MB at most"
    )


def rows(folder: Path, name: str) -> Iterable[dict[str, str]]:
    with gzip.open(folder / f"{name}.csv.gz", "rt", encoding="utf-8") as lines:
        yield from csv.DictReader(lines)


def agreement(groups: Iterable[Iterable[int]], classes: Mapping[int, str]) -> float:
    """The share of messages that are in the class most of their group are in, over all groups."""
    counts = [Counter(classes[key] for key in keys) for keys in groups]
    return sum(max(count.values()) for count in counts) / sum(count.total() for count in counts)


def recall(texts: Mapping[int, str], dice: random.Random) -> float:
    """How many of some messages are found alike with themselves, a tenth of the characters left out in one piece."""
    picked = dice.sample(sorted(texts), REWRITTEN)
    asked = dict(texts)
    for key in picked:
        text = texts[key]
        gap = max(round(len(text) * LEFT_OUT), 1)
        at = dice.randrange(len(text) - gap + 1)
        asked[-key - 1] = text[:at] + text[at + gap :]
    found = alike_groups(asked)
    return sum(key in found and found.get(-key - 1) == found[key] for key in picked) / REWRITTEN


def all_texts(folder: Path, dice: random.Random) -> dict[int, str]:
    """All different messages, and made-up ones until there are enough."""
    texts = dict.fromkeys(
        row["留言详情"].strip()
        for name in ("messages", "labelled_raw", "messages_with_replies")
        for row in rows(folder, name)
    )
    texts |= dict.fromkeys(row["tokens"].replace(" ", "") for row in rows(folder, "labelled_tokenised"))
    real = list(texts)
    print(f"{len(real)} different messages")
    made = list(real)
    while len(made) < WHOLE:
        one, other = dice.choice(real), dice.choice(real)
        made.append(one[: len(one) // 2] + other[len(other) // 2 :])
    return dict(enumerate(made))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
