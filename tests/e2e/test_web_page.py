"""The chat page in a real browser, with the real gateway and a stand-in for the engine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.conftest import free_port
from tests.fake_engine import FakeEngine
from tests.running_app import RunningApp

pytestmark = pytest.mark.browser

CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
]  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[FakeEngine]:
    server = FakeEngine(free_port(), tmp_path)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def app(tmp_path: Path, engine: FakeEngine) -> Iterator[RunningApp]:
    running = RunningApp(free_port(), engine.port, folder=tmp_path)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def page(browser: Browser, app: RunningApp) -> Iterator[Page]:
    """A fresh visitor; errors in the console and requests to anybody else fail the test."""
    context = browser.new_context(locale="en-US")
    opened = context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("request", lambda request: problems.append(request.url) if not request.url.startswith(app.url) else None)
    opened.on("console", lambda line: problems.append(line.text) if "Content Security Policy" in line.text else None)
    opened.goto(app.url)
    yield opened
    context.close()
    assert problems == []


def ask(page: Page, words: str) -> None:
    page.get_by_label("Your question").fill(words)
    page.keyboard.press("Enter")


def test_three_questions_are_asked_and_answered(page: Page) -> None:
    expect(page.get_by_role("heading", name="What would you like to know?")).to_be_visible()
    for words in ("When do I apply?", "And for graduates?", "Thanks!"):
        ask(page, words)
        expect(page.get_by_text(f"You said: {words}")).to_be_visible()
    expect(page.get_by_role("article")).to_have_count(3)


def test_a_starter_question_and_a_quick_reply_can_be_pressed(page: Page, engine: FakeEngine) -> None:
    page.get_by_role("button", name="Which visa do I need?").click()
    page.get_by_role("button", name="What does it cost?").click()
    expect(page.get_by_text("You said: /faq_cost")).to_be_visible()
    assert engine.turns() == ["Which visa do I need?", "/faq_cost"]
    expect(page.get_by_role("button", name="What does it cost?")).to_have_count(1)


def test_every_kind_of_part_is_drawn_and_no_data_becomes_markup(page: Page) -> None:
    ask(page, "show everything")
    answer = page.get_by_role("article")
    for words in ("6 to 12 months", "<b>No markup</b>", "Sample University Hospital", "Only for your information."):
        expect(answer.get_by_text(words).first).to_be_visible()
    expect(answer.get_by_role("table").get_by_role("columnheader")).to_have_count(2)
    expect(answer.get_by_text("Ready for September 2027")).to_be_visible()
    expect(answer.get_by_text("January 15, 2027 to March 1, 2027")).to_be_visible()
    for status in ("Done", "On track", "Late"):
        expect(answer.get_by_text(status, exact=True)).to_be_visible()
    expect(answer.get_by_text("Showing 2 of 12 programs.")).to_be_visible()
    expect(answer.locator("img")).to_have_count(2)
    expect(answer.locator("a.file")).to_have_count(2)
    links = answer.get_by_role("link").evaluate_all("all => all.map((link) => [link.href, link.rel, link.target])")
    assert not [link for link in links if link[0].startswith("javascript")]
    assert all("noopener" in rel for href, rel, target in links if target == "_blank")
    expect(answer.locator("b, script")).to_have_count(0)


@pytest.mark.parametrize(
    "attack", ["<img src=x onerror=alert(1)>", "<script>alert(1)</script>", "[a](javascript:alert(1))"]
)
def test_what_a_visitor_writes_is_shown_as_written(attack: str, page: Page) -> None:
    page.on("dialog", lambda dialog: pytest.fail(f"executed: {dialog.message}"))
    ask(page, attack)
    expect(page.locator(".visitor")).to_contain_text(attack)
    expect(page.locator("#log img, #log script, #log a")).to_have_count(0)


def test_the_conversation_is_there_again_after_a_reload(page: Page) -> None:
    ask(page, "When do I apply?")
    expect(page.get_by_text("You said: When do I apply?")).to_be_visible()
    page.reload()
    expect(page.get_by_text("When do I apply?", exact=True)).to_be_visible()
    expect(page.get_by_text("You said: When do I apply?")).to_have_count(1)
    ask(page, "one more")
    expect(page.get_by_text("You said: one more")).to_have_count(1)


def test_a_dead_engine_is_admitted_and_the_answer_follows_once(page: Page, engine: FakeEngine) -> None:
    engine.kill()
    ask(page, "are you there")
    expect(page.get_by_text("your answer will appear here")).to_be_visible()
    engine.start()
    expect(page.get_by_text("You said: are you there")).to_be_visible(timeout=15_000)
    ask(page, "good")
    expect(page.get_by_text("You said: good")).to_be_visible()
    expect(page.get_by_text("You said: are you there")).to_have_count(1)


def test_where_streams_are_held_back_long_polls_bring_the_late_answer(page: Page, engine: FakeEngine) -> None:
    page.route(re.compile(r"/api/v1/events$"), lambda route: route.abort())
    engine.kill()
    ask(page, "are you there")
    expect(page.get_by_text("your answer will appear here")).to_be_visible()
    engine.start()
    expect(page.get_by_text("You said: are you there")).to_be_visible(timeout=25_000)


def test_a_message_that_did_not_go_out_can_be_sent_again(page: Page, app: RunningApp) -> None:
    page.route("**/api/v1/**", lambda route: route.abort())
    ask(page, "hello")
    again = page.get_by_role("button", name="Try again")
    expect(again).to_be_visible(timeout=10_000)
    page.unroute("**/api/v1/**")
    again.click()
    expect(page.get_by_text("You said: hello")).to_be_visible()
    expect(again).to_have_count(0)


def test_a_restart_of_the_application_is_hardly_noticed(page: Page, app: RunningApp) -> None:
    ask(page, "before")
    expect(page.get_by_text("You said: before")).to_be_visible()
    app.stop()
    app.start()
    ask(page, "after")
    expect(page.get_by_text("You said: after")).to_be_visible(timeout=15_000)


def test_deleting_the_chat_asks_first_and_starts_afresh(page: Page) -> None:
    ask(page, "hello")
    expect(page.get_by_text("You said: hello")).to_be_visible()
    page.get_by_role("button", name="Delete chat").click()
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("You said: hello")).to_be_visible()
    page.get_by_role("button", name="Delete chat").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("You said: hello")).to_have_count(0)
    ask(page, "new start")
    expect(page.get_by_text("You said: new start")).to_be_visible()


def test_after_a_farewell_the_talk_can_go_on(page: Page) -> None:
    ask(page, "hello")
    expect(page.get_by_text("You said: hello")).to_be_visible()
    ask(page, "forget me")
    expect(page.get_by_text("All gone.")).to_be_visible()
    for words in ("who are you", "and now", "and then"):
        ask(page, words)
        expect(page.get_by_text(f"You said: {words}")).to_be_visible()


def test_thumbs_are_stored(page: Page) -> None:
    ask(page, "hello")
    with page.expect_response(re.compile("/feedback")) as sent:
        page.get_by_role("button", name="Helpful", exact=True).click()
    assert sent.value.status == 204
    expect(page.get_by_role("button", name="Helpful", exact=True)).to_have_attribute("aria-pressed", "true")


def test_it_works_by_keyboard_alone(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the message box")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("You said: Can I do a rotation as a graduate?")).to_be_visible()
    expect(page.get_by_label("Your question")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_needs_no_sideways_scrolling(scheme: str, browser: Browser, app: RunningApp) -> None:
    context = browser.new_context(viewport={"width": 375, "height": 700}, color_scheme=scheme)
    phone = context.new_page()
    phone.goto(app.url)
    ask(phone, "show everything")
    ask(phone, "w" * 300)
    ask(phone, "كم تكلفة التدريب في الولايات المتحدة؟")
    expect(phone.get_by_role("article")).to_have_count(3)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 375
    context.close()
