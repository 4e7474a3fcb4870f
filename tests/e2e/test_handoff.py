"""Staff and a visitor, each in a browser: the talk is taken over, answered and given back before both their eyes."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bot.delivery.tables import Conversation
from bot.handoff import service
from bot.handoff.service import HandoffPolicy
from bot.handoff.store import open_handoff
from bot.reply.responses import Responses
from bot.staff.roles import Role
from tests.conftest import free_port
from tests.e2e import console
from tests.e2e.conftest import WIDGET
from tests.e2e.console import unmarked_fields
from tests.e2e.talking import ask, choose, launcher, line, open_chat, write
from tests.e2e.test_widget_everyone import violations
from tests.e2e.website import Website, plain
from tests.fake_engine import FakeEngine
from tests.integration.handoff_people import AgentDesk
from tests.running_app import RunningApp
from tests.staff import PASSWORD

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("PICTURES", "")
TOO_MANY = {"error": {"code": "too_many_requests", "message": "That was a lot at once."}}


@pytest.fixture
def app(tmp_path: Path, engine: FakeEngine, website: Website, responses: Responses) -> Iterator[RunningApp]:
    running = RunningApp(
        free_port(),
        engine.port,
        folder=tmp_path,
        sites={"clinic": [website.url]},
        responses=responses,
        staff_names={"maria": "Maria"},
        office_hours="Mon-Fri 09:00-17:00 America/New_York",
    )
    running.start()
    yield running
    running.stop()


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def sign_in(context: BrowserContext, app: RunningApp, name: str) -> Page:
    page = context.new_page()
    page.goto(f"{app.url}/staff/login?next=/handoff")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="People waiting", level=1)).to_be_visible()
    return page


def ask_for_person(app: RunningApp) -> int:
    """What the action does for the only visitor."""
    with app.database.unit() as session:
        conversation = session.query(Conversation).one().id
        assert service.ask_for_person(session, HandoffPolicy.of(app.settings), conversation, now=datetime.now(UTC))
        service.want_address(session, conversation, is_wanted=True)
        row = open_handoff(session, conversation)
        assert row is not None
        return row.id


def test_staff_and_visitor_talk_with_each_other(
    context: BrowserContext, app: RunningApp, page: Page, widget_packages: Path
) -> None:
    desk = AgentDesk(app, "maria")
    desk.send("/handoff/replies", title="Visa letter", text="A letter comes within 4 weeks.")
    staff = sign_in(context, app, "maria")
    expect(staff.get_by_text("Nobody waits.")).to_be_visible()
    open_chat(page)
    ask(page, "hello")
    write(page, "ana@example.com is mine")
    expect(page.get_by_text("You said: [e-mail] is mine")).to_be_visible()
    choose(page, "Talk to a person")
    expect(page.get_by_text("The team is").and_(page.get_by_role("dialog").locator("p"))).to_be_visible()
    assert violations(page, widget_packages) == []
    page.get_by_role("button", name="Cancel").click()
    expect(staff.get_by_text("Nobody waits.")).to_be_visible()
    choose(page, "Talk to a person")
    page.get_by_role("button", name="Ask for a person").click()
    expect(page.get_by_text("You said: I would like to talk to a person.")).to_be_visible()
    number = ask_for_person(app)

    staff.get_by_role("link", name=f"Talk {number}").click()  # the queue refreshes by itself
    picture(staff, "handoff-waiting")
    assert violations(staff, widget_packages) == []
    staff.get_by_role("button", name="Take over").click()
    expect(page.get_by_text("Maria has joined")).to_be_visible()
    expect(page.locator(".head")).to_contain_text(re.compile("Maria.*A person from the team, since", re.DOTALL))

    write(page, "Is this a person? Write to ana@example.com")
    talk = staff.get_by_role("log")
    expect(talk.get_by_text("Is this a person? Write to [e-mail]")).to_be_visible()
    write(page, "Is this a person?")
    expect(talk.get_by_text("Is this a person?", exact=True)).to_be_visible()  # without a reload
    expect(page.get_by_text("You said: Is this")).to_have_count(0)

    staff.get_by_label("Your answer").fill("Yes, **I am**.\n\n- Ask me\n- anything")
    expect(page.get_by_role("status").filter(has_text="Maria is writing")).to_have_count(1)
    assert page.locator(".writing").is_visible()
    staff.get_by_label("Your answer").press("Control+Enter")
    answer = page.get_by_role("article").last
    expect(answer.get_by_role("heading", name="Maria")).to_be_visible()
    expect(page.locator(".head")).to_contain_text(re.compile("Maria.*A person from the team, since", re.DOTALL))
    expect(answer.get_by_role("listitem")).to_have_text(["Ask me", "anything"])
    expect(answer.get_by_text("anything")).to_be_in_viewport()
    expect(answer.get_by_role("group", name="Was this helpful?")).to_have_count(0)
    picture(page, "handoff-widget")
    picture(staff, "handoff-talk")
    assert violations(page, widget_packages) == []
    assert violations(staff, widget_packages) == []

    staff.get_by_role("button", name="Show the address").click()
    expect(staff.get_by_text("ana@example.com", exact=True)).to_be_visible()
    picture(staff, "handoff-address")
    staff.goto(f"{app.url}/staff/handoff/{number}")
    expect(staff.get_by_label("Your answer")).to_be_in_viewport()
    staff.get_by_text("Ready replies", exact=True).last.click()
    staff.get_by_role("link", name="Visa letter").click()
    expect(staff.get_by_label("Your answer")).to_have_value("A letter comes within 4 weeks.")
    staff.get_by_role("button", name="Close").click()
    expect(page.get_by_text("I'm the bot again")).to_be_visible()
    choose(page, "The team helped me")
    expect(page.get_by_text("Thank you; the team sees that.")).to_be_visible()
    staff.get_by_role("link", name="People waiting").first.click()
    expect(staff.get_by_text("Closed lately")).to_be_visible()
    expect(staff.locator(".entries").get_by_text("it helped")).to_be_visible()
    assert violations(staff, widget_packages) == []
    picture(staff, "handoff-queue")


@pytest.mark.parametrize("language", ["ar", "es"])
def test_what_the_server_says_of_the_chat_is_in_the_language_of_the_page(
    language: str, context: BrowserContext, app: RunningApp, engine: FakeEngine, website: Website, widget_packages: Path
) -> None:
    words = json.loads((WIDGET / f"src/languages/{language}.json").read_text(encoding="utf8"))
    desk, page = AgentDesk(app, "maria"), context.new_page()
    page.goto(website.put(plain(line(app), attributes=f'lang="{language}"')))
    launcher(page).click()

    def say(text: str) -> None:
        page.locator("textarea").fill(text)
        page.keyboard.press("Enter")

    say("hello")
    expect(page.get_by_text("You said: hello")).to_be_visible()
    page.get_by_role("button", name=words["menu"], exact=True).click()
    page.get_by_role("button", name=words["person"]).click()
    hours = page.get_by_role("dialog").get_by_text("09:00-17:00")
    known = "|".join(re.escape(words[f"utter_handoff_hours_{state}"].partition("{")[0]) for state in ("open", "shut"))
    expect(hours).to_have_text(re.compile(f"^({known})"))
    expect(hours).not_to_have_text(re.compile("[{]|day, "))  # every place is filled, and no date is English
    assert violations(page, widget_packages) == []
    page.keyboard.press("Escape")

    number = ask_for_person(app)
    desk.act(number, "take")
    joined = words["utter_handoff_joined"].replace("**", "").format(name="Maria")
    expect(page.get_by_text(joined)).to_be_visible()
    desk.act(number, "close")
    expect(page.get_by_role("button", name=words["Go on with the bot"])).to_have_count(0)
    page.get_by_role("button", name=words["The team helped me"]).wait_for()
    engine.kill()
    say("are you there")
    expect(page.get_by_text(words["utter_engine_down"])).to_be_visible()
    page.route("**/api/v1/messages", lambda route: route.fulfill(status=429, json=TOO_MANY))
    say("again")
    expect(page.get_by_text(words["too_many_requests"])).to_be_visible()
    assert violations(page, widget_packages) == []


LOOKS_AWAY = """() => {
    document.hasFocus = () => false;
    Object.defineProperty(document, "hidden", {value: true, configurable: true});
    document.dispatchEvent(new Event("visibilitychange"));
}"""
LOOKS = "() => { document.hasFocus = () => true; window.dispatchEvent(new Event('focus')); }"
COUNTS_TONES = """window.tones = 0;
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...rest) { window.tones += 1; return start.apply(this, rest); };"""


def test_who_looks_elsewhere_sees_in_the_title_that_staff_wrote_and_hears_it_if_wanted(
    context: BrowserContext, app: RunningApp, embedded: str, widget_packages: Path
) -> None:
    context.add_init_script(COUNTS_TONES)
    page = context.new_page()
    page.goto(embedded)
    name = page.title()
    open_chat(page)
    ask(page, "hello")
    desk, number = AgentDesk(app, "maria"), ask_for_person(app)
    page.get_by_role("button", name="Menu", exact=True).click()
    expect(page.locator(".menu li").first).to_have_text("Talk to a person")
    expect(page.get_by_text("Sound on new messages of the team")).to_have_count(0)  # only while staff answer
    page.keyboard.press("Escape")
    desk.act(number, "take")
    expect(page.get_by_text("Maria has joined")).to_be_visible()
    desk.act(number, "answer", text="Good morning", key="1")
    expect(page.get_by_text("Good morning")).to_be_visible()
    assert page.title() == name  # the page has the focus

    page.evaluate(LOOKS_AWAY)
    desk.act(number, "answer", text="Are you there?", key="2")
    expect(page).to_have_title(f"(1) {name}")
    page.evaluate("document.title = 'Next page'")
    desk.act(number, "answer", text="I can wait.", key="3")
    expect(page).to_have_title("(2) Next page")
    page.evaluate(LOOKS)
    expect(page).to_have_title("Next page")
    assert page.evaluate("window.tones") == 0

    choose(page, "Sound on new messages of the team")
    assert page.evaluate("window.tones") == 2  # how it will sound
    page.evaluate(LOOKS_AWAY)
    desk.act(number, "answer", text="One more thing", key="4")
    expect(page).to_have_title("(1) Next page")
    assert page.evaluate("window.tones") == 4
    page.get_by_role("button", name="Menu", exact=True).click()
    expect(page.get_by_role("button", name="No more sound")).to_be_visible()
    assert violations(page, widget_packages) == []


@pytest.mark.parametrize("look", console.LOOKS)
def test_axe_finds_nothing_on_the_queue_for_every_role(
    browser: Browser, app: RunningApp, widget_packages: Path, look: str
) -> None:
    AgentDesk(app, "maria")
    AgentDesk(app, "vera", Role.VIEWER)
    app.visitor().ask("hello")
    number = ask_for_person(app)
    for name in ("maria", "vera"):
        context = browser.new_context(**console.LOOKS[look])
        page = sign_in(context, app, name)
        assert violations(page, widget_packages) == []
        picture(page, f"handoff-queue-{name}-{look}")
        page.goto(f"{app.url}/staff/handoff/{number}")
        assert violations(page, widget_packages) == []
        expect(page.get_by_role("button", name="Take over")).to_have_count(1 if name == "maria" else 0)
        context.close()


@pytest.mark.parametrize("look", console.LOOKS)
def test_axe_finds_nothing_on_a_talk_with_its_notes_tags_and_replies(
    browser: Browser, app: RunningApp, widget_packages: Path, look: str
) -> None:
    desk = AgentDesk(app, "maria")
    desk.send("/handoff/replies", title="Visa letter", text="A letter comes within 4 weeks.")
    app.visitor().ask("hello")
    number = ask_for_person(app)
    desk.act(number, "take")
    desk.act(number, "note", text="She asked for a letter in May.")
    desk.act(number, "tags", tags="visa, letter")
    context = browser.new_context(**console.LOOKS[look])
    page = sign_in(context, app, "maria")
    page.goto(f"{app.url}/staff/handoff/{number}")
    expect(page.get_by_text("She asked for a letter in May.")).to_have_count(1)
    page.locator("details.ready > summary").click()
    picture(page, f"handoff-open-{look}")
    assert violations(page, widget_packages) == []
    assert unmarked_fields(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the screen"
    if "viewport" in console.LOOKS[look]:  # a phone shows one pane at a time
        page.get_by_role("link", name="The person").and_(page.locator(":visible")).click()
        expect(page.get_by_text("She asked for a letter in May.")).to_be_visible()
        assert violations(page, widget_packages) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the phone"
    context.close()


def test_the_page_works_without_javascript_and_on_a_phone(browser: Browser, app: RunningApp) -> None:
    AgentDesk(app, "maria")
    app.visitor().ask("hello")
    number = ask_for_person(app)
    context = browser.new_context(java_script_enabled=False, viewport={"width": 380, "height": 760})
    page = sign_in(context, app, "maria")
    page.get_by_role("link", name=f"Talk {number}").click()
    page.get_by_role("button", name="Take over").click()
    page.get_by_label("Your answer").fill("Hello!")
    page.get_by_role("button", name="Send to the person").click()
    expect(page.get_by_text("Sent.")).to_be_visible()
    expect(page.get_by_text("Hello!", exact=True)).to_be_visible()
    picture(page, "handoff-phone")
    context.close()


def test_two_tabs_of_staff_see_that_the_state_changed(context: BrowserContext, app: RunningApp) -> None:
    AgentDesk(app, "maria")
    app.visitor().ask("hello")
    number = ask_for_person(app)
    one, two = sign_in(context, app, "maria"), context.new_page()
    one.goto(f"{app.url}/staff/handoff/{number}")
    two.goto(f"{app.url}/staff/handoff/{number}")
    two.get_by_role("button", name="Take over").click()
    expect(one.get_by_text("The state of this talk has changed.")).to_be_visible()
