"""How well search finds what real messages are about: ``python -m benchmarks.finding FOLDER``.

FOLDER holds gzipped CSV files of real messages with the columns 留言编号, 留言主题 and 留言详情. ``finding.json``
names, by number, random messages of matters that the plan has a clause for, with the clauses that a reader of the
plan expects; they were written down before a search was made. Printed for each file: how many there are, for how many
an expected clause stands first and among the first three, for their subjects in the search and for the whole
messages in the suggestions. Messages of the half ``tuning`` have been read to choose words and weights; those
``held out`` haven't.
"""

from __future__ import annotations

import csv
import gzip
import json
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.running import fresh_folder
from civic import create_app
from civic.core.config import Settings
from civic.search import queries

EXPECTED = Path(__file__).with_name("finding.json")


def main(folder: Path) -> None:
    with fresh_folder() as environment:
        app = create_app(Settings(instance_path=Path(environment["CIVIC_INSTANCE_PATH"])))
        app.test_cli_runner().invoke(args=["civic", "load"])
        with app.test_request_context():
            for sample in json.loads(EXPECTED.read_text("utf-8")):
                with gzip.open(folder / sample["file"], "rt", encoding="utf-8") as lines:
                    rows = {row["留言编号"]: row for row in csv.DictReader(lines)}
                for name, column, ask in (
                    ("subjects in the search", "留言主题", lambda text: queries.search(text).found),
                    ("messages in the suggestions", "留言详情", queries.suggest),
                ):
                    asked = {rows[number][column]: codes for number, codes in sample["expected"].items()}
                    print(f"{sample['file']}, {sample['half']}, {name}: {stated(asked, ask)}")


def stated(asked: dict[str, list[str]], ask: Callable[[str], tuple[queries.Found, ...]]) -> str:
    places = [
        next((at for at, one in enumerate(ask(text), 1) if one.ref.code in codes), 10**6)
        for text, codes in asked.items()
    ]
    first, three = sum(at == 1 for at in places), sum(at <= 3 for at in places)
    return f"{len(places)} asked, {first / len(places):.0%} first, {three / len(places):.0%} in three"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
