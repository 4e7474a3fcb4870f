"""A newcomer opens the page of the real system and asks three questions."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.talking import open_chat, write

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
