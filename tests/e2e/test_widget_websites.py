"""The instructions of docs/widget.md, each tried on a page of that shape."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, expect

from bot.settings import ROOT
from bot.staff.roles import Role
from tests.conftest import free_port
from tests.e2e.talking import ask, launcher, line, open_chat
from tests.e2e.test_widget_everyone import violations
from tests.e2e.website import Website, plain
from tests.integration.handoff_people import AgentDesk
from tests.running_app import RunningApp

pytestmark = pytest.mark.browser

WORDPRESS = """<!DOCTYPE html><html lang="en-US"><head><meta charset="UTF-8">
<title>Clinic &#8211; A WordPress site</title><meta name="viewport" content="width=device-width">
<style id="wp-block-library-inline-css">.wp-block-button__link{border-radius:9999px}
button{text-transform:uppercase} :where(.wp-site-blocks *:focus){outline-width:2px}
body{--wp--preset--color--black:#000;font-size:18px}</style></head>
<body class="home page-template-default page wp-embed-responsive"><div class="wp-site-blocks">
<header class="wp-block-template-part"><h1 class="wp-block-site-title">Clinic</h1></header>
<main class="wp-block-group"><p>Welcome.</p></main></div>
<script id="wp-emoji-js">window._wpemojiSettings = {};</script>
SNIPPET
</body></html>"""
WIX = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Clinic</title></head>
<body class="responsive"><div id="SITE_CONTAINER"><div id="main_MF"><h1>Clinic</h1>FRAME</div></div>
SNIPPET</body></html>"""
WIX_FRAME = (
    '<iframe title="Embedded content" style="width: 500px; height: 700px" src="/embed" '
    'sandbox="allow-same-origin allow-forms allow-popups allow-scripts allow-pointer-lock allow-downloads"></iframe>'
)
PLAIN = """<!doctype html><html lang="en"><head><title>Clinic</title>HEAD</head>
<body><h1>Clinic</h1>SNIPPET</body></html>"""
HIDE = """(hidden) => {
    Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
    document.dispatchEvent(new Event("visibilitychange"));
}"""


def shaped(page: str, *, snippet: str = "", head: str = "", frame: str = "") -> str:
    """The page with the pieces put in."""
    return page.replace("SNIPPET", snippet).replace("HEAD", head).replace("FRAME", frame)


def documented(name: str, app: RunningApp) -> str:
    """The code block of docs/widget.md under the heading of this name, with our address in it."""
    text = (ROOT / "docs/widget.md").read_text(encoding="utf8")
    section = re.search(rf"^### {name}$(.*?)(?=^##)", text, re.MULTILINE | re.DOTALL)
    assert section, f"docs/widget.md has no section {name}"
    block = re.search(r"^```(?:html|php|jsx)\n(.*?)^```", section[1], re.MULTILINE | re.DOTALL)
    assert block, f"the section {name} has no code"
    return block[1].replace("https://chat.example.org", app.url)


def talk(page: Page, address: str) -> None:
    page.goto(address)
    open_chat(page)
    ask(page, "hello")


def test_plain_html_at_the_end_of_the_body(context: BrowserContext, website: Website, app: RunningApp) -> None:
    snippet = documented("Plain HTML", app)
    talk(context.new_page(), website.put(shaped(PLAIN, head="", snippet=snippet)))


def test_plain_html_in_the_head(context: BrowserContext, website: Website, app: RunningApp) -> None:
    talk(context.new_page(), website.put(shaped(PLAIN, head=documented("Plain HTML", app), snippet="")))


def test_wordpress_with_the_documented_lines_in_its_footer(
    context: BrowserContext, website: Website, app: RunningApp
) -> None:
    """WordPress prints what the documented PHP echoes; here the same is done without PHP."""
    printed = re.search(r"echo '(.*?)';", documented("WordPress", app))
    assert printed
    talk(context.new_page(), website.put(shaped(WORDPRESS, snippet=printed[1])))


def test_wordpress_whose_optimizer_delays_and_moves_scripts(
    context: BrowserContext, website: Website, app: RunningApp
) -> None:
    """Such plugins add the element anew by script, with a version in its address."""
    snippet = f"""<script>setTimeout(() => {{
        const late = document.createElement("script");
        late.src = "{app.url}/widget.js?ver=6.8"; late.dataset.site = "clinic";
        document.head.append(late);
    }}, 200)</script>"""
    talk(context.new_page(), website.put(shaped(WORDPRESS, snippet=snippet)))


def test_wix_custom_code_in_the_body(context: BrowserContext, website: Website, app: RunningApp) -> None:
    talk(context.new_page(), website.put(shaped(WIX, frame="", snippet=documented("Wix and Squarespace", app))))


def test_wix_html_element_which_is_a_sandboxed_frame(
    context: BrowserContext, website: Website, app: RunningApp
) -> None:
    website.put(shaped(PLAIN, head="", snippet=documented("Wix without custom code", app)), path="/embed")
    page = context.new_page()
    page.goto(website.put(shaped(WIX, frame=WIX_FRAME, snippet="")))
    inner: FrameLocator = page.frame_locator("iframe")
    inner.get_by_label("Your question").fill("hello")
    inner.get_by_label("Your question").press("Enter")
    expect(inner.get_by_text("You said: hello")).to_be_visible()


def test_turbo_with_the_documented_line_in_the_head(context: BrowserContext, website: Website, app: RunningApp) -> None:
    """Turbo keeps the head and puts the next page's body in the place of this one's."""
    page = context.new_page()
    talk(page, website.put(shaped(PLAIN, head=documented("Turbo", app), snippet="")))
    page.evaluate("document.body.replaceWith(document.createElement('body'))")
    ask(page, "and here?")
    expect(page.get_by_text("You said: hello")).to_be_visible()


def test_react_with_the_documented_effect(context: BrowserContext, website: Website, app: RunningApp) -> None:
    """React runs an effect when a component comes, and what it returned when it goes; here without React."""
    page = context.new_page()
    page.goto(website.put(shaped(PLAIN, head="", snippet="")))
    come = f"const useEffect = (effect) => {{ window.leave = effect(); }};{documented('React', app)}"
    page.evaluate(come)
    open_chat(page)
    ask(page, "hello")
    page.evaluate("leave()")
    expect(page.locator("rotation-chat")).to_have_count(0)
    page.evaluate(come)
    expect(page.get_by_text("You said: hello")).to_be_visible()
    ask(page, "and now?")


def test_the_line_twice_makes_one_chat(context: BrowserContext, website: Website, app: RunningApp) -> None:
    snippet = documented("Plain HTML", app)
    page = context.new_page()
    page.goto(website.put(shaped(PLAIN, head=snippet, snippet=snippet)))
    expect(launcher(page)).to_have_count(1)


def test_a_stream_is_closed_while_the_page_is_hidden(page: Page) -> None:
    """The browser keeps few connections; a page that nobody sees takes none of them."""
    open_chat(page)
    with page.expect_request(re.compile("/api/v1/events")):
        ask(page, "hello")
    with page.expect_event("requestfailed", lambda request: "/events" in request.url):
        page.evaluate(HIDE, True)
    with page.expect_request(re.compile("/api/v1/events")) as again:
        page.evaluate(HIDE, False)
    # After the question and its answer; on busy cores a line about the delay stands between them.
    assert int(again.value.headers["last-event-id"]) in (2, 3)


def test_an_owner_lists_a_website_in_the_console_and_its_looks_count_at_once(
    browser: Browser, app: RunningApp, widget_packages: Path
) -> None:
    owner = Website(free_port())
    address = owner.put(plain(line(app).replace("clinic", "studio")))
    page = browser.new_page()
    with page.expect_event("console", lambda said: "This website is not set up" in said.text):
        page.goto(address)
    open_chat(page)
    expect(page.get_by_text("This website is not set up for this chat.")).to_be_visible()
    assert violations(page, widget_packages) == []
    page.close()

    desk, looks = AgentDesk(app, "olga", Role.ADMIN), {"heading": "Studio help", "side": "start", "lang": "es"}
    refused = desk.send("/websites", key="studio", origins=owner.url, accent="#12345", **looks)
    assert (refused.status_code, "A color is written" in refused.text) == (422, True)
    logo = "https://www.studio.example/logo.svg"
    kept = desk.send(
        "/websites", key="studio", origins=owner.url, accent="#5a1478", logo=logo, starters="One|", **looks
    )
    assert "It counts from now on." in kept.text

    page = browser.new_page()
    page.route(logo, lambda route: route.fulfill(path=ROOT / "bot/web/static/icon.svg", content_type="image/svg+xml"))
    page.goto(address)
    chat = page.locator("rotation-chat")
    expect(chat).to_have_attribute("lang", "es")
    expect(launcher(page)).to_have_css("background-color", "rgb(90, 20, 120)")
    box = launcher(page).bounding_box()
    assert box
    assert box["x"] < 100
    launcher(page).click()
    view = page.get_by_role("dialog", name="Studio help")
    expect(view.get_by_role("button", name="Cerrar el chat")).to_be_visible()
    expect(view.get_by_role("button", name="One", exact=True)).to_be_visible()
    expect(view.locator(".head img")).to_have_js_property("offsetWidth", 36)
    expect(view.locator(".head img")).to_have_js_property("complete", True)
    assert violations(page, widget_packages) == []

    page.goto(owner.put(plain(line(app, 'data-mode="iframe"').replace("clinic", "studio")), path="/framed"))
    page.locator(".launcher").click()
    inner = page.frame_locator("iframe")
    expect(inner.locator(".head h2")).to_have_text("Studio help")
    expect(inner.get_by_role("button", name="Enviar")).to_be_visible()
    assert inner.locator(".head img").evaluate("(image) => image.decode().then(() => image.naturalWidth > 0)")
    expect(inner.locator(".head")).to_have_css("background-color", "rgb(90, 20, 120)")
    page.goto(f"{app.url}/widget/playground?site=studio&origin={owner.url}&accent=%23112233")
    expect(page.get_by_role("status").filter(has_text="is listed under this site key")).to_be_visible()
    expect(page.get_by_text("html { --rotation-accent: #112233 }")).to_be_visible()
    page.context.grant_permissions(["clipboard-write"])
    page.get_by_role("button", name="Copy the line").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert violations(page, widget_packages) == []

    desk.send("/websites/studio/delete")
    page.goto(f"{app.url}/widget/playground?site=studio&origin={owner.url}")
    expect(page.get_by_role("status").filter(has_text="is not listed under this site key")).to_be_visible()
    page.close()
    owner.stop()
