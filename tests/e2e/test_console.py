"""The console's frame in a browser: the way in, the look in light and dark, by keyboard, on a phone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from bot.core.staff import Role
from tests.e2e.console import Open, open_as, staff_app
from tests.e2e.test_widget_everyone import violations
from tests.running_app import RunningApp
from tests.staff import PASSWORD, hire

__all__ = ["open_as", "staff_app"]
pytestmark = pytest.mark.browser
PAGES = ["/staff/", "/staff/account", "/staff/account/second-step", "/staff/users", "/staff/users/1", "/staff/audit"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_pages_of_access(scheme: Any, open_as: Open, widget_packages: Path) -> None:
    page = open_as(None, "/staff/login", color_scheme=scheme)
    assert violations(page, widget_packages) == []
    page = open_as(Role.ADMIN, color_scheme=scheme)
    for path in PAGES:
        page.goto(path)
        assert violations(page, widget_packages) == [], path
    page.goto("/staff/nothing-here")
    assert violations(page, widget_packages) == []


def test_signing_in_and_out(open_as: Open, staff_app: RunningApp) -> None:
    hire(staff_app.database, Role.PUBLISHER, "eva")
    page = open_as(None, "/staff/audit")
    expect(page.get_by_label("Name")).to_be_focused()
    page.keyboard.type("eva")
    page.get_by_label("Password").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("did not work")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Not allowed")).to_be_visible()
    page.goto("/staff/")
    expect(page.get_by_role("link", name="Users")).to_have_count(0)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    page.goto("/staff/account")
    expect(page.get_by_role("heading", name="Staff console")).to_be_visible()


@pytest.mark.parametrize("width", [320, 375, 768])
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
