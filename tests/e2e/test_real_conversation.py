"""A newcomer opens the page of the real system, asks three questions, and says that a program is wrong."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from bot.db.base import Database
from bot.ops.supervisor import Supervisor
from bot.settings import Settings
from bot.staff.roles import Role
from tests.e2e.talking import open_chat, write
from tests.staff import hire, sign_in

pytestmark = [pytest.mark.engine, pytest.mark.browser]

QUESTIONS = {
    "Do I need USMLE Step 1 before I apply?": "Step 1",
    "how much does it cost per month": "3,000",
    "internal medicine observership in Texas for graduates": "Texas",
}


def test_three_questions_are_answered_with_sources(browser: Browser, app_url: str) -> None:
    page = browser.new_page()
    page.goto(app_url)
    panel = open_chat(page)
    for number, (question, expected) in enumerate(QUESTIONS.items(), 1):
        write(page, question)
        expect(panel.get_by_role("article")).to_have_count(number)
        answer = panel.get_by_role("article").last
        expect(answer).to_contain_text(expected)
        expect(answer).to_contain_text("ource")
    page.close()


def test_what_is_called_wrong_comes_first_to_staff_with_its_words_until_they_looked(
    browser: Browser, running: tuple[Settings, Supervisor]
) -> None:
    settings, _ = running
    page = browser.new_page()
    page.goto(settings.base_url)
    panel = open_chat(page)
    write(page, "tell me about Griffin Hospital")
    page.get_by_role("button", name="This is wrong or has changed").click()
    expect(panel.get_by_role("article").last).to_contain_text("What is wrong or has changed?")
    write(page, "they want the money order before the interview now")
    expect(panel.get_by_role("article").last).to_contain_text("goes to staff")
    write(page, "and that fee is outdated")
    expect(panel.get_by_role("article").last).to_contain_text("What is wrong or has changed?")
    page.close()

    database = Database(settings.database)
    staff = browser.new_context(base_url=settings.base_url)
    token = sign_in(database, hire(database, Role.ADMIN))
    staff.add_cookies([{"name": "staff", "value": token, "url": f"{settings.base_url}/staff"}])
    desk = staff.new_page()
    desk.goto("/staff/programs?state=stale")
    first, below = desk.locator("tbody tr").nth(0), desk.locator("tbody tr").nth(1)
    expect(first).to_contain_text("Griffin Hospital")
    expect(below).to_contain_text("they want the money order before the interview now")
    expect(below).to_contain_text("and that fee is outdated")
    first.get_by_role("button", name="Still true").click()
    expect(desk.locator("tbody tr").first).not_to_contain_text("Griffin Hospital")
    staff.close()
