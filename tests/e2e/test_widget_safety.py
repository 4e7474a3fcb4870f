"""The widget under attack, and on websites with strict rules: nothing executes, nothing foreign loads."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests import patient
from tests.conftest import free_port
from tests.e2e.attacks import ATTACKS
from tests.e2e.talking import ask, launcher, line, open_chat
from tests.e2e.website import Website, plain
from tests.running_app import RunningApp

pytestmark = pytest.mark.browser
WATCH = """
window.executed = [];
for (const name of ["alert", "confirm", "prompt", "open"]) {
    window[name] = (...all) => { executed.push([name, ...all]); return null; };
}
"""


@pytest.fixture
def watched(context: BrowserContext) -> Page:
    """A page that notes whatever an attack would do."""
    context.add_init_script(WATCH)
    return context.new_page()


def nothing_happened(page: Page) -> None:
    """No code ran, and no data became an element that could load or run something."""
    page.wait_for_timeout(300)
    assert page.evaluate("executed") == []
    found = page.evaluate("""() => {
        const roots = [document, ...[...document.querySelectorAll("rotation-chat")].map((chat) => chat.shadowRoot)];
        const nodes = roots.flatMap((root) => [...root.querySelectorAll(root === document ? "body *" : "*")]);
        const loading = /^(iframe|object|embed|base|link|meta|style|video|audio|marquee|x)$/i;
        const active = nodes.filter((node) => loading.test(node.localName));
        const handlers = nodes.filter((node) => [...node.attributes].some(({ name }) => name.startsWith("on")));
        const links = nodes.filter((node) => node.localName === "a" && !/^(https?:|mailto:)/.test(node.href));
        return [...active, ...handlers, ...links].map((node) => node.outerHTML);
    }""")
    assert found == []


def test_there_are_two_hundred_attacks_and_all_differ() -> None:
    assert len(ATTACKS) >= 200
    assert len(set(ATTACKS)) == len(ATTACKS)


def test_attacks_as_messages_are_shown_as_written(watched: Page, embedded: str) -> None:
    watched.goto(embedded)
    open_chat(watched)
    watched.evaluate("(all) => all.forEach((attack) => RotationChat.ask(attack))", ATTACKS)
    expect(watched.get_by_role("article")).to_have_count(len(ATTACKS), timeout=90_000)
    assert watched.locator(".said").all_inner_texts()[:3] == [attack.strip() for attack in ATTACKS[:3]]
    nothing_happened(watched)
    watched.reload()
    expect(watched.get_by_role("article")).to_have_count(len(ATTACKS))
    nothing_happened(watched)


def test_attacks_as_program_data_are_only_text(watched: Page, embedded: str, app: RunningApp) -> None:
    watched.route("**/api/v1/messages", answer_with_attacks)
    watched.goto(embedded)
    open_chat(watched)
    watched.get_by_label("Your question").fill("hello")
    watched.keyboard.press("Enter")
    expect(watched.get_by_role("article")).to_have_count(len(ATTACKS), timeout=60_000)
    pictures = watched.locator("article img").evaluate_all("(all) => all.map((image) => new URL(image.src).origin)")
    assert set(pictures) <= {app.url}
    nothing_happened(watched)
    watched.locator(".foot .chips").last.get_by_role("listitem").first.click()
    nothing_happened(watched)


def answer_with_attacks(route: Route) -> None:
    if route.request.method != "POST":
        route.continue_()
        return
    sent = route.request.post_data_json
    replies = [{"seq": 2 + i, "reply": poisoned(attack), "in_reply_to": sent["id"]} for i, attack in enumerate(ATTACKS)]
    route.fulfill(json={"seq": 1, "replies": replies, "status": "answered"})


def poisoned(attack: str) -> dict[str, Any]:
    """A reply with the attack in every field."""
    source = {"title": attack, "url": attack, "date": attack}
    card = {
        "slug": attack,
        "title": attack,
        "subtitle": attack,
        "facts": [{"label": attack, "value": attack}],
        "why": [attack],
        "notes": f"{attack} [x]({attack})",
        "source": source,
        "confidence": attack,
    }
    milestone = {"id": attack, "title": attack, "earliest": attack, "status": attack, "note": attack, "source": source}
    return {
        "version": 1,
        "parts": [
            {"type": "text", "text": f"**{attack}** [{attack}]({attack})", "sources": [source], "reviewed": attack},
            {"type": "text", "text": attack, "more": f"**{attack}** [{attack}]({attack})"},
            {"type": "programs", "cards": [card], "total": attack},
            {"type": "comparison", "columns": [attack], "rows": [{"label": attack, "values": [attack]}]},
            {
                "type": "timeline",
                "title": attack,
                "verdict": attack,
                "milestones": [milestone],
                "ics": attack,
                "picture": attack,
            },
            {"type": "image", "url": attack, "alt": attack},
            {"type": "file", "url": attack, "name": attack},
            {"type": "notice", "text": attack, "level": attack},
            {"type": attack, "text": attack},
        ],
        "suggestions": [{"title": attack, "payload": attack}],
    }


@pytest.mark.parametrize("path", ["/widget/playground", "/widget/frame"])
def test_attacks_in_the_address_do_nothing(path: str, watched: Page, app: RunningApp) -> None:
    names = (
        "site",
        "heading",
        "greeting",
        "starters",
        "teaser",
        "theme",
        "side",
        "dir",
        "lang",
        "mode",
        "accent",
        "onclick",
    )
    for start in range(0, len(ATTACKS), len(names)):
        batch = dict(zip(names, ATTACKS[start : start + len(names)], strict=False))
        watched.goto(f"{app.url}{path}?" + "&".join(f"{name}={quote(value)}" for name, value in batch.items()))
        if path == "/widget/playground":
            expect(watched.locator("#snippet")).not_to_be_empty()
        assert watched.evaluate("executed") == []
    nothing_happened(watched)


def test_it_runs_under_a_strict_policy_with_a_nonce_and_trusted_types(
    context: BrowserContext, website: Website, app: RunningApp
) -> None:
    policy = (
        f"default-src 'none'; script-src 'nonce-r4nd0m'; connect-src {app.url}; img-src {app.url}; style-src 'none'; "
        "base-uri 'none'; "
        "require-trusted-types-for 'script'; trusted-types lit-html rotation-chat"
    )
    talk(context, website.put(plain(line(app, 'nonce="r4nd0m"')), headers={"Content-Security-Policy": policy}))


def test_it_runs_under_a_strict_policy_that_names_the_host(
    context: BrowserContext, website: Website, app: RunningApp
) -> None:
    policy = f"default-src 'none'; script-src {app.url}; connect-src {app.url}; img-src {app.url}; base-uri 'none'"
    talk(context, website.put(plain(line(app)), headers={"Content-Security-Policy": policy}))


def test_it_runs_pinned_by_its_integrity_value(context: BrowserContext, website: Website, app: RunningApp) -> None:
    loader = patient.get(f"{app.url}/widget/manifest.json").json()["loader"]
    snippet = (
        f'<script src="{app.url}/widget/{loader["file"]}" integrity="{loader["integrity"]}" crossorigin="anonymous" '
        'data-site="clinic" async></script>'
    )
    talk(context, website.put(plain(snippet)))


def talk(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.goto(address)
    open_chat(page)
    write_everything(page)
    ask(page, "hello")
    page.get_by_role("button", name="Helpful", exact=True).last.click()
    expect(page.get_by_text("Thank you for telling us.")).to_be_visible()


def write_everything(page: Page) -> None:
    page.get_by_label("Your question").fill("show everything")
    page.keyboard.press("Enter")
    expect(page.get_by_role("img", name="Chart of the plan: Ready for September 2027")).to_be_visible()
    assert page.locator("article img").first.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 0


def test_a_changed_component_is_not_run(browser: Browser, embedded: str) -> None:
    page = browser.new_page()
    page.add_init_script(WATCH)
    page.route(
        re.compile("/widget/rotation-chat-"),
        lambda route: route.fulfill(
            body="alert(1)", content_type="text/javascript", headers={"Access-Control-Allow-Origin": "*"}
        ),
    )
    page.goto(embedded)
    with page.expect_event("console", lambda message: "integrity" in message.text):
        launcher(page).click()
    assert page.evaluate("executed") == []
    page.close()


def test_on_a_website_that_is_not_listed_it_says_so(browser: Browser, app: RunningApp) -> None:
    stranger = Website(free_port())
    page = browser.new_page()
    page.goto(stranger.put(plain(line(app))))
    open_chat(page)
    page.get_by_label("Your question").fill("hello")
    page.keyboard.press("Enter")
    log = page.get_by_role("log", name="Conversation")
    expect(log.get_by_text("This website is not set up for this chat.")).to_be_visible()
    page.close()
    stranger.stop()


def test_another_website_cannot_hold_the_frame(browser: Browser, app: RunningApp) -> None:
    stranger = Website(free_port())
    page = browser.new_page()
    page.goto(stranger.put(plain(f'<iframe src="{app.url}/widget/frame?site=clinic"></iframe>')))
    page.wait_for_timeout(500)
    assert page.frame_locator("iframe").locator("rotation-chat").count() == 0
    page.close()
    stranger.stop()


def test_no_cookie_is_set(page: Page, context: BrowserContext) -> None:
    open_chat(page)
    ask(page, "hello")
    assert context.cookies() == []
    assert json.loads(page.evaluate("JSON.stringify(Object.keys(localStorage))")) == ["rotation-chat:clinic"]
