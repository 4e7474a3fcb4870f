"""A browser at the staff console, for every test of its pages.

`from tests.e2e.console import staff_page` (and `staff_app` when the test needs the application) makes the fixtures
known to a test file; `open_as` gives another role. Script errors and refused content fail the test.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from bot.staff.roles import Role
from tests.conftest import PATIENCE, free_port
from tests.databases import make_seeded
from tests.fake_engine import FakeEngine
from tests.running_app import RunningApp
from tests.staff import hire, sign_in

__all__ = ["LOOKS", "Open", "browser_of", "open_as", "staff_app", "staff_page", "unmarked_fields"]

Open = Callable[..., Page]
LOOKS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": {"color_scheme": "dark", "viewport": {"width": 390, "height": 844}},
}
"""How a page is looked at: on a desk by day and by night, and on a phone by night."""


@pytest.fixture
def staff_app(tmp_path: Path, engine: FakeEngine) -> Iterator[RunningApp]:
    """The application with the seed data, over a stand-in for the engine."""
    make_seeded(tmp_path / "bot.db")
    running = RunningApp(free_port(), engine.port, folder=tmp_path, rate_per_conversation="600/minute")
    running.start()
    yield running
    running.stop()


@contextmanager
def browser_of(browser: Browser, app: RunningApp, role: Role | None, **options: Any) -> Iterator[Page]:
    """A page of a browser in which somebody with that role is signed in (nobody when None); it is on no page yet."""
    context = browser.new_context(
        base_url=app.url, **({"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"} | options)
    )
    context.set_default_timeout(PATIENCE * 1000)  # A proposal waits for the lint of all sentences.
    if role:
        token = sign_in(app.database, hire(app.database, role))
        context.add_cookies([{"name": "staff", "value": token, "url": f"{app.url}/staff"}])
    problems: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if _is_refusal(line.text) else None)
    yield page
    context.close()
    assert problems == []


@pytest.fixture
def open_as(browser: Browser, staff_app: RunningApp) -> Iterator[Open]:
    """`open_as(Role.VIEWER, "/staff/inbox", color_scheme="dark")`: a page of a browser of its own."""
    with ExitStack() as stack:

        def opened(role: Role | None, path: str = "/staff/", **options: Any) -> Page:
            page = stack.enter_context(browser_of(browser, staff_app, role, **options))
            page.goto(path)
            return page

        yield opened


@pytest.fixture
def staff_page(open_as: Open) -> Page:
    """An administrator on the front page; `staff_page.goto("/staff/inbox")` goes on."""
    return open_as(Role.ADMIN)


def unmarked_fields(page: Page) -> list[str]:
    """Fields of the page that must be filled in and do not say so, in forms where others may be left out."""
    found: list[str] = page.evaluate(
        """() => [...document.forms].flatMap((form) => {
            const isField = (field) => field.name && field.labels?.length && field.type !== 'checkbox';
            const fields = [...form.elements].filter(isField);
            const needed = fields.filter((field) => field.required && !field.disabled);
            const isMarked = (field) => [...field.labels].some((label) => label.querySelector('.needed'));
            const unmarked = needed.filter((field) => !isMarked(field));
            return needed.length < fields.length ? unmarked.map((field) => field.name) : [];
        })"""
    )
    return found


def _is_refusal(line: str) -> bool:
    return bool(re.search(r"Content Security Policy|Trusted ?Type|integrity|CORS", line))
