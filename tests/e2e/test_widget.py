"""The widget on a website: a conversation from the first press of the launcher, whatever the network does."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from bot.delivery.files import save_file
from bot.delivery.tables import Feedback
from tests.e2e.talking import ask, choose, launcher, line, open_chat, panel, show_everything, write
from tests.e2e.website import Website, plain
from tests.fake_engine import FakeEngine
from tests.integration.test_deleting_people import remember
from tests.integration.test_erasing import locked
from tests.running_app import RunningApp, wait_until

pytestmark = pytest.mark.browser


def test_the_component_is_loaded_when_the_chat_is_opened_not_before(page: Page) -> None:
    loaded: list[str] = []
    page.on("request", lambda sent: loaded.append(sent.url))
    expect(launcher(page)).to_be_visible()
    assert not [url for url in loaded if "rotation-chat" in url]
    open_chat(page)
    assert len([url for url in loaded if re.search(r"/widget/rotation-chat-[0-9a-f]{12}\.js$", url)]) == 1


def test_questions_and_quick_replies_are_answered(page: Page, engine: FakeEngine) -> None:
    open_chat(page)
    ask(page, "When do I apply?")
    page.get_by_role("button", name="What does it cost?").click()
    expect(page.get_by_text("You said: /faq_cost")).to_be_visible()
    expect(page.get_by_role("button", name="What does it cost?")).to_have_count(1)
    assert engine.turns() == ["When do I apply?", "/faq_cost"]


def test_a_first_question_can_be_pressed_and_the_keyboard_stays(page: Page) -> None:
    open_chat(page)
    page.get_by_role("button", name="Plan my dates").click()
    expect(page.get_by_text("You said: Plan my dates")).to_be_visible()
    expect(page.get_by_label("Your question")).to_be_focused()
    expect(page.get_by_role("button", name="Find programs")).to_have_count(0)


def test_every_kind_of_part_is_drawn(page: Page) -> None:
    open_chat(page)
    answer = show_everything(page)
    for words in ("6 to 12 months", "<b>No markup</b>", "Sample University Hospital", "Only for your information."):
        expect(answer.get_by_text(words).first).to_be_visible()
    expect(answer.get_by_role("columnheader")).to_have_count(2)
    expect(answer.get_by_role("rowheader")).to_have_count(3)
    expect(answer.get_by_text("January 15, 2027 to March 1, 2027")).to_be_visible()
    expect(answer.get_by_text("by June 15, 2027 (estimated)")).to_be_visible()
    answer.get_by_text("2 sources, reviewed Oct 1, 2026").click()
    expect(answer.get_by_text("Sample source, May 2026")).to_be_visible()
    for status in ("Done", "On track", "Late"):
        expect(answer.get_by_text(status, exact=True)).to_be_visible()
    expect(answer.get_by_role("img")).to_have_count(2)
    expect(page.get_by_role("link", name="Official site")).to_have_attribute("rel", "noopener noreferrer nofollow")


def test_a_plan_is_downloaded_as_calendar_file(page: Page, app: RunningApp) -> None:
    with app.database.unit() as session:
        path = save_file(
            session,
            b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
            name="rotation-plan.ics",
            mime="text/calendar",
            conversation="web:x",
            expires_at=datetime.now(UTC) + timedelta(hours=1),
        )
    page.route("**/api/v1/messages", lambda route: with_calendar(route, path))
    open_chat(page)
    write(page, "show everything")
    with page.expect_download() as download:
        page.get_by_role("link", name="Add to calendar (.ics)").click()
    assert download.value.suggested_filename == "rotation-plan.ics"
    assert download.value.path().read_bytes().startswith(b"BEGIN:VCALENDAR")


def with_calendar(route: Route, path: str) -> None:
    if route.request.method != "POST":
        route.continue_()
        return
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace("/api/v1/files/sample", path))


def test_a_plan_has_a_print_view_of_its_own(page: Page) -> None:
    page.context.add_init_script("window.print = () => { window.printed = true; }")
    open_chat(page)
    show_everything(page)
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Print").click()
    view = opened.value
    expect(view.get_by_role("heading", name="Ready for September 2027")).to_be_visible()
    expect(view.get_by_role("listitem").filter(has_text="Malpractice insurance")).to_be_visible()
    expect(view.get_by_role("img", name="Chart of the plan")).to_be_visible()
    expect(view.get_by_role("button")).to_have_count(0)
    assert view.title() == "Ready for September 2027"


def test_a_reload_brings_the_conversation_back_open_and_in_order(page: Page) -> None:
    open_chat(page)
    for words in ("one", "two", "three"):
        ask(page, words)
    page.reload()
    expect(panel(page)).to_be_visible()
    expect(page.get_by_text("You said: three")).to_be_visible()
    assert lines(page) == ["one", "You said: one", "two", "You said: two", "three", "You said: three"]


def test_a_second_tab_is_in_step(page: Page, context: BrowserContext, embedded: str) -> None:
    open_chat(page)
    ask(page, "from the first tab")
    second = context.new_page()
    second.goto(embedded)
    expect(panel(second)).not_to_be_visible()
    open_chat(second)
    expect(second.get_by_text("You said: from the first tab")).to_be_visible()
    ask(second, "from the second tab")
    expect(page.get_by_text("You said: from the second tab")).to_be_visible()
    ask(page, "again from the first")
    expect(second.get_by_text("You said: again from the first")).to_be_visible()
    assert lines(page) == lines(second)
    choose(second, "Delete chat")
    second.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("You said: from the first tab")).to_have_count(0)


def test_a_restart_of_the_server_in_the_middle_loses_and_repeats_nothing(page: Page, app: RunningApp) -> None:
    open_chat(page)
    ask(page, "before")
    write(page, "a slow one")
    page.wait_for_timeout(300)
    app.stop()
    app.start()
    expect(page.get_by_text("You said: a slow one")).to_be_visible()
    ask(page, "after")
    told = [line for line in lines(page) if line.startswith("You said")]
    assert told == ["You said: before", "You said: a slow one", "You said: after"]


def test_a_lost_answer_to_a_message_is_not_a_second_turn(page: Page, engine: FakeEngine) -> None:
    open_chat(page)
    ask(page, "hello")
    lost: list[str] = []

    def lose_the_first(route: Route) -> None:
        if route.request.method != "POST" or lost:
            route.continue_()
            return
        lost.append(route.fetch().text())
        route.abort()

    page.route("**/api/v1/messages", lose_the_first)
    ask(page, "once only")
    expect(page.get_by_text("Sending…")).to_have_count(0)
    assert lost
    assert engine.turns() == ["hello", "once only"]
    assert lines(page).count("You said: once only") == 1


def test_what_is_written_offline_is_sent_when_back(page: Page, context: BrowserContext, engine: FakeEngine) -> None:
    open_chat(page)
    ask(page, "online")
    context.set_offline(True)
    expect(page.get_by_text("You are offline. What you write is sent when you are back.")).to_be_visible()
    write(page, "written offline")
    expect(page.get_by_text("Not sent yet: you are offline.")).to_be_visible()
    context.set_offline(False)
    expect(page.get_by_text("You said: written offline")).to_be_visible()
    expect(page.get_by_text("You are offline.")).to_have_count(0)
    assert engine.turns() == ["online", "written offline"]


def test_on_a_slow_network_it_says_that_it_sends_and_writes(page: Page) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": 900,
            "downloadThroughput": 50_000,
            "uploadThroughput": 20_000,
        },
    )
    launcher(page).click()
    expect(panel(page)).to_be_visible()
    write(page, "hello")
    expect(page.get_by_text("Sending…")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Rotation Bot is writing")).to_have_count(1)
    expect(page.get_by_text("You said: hello")).to_be_visible()
    expect(page.get_by_text("Sending…")).to_have_count(0)


def test_a_message_that_did_not_go_out_can_be_sent_again(page: Page) -> None:
    open_chat(page)
    page.route("**/api/v1/**", lambda route: route.abort())
    write(page, "hello")
    again = page.get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    page.unroute("**/api/v1/**")
    again.click()
    expect(page.get_by_text("You said: hello")).to_be_visible()
    expect(again).to_have_count(0)


def test_a_dead_engine_is_admitted_and_the_answer_follows_once(page: Page, engine: FakeEngine) -> None:
    open_chat(page)
    engine.kill()
    write(page, "are you there")
    expect(page.get_by_text("your answer will appear here")).to_be_visible()
    expect(page.get_by_text("Delivered. The answer follows.")).to_be_visible()
    engine.start()
    expect(page.get_by_text("You said: are you there")).to_be_visible()
    expect(page.get_by_text("Delivered. The answer follows.")).to_have_count(0)


def test_where_streams_are_held_back_long_polls_bring_the_late_answer(page: Page, engine: FakeEngine) -> None:
    page.route(re.compile(r"/api/v1/events$"), lambda route: route.abort())
    open_chat(page)
    engine.kill()
    write(page, "are you there")
    expect(page.get_by_text("your answer will appear here")).to_be_visible()
    engine.start()
    expect(page.get_by_text("You said: are you there")).to_be_visible()


def test_a_reply_that_comes_while_closed_is_counted_on_the_launcher(page: Page, engine: FakeEngine) -> None:
    open_chat(page)
    engine.kill()
    write(page, "tell me later")
    expect(page.get_by_text("your answer will appear here")).to_be_visible()
    page.get_by_role("button", name="Close chat").click()
    engine.start()
    waiting = page.get_by_role("button", name="Open chat: 1 new message")
    expect(waiting).to_be_visible()
    waiting.click()
    expect(page.get_by_text("You said: tell me later")).to_be_visible()
    page.get_by_role("button", name="Close chat").click()
    expect(page.get_by_role("button", name="Open chat", exact=True)).to_be_visible()


def test_a_long_answer_is_shown_from_its_beginning(page: Page) -> None:
    open_chat(page)
    ask(page, "hello")
    answer = show_everything(page)
    expect(answer.get_by_text("6 to 12 months")).to_be_in_viewport()


def test_who_reads_further_up_is_not_taken_away(page: Page, engine: FakeEngine) -> None:
    open_chat(page)
    show_everything(page)
    engine.kill()
    write(page, "tell me later")
    expect(page.get_by_text("your answer will appear here")).to_be_in_viewport()
    page.get_by_text("You need:").first.scroll_into_view_if_needed()
    page.wait_for_timeout(600)
    engine.start()
    expect(page.get_by_text("You said: tell me later")).to_have_count(1)
    page.wait_for_timeout(600)
    expect(page.get_by_text("You need:").first).to_be_in_viewport()
    expect(page.get_by_text("You said: tell me later")).not_to_be_in_viewport()


def test_thumbs_and_their_reason_are_stored(page: Page, app: RunningApp) -> None:
    open_chat(page)
    ask(page, "hello")
    page.get_by_role("button", name="Helpful", exact=True).click()
    expect(page.get_by_role("button", name="Helpful", exact=True)).to_have_attribute("aria-pressed", "true")
    wait_until(lambda: ratings(app) == [("up", "")])
    page.get_by_role("button", name="Not helpful").click()
    page.get_by_label("What was wrong or missing? (optional)").fill("no dates")
    page.get_by_label("What was wrong or missing? (optional)").press("Enter")
    expect(page.get_by_text("Thank you for telling us.")).to_be_visible()
    wait_until(lambda: ratings(app) == [("down", "no dates")])


def test_where_there_is_no_staff_nobody_is_asked_for(page: Page, engine: FakeEngine) -> None:
    open_chat(page)
    choose(page, "Talk to a person")
    expect(page.get_by_text("Nobody is there.")).to_be_visible()
    expect(page.get_by_role("button", name="Ask for a person")).to_have_count(0)
    page.get_by_role("button", name="Cancel").click()
    assert engine.turns() == []


def test_deleting_asks_first_and_starts_afresh(page: Page, engine: FakeEngine) -> None:
    open_chat(page)
    ask(page, "hello")
    choose(page, "Delete chat")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("You said: hello")).to_be_visible()
    choose(page, "Delete chat")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Keep it")).not_to_be_visible()
    expect(panel(page)).to_be_visible()
    choose(page, "Delete chat")
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("You said: hello")).to_have_count(0)
    ask(page, "new start")
    page.reload()
    expect(page.get_by_text("You said: new start")).to_be_visible()
    assert lines(page) == ["new start", "You said: new start"]


def test_a_deletion_that_takes_longer_is_not_called_done(page: Page, app: RunningApp) -> None:
    open_chat(page)
    ask(page, "hello")
    remember(app, "web:somebody")
    with locked(app.settings.tracker):
        choose(page, "Delete chat")
        page.get_by_role("button", name="Delete", exact=True).click()
        expect(page.get_by_text("It is being deleted.")).to_be_visible()
        expect(page.get_by_text("You said: hello")).to_have_count(0)
    ask(page, "new start")


def test_after_a_farewell_only_the_farewell_is_left_and_the_talk_can_go_on(page: Page) -> None:
    open_chat(page)
    ask(page, "hello")
    write(page, "forget me")
    expect(page.get_by_text("All gone.")).to_be_visible()
    expect(page.get_by_text("You said: hello")).to_have_count(0)
    for words in ("who are you", "and now"):
        ask(page, words)


def test_a_token_that_is_no_longer_good_starts_a_new_conversation(page: Page) -> None:
    page.evaluate("localStorage.setItem('rotation-chat:clinic', 'forged')")
    page.reload()
    open_chat(page)
    ask(page, "hello")


def test_a_website_opens_asks_and_listens_through_javascript(page: Page) -> None:
    page.wait_for_function("window.RotationChat")
    page.evaluate("""() => {
        window.heard = [];
        for (const name of ["ready", "open", "sent", "reply", "close"]) {
            RotationChat.on(name, (event) => heard.push(event.type));
        }
        RotationChat.ask("What is a sub-I?");
    }""")
    expect(page.get_by_text("You said: What is a sub-I?")).to_be_visible()
    page.evaluate("RotationChat.close()")
    expect(panel(page)).not_to_be_visible()
    assert page.evaluate("[...heard].sort()") == ["chat-close", "chat-open", "chat-ready", "chat-reply", "chat-sent"]
    page.evaluate("RotationChat.open()")
    expect(panel(page)).to_be_visible()


def test_a_teaser_comes_once_and_can_be_sent_away(context: BrowserContext, website: Website, app: RunningApp) -> None:
    page = context.new_page()
    page.goto(website.put(plain(line(app, 'data-teaser="Questions?" data-delay="0"'))))
    expect(page.get_by_role("button", name="Questions?")).to_be_visible()
    page.get_by_role("button", name="Dismiss").click()
    expect(page.get_by_role("button", name="Questions?")).to_have_count(0)
    page.reload()
    expect(launcher(page)).to_be_visible()
    page.wait_for_timeout(300)
    expect(page.get_by_role("button", name="Questions?")).to_have_count(0)


def test_an_iframe_keeps_the_talk_out_of_the_page(context: BrowserContext, website: Website, app: RunningApp) -> None:
    page = context.new_page()
    page.goto(website.put(plain(line(app, 'data-mode="iframe"'))))
    launcher(page).click()
    inner = page.frame_locator("iframe")
    inner.get_by_label("Your question").fill("hello")
    inner.get_by_label("Your question").press("Enter")
    expect(inner.get_by_text("You said: hello")).to_be_visible()
    assert page.locator("iframe").evaluate("(frame) => frame.contentDocument") is None
    assert page.evaluate("Object.keys(localStorage)") == []
    inner.get_by_label("Your question").press("Escape")
    expect(page.locator("iframe")).not_to_be_visible()
    expect(launcher(page)).to_be_focused()
    page.evaluate("RotationChat.ask('and now?')")
    expect(inner.get_by_text("You said: and now?")).to_be_visible()


def test_the_component_works_as_a_module_without_the_loader(
    context: BrowserContext, website: Website, app: RunningApp
) -> None:
    snippet = (
        f'<script type="module" src="{app.url}/widget/rotation-chat.js"></script>'
        '<div style="height: 500px"><rotation-chat site="clinic" inline></rotation-chat></div>'
    )
    page = context.new_page()
    page.goto(website.put(plain(snippet)))
    ask(page, "hello")
    expect(page.get_by_role("button", name="Close chat")).to_have_count(0)


def test_the_demo_page_embeds_the_chat_as_a_website_would(context: BrowserContext, app: RunningApp) -> None:
    page = context.new_page()
    page.goto(app.url)
    page.get_by_role("button", name="Which visa do I need?").click()
    expect(page.get_by_text("You said: Which visa do I need?")).to_be_visible()


def lines(page: Page) -> list[str]:
    """Both sides as shown, from top to bottom."""
    return page.get_by_role("log").locator(".said, article .part .prose").all_inner_texts()


def ratings(app: RunningApp) -> list[tuple[str, str]]:
    with app.database.unit() as session:
        return [(row.rating, row.reason) for row in session.query(Feedback)]
