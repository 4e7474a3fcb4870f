"""A tour of the whole bot on Telegram with the real engine: questions, programs, costs, dates, reminders, links."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import uvicorn

from bot.app import create_app, read_words
from bot.bootstrap import Container
from bot.db.base import Database
from bot.services import reminders as service
from bot.settings import ROOT, Settings
from bot.supervisor import Supervisor
from tests.conftest import free_port
from tests.fake_telegram.phone import entries, page, photograph
from tests.fake_telegram.server import TOKEN, FakeTelegram
from tests.running_app import in_background, wait_until
from tests.telegram.conftest import QUICK

pytestmark = [pytest.mark.engine, pytest.mark.timeout(300)]
STUDENT = 4711


@pytest.fixture(scope="module")
def api() -> Iterator[FakeTelegram]:
    fake = FakeTelegram(free_port())
    fake.start()
    yield fake
    fake.stop()


@pytest.fixture(scope="module")
def database(running: tuple[Settings, Supervisor], api: FakeTelegram) -> Iterator[Database]:
    """A second process of the application beside the running system, with Telegram on."""
    extra = {"bot_port": free_port(), "telegram_token": TOKEN, "telegram_api_base": api.url}
    settings = running[0].model_copy(update=extra)
    database = Database(settings.database)
    app = create_app(Container(settings, database), words=read_words(ROOT / "data"), timing=QUICK)
    server = uvicorn.Server(uvicorn.Config(app, port=settings.bot_port, log_config=None, timeout_graceful_shutdown=1))
    thread = in_background(server.run)
    wait_until(lambda: bool(api.commands), seconds=30)
    yield database
    server.should_exit = True
    thread.join(20)


class Student:
    """Somebody with a phone."""

    def __init__(self, api: FakeTelegram, chat: int = STUDENT) -> None:
        self.api = api
        self.chat = chat
        self.marks: list[int] = []

    def says(self, text: str) -> str:
        return self._answer(lambda: self.api.say(self.chat, text))

    def presses(self, title: str) -> str:
        return self._answer(lambda: self.api.press(self.chat, title))

    def _answer(self, act) -> str:  # type: ignore[no-untyped-def]
        """All that the bot says, until it has been silent for a moment."""
        before = self._seen()
        act()
        wait_until(lambda: self._seen() != before, seconds=60)
        quiet = self._seen()
        while True:
            time.sleep(1.0)
            if self._seen() == quiet:
                break
            quiet = self._seen()
        new = [text for text, known in zip(quiet, [*before, *[None] * len(quiet)], strict=False) if text != known]
        return "\n".join(new)

    def _seen(self) -> list[str]:
        return self.api.texts(self.chat)

    def mark(self) -> None:
        """A new phone in the documentation begins here."""
        self.marks.append(max(self.api._chats[self.chat], default=0))

    @property
    def buttons(self) -> list[str]:
        rows = (self.api.chat(self.chat)[-1].get("reply_markup") or {}).get("inline_keyboard", [])
        return [button["text"] for row in rows for button in row]


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
    if "More" in student.buttons:
        assert "1. " in student.presses("More")
        assert len(api.chat(STUDENT)) == count, "the next page takes the place of the first"
    assert "Source" in student.presses("2")

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
        draft = service.Draft("the tour", moment=datetime.now(UTC) - timedelta(seconds=1))
        service.set_reminder(session, f"tg:{STUDENT}", draft, now=datetime.now(UTC))
    wait_until(lambda: any("Reminder: the tour" in text for text in api.texts(STUDENT)), seconds=40)
    assert "Well done" in student.presses("Done")
    student.mark()
    if os.environ.get("UPDATE_DOCS"):
        draw(student)

    _link_and_forget(student, running[0].base_url)
    assert api.violations == []
    assert [said for said in api.refusals if "not modified" not in said] == []


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
    assert "the linked one" in student.says("forget me")
    assert "deleted" in student.presses("Yes, delete everything")
    history = web.get("/api/v1/messages")
    assert history.status_code in (401, 404) or history.json().get("messages") == []
    assert "don't know anything" in student.says("what do you know about me?")
