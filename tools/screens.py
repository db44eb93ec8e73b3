"""Take the screenshots in ``docs/screens`` from demo data: ``make screens``; some: ``-m tools.screens summary``.

Starts the site as ``make demo`` does, in a folder of its own, and stops it again. Needs the
system's Chromium. Each picture is kept under 150 kB.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from playwright.sync_api import sync_playwright

from tools.machine import chromium, free_port, wait_for

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "screens"
LARGEST = 150_000
ZONE = ZoneInfo("Asia/Shanghai")
WIDE, PHONE = (1280, 860), (360, 740)


@dataclass(frozen=True)
class Shot:
    """One picture: whose eyes, which page, which screen."""

    name: str
    path: str
    size: tuple[int, int] = WIDE
    who: str = ""
    dark: bool = False


SHOTS = (
    Shot("home", "/"),
    Shot("home-phone", "/", PHONE),
    Shot("chapter-6", "/plans/taijiang-14/6"),
    Shot("clause-6-2-1-phone", "/plans/taijiang-14/6.2.1", PHONE),
    Shot("clause-6-2-1-dark", "/plans/taijiang-14/6.2.1", dark=True),
    Shot("indicators", "/plans/taijiang-13/indicators"),
    Shot("form-phone", "/plans/taijiang-14/6.3.1/feedback?paragraph=p1", PHONE),
    Shot("receipt-phone", "receipt", PHONE),
    Shot("queue", "/desk/?view=open", who="handler.mct@demo.example"),
    Shot("case", "case", who="handler.mct@demo.example"),
    Shot("review", "/desk/review", who="dispatcher@demo.example"),
    Shot("summary", "/supervision/", who="deputy@demo.example"),
    Shot("topic", "topic", who="deputy@demo.example"),
    Shot("warnings", "/supervision/warnings", who="deputy@demo.example"),
    Shot("sealed-report", "/supervision/snapshots/1", who="deputy@demo.example"),
)
TOPIC_DAYS = 60
"""Over how many days the topic is shown."""


def main(*names: str) -> None:
    """All of them, or those with these names."""
    if unknown := set(names) - {shot.name for shot in SHOTS}:
        raise SystemExit(f"There is no picture called {', '.join(sorted(unknown))}.")
    TARGET.mkdir(parents=True, exist_ok=True)
    with demo_site() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_browser(), args=["--no-sandbox"])
        for shot in (one for one in SHOTS if not names or one.name in names):
            context = browser.new_context(
                base_url=url, locale="zh-CN", timezone_id="Asia/Shanghai", device_scale_factor=1,
                viewport={"width": shot.size[0], "height": shot.size[1]},
                color_scheme="dark" if shot.dark else "light",
            )  # fmt: skip
            page = context.new_page()
            page.set_default_timeout(30_000)
            if shot.who:
                _sign_in(page, shot.who)
            _open(page, shot.path)
            print(f"{shot.name}: {_save(page, TARGET / f'{shot.name}.jpg')} bytes")
            context.close()
        browser.close()


def _open(page: Any, path: str) -> None:
    if path == "receipt":
        page.goto("/plans/taijiang-14/6.3.1/feedback?paragraph=p1")
        page.get_by_label("建议", exact=True).check()
        page.get_by_label("您想说什么？").fill("学校操场周末能不能开放？（示例）")
        page.wait_for_timeout(3_200)
        page.get_by_role("button", name="提交", exact=True).click()
        if "/receipt" not in page.url:
            page.get_by_role("button", name="确认提交").click()
        page.wait_for_url("**/feedback/receipt")
    elif path == "case":
        page.goto("/desk/?view=open")
        reference = page.locator("main h2 a[href^='/desk/cases/'], main a[href^='/desk/cases/']").first
        page.goto(reference.get_attribute("href"))
    elif path == "topic":
        today = datetime.now(ZONE).date()
        page.goto(f"/supervision/topics?since={today - timedelta(TOPIC_DAYS)}&until={today}")
        page.goto(page.locator("main a[href^='/supervision/topics/']").first.get_attribute("href"))
    else:
        page.goto(path)


def _sign_in(page: Any, email: str) -> None:
    page.goto("/staff/sign-in")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", _password())
    page.click("main button[type=submit]")
    page.wait_for_url(lambda address: "/sign-in" not in address)


def _password() -> str:
    staff = (ROOT / "civic" / "demo" / "data" / "taijiang" / "staff.yaml").read_text("utf-8")
    return str(yaml.safe_load(staff)["password"])


def _save(page: Any, path: Path) -> int:
    """As good as fits under the limit."""
    for quality in (88, 80, 70, 60, 50):
        page.screenshot(path=str(path), type="jpeg", quality=quality)
        if path.stat().st_size <= LARGEST:
            break
    return path.stat().st_size


@contextmanager
def demo_site() -> Iterator[str]:
    """A running demo in a temporary folder; its address."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "CIVIC_DEMO": "1", "CIVIC_INSTANCE_PATH": folder}
        process = subprocess.Popen(
            [sys.executable, "-m", "civic.serve", "--port", str(port)], cwd=ROOT, env=environment
        )
        try:
            wait_for(f"{url}/readyz", process, patience_seconds=300)
            _seal_last_month(environment)
            yield url
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def _seal_last_month(environment: Mapping[str, str]) -> None:
    """What the worker does within the hour: nobody waits for it here."""
    last = datetime.now(ZONE).date().replace(day=1) - timedelta(days=1)
    command = [sys.executable, "-m", "flask", "--app", "civic", "civic", "seal-period", f"{last:%Y-%m}"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


def _browser() -> str:
    if found := chromium():
        return found
    raise SystemExit("No Chromium is installed; .ci/run shows how to install it.")


if __name__ == "__main__":
    main(*sys.argv[1:])
