"""What SQLite leaves in its files of a person who was forgotten: nothing. And who only reads waits for no writer."""

from __future__ import annotations

import sqlite3
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text, update

from bot.review.tables import ReviewMessage
from bot.staff.roles import Role
from bot.staff.tables import StaffSession
from tests.integration.test_deleting_people import NOW, remember
from tests.integration.test_erasing import locked
from tests.running_app import RunningApp, Visitor, in_background, wait_until
from tests.staff import ConsoleSession
from tests.tracker import EVENTS

MARK = "zanzibarkiwi"


def files_with(folder: Path, mark: str) -> list[str]:
    """The database files and logs in which a word stands, in whatever part of them.

    Another process looks: whoever closes a file takes all locks away that SQLite has on it in the same process.
    """
    files = sorted(folder.glob("*.db*"))
    found = subprocess.run(["grep", "-lF", "--", mark, *files], capture_output=True, text=True, check=False)
    return [Path(line).name for line in found.stdout.splitlines()]


def say_much(app: RunningApp, visitor: Visitor, mark: str) -> None:
    """Enough to split pages, between words of other people; also as review and engine keep it."""
    for number in range(40):
        conversation = visitor.conversation if number % 2 else other_of(app)
        words = f"{mark} {number} " * 20 if number % 2 else f"weather {number} " * 20
        remember(app, conversation, words)
        kept = {"message_id": str(uuid.uuid4()), "received_at": NOW, "channel": "web", "text": words}
        with app.database.unit() as session:
            session.add(ReviewMessage(conversation_id=conversation, **kept))


def other_of(app: RunningApp) -> str:
    with app.database.unit() as session:
        return session.execute(text("SELECT id FROM conversations ORDER BY created_at LIMIT 1")).scalar_one()


@pytest.fixture
def memory(app: RunningApp) -> Iterator[None]:
    """The engine's connection to its database, which stays open and writes ahead."""
    with closing(sqlite3.connect(app.settings.tracker.removeprefix("sqlite:///"))) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        EVENTS.metadata.create_all(create_engine(app.settings.tracker))
        connection.execute("SELECT count(*) FROM events").fetchall()
        yield


@pytest.mark.usefixtures("memory")
def test_no_file_holds_a_word_of_a_person_who_was_forgotten(app: RunningApp, tmp_path: Path) -> None:
    other, visitor = app.visitor(), app.visitor()
    other.ask("what about the weather")
    say_much(app, visitor, MARK)
    for _ in range(5):
        visitor.ask(f"is {MARK} possible")
    wait_until(lambda: {"bot.db", "tracker.db"} <= {name.removesuffix("-wal") for name in files_with(tmp_path, MARK)})
    assert "tracker.db-wal" in files_with(tmp_path, MARK)
    assert visitor.http.delete("/conversations/current").status_code == 204
    wait_until(lambda: not files_with(tmp_path, MARK), seconds=20)
    assert files_with(tmp_path, "weather")
    with app.database.unit() as session:
        found = "SELECT count(*) FROM message_words WHERE message_words MATCH :word"
        assert session.execute(text(found), {"word": "weather"}).scalar_one() >= 20
        session.execute(text("INSERT INTO message_words (message_words, rank) VALUES ('integrity-check', 1)"))


def test_the_log_is_emptied_as_soon_as_nobody_reads_any_more(app: RunningApp, visitor: Visitor, tmp_path: Path) -> None:
    visitor.ask(f"is {MARK} possible")
    with app.database.look() as session:
        session.execute(text("SELECT count(*) FROM inbox"))
        assert visitor.http.delete("/conversations/current").status_code == 204
        time.sleep(0.5)
        assert files_with(tmp_path, MARK)
    wait_until(lambda: not files_with(tmp_path, MARK))


@pytest.mark.parametrize("page", ["/", "/inbox", "/people"])
def test_pages_and_history_do_not_wait_for_somebody_who_writes(page: str, app: RunningApp, visitor: Visitor) -> None:
    visitor.ask("hello")
    admin = ConsoleSession(app, Role.ADMIN)
    with app.database.unit() as session:  # Long enough ago for the use of the session to be noted again.
        session.execute(update(StaffSession).values(last_seen_at=datetime.now(UTC) - timedelta(minutes=5)))
    with locked(app.settings.database):
        asking = in_background(lambda: visitor.send("waits for the writer"))
        time.sleep(0.3)
        began = time.monotonic()
        assert [entry["seq"] for entry in visitor.history()] == [1, 2]
        assert visitor.wait_for(0)
        assert admin.http.get(page).status_code == 200
        assert time.monotonic() - began < 4
    asking.join()
    wait_until(lambda: len(visitor.history()) == 4)
