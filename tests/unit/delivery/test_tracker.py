"""The engine's memory is asked for one message, and a fault of it is never an empty answer."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, insert
from sqlalchemy.exc import OperationalError

from bot.db.base import with_driver
from bot.delivery.tracker import TrackerDatabase
from tests.postgres import PostgresServer
from tests.tracker import EVENTS, make_events


def user(message_id: str | None, text: str = "hi") -> dict[str, Any]:
    return {"event": "user", "text": text, "metadata": {"message_id": message_id} if message_id else {}}


def bot(words: str) -> dict[str, Any]:
    return {"event": "bot", "text": words}


def tracker(folder: Path, events: list[dict[str, Any]], *, conversation: str = "web:1") -> TrackerDatabase:
    return filled(f"sqlite:///{folder / 'tracker.db'}", events, conversation=conversation)


def filled(url: str, events: list[dict[str, Any]], *, conversation: str = "web:1") -> TrackerDatabase:
    engine = create_engine(with_driver(url))
    make_events(url)
    rows = [{"sender_id": conversation, "type_name": event["event"], "data": json.dumps(event)} for event in events]
    with engine.begin() as connection:
        if rows:
            connection.execute(insert(EVENTS), rows)
    engine.dispose()
    return TrackerDatabase(url)


CASES = [
    ("never asked", [user("other"), bot("Other")], []),
    ("asked and answered", [user("m"), {"event": "slot", "name": "task"}, bot("One"), bot("Two")], ["One", "Two"]),
    ("asked, and the action broke", [user("m"), {"event": "action", "name": "action_faq"}], []),
    ("another question follows", [user("m"), bot("Mine"), user("next"), bot("Next")], ["Mine"]),
    ("asked twice, the second time answered", [user("m"), user("m"), bot("Second")], ["Second"]),
    ("answered twice, the last counts", [user("m"), bot("First"), user("x"), user("m"), bot("Second")], ["Second"]),
    ("asked again without an answer", [user("m"), bot("First"), user("m")], []),
    ("without metadata", [user(None), bot("Other")], []),
    ("another case of the same letters", [user("M"), bot("Other")], []),
    ("its id in somebody's words", [user("x", text='"message_id": "m"'), bot("Other")], []),
    ("before a restart", [user("m"), bot("Mine"), {"event": "restart"}, user("x"), bot("Other")], ["Mine"]),
    ("nothing at all", [], []),
]


@pytest.mark.parametrize(("case", "events", "said"), CASES, ids=[case for case, _, _ in CASES])
def test_what_was_said_after_a_message_is_found(
    tmp_path: Path, case: str, events: list[dict[str, Any]], said: list[str]
) -> None:
    found = tracker(tmp_path, events).said_after("web:1", "m")
    assert [event["text"] for event in found] == said


@pytest.mark.parametrize("message_id", ["100%", "a_b", 'say "hi"', "a\\b", "ünï"])
def test_any_id_is_found(tmp_path: Path, message_id: str) -> None:
    events = [user(message_id), bot("Mine"), user("100x"), bot("Other"), user("axb"), bot("Other")]
    found = tracker(tmp_path, events).said_after("web:1", message_id)
    assert [event["text"] for event in found] == ["Mine"]


def test_postgresql_finds_it_too(postgres_server: PostgresServer) -> None:
    database = filled(postgres_server.bare(), [user("a_100%"), bot("Mine"), user("A_100%"), bot("Other")])
    assert [event["text"] for event in database.said_after("web:1", "a_100%")] == ["Mine"]
    assert database.said_after("web:1", "never") == []
    database.try_write()


def test_the_same_id_in_another_conversation_is_another_message(tmp_path: Path) -> None:
    tracker(tmp_path, [user("m"), bot("Theirs")], conversation="web:2")
    assert tracker(tmp_path, [user("x"), bot("Other")]).said_after("web:1", "m") == []


def test_a_tracker_that_is_away_is_an_error_and_not_a_no(tmp_path: Path) -> None:
    lost = TrackerDatabase(f"sqlite:///{tmp_path / 'gone' / 'tracker.db'}")
    empty = TrackerDatabase(f"sqlite:///{tmp_path / 'empty.db'}")
    for database in (lost, empty):
        with pytest.raises(OperationalError):
            database.said_after("web:1", "m")
        with pytest.raises(OperationalError):
            database.try_write()


def test_a_trial_leaves_nothing_behind_and_sees_a_lock(tmp_path: Path) -> None:
    database = tracker(tmp_path, [user("m")])
    database.try_write()
    with closing(sqlite3.connect(tmp_path / "tracker.db", isolation_level=None)) as other:
        assert other.execute("SELECT count(*) FROM events").fetchone() == (1,)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError):
            database.try_write()
