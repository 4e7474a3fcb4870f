"""A tour of the whole bot on Telegram with the real engine: questions, programs, costs, dates, reminders, links."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, time
from pathlib import Path

import httpx
import pytest

from bot.db.base import Database
from bot.ops.supervisor import Supervisor
from bot.programs.corrections.store import corrections_of, settle
from bot.reminders import service
from bot.settings import ROOT, Settings
from tests.conftest import TODAY
from tests.fake_telegram.phone import entries, page, photograph
from tests.fake_telegram.server import FakeTelegram
from tests.running_app import wait_until
from tests.telegram.student import Student

pytestmark = [pytest.mark.engine]
STUDENT = 4711


@pytest.fixture(scope="module")
def student(database: Database, api: FakeTelegram) -> Student:
    return Student(api)


def test_the_whole_tour(student: Student, database: Database, running: tuple[Settings, Supervisor]) -> None:
    api = student.api
    student.mark()
    assert "welcome" in student.says("/start").lower()
    assert "Step 1" in student.says("Do I need USMLE Step 1 for an elective?")

    student.mark()
    found = student.says("internal medicine observerships")
    assert "1. " in found
    assert student.buttons[:3] == ["1", "2", "3"]
    count = len(api.chat(STUDENT))
    assert "1. " in student.presses("More")
    student.presses("Previous")
    assert len(api.chat(STUDENT)) == count, "a page takes the place of the page before"
    assert "Source" in student.presses("2")

    assert student.says("/start no-such-program-anywhere"), "a link to something that is gone gets an answer too"

    student.mark()
    assert student.says("compare Mayo Clinic and Cleveland Clinic")
    assert "USD" in student.says("How much will 8 weeks through an agency cost me?")

    student.mark()
    student.says("/timeline")
    student.says("I want to start in September 2027, through an agency, and I already have a visa")
    for _ in range(3):
        if api.called("sendDocument"):
            break
        student.says("I don't know")
    assert api.called("sendPhoto"), "the plan comes as a picture"
    assert api.called("sendDocument")[0].params["document"].startswith(b"BEGIN:VCALENDAR")

    student.mark()
    told = student.says("remind me two weeks before I must apply")
    assert "remind you on" in told
    if "which city" in told:
        assert "never between" in student.says("Karachi")
    assert "Apply" in student.says("/reminders")
    with database.unit() as session:
        # At the beginning of the frozen day: over at whatever time of the day this runs.
        moment = datetime.combine(date.fromisoformat(TODAY), time(), UTC)
        service.set_reminder(session, f"tg:{STUDENT}", service.ReminderDraft("the tour", moment=moment), now=moment)
    wait_until(lambda: any("Reminder: the tour" in text for text in api.texts(STUDENT)))
    assert "Well done" in student.presses("Done", last="Well done")
    student.mark()
    if os.environ.get("UPDATE_DOCS"):
        draw(student)

    _link_and_forget(student, running[0].base_url)
    assert api.violations == []
    assert [said for said in api.refusals if "not modified" not in said] == []


def test_what_is_called_wrong_reaches_staff_with_its_words(database: Database, api: FakeTelegram) -> None:
    slug = "kumc-clinical-electives"
    person = Student(api, STUDENT + 1)
    person.says(f"/start {slug}")
    assert "What is wrong or has changed?" in person.presses("This is wrong or has changed")
    assert "goes to staff" in person.says("the deadline moved to March")
    assert "What is wrong or has changed?" in person.says("and this information is outdated")
    with database.unit() as session:
        count, (told,) = corrections_of(session, slug)
        settle(session, slug)
    assert (count, told.words) == (1, "the deadline moved to March\nand this information is outdated")


def draw(student: Student) -> None:
    """The picture of docs/telegram.md."""
    talk = entries(student.api, student.chat)
    parts = [
        [html for number, html in talk if begin < number <= end]
        for begin, end in zip(student.marks, student.marks[1:], strict=False)
    ]
    welcome, found, _, plan, reminders = parts
    phones = [("top", welcome), ("top", found), ("bottom", plan), ("bottom", reminders)]
    target = ROOT / "docs" / "images" / "telegram.png"
    photograph(page(phones), target, chromium=Path("/usr/bin/chromium"), width=1608)


def _link_and_forget(student: Student, website: str) -> None:
    web = httpx.Client(base_url=website, timeout=60)
    opened = web.post("/api/v1/conversations", json={}).json()
    web.headers["Authorization"] = f"Bearer {opened['token']}"

    def ask(number: int, text: str) -> dict:
        return web.post("/api/v1/messages", json={"id": f"m-{number}", "text": text}).json()

    ask(1, "I'm a graduate")
    invitation = ask(2, "remind me in two weeks")["replies"][-1]["reply"]
    start = next(item["payload"] for item in invitation["suggestions"] if "t.me/" in item["payload"])
    assert "Linked" in student.says(f"/start {start.partition('start=')[2]}")
    assert "graduate" in student.says("what do you know about me?").lower()
    student.says("I want internal medicine in Ohio, my budget is 2000 dollars")
    assert "OH" in str(ask(3, "what do you know about me?")["replies"]), "what is said in the chat is known on the page"
    assert "the linked one" in student.says("forget me")
    assert "deleted" in student.presses("Yes, delete everything", last="deleted")
    history = web.get("/api/v1/messages")
    assert history.status_code in (401, 404) or history.json().get("messages") == []
    assert "don't know anything" in student.says("what do you know about me?")
