"""The inbox in a browser: worked through by keyboard alone, and without anything that axe objects to."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bot.review.tables import ReviewMessage
from bot.staff.roles import Role
from tests.e2e.console import Open, open_as, staff_app, staff_page
from tests.e2e.test_widget_everyone import violations
from tests.inbox_talks import fill
from tests.running_app import RunningApp

__all__ = ["open_as", "staff_app", "staff_page"]

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("PICTURES", "")


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png")


def state(app: RunningApp, number: int) -> str:
    with app.database.unit() as session:
        row = session.get(ReviewMessage, number)
        assert row
        return row.review


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(scheme: Any, staff_app: RunningApp, open_as: Open, widget_packages: Path) -> None:
    ids = fill(staff_app.database, 10)
    page = open_as(Role.ADMIN, "/staff/inbox", color_scheme=scheme)
    picture(page, f"inbox-{scheme}")
    assert violations(page, widget_packages) == []
    page.goto("/staff/inbox?text=visa&review=every")
    page.locator("#keys > summary").click()
    picture(page, f"inbox-filters-{scheme}")
    assert violations(page, widget_packages) == []
    page.goto("/staff/inbox?text=xylophone")
    assert violations(page, widget_packages) == []
    page.goto(f"/staff/inbox/{ids[5]}")
    picture(page, f"inbox-conversation-{scheme}")
    assert violations(page, widget_packages) == []
    page.set_viewport_size({"width": 390, "height": 844})
    picture(page, f"inbox-conversation-phone-{scheme}")
    for pane in ("Understood", "Talk"):  # one at a time
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the phone"
        assert violations(page, widget_packages) == [], f"before {pane}"
        page.get_by_role("link", name=pane, exact=True).and_(page.locator(":visible")).first.click()
    page.goto("/staff/inbox")
    picture(page, f"inbox-phone-{scheme}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the phone"
    assert violations(page, widget_packages) == []


def test_a_phone_shows_one_pane_at_a_time(staff_app: RunningApp, open_as: Open) -> None:
    ids = fill(staff_app.database)
    page = open_as(Role.ANNOTATOR, "/staff/inbox", viewport={"width": 390, "height": 844})
    talk, about = page.locator(".talk-pane"), page.locator("#about")
    expect(talk).to_be_hidden()
    page.locator(f'.entries a[href="/staff/inbox/{ids[2]}"]').click()
    expect(talk).to_be_visible()
    expect(about).to_be_hidden()
    expect(page.locator(".entries")).to_be_hidden()
    talk.get_by_role("link", name="Understood").click()
    expect(about.get_by_text("Second reading")).to_be_visible()
    expect(talk).to_be_hidden()
    about.get_by_role("link", name="All messages").click()
    expect(page.locator(".entries")).to_be_visible()


def test_three_panes_one_message_after_the_other(staff_app: RunningApp, open_as: Open) -> None:
    ids = fill(staff_app.database)
    page = open_as(Role.ANNOTATOR, "/staff/inbox", timezone_id="Asia/Tokyo")
    expect(page.get_by_role("link", name="Inbox 5")).to_be_visible()
    about, talk = page.locator("#about"), page.locator(".talk-pane")
    expect(about.get_by_text("Could not decide")).to_be_visible()
    expect(talk.get_by_text("2026-11-20 18:05").first).to_be_visible()  # 09:05 UTC on a clock in Tokyo
    expect(talk.locator("strong", has_text="searched")).to_have_count(6)
    about.get_by_role("button", name="Resolve").click()
    expect(page.get_by_text("Resolved: 1 message.")).to_be_visible()
    expect(page.get_by_role("heading", name=f"Message {ids[4]}")).to_be_visible()
    about.get_by_role("link", name="Next message").click()
    expect(page.get_by_role("heading", name=f"Message {ids[3]}")).to_be_visible()
    page.get_by_role("checkbox", name="All").check()
    page.get_by_role("group", name="With the selected messages").get_by_role("button", name="Ignore").click()
    expect(page.get_by_text("Ignored: 4 messages.")).to_be_visible()
    expect(page.get_by_text("Nothing to do. Well done.")).to_be_visible()
    assert [state(staff_app, number) for number in ids[1:]] == ["ignored"] * 4 + ["resolved"]


def test_the_inbox_is_worked_through_by_keyboard(staff_app: RunningApp, staff_page: Page) -> None:
    ids = fill(staff_app.database)
    newest, second, third = ids[5], ids[4], ids[3]
    staff_page.goto("/staff/inbox")
    staff_page.keyboard.press("j")
    expect(staff_page.locator(f'.entries a[href="/staff/inbox/{newest}"]')).to_be_focused()
    staff_page.keyboard.press("r")
    expect(staff_page.get_by_text("Resolved: 1 message.")).to_be_visible()
    staff_page.wait_for_load_state()  # keys work once the page's script has run
    assert state(staff_app, newest) == "resolved"
    for key in "jxjx":  # from the top of the list
        staff_page.keyboard.press(key)
    staff_page.keyboard.press("i")
    expect(staff_page.get_by_text("Ignored: 2 messages.")).to_be_visible()
    staff_page.wait_for_load_state()
    assert (state(staff_app, second), state(staff_app, third)) == ("ignored", "ignored")
    staff_page.keyboard.press("u")
    expect(staff_page.get_by_text("Taken back for 2 messages.")).to_be_visible()
    staff_page.wait_for_load_state()
    assert (state(staff_app, second), state(staff_app, third)) == ("open", "open")
    staff_page.keyboard.press("?")
    expect(staff_page.get_by_text("take your last step back")).to_be_visible()
    staff_page.keyboard.press("j")
    staff_page.keyboard.press("Enter")
    expect(staff_page.get_by_role("heading", name=f"Message {second}")).to_be_visible()
    staff_page.wait_for_load_state()
    staff_page.keyboard.press("c")
    expect(staff_page.get_by_text("Claimed: 1 message.")).to_be_visible()
    assert state(staff_app, second) == "claimed"


def test_keys_do_nothing_while_somebody_types(staff_app: RunningApp, staff_page: Page) -> None:
    ids = fill(staff_app.database)
    staff_page.goto("/staff/inbox")
    staff_page.keyboard.press("j")
    staff_page.locator("details.narrow-by > summary").click()
    staff_page.get_by_label("Words").fill("")
    staff_page.get_by_label("Words").press_sequentially("rictu?jkx")
    expect(staff_page.get_by_label("Words")).to_have_value("rictu?jkx")
    assert all(state(staff_app, number) == "open" for number in ids)
    staff_page.get_by_label("Words").fill("parking")
    staff_page.keyboard.press("Enter")
    expect(staff_page.locator(".entries > li")).to_have_count(1)
    expect(staff_page.locator(".last-words")).to_have_text("Is parking paid there?")
