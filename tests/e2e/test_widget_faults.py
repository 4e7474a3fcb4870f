"""What goes wrong around a conversation: lost links, swapped pages, slow histories, messages that are too long."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.e2e.talking import ask, launcher, line, open_chat, panel, write
from tests.e2e.test_widget_everyone import violations
from tests.e2e.website import Website, plain
from tests.fake_engine import FakeEngine
from tests.running_app import RunningApp

pytestmark = pytest.mark.browser
NOT_SENT = re.compile("Not sent: no connection")
SWAP = """() => {
    const next = document.createElement("body");
    next.innerHTML = "<h1>Another page</h1>";
    document.body.replaceWith(next);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_state_is_a_quiet_line_and_a_failure_can_be_read(
    scheme: Any, browser: Browser, embedded: str, engine: FakeEngine, widget_packages: Path
) -> None:
    context = browser.new_context(color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    page.goto(embedded)
    open_chat(page)
    write(page, "held please")
    sending = page.get_by_text("Sending…")
    expect(sending).to_be_visible()
    assert sending.evaluate("(node) => getComputedStyle(node).backgroundColor") == "rgba(0, 0, 0, 0)"
    assert violations(page, widget_packages) == []
    engine.release()
    expect(page.get_by_text("You said: held please")).to_be_visible()
    page.route("**/api/v1/**", lambda route: route.abort())
    write(page, "hello")
    expect(page.get_by_text(NOT_SENT)).to_be_visible()
    again = page.get_by_role("button", name="Try again")
    assert (again.bounding_box() or {})["height"] >= 44
    assert violations(page, widget_packages) == []
    context.set_offline(True)
    write(page, "later")
    expect(page.get_by_text("Not sent yet: you are offline.").last).to_be_visible()
    assert violations(page, widget_packages) == []
    context.close()


def test_read_answers_do_not_come_back_as_new_when_the_history_is_slow(page: Page) -> None:
    open_chat(page)
    for words in ("one", "two"):
        ask(page, words)
    page.get_by_role("button", name="Close chat").click()
    held: list[Route] = []
    page.route("**/api/v1/messages?after=0", lambda route: held.append(route))
    with page.expect_request("**/api/v1/messages?after=0"):
        page.reload()
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow'))")
    page.wait_for_timeout(700)  # Long enough for a stream that began too early to bring the old answers.
    with page.expect_request(re.compile("/api/v1/events")) as stream:
        for route in held:
            route.continue_()
    assert stream.value.headers["last-event-id"] == "4"
    expect(page.get_by_role("button", name="Open chat", exact=True)).to_be_visible()


def test_a_message_of_a_restart_goes_out_once_by_itself(page: Page, app: RunningApp, engine: FakeEngine) -> None:
    open_chat(page)
    ask(page, "before")
    app.stop()
    write(page, "meanwhile")
    expect(page.get_by_text(NOT_SENT)).to_be_visible()
    write(page, "and this")
    app.start()
    expect(page.get_by_text("You said: and this")).to_be_visible()
    expect(page.get_by_text(NOT_SENT)).to_have_count(0)
    assert engine.turns() == ["before", "meanwhile", "and this"]


def test_a_first_message_goes_out_by_itself_when_the_server_is_there(page: Page, engine: FakeEngine) -> None:
    open_chat(page)
    page.route("**/api/v1/**", lambda route: route.abort())
    write(page, "hello")
    expect(page.get_by_text(NOT_SENT)).to_be_visible()
    page.unroute("**/api/v1/**")
    expect(page.get_by_text("You said: hello")).to_be_visible()
    assert engine.turns() == ["hello"]


def test_the_chat_outlives_a_page_whose_body_is_swapped(page: Page) -> None:
    """As Turbo changes pages, with the line in the head, and as a component of React comes and goes."""
    open_chat(page)
    ask(page, "hello")
    page.evaluate(SWAP)
    expect(page.get_by_role("heading", name="Another page")).to_be_visible()
    expect(panel(page)).to_be_visible()
    ask(page, "still there?")
    page.evaluate("document.querySelector('rotation-chat').remove()")
    expect(panel(page)).to_have_count(0)
    page.evaluate("RotationChat.open()")
    ask(page, "and now?")
    expect(page.get_by_text("You said: hello")).to_be_visible()


@pytest.mark.parametrize("mode", ["element", "iframe"])
def test_the_line_brings_back_a_chat_that_was_removed(
    mode: str, context: BrowserContext, website: Website, app: RunningApp
) -> None:
    page = context.new_page()
    page.goto(website.put(plain(line(app, f'data-mode="{mode}"'))))
    launcher(page).click()
    where: Any = page.frame_locator("iframe") if mode == "iframe" else page
    expect(where.get_by_label("Your question")).to_be_visible()
    page.evaluate("document.querySelector('rotation-chat, rotation-chat-frame').remove()")
    page.evaluate(
        """(url) => {
        const again = document.createElement("script");
        again.src = url; again.dataset.site = "clinic";
        document.body.append(again);
    }""",
        f"{app.url}/widget.js",
    )
    page.evaluate("RotationChat.ask('hello')")
    expect(where.get_by_text("You said: hello")).to_be_visible()


def test_a_text_that_is_too_long_waits_and_a_long_one_is_folded(page: Page, engine: FakeEngine) -> None:
    open_chat(page)
    box = page.get_by_label("Your question")
    box.fill("w" * 2001)
    count = page.get_by_text("2,001 of 2,000 characters")
    expect(count).to_be_visible()
    assert count.evaluate("(node) => getComputedStyle(node).color") == "rgb(156, 28, 20)"
    box.press("Enter")
    expect(box).to_have_value("w" * 2001)
    box.fill("long " * 300)
    box.press("Enter")
    expect(page.get_by_role("article")).to_have_count(1)
    own = page.locator(".visitor summary")
    folded = own.evaluate("(node) => node.offsetHeight")
    own.click()
    assert own.evaluate("(node) => node.offsetHeight") > folded * 2
    assert [len(text) for text in engine.turns()] == [1499]


def test_thumbs_are_still_there_after_a_reload(page: Page) -> None:
    open_chat(page)
    ask(page, "hello")
    page.get_by_role("button", name="Not helpful").click()
    page.get_by_label("What was wrong or missing? (optional)").fill("no dates")
    page.get_by_label("What was wrong or missing? (optional)").press("Enter")
    expect(page.get_by_text("Thank you for telling us.")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Not helpful")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text("Thank you for telling us.")).to_be_visible()


def test_dates_are_in_a_language_that_the_texts_have(
    context: BrowserContext, website: Website, app: RunningApp
) -> None:
    page = context.new_page()
    page.goto(website.put(plain(line(app), attributes='lang="de"')))
    open_chat(page)
    write(page, "show everything")
    expect(page.get_by_text("by June 15, 2027 (estimated)")).to_be_visible()
