"""A browser, the real gateway with a stand-in for the engine, and a website that embeds the chat."""

from __future__ import annotations

import fcntl
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from bot.settings import ROOT
from tests.conftest import free_port
from tests.e2e.talking import line
from tests.e2e.website import Website, plain
from tests.fake_engine import FakeEngine
from tests.running_app import LONGEST_WAIT, RunningApp

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WIDGET = ROOT / "widget"


@pytest.fixture(scope="package")
def browser(chromium: Path) -> Iterator[Browser]:
    """Closed with the last browser test: Playwright keeps a loop running, in which no other test can start one."""
    expect.set_options(timeout=LONGEST_WAIT * 1000)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(chromium), args=QUIET)
        yield opened
        opened.close()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[FakeEngine]:
    server = FakeEngine(free_port(), tmp_path)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def website() -> Iterator[Website]:
    running = Website(free_port())
    yield running
    running.stop()


@pytest.fixture
def app(tmp_path: Path, engine: FakeEngine, website: Website) -> Iterator[RunningApp]:
    running = RunningApp(
        free_port(), engine.port, folder=tmp_path, sites={"clinic": [website.url]}, rate_per_conversation="600/minute"
    )
    running.start()
    yield running
    running.stop()


@pytest.fixture
def embedded(website: Website, app: RunningApp) -> str:
    """The address of a plain page with the one line in it."""
    return website.put(plain(line(app)))


@pytest.fixture
def context(browser: Browser, app: RunningApp, website: Website) -> Iterator[BrowserContext]:
    """A fresh visitor; script errors, refused content and requests to anybody else fail the test."""
    opened = browser.new_context(locale="en-US")
    problems: list[str] = []

    def watch(page: Page) -> None:
        ours = (app.url, website.url, "about:", "data:", "blob:")
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", lambda sent: None if sent.url.startswith(ours) else problems.append(sent.url))
        page.on("console", lambda line: problems.append(line.text) if _is_refusal(line.text) else None)

    opened.on("page", watch)
    yield opened
    opened.close()
    assert problems == []


@pytest.fixture
def page(context: BrowserContext, embedded: str) -> Page:
    """The page of the website, with the launcher on it."""
    opened = context.new_page()
    opened.goto(embedded)
    return opened


@pytest.fixture(scope="session")
def widget_packages() -> Path:
    """What npm installs from the lock file; without node and npm the tests that need it fail."""
    modules = WIDGET / "node_modules"
    installed = modules / ".package-lock.json"
    with (WIDGET / "package-lock.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one of several workers installs
        if not installed.exists() or installed.stat().st_mtime < (WIDGET / "package-lock.json").stat().st_mtime:
            subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=WIDGET, check=True, timeout=300)
    return modules


def _is_refusal(line: str) -> bool:
    return bool(re.search(r"Content Security Policy|Trusted ?Type|integrity|CORS", line))
