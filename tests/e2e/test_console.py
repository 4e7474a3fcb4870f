"""The console's frame in a browser: the way in, the look in light and dark, by keyboard, on a phone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import expect

from bot.staff.roles import Role
from tests.e2e.console import LOOKS, Open, open_as, staff_app, unmarked_fields
from tests.e2e.test_widget_everyone import violations
from tests.running_app import RunningApp
from tests.staff import PASSWORD, hire

__all__ = ["open_as", "staff_app"]
pytestmark = pytest.mark.browser
PAGES = [
    "/staff/",
    "/staff/account",
    "/staff/account/second-step",
    "/staff/users",
    "/staff/users/1",
    "/staff/audit",
    "/staff/people?conversation=web:nobody",
    "/staff/programs",
    "/staff/programs?state=stale",
    "/staff/programs/new",
    "/staff/programs/ace-md-rotations",
    "/staff/coverage",
    "/programs",
    "/staff/facts",
    "/staff/facts?state=retired",
    "/staff/facts/new",
    "/staff/facts/faq_lead_third_party_months",
    "/staff/handoff",
    "/staff/handoff/replies",
    "/staff/websites",
]


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_and_every_field_says_if_it_is_needed(
    look: str, open_as: Open, widget_packages: Path
) -> None:
    page = open_as(None, "/staff/login", **LOOKS[look])
    assert violations(page, widget_packages) == []
    page = open_as(Role.ADMIN, **LOOKS[look])
    for path in PAGES:
        page.goto(path)
        assert violations(page, widget_packages) == [], path
        assert unmarked_fields(page) == [], path
    page.goto("/staff/nothing-here")
    assert violations(page, widget_packages) == []
    page.goto("/staff/programs/ace-md-rotations")
    page.get_by_label("Fee from").fill("much")
    page.get_by_label("Looked at the source on").fill("2026-11-20")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was stored")
    expect(page.get_by_label("Fee from")).to_have_attribute("aria-invalid", "true")
    assert violations(page, widget_packages) == []


def test_signing_in_and_out(open_as: Open, staff_app: RunningApp) -> None:
    hire(staff_app.database, Role.PUBLISHER, "eva")
    page = open_as(None, "/staff/audit")
    expect(page.get_by_label("Name")).to_be_focused()
    page.keyboard.type("eva")
    page.get_by_label("Password").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("is not right")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Not allowed")).to_be_visible()
    page.goto("/staff/")
    expect(page.get_by_role("link", name="Users")).to_have_count(0)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    page.goto("/staff/account")
    expect(page.get_by_role("heading", name="Staff console")).to_be_visible()


@pytest.mark.parametrize("width", [320, 768])
def test_nothing_runs_over_on_a_small_screen(width: int, open_as: Open) -> None:
    page = open_as(Role.ADMIN, viewport={"width": width, "height": 700})
    for path in PAGES:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_the_keyboard_reaches_the_content_first(open_as: Open) -> None:
    page = open_as(Role.ADMIN, "/staff/users")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_a_program_is_added_by_keyboard_and_its_history_shown(open_as: Open) -> None:
    page = open_as(Role.PUBLISHER, "/staff/programs")
    page.get_by_role("link", name="Add a program").press("Enter")
    for label, typed in (
        ("Institution", "Lakeside Clinic"),
        ("Program", "Observership"),
        ("Source", "https://lakeside.example/visit"),
    ):
        page.get_by_label(label, exact=False).first.fill(typed)
    page.get_by_label("Kind of provider").select_option("hospital")
    page.get_by_label("How sure we are").select_option("high")
    page.get_by_label("observership", exact=True).press("Space")
    page.get_by_role("button", name="Add program").press("Enter")
    expect(page.get_by_text("Saved. The bot uses it from now on.")).to_be_visible()
    expect(page.get_by_role("heading", name="Lakeside Clinic: Observership")).to_be_visible()
    expect(page.get_by_role("region", name="History")).to_contain_text("the-publisher")
    page.get_by_text("Retire it").press("Enter")
    page.get_by_label("Why").fill("closed")
    page.get_by_role("button", name="Retire").press("Enter")
    expect(page.get_by_text("Nobody finds it any more; you can")).to_be_visible()


def test_totp_in_a_browser(open_as: Open, staff_app: RunningApp, widget_packages: Path) -> None:
    page = open_as(Role.ADMIN, "/staff/account/second-step")
    picture = page.get_by_alt_text("QR code for the app")
    assert picture.evaluate("(node) => node.complete && node.naturalWidth") > 100
    page.get_by_text("It cannot be scanned").click()
    secret = page.locator("code").inner_text()
    page.get_by_label("Code").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_text("a code from your phone is asked for.").first).to_be_visible()
    other = open_as(None, "/staff/login")
    other.get_by_label("Name").fill("the-admin")
    other.get_by_label("Password").fill(PASSWORD)
    other.keyboard.press("Enter")
    expect(other.get_by_label("Code")).to_be_focused()
    assert violations(other, widget_packages) == []
    other.keyboard.type(pyotp.TOTP(secret).at(datetime.now(UTC) + timedelta(seconds=30)))
    other.keyboard.press("Enter")
    expect(other.get_by_role("heading", name="Good to see you")).to_be_visible()
