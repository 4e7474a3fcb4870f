"""What the chat looks like: groups, times, quick replies, the menu, and what opens large."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from tests.e2e.talking import ask, choose, open_chat, show_everything, write
from tests.e2e.test_widget_everyone import violations
from tests.fake_engine import FakeEngine

pytestmark = pytest.mark.browser
PLAN = "Chart of the plan: Ready for September 2027"


def fill_of(node: Locator) -> str:
    return str(node.evaluate("(node) => getComputedStyle(node).fill"))


@pytest.mark.parametrize(
    ("scheme", "viewport"), [("light", {"width": 1000, "height": 760}), ("dark", {"width": 375, "height": 700})]
)
def test_a_plan_is_read_in_the_chat_and_large(
    scheme: Any, viewport: Any, browser: Browser, embedded: str, widget_packages: Any
) -> None:
    context = browser.new_context(color_scheme=scheme, reduced_motion="reduce", viewport=viewport)
    page = context.new_page()
    page.goto(embedded)
    open_chat(page)
    answer = show_everything(page)
    chart = answer.get_by_role("img", name=PLAN)
    expect(chart).to_be_visible()
    ink = {"light": "rgb(23, 38, 43)", "dark": "rgb(232, 240, 242)"}[scheme]
    assert fill_of(chart.locator("text").last) == ink
    heights = chart.locator("text").evaluate_all("(all) => all.map((text) => text.getBoundingClientRect().height)")
    assert min(heights) >= 12
    answer.get_by_role("button", name="Open large").last.click()
    view = page.get_by_role("dialog", name="Ready for September 2027")
    expect(view).to_be_visible()
    assert violations(page, widget_packages) == []
    step = view.get_by_role("button", name="Visa interview")
    step.focus()
    expect(view.get_by_role("status")).to_contain_text("Visa interview · by June 15, 2027 (estimated) · Tight")
    view.get_by_text("1 source").click()
    expect(view.get_by_role("link", name="Waiting times")).to_be_visible()
    view.get_by_role("button", name="Send applications").click()
    expect(view.get_by_text("Most programs open in January.")).to_be_visible()
    before = view.locator("svg").evaluate("(node) => node.clientWidth")
    view.get_by_role("button", name="Zoom in").click()
    expect(view.locator("svg")).to_have_js_property("clientWidth", before * 2)
    view.get_by_role("button", name="Zoom out").click()
    page.keyboard.press("Escape")
    expect(view).not_to_be_visible()
    expect(answer.get_by_role("button", name="Open large").last).to_be_focused()
    context.close()


def test_both_columns_of_a_comparison_are_seen_and_it_opens_large(page: Page) -> None:
    open_chat(page)
    answer = show_everything(page)
    table = answer.get_by_role("region", name="Comparison")
    assert table.evaluate("(node) => node.scrollWidth <= node.clientWidth")
    answer.get_by_role("button", name="Open large").first.click()
    view = page.get_by_role("dialog", name="Comparison")
    expect(view.get_by_role("columnheader", name="Sample Medical College")).to_be_visible()
    view.get_by_role("button", name="Close", exact=True).click()
    expect(view).not_to_be_visible()


def test_the_large_views_are_loaded_when_they_are_used(page: Page) -> None:
    loaded: list[str] = []
    page.on("request", lambda sent: loaded.append(sent.url))
    open_chat(page)
    ask(page, "hello")
    assert not [url for url in loaded if "/widget/views-" in url]
    show_everything(page)
    expect(page.get_by_role("img", name=PLAN)).to_be_visible()
    assert len([url for url in loaded if "/widget/views-" in url]) == 1


def test_a_changed_large_view_is_not_run(browser: Browser, embedded: str) -> None:
    page = browser.new_page()
    page.route(
        re.compile("/widget/views-"),
        lambda route: route.fulfill(
            body="window.executed = true", content_type="text/javascript", headers={"Access-Control-Allow-Origin": "*"}
        ),
    )
    page.goto(embedded)
    open_chat(page)
    show_everything(page)
    expect(page.get_by_text("That did not work.").first).to_be_visible()
    assert page.evaluate("window.executed") is None
    page.close()


def test_lines_of_one_speaker_are_a_group_with_one_time(page: Page, engine: FakeEngine) -> None:
    open_chat(page)
    ask(page, "hello")
    engine.kill()
    write(page, "later")
    expect(page.get_by_text("your answer will appear here")).to_be_visible()
    engine.start()
    expect(page.get_by_text("You said: later")).to_be_visible()
    lines = page.locator(".log > *").evaluate_all(
        "(all) => all.map((node) => [node.getBoundingClientRect().top, node.getBoundingClientRect().bottom])"
    )
    gaps = [round(after[0] - before[1]) for before, after in pairwise(lines)]
    assert gaps == [20, 20, 20, 4]
    expect(page.locator("article").last.locator("time")).to_have_count(0)
    expect(page.locator("article").first.locator("time")).to_have_text(re.compile(r"\d?\d:\d\d"))
    assert page.locator("article .prose").first.evaluate(
        "(node) => [getComputedStyle(node).fontSize, getComputedStyle(node).lineHeight]"
    ) == ["15px", "22px"]


def on_another_day(route: Route) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, body=re.sub(r'"at":"20\d\d-\d\d-\d\d', '"at":"2026-03-14', answer.text()))


def test_a_talk_of_another_day_has_its_day(page: Page) -> None:
    open_chat(page)
    ask(page, "hello")
    page.route(
        "**/api/v1/messages?after=0",
        lambda route: route.fulfill(
            response=(answer := route.fetch()),
            body=re.sub(r'"at":"20\d\d-\d\d-\d\d', '"at":"2026-03-14', answer.text()),
        ),
    )
    page.reload()
    expect(page.locator(".day")).to_have_text("March 14, 2026")
    page.unroute("**/api/v1/messages?after=0")
    ask(page, "again")
    expect(page.locator(".day")).to_have_text(["March 14, 2026", "Today"])


def test_quick_replies_stay_in_sight_and_an_arrow_leads_to_the_newest(page: Page) -> None:
    open_chat(page)
    show_everything(page)
    newest = page.get_by_role("button", name="To the newest")
    expect(newest).to_be_visible()
    quick = page.get_by_role("list", name="Suggestions").get_by_role("button", name="What does it cost?")
    expect(quick).to_be_in_viewport()
    page.locator(".talk").evaluate("(talk) => { talk.scrollTop = 0; }")
    expect(quick).to_be_in_viewport()
    newest.click()
    expect(newest).to_have_count(0)
    expect(page.get_by_text("This fee is older than a year.")).to_be_in_viewport()


def test_who_goes_to_the_newest_stays_there_when_a_picture_comes_late(page: Page) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/static/icon.svg*", hold)
    open_chat(page)
    answer = show_everything(page)
    newest = page.get_by_role("button", name="To the newest")
    newest.click()
    expect(newest).to_have_count(0)
    assert held
    for route in held:
        route.continue_()
    expect(answer.locator("img").first).to_have_js_property("complete", True)
    expect(page.get_by_text("This fee is older than a year.")).to_be_in_viewport()
    expect(newest).to_have_count(0)


def test_the_chat_can_be_made_larger(page: Page) -> None:
    page.set_viewport_size({"width": 1200, "height": 900})
    box = open_chat(page)
    choose(page, "Larger window")
    expect(box).to_have_js_property("offsetWidth", 720)
    choose(page, "Smaller window")
    expect(box).to_have_js_property("offsetWidth", 408)


def test_the_menu_has_words_and_goes_away_by_keyboard(page: Page, widget_packages: Any) -> None:
    open_chat(page)
    ask(page, "hello")
    menu = page.get_by_role("button", name="Menu", exact=True)
    menu.click()
    names = [
        "Talk to a person",
        "What you know about me",
        "New talk",
        "Print or save this talk",
        "Larger window",
        "Delete chat",
    ]
    expect(page.locator(".menu li")).to_have_text(names)
    assert violations(page, widget_packages) == []
    page.keyboard.press("Escape")
    expect(page.locator(".menu li")).to_have_count(0)
    expect(menu).to_be_focused()
    choose(page, "What you know about me")
    expect(page.get_by_text("You said: What do you know about me?")).to_be_visible()


def test_a_talk_is_printed_as_it_was_said(page: Page, context: BrowserContext) -> None:
    context.add_init_script("window.print = () => { window.printed = true; }")
    open_chat(page)
    ask(page, "hello")
    with page.expect_popup() as opened:
        choose(page, "Print or save this talk")
    view = opened.value
    expect(view.get_by_text("You said: hello")).to_be_visible()
    expect(view.get_by_role("heading", name="You", exact=True)).to_be_visible()
    expect(view.get_by_role("button")).to_have_count(0)
