"""Run all measurements and print them, one line each."""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import time
from http.client import HTTPConnection

from benchmarks.running import ROOT, Running, fresh_folder, running_site

PLAN = "civic/data/taijiang/taijiang-14fyp.md"
REQUESTS = 150
ROUNDS = 7


def main() -> None:
    runs = import_seconds()
    print(f"import of the Taijiang plan: {statistics.median(runs):.2f} s (median of {len(runs)} runs)")
    with running_site() as site:
        for name, path in (
            ("clause page", "/plans/taijiang-14/6.3.1"),
            ("chapter page", "/plans/taijiang-14/6"),
            ("home page", "/"),
        ):
            size, etag = probe(site, path)
            whole = ratio(site, path, f"/bench/bytes/{size}")
            unchanged = ratio(site, path, "/bench/nothing", etag)
            print(
                f"{name} ({size / 1000:.0f} kB): {whole:.2f} × the rate of one query and as many bytes; "
                f"unchanged (304): {unchanged:.2f} × the rate of one query and nothing"
            )
        print(f"memory of a web worker after that: {site.worker_megabytes:.0f} MB")


def import_seconds() -> list[float]:
    """Seconds that ``import-plan --dry-run`` itself states, from reading the file to the finished import, five runs."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "civic", "import-plan", PLAN, "--dry-run"]
    found = []
    with fresh_folder() as environment:
        for _ in range(5):
            run = subprocess.run(
                command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
            )
            stated = re.search(r"([\d.]+) s\.", run.stdout)
            if stated is None:
                raise SystemExit(f"import-plan doesn't say how long it took: {run.stdout}")
            found.append(float(stated[1]))
    return found


def probe(site: Running, path: str) -> tuple[int, str]:
    """Bytes and ETag of a page; it is warm afterwards."""
    connection = HTTPConnection("127.0.0.1", site.port)
    for _ in range(5):
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise SystemExit(f"{path} answers {response.status}")
    return len(body), response.headers["ETag"]


def ratio(site: Running, path: str, yardstick: str, etag: str = "") -> float:
    """Rate of a page over the rate of a yardstick; the two take turns, and the median turn counts."""
    headers = {"If-None-Match": etag} if etag else {}
    return statistics.median(
        seconds(site, yardstick, {}) / seconds(site, path, headers) for _ in range(ROUNDS)
    )


def seconds(site: Running, path: str, headers: dict[str, str]) -> float:
    connection = HTTPConnection("127.0.0.1", site.port)
    started = time.perf_counter()
    for _ in range(REQUESTS):
        connection.request("GET", path, headers=headers)
        connection.getresponse().read()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
