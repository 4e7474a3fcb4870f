"""Whoever wants to be forgotten is, whatever breaks on the way, and hears the truth about it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from bot.db.base import Database
from bot.delivery.retention.worker import RetentionWorker
from bot.delivery.store import MessageStore
from bot.delivery.tables import Erasure
from bot.staff.roles import Role
from bot.timeline.store import save_plan
from tests.database_faults import SqliteFaults
from tests.dying_app import PLACES, DyingApp
from tests.fake_engine import FakeEngine
from tests.integration.test_deleting_people import NOW, age, events_of, fill, link, remember, traces
from tests.running_app import RunningApp, Visitor, in_background, wait_until, words_of
from tests.staff import ConsoleSession

UNDER_WAY = "It is being deleted."


def locked(url: str) -> AbstractContextManager[None]:
    """Another process writes to the database and does not come to an end."""
    return SqliteFaults(Path(url.removeprefix("sqlite:///"))).locked()


@contextmanager
def failing(database: Database, event: str) -> Iterator[None]:
    """A database, ours or the engine's, that refuses one kind of change, such as "DELETE ON conversations"."""
    made = f"CREATE TRIGGER refused BEFORE {event} BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
    with database.unit() as session:
        session.execute(text(made))
    yield
    with database.unit() as session:
        session.execute(text("DROP TRIGGER refused"))


def is_gone(app: RunningApp, conversation: str) -> bool:
    return not traces(app.database, conversation) and not events_of(app, conversation)


def asks_in_the_chat(visitor: Visitor) -> str:
    answer = visitor.ask("forget me")
    assert answer["status"] == "answered"
    return words_of(answer["replies"][0])


def presses_delete(visitor: Visitor) -> str:
    answer = visitor.http.delete("/conversations/current")
    return "All gone." if answer.status_code == 204 else words_of(answer.json())


WAYS = pytest.mark.parametrize("way", [asks_in_the_chat, presses_delete])


@WAYS
def test_a_memory_of_the_engine_that_cannot_be_deleted_is_not_called_deleted_and_is_deleted_later(
    way: object, app: RunningApp, visitor: Visitor
) -> None:
    conversation = fill(app, visitor)
    assert callable(way)
    with failing(Database(app.settings.tracker), "DELETE ON events"):
        assert way(visitor) == UNDER_WAY
        assert events_of(app, conversation)
        assert visitor.http.get("/messages").json()["error"]["message"].startswith("This conversation is being deleted")
        assert visitor.send("hello?").json()["error"]["code"] == "conversation_gone"
    wait_until(lambda: is_gone(app, conversation))
    assert visitor.http.get("/messages").json()["error"]["message"].startswith("This conversation was deleted")


@WAYS
@pytest.mark.parametrize("event", ["DELETE ON conversations", "DELETE ON plans", "DELETE ON erasures"])
def test_a_database_that_fails_before_or_after_the_memory_is_gone_loses_no_wish(
    event: str, way: object, app: RunningApp, visitor: Visitor
) -> None:
    conversation = fill(app, visitor)
    assert callable(way)
    with failing(app.database, event):
        assert way(visitor) == UNDER_WAY
        time.sleep(1)
        assert traces(app.database, conversation)
        assert visitor.http.get("/messages").status_code == 401
        assert visitor.send("hello?").status_code == 401
    wait_until(lambda: is_gone(app, conversation))


def test_a_wish_that_cannot_be_stored_is_answered_later_with_nothing_deleted_before(
    app: RunningApp, visitor: Visitor
) -> None:
    conversation = fill(app, visitor)
    with failing(app.database, "INSERT ON erasures"):
        assert visitor.ask("forget me")["status"] == "pending"
        assert visitor.http.delete("/conversations/current").status_code == 503
        assert events_of(app, conversation)
    wait_until(lambda: is_gone(app, conversation), seconds=30)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("way", ["the chat", "the page", "staff"])
def test_an_application_that_is_killed_on_the_way_leaves_nothing_after_its_restart(
    way: str, place: str, app: RunningApp, engine: FakeEngine, tmp_path: Path
) -> None:
    visitor = app.visitor()
    conversation, other = fill(app, visitor), fill(app, app.visitor())
    admin = ConsoleSession(app, Role.ADMIN)
    app.stop()
    dying = DyingApp(tmp_path, engine.port, place)
    base = f"http://127.0.0.1:{dying.port}"
    admin.http.base_url, visitor.http.base_url = httpx.URL(f"{base}/staff"), httpx.URL(f"{base}/api/v1")
    wish = {
        "staff": lambda: admin.send("/people/delete", conversation=conversation, sure="yes"),
        "the page": lambda: presses_delete(visitor),
        "the chat": lambda: asks_in_the_chat(visitor),
    }[way]
    with pytest.raises(httpx.TransportError):
        wish()
    dying.join()
    assert traces(app.database, conversation)
    app.start()
    visitor.http.base_url = httpx.URL(f"{app.url}/api/v1")
    assert visitor.http.get("/messages").json()["error"]["code"] == "conversation_gone"
    wait_until(lambda: is_gone(app, conversation))
    assert "was deleted" in visitor.send("hello?").json()["error"]["message"]
    assert "inbox" in traces(app.database, other)
    assert events_of(app, other)


def test_what_a_late_turn_writes_after_the_deletion_is_deleted_too(
    app: RunningApp, visitor: Visitor, engine: FakeEngine
) -> None:
    conversation = fill(app, visitor)
    asking = in_background(lambda: visitor.send("slow one"))
    wait_until(lambda: "slow one" in engine.turns())
    assert presses_delete(visitor) == UNDER_WAY
    with app.database.unit() as session:
        save_plan(session, conversation, computed=NOW.date(), verdict="ok", title="x", words="x", steps=[], now=NOW)
    remember(app, conversation)
    asking.join()
    wait_until(lambda: is_gone(app, conversation), seconds=5)


def test_a_turn_that_another_process_may_be_running_is_waited_for(app: RunningApp, visitor: Visitor) -> None:
    conversation = fill(app, visitor)
    with app.database.unit() as session:
        session.execute(text("UPDATE inbox SET status = 'pending'"))
    assert presses_delete(visitor) == UNDER_WAY
    assert traces(app.database, conversation) == ["erasures"]
    with app.database.unit() as session:
        row = session.get_one(Erasure, conversation)
        assert row.quiet_at is not None
        assert 50 < (row.quiet_at - datetime.now(UTC)).total_seconds() <= 60
        row.quiet_at = row.due_at = datetime.now(UTC)
    wait_until(lambda: is_gone(app, conversation))


def test_the_linked_talk_is_part_of_the_wish(app: RunningApp, visitor: Visitor) -> None:
    web, telegram = fill(app, visitor), "tg:1"
    with app.database.unit() as session:
        MessageStore(session, NOW).open(telegram)
    link(app.database, web, telegram)
    remember(app, telegram)
    with locked(app.settings.tracker):
        assert presses_delete(visitor) == UNDER_WAY
    wait_until(lambda: is_gone(app, web) and is_gone(app, telegram))


def test_staff_are_told_when_it_takes_longer(app: RunningApp, visitor: Visitor) -> None:
    conversation = fill(app, visitor)
    admin = ConsoleSession(app, Role.ADMIN)
    with locked(app.settings.tracker):
        admin.send("/people/delete", conversation=conversation, sure="yes")
        assert "closed and being deleted" in admin.open("/people")
    wait_until(lambda: is_gone(app, conversation))


async def test_retention_stores_the_wish_and_need_not_come_back(app: RunningApp, visitor: Visitor) -> None:
    conversation = fill(app, visitor)
    age(app.database, conversation, days=400)
    assert app.app
    retention = RetentionWorker(app.database, app.app.state.web.delivery, 365)
    with locked(app.settings.tracker):
        assert await retention.sweep(NOW) == 0
    wait_until(lambda: is_gone(app, conversation))
