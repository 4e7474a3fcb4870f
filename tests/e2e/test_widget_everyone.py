"""The widget for everyone: by keyboard, with a screen reader, on a phone, enlarged, right to left, in any page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.e2e.conftest import WIDGET
from tests.e2e.talking import ask, choose, launcher, line, open_chat, panel, reach, show_everything, write
from tests.e2e.website import Website, plain
from tests.fake_engine import FakeEngine
from tests.running_app import RunningApp

pytestmark = pytest.mark.browser
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
HOSTILE = """<style>
  * { all: unset !important; color: yellow !important; font: 40px cursive !important; direction: rtl !important; }
  html { font-size: 62.5% } button, textarea, dialog { display: none !important; transform: rotate(9deg) !important; }
  rotation-chat { display: none !important; position: static !important; opacity: 0 !important; zoom: 3; }
</style>"""


def violations(page: Page, packages: Path) -> list[str]:
    """What axe finds; it is evaluated by the test, so the page's policy does not matter."""
    page.evaluate((packages / "axe-core/axe.min.js").read_text(encoding="utf8"))
    found = page.evaluate("(tags) => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", RULES)
    assert len(found["passes"]) > 5, "axe did not look at the page"
    return [
        f"{item['id']}: {node['target']} {node['failureSummary']}"
        for item in found["violations"]
        for node in item["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_closed_open_or_in_a_conversation(
    scheme: Any, browser: Browser, embedded: str, widget_packages: Path
) -> None:
    context = browser.new_context(color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    page.goto(embedded)
    expect(launcher(page)).to_be_visible()
    assert violations(page, widget_packages) == []
    open_chat(page)
    assert violations(page, widget_packages) == []
    answer = show_everything(page)
    reach(answer.get_by_role("button", name="Not helpful"), answer).click()
    expect(page.get_by_label("What was wrong or missing? (optional)")).to_be_visible()
    assert violations(page, widget_packages) == []
    choose(page, "Delete chat")
    assert violations(page, widget_packages) == []
    context.close()


@pytest.mark.parametrize(("scheme", "direction"), [("light", "ltr"), ("dark", "rtl")])
def test_the_longer_article_unfolds_by_keyboard_and_moves_nothing_above_it(
    scheme: Any, direction: str, browser: Browser, website: Website, app: RunningApp, widget_packages: Path
) -> None:
    context = browser.new_context(color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    page.goto(website.put(plain(line(app), attributes=f'lang="en" dir="{direction}"')))
    open_chat(page)
    write(page, "show the article")
    answer = page.get_by_role("article").last
    summary, long = answer.get_by_text("More", exact=True), answer.get_by_text("What the letter says")
    expect(long).not_to_be_visible()
    assert violations(page, widget_packages) == []
    summary.focus()
    before = places(answer)
    page.keyboard.press("Enter")
    expect(long).to_be_visible()
    expect(answer.get_by_text("<b>No markup</b> is ever read.")).to_be_visible()
    official = answer.get_by_role("link", name="the official page")
    expect(official).to_have_attribute("rel", "noopener noreferrer nofollow")
    expect(answer.get_by_role("link", name="this one")).to_have_count(0)
    page.wait_for_timeout(300)
    assert places(answer) == before
    assert summary.evaluate("(node) => getComputedStyle(node).direction") == direction
    assert summary.evaluate("(node) => node.offsetHeight") >= 44
    assert violations(page, widget_packages) == []
    page.keyboard.press("Space")
    expect(long).not_to_be_visible()
    context.close()


def places(answer: Locator) -> list[float]:
    """Where the bubble begins and how wide it is, and where its text and the line below are."""
    part, text = answer.locator(".part").first.bounding_box(), answer.locator(".part p").first.bounding_box()
    summary = answer.get_by_text("More", exact=True).bounding_box()
    assert part
    assert text
    assert summary
    return [part["x"], part["y"], part["width"], *text.values(), *summary.values()]


def test_who_reads_an_unfolded_article_is_not_taken_away(page: Page, engine: FakeEngine) -> None:
    page.set_viewport_size({"width": 1000, "height": 760})
    open_chat(page)
    write(page, "show the article")
    expect(page.get_by_text("More", exact=True)).to_be_visible()
    write(page, "held please")
    expect(page.get_by_role("status").filter(has_text="Rotation Bot is writing")).to_have_count(1)
    page.wait_for_timeout(600)
    page.get_by_text("More", exact=True).click()
    expect(page.get_by_text("What the letter says")).to_be_in_viewport()
    read = page.locator(".talk").evaluate("(talk) => talk.scrollTop")
    engine.release()
    expect(page.get_by_text("You said: held please")).to_have_count(1)
    page.wait_for_timeout(600)
    assert page.locator(".talk").evaluate("(talk) => talk.scrollTop") == read


@pytest.mark.parametrize("path", ["/", "/widget/playground", "/widget/frame"])
def test_axe_finds_nothing_on_our_own_pages(
    path: str, context: BrowserContext, app: RunningApp, widget_packages: Path
) -> None:
    page = context.new_page()
    page.goto(app.url + path)
    page.wait_for_load_state("networkidle")
    found = violations(page, widget_packages)
    assert [item for item in found if "page-has-heading-one" not in item or path != "/widget/frame"] == []


def test_a_whole_visit_by_keyboard_alone(page: Page) -> None:
    expect(launcher(page)).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(launcher(page)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your question")).to_be_focused()
    page.keyboard.type("first line")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("second line")
    page.keyboard.press("Enter")
    expect(page.get_by_role("article").get_by_text("second line")).to_be_visible()
    for name in ("What does it cost?", "Not helpful", "Helpful"):
        page.keyboard.press("Shift+Tab")
        expect(page.get_by_role("button", name=name, exact=True)).to_be_focused()
    page.keyboard.press("Space")
    expect(page.get_by_text("Thank you for telling us.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel(page)).not_to_be_visible()
    expect(launcher(page)).to_be_focused()


def test_the_keyboard_can_leave_the_panel_for_the_page_on_a_large_screen(page: Page) -> None:
    open_chat(page)
    page.get_by_role("link", name="Next page").focus()
    expect(page.get_by_role("link", name="Next page")).to_be_focused()


def test_a_panel_that_was_open_takes_no_focus_on_the_next_page(page: Page) -> None:
    open_chat(page)
    ask(page, "hello")
    page.reload()
    expect(panel(page)).to_be_visible()
    expect(page.get_by_label("Your question")).not_to_be_focused()


def test_answers_are_announced_and_history_is_not(page: Page) -> None:
    open_chat(page)
    log = page.get_by_role("log")
    expect(log).to_have_attribute("aria-live", "polite")
    ask(page, "hello")
    live = log.evaluate(
        "(log) => log.contains(document.querySelector('rotation-chat').shadowRoot.querySelector('article'))"
    )
    assert live
    expect(log).to_have_attribute("aria-relevant", "additions")
    page.route("**/api/v1/messages?after=0", lambda route: (page.wait_for_timeout(500), route.continue_()))
    page.reload()
    expect(log).to_have_attribute("aria-live", "off")
    expect(log).to_have_attribute("aria-live", "polite")
    expect(page.get_by_text("You said: hello")).to_be_visible()


def test_controls_are_large_enough_to_touch(page: Page) -> None:
    open_chat(page)
    show_everything(page)
    small = page.evaluate("""() => {
        const root = document.querySelector("rotation-chat").shadowRoot;
        const nodes = [...root.querySelectorAll(".panel button, .panel a.file, .panel .chips a")];
        const sizes = nodes.map((node) => [node.textContent.trim() || node.ariaLabel, node.getBoundingClientRect()]);
        return sizes.filter(([, box]) => box.width && (box.width < 44 || box.height < 44)).map(([name]) => name);
    }""")
    assert small == []


@pytest.mark.parametrize(("width", "height"), [(375, 700), (320, 568), (640, 360), (360, 320)])
def test_on_a_small_screen_it_fills_the_screen_and_nothing_runs_over(
    width: int, height: int, browser: Browser, embedded: str
) -> None:
    """640 x 360 is a laptop at 200 %, 360 x 320 a phone whose keyboard is out."""
    context = browser.new_context(viewport={"width": width, "height": height}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(embedded)
    launcher(page).tap()
    expect(panel(page)).to_be_visible()
    expect(page.get_by_label("Your question")).not_to_be_focused()
    show_everything(page)
    write(page, "w" * 300)
    expect(page.get_by_role("article")).to_have_count(2)
    box = panel(page).bounding_box()
    assert box == {"x": 0, "y": 0, "width": width, "height": height}
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    talk = page.locator(".talk")
    assert talk.evaluate("(talk) => talk.scrollWidth <= talk.clientWidth")
    expect(page.get_by_label("Your question")).to_be_in_viewport()
    page.get_by_role("button", name="Close chat").tap()
    expect(launcher(page)).to_be_in_viewport()
    context.close()


def test_right_to_left_is_mirrored(context: BrowserContext, website: Website, app: RunningApp) -> None:
    page = context.new_page()
    page.goto(website.put(plain(line(app), attributes='lang="en" dir="rtl"')))
    page.set_viewport_size({"width": 1000, "height": 760})
    box = launcher(page).bounding_box()
    assert box
    assert box["x"] < 100
    open_chat(page)
    ask(page, "كم تكلفة التدريب في الولايات المتحدة؟")
    said, told = page.locator(".said").first.bounding_box(), page.locator("article .part").first.bounding_box()
    frame = panel(page).bounding_box()
    assert said
    assert told
    assert frame
    assert frame["x"] < 100
    assert said["x"] < told["x"] + told["width"] - said["width"]
    assert page.locator(".said").first.evaluate("(node) => getComputedStyle(node).direction") == "rtl"


def test_a_language_that_runs_right_to_left_needs_no_direction(
    context: BrowserContext, website: Website, app: RunningApp
) -> None:
    page = context.new_page()
    page.goto(website.put(plain(line(app, 'data-lang="ar"'))))
    launcher(page).click()
    expect(panel(page).get_by_role("button", name="القائمة")).to_be_visible()
    assert panel(page).evaluate("(node) => getComputedStyle(node).direction") == "rtl"


@pytest.mark.parametrize(
    ("device", "attributes", "tile", "asked"),
    [
        ("pt-BR", "", "Quanto custa?", "What does it cost?"),
        ("en-US", 'lang="hi"', "प्रोग्राम खोजें", "Find programs"),
        ("ar", "", "البحث عن برامج", "Find programs"),
    ],
)
def test_the_frame_speaks_the_language_of_the_page_or_browser_and_says_that_answers_are_in_english(
    device: str,
    attributes: str,
    tile: str,
    asked: str,
    browser: Browser,
    website: Website,
    app: RunningApp,
    widget_packages: Path,
) -> None:
    context = browser.new_context(locale=device, reduced_motion="reduce")
    page = context.new_page()
    loaded: list[str] = []
    page.on("request", lambda sent: loaded.append(sent.url))
    page.goto(website.put(plain(line(app), attributes=attributes)))
    language = "hi" if attributes else device[:2]
    words = json.loads((WIDGET / f"src/languages/{language}.json").read_text(encoding="utf8"))
    launcher(page).click()
    expect(page.get_by_text(words["english"])).to_be_visible()
    assert [url.rsplit("/", 1)[1][:3] for url in loaded if url.endswith(".json")] == [f"{language}-"]
    page.get_by_role("button", name=tile, exact=True).click()
    expect(page.get_by_text(f"You said: {asked}")).to_be_visible()
    page.get_by_role("button", name=words["menu"], exact=True).click()
    expect(page.get_by_role("button", name=words["printTalk"])).to_be_visible()
    page.get_by_role("button", name=words["clear"]).click()
    expect(page.get_by_role("heading", name=words["clearTitle"])).to_be_visible()
    found = [item for item in violations(page, widget_packages) if not item.startswith("html-has-lang")]
    assert found == []
    assert panel(page).evaluate("(node) => getComputedStyle(node).direction") == ("rtl" if language == "ar" else "ltr")
    context.close()


def test_words_of_the_interface_can_be_replaced(page: Page) -> None:
    open_chat(page)
    page.evaluate("document.querySelector('rotation-chat').strings = {send: 'Enviar', question: 'Tu pregunta'}")
    expect(page.get_by_role("button", name="Enviar")).to_be_visible()
    expect(page.get_by_label("Tu pregunta")).to_be_visible()
    expect(page.get_by_role("button", name="Close chat")).to_be_visible()


@pytest.mark.parametrize(
    ("device", "theme", "is_dark"),
    [("dark", "", True), ("light", "", False), ("light", "dark", True), ("dark", "light", False)],
)
def test_dark_follows_the_device_unless_the_site_decides(
    device: Any, theme: str, is_dark: bool, browser: Browser, website: Website, app: RunningApp
) -> None:
    context = browser.new_context(color_scheme=device)
    page = context.new_page()
    page.goto(website.put(plain(line(app, f'data-theme="{theme}"'))))
    open_chat(page)
    back = panel(page).evaluate("(node) => getComputedStyle(node).backgroundColor")
    assert back == ("rgb(16, 25, 28)" if is_dark else "rgb(243, 246, 247)")
    context.close()


def test_custom_properties_change_the_looks(context: BrowserContext, website: Website, app: RunningApp) -> None:
    head = "<style>html { --rotation-accent: rgb(90, 20, 120); --rotation-radius: 4px; }</style>"
    page = context.new_page()
    page.goto(website.put(plain(line(app), head=head)))
    looks = "(node) => getComputedStyle(node).backgroundColor"
    assert launcher(page).evaluate(looks) == "rgb(90, 20, 120)"
    open_chat(page)
    assert page.get_by_role("button", name="Send").evaluate(looks) != "rgb(90, 20, 120)"
    page.get_by_label("Your question").fill("hello")
    assert page.get_by_role("button", name="Send").evaluate(looks) == "rgb(90, 20, 120)"
    assert panel(page).evaluate("(node) => getComputedStyle(node).borderRadius") == "4px"


def test_reduced_motion_and_forced_colors_are_respected(browser: Browser, embedded: str) -> None:
    context = browser.new_context(reduced_motion="reduce", forced_colors="active")
    page = context.new_page()
    page.goto(embedded)
    open_chat(page)
    write(page, "slow please")
    dot = page.locator(".writing i").first
    assert dot.evaluate("(node) => getComputedStyle(node).animationName") == "none"
    assert page.locator(".talk").evaluate("(node) => getComputedStyle(node).scrollBehavior") == "auto"
    assert page.locator(".send").evaluate("(node) => getComputedStyle(node).borderTopStyle") == "solid"
    context.close()


def test_styles_of_the_page_do_not_reach_it(context: BrowserContext, website: Website, app: RunningApp) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": 1000, "height": 760})
    page.goto(website.put(plain(line(app), head=HOSTILE)))
    expect(launcher(page)).to_be_visible()
    assert (launcher(page).bounding_box() or {})["width"] == 60
    open_chat(page)
    ask(page, "hello")
    style = page.get_by_text("You said: hello").evaluate(
        "(node) => { const s = getComputedStyle(node); return [s.fontSize, s.color, s.opacity]; }"
    )
    assert style == ["15px", "rgb(23, 38, 43)", "1"]
    assert (panel(page).bounding_box() or {})["width"] == 408
