"""A real server with the real plan, and a real browser: the system's Chromium, phone and desktop.

Where no Chromium is installed these tests are skipped and say so; ``.ci/run`` installs it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from civic import create_app
from civic.core.actor import Role
from civic.core.config import Settings
from tests.conftest import ROOT, make_settings, share_compiled
from tests.e2e.axe import AXE, TALLY, Look
from tools.machine import chromium, free_port, wait_for

PHONE = {"width": 360, "height": 780}
DESKTOP = {"width": 1280, "height": 900}
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """No browser, no browser tests."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents and chromium() is None:
            item.add_marker(pytest.mark.skip(reason="no Chromium installed; .ci/run installs it"))


@dataclass(frozen=True)
class Site:
    """A running site: its address, and an application on the same database for looking behind the pages."""

    url: str
    app: Flask
    instance: Path


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, sqlite_district: Path) -> Iterator[Site]:
    """The site as ``make run`` starts it: migrated, the district loaded, web process running."""
    with running_site(tmp_path_factory.mktemp("site"), sqlite_district) as site:
        yield site


@contextmanager
def running_site(instance: Path, district: Path, **given: str) -> Iterator[Site]:
    """A site of its own on a copy of the district; ``given`` is added to its environment."""
    shutil.copy(district, instance / "civic.db")
    share_compiled(instance)
    settings = make_settings(instance)
    app = create_app(settings)
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "wsgi:app", "--config", "python:civic.gunicorn"]
    process = subprocess.Popen(
        [*command, "--workers", "1", "--bind", f"127.0.0.1:{port}"],
        cwd=ROOT,
        env=_environment(settings) | given,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for(f"{url}/readyz", process)
        yield Site(url, app, instance)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def _environment(settings: Settings) -> dict[str, str]:
    given = {
        "CIVIC_INSTANCE_PATH": str(settings.instance_path),
        "CIVIC_SECRET_KEY": settings.secret_key,
        "CIVIC_PASSWORD_SALT": settings.password_salt,
        "CIVIC_RECEIPT_KEY": settings.receipt_key,
        "CIVIC_CONTACT_KEYS": f'["{settings.contact_keys[0]}"]',
        "CIVIC_RATE_LIMITS": "false",
        "CIVIC_LOG_LEVEL": "WARNING",
    }
    return {**os.environ, **given}


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The system's Chromium: tests download no browser."""
    return {"executable_path": chromium(), "args": CHROMIUM_FLAGS, "headless": True}


@pytest.fixture
def visitor(browser: Any, site: Site) -> Iterator[Callable[..., Any]]:
    """Opens a page of a new person: own cookies, phone or desktop; fails on any script error of the page."""
    contexts: list[Any] = []
    errors: list[str] = []

    def open_page(*, phone: bool = False, **options: Any) -> Any:
        context = browser.new_context(
            base_url=site.url, viewport=PHONE if phone else DESKTOP, locale="zh-CN",
            timezone_id="Asia/Shanghai", **options,
        )  # fmt: skip
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda m: errors.append(m.text) if "Content Security Policy" in m.text else None)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture(scope="session")
def look_from(browser: Any, site: Site) -> Iterator[Callable[[Role | None, Look], Any]]:
    """A page of somebody with this role who sees it this way; browsers are kept, so that a test costs little."""
    kept: dict[tuple[Role | None, str], Any] = {}
    cookies: dict[Role, Any] = {}

    def open_page(role: Role | None, look: Look) -> Any:
        if (role, look.view) not in kept:
            context = browser.new_context(base_url=site.url, locale="zh-CN", timezone_id="Asia/Shanghai")
            context.set_default_timeout(10_000)
            context.add_init_script(AXE.axe_script)
            if look.view:
                context.add_init_script(f"localStorage.setItem('civic.view', '{look.view}')")
            if role:
                from tests.e2e.people import sign_in_cookies

                if role not in cookies:
                    cookies[role] = sign_in_cookies(site, role)
                context.add_cookies(cookies[role])
            page = context.new_page()
            page.errors = []
            page.on("pageerror", lambda error: page.errors.append(str(error)))
            page.on("console", lambda m: page.errors.append(m.text) if "Security Policy" in m.text else None)
            kept[role, look.view] = page
        page = kept[role, look.view]
        page.set_viewport_size({"width": look.width, "height": 800})
        page.emulate_media(color_scheme=look.scheme)
        return page

    yield open_page
    for page in kept.values():
        page.context.close()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Each worker hands over what its axe has read."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["axe"] = (TALLY.pages, TALLY.findings)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """What a worker has read is added up."""
    pages, findings = getattr(node, "workeroutput", {}).get("axe", (0, []))
    TALLY.pages += pages
    TALLY.findings += findings


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The closing line of ``make axe``."""
    if TALLY.pages:
        terminalreporter.write_line("")
        for one in TALLY.findings:
            terminalreporter.write_line(f"axe: {one}")
        terminalreporter.write_line(f"axe: {TALLY.pages} pages visited, {len(TALLY.findings)} findings")
