"""Takes the console's pictures for docs/operations.md: `make screenshots`. Not a test; somebody has to look at them."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from bot.content.releases.live_responses import read_words
from bot.handoff import service as handoff
from bot.handoff.service import HandoffPolicy
from bot.review.discovery import run as search
from bot.review.discovery import service as discovery
from bot.settings import ROOT, Settings
from bot.staff.roles import Role
from tests.chats import ALL
from tests.conftest import free_port
from tests.databases import make_seeded
from tests.e2e.conftest import QUIET
from tests.e2e.console import browser_of
from tests.e2e.screenshots import keep
from tests.fake_engine import FakeEngine
from tests.inbox_talks import fill
from tests.integration.test_console_changes import candidate, propose
from tests.review_rows import put
from tests.running_app import RunningApp

HOURS = "Mon-Fri 09:00-17:00 America/New_York"
WORDS = {
    "topic": "faq_documents",
    "title": "Pets in the hospital",
    "answer": "No. Ask a friend to look after your pet.",
}


def waits(app: RunningApp) -> int:
    """A talk whose person waits for somebody; the number of its message that was not understood."""
    ids = fill(app.database)
    with app.database.unit() as session:
        policy, now = HandoffPolicy.of(app.settings), datetime.now(UTC)
        assert handoff.ask_for_person(session, policy, "web:talk", now=now)
    return ids[1]


def many_ask(app: RunningApp) -> None:
    """Sixty messages that were not understood, and the groups found in them."""
    now = datetime.now(UTC)
    with app.database.unit() as session:
        for number, text in enumerate(ALL):
            put(session, f"web:{number}", text, at=now - timedelta(days=number % 12, hours=1))
        run = discovery.ask(session, "the-admin", now).id
    search.run(Settings(var=ROOT / "var"), app.database, run, now=now)  # type: ignore[call-arg]


def take(page: Page, app: RunningApp) -> None:
    """All pictures."""
    page.goto(f"/staff/inbox/{waits(app)}")
    keep(page, "console-inbox")
    page.get_by_role("link", name="New question or topic").click()
    page.get_by_label("Topic", exact=False).first.select_option(WORDS["topic"])
    page.get_by_role("textbox", name="Title").fill(WORDS["title"])
    page.get_by_role("textbox", name="Text").fill(WORDS["answer"])
    keep(page, "console-question")
    page.goto("/staff/handoff")
    page.get_by_role("link", name="Talk").first.click()
    page.get_by_role("button", name="Take over").click()
    page.get_by_role("link", name="Talk").first.click()  # without the notice
    page.get_by_label("Your answer").fill("Good morning! Which month do you have in mind?")
    keep(page, "console-handoff")
    propose(app)
    page.goto(f"/staff/changes/candidates/{candidate(app, is_green=False)}")
    keep(page, "console-candidate")
    many_ask(app)
    page.goto("/staff/discovery")
    page.get_by_role("link", name="dog", exact=False).first.click()
    keep(page, "console-discovery")


def main() -> None:
    """Start the application, take the pictures, stop."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        make_seeded(Path(folder) / "bot.db")
        engine = FakeEngine(free_port(), Path(folder))
        engine.start()
        app = RunningApp(free_port(), engine.port, folder=Path(folder), responses=read_words(ROOT), office_hours=HOURS)
        app.start()
        browser: Browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        try:
            with browser_of(browser, app, Role.ADMIN, viewport={"width": 1280, "height": 860}, locale="en-US") as page:
                take(page, app)
        finally:
            browser.close()
            app.stop()
            engine.kill()


if __name__ == "__main__":
    main()
