"""Several applications over one database, and several engines behind one: in order, once, nothing forgotten."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.app import DELIVERY, ENGINES
from bot.delivery.store import Draft, Lease, MessageStore
from tests.fake_engine import FakeEngine
from tests.ports import free_port
from tests.running_app import RunningApp, Visitor, in_background, wait_until, words_of

DELAY_WORDS = "I am still working on it; your answer will appear here."


@pytest.fixture
def second(tmp_path: Path, app: RunningApp, engine: FakeEngine) -> Iterator[RunningApp]:
    """Another application over the same database, asking the same engine."""
    running = RunningApp(free_port(), engine.port, folder=tmp_path)
    running.start()
    yield running
    running.stop()


def beside(visitor: Visitor, app: RunningApp) -> Visitor:
    """The same person, whom a proxy has sent to another application."""
    return Visitor(app.url, {"conversation": visitor.conversation, "token": visitor.token})


def final_answers(visitor: Visitor) -> list[str]:
    said = [words_of(entry) for entry in visitor.history() if entry["from"] == "bot"]
    return [words for words in said if words != DELAY_WORDS]


def test_messages_at_two_applications_are_answered_once_and_in_order(
    visitor: Visitor, second: RunningApp, engine: FakeEngine
) -> None:
    there = beside(visitor, second)
    first = in_background(lambda: visitor.ask("held first"))
    wait_until(lambda: bool(engine.turns()))
    other = in_background(lambda: there.ask("second"))
    wait_until(lambda: [item["text"] for item in visitor.history() if item["from"] == "visitor"][1:] == ["second"])
    first.join()  # Both have been told by now that it takes longer.
    other.join()
    engine.release()
    wait_until(lambda: len(final_answers(visitor)) == 2)
    assert visitor.ask("third")["status"] == there.ask("fourth")["status"] == "answered"
    said = ["held first", "second", "third", "fourth"]
    assert engine.turns() == said
    assert final_answers(there) == [f"You said: {text}" for text in said]


def test_who_listens_at_one_application_hears_what_another_has_answered(visitor: Visitor, second: RunningApp) -> None:
    heard: list[str] = []
    there = beside(visitor, second)
    listening = in_background(lambda: heard.extend(map(words_of, there.wait_for(0))))
    wait_until(lambda: bool(second.app and len(second.app.state.web.delivery.notifier)))
    visitor.ask("hello")
    wait_until(lambda: not listening.is_alive(), seconds=20)  # By itself it would end after 25.
    assert heard == ["You said: hello"]


def test_a_message_that_another_application_stored_is_left_to_it_until_it_is_heard_of_no_more(
    app: RunningApp, engine: FakeEngine
) -> None:
    visitor = app.visitor()
    until = datetime.now(UTC) + timedelta(seconds=8)  # Everybody looks for what is left every 5 seconds.
    with app.database.unit() as session:
        messages = MessageStore(session, datetime.now(UTC), lease=Lease("gone:8000", until - datetime.now(UTC)))
        messages.store(visitor.conversation, "m-1", draft=Draft("hello", "hello"))
    visitor.ask("and you?")
    assert engine.turns() == []
    wait_until(lambda: final_answers(visitor) == ["You said: hello", "You said: and you?"])
    assert datetime.now(UTC) >= until
    assert engine.turns() == ["hello", "and you?"]


def test_a_conversation_stays_with_its_engine_and_moves_when_that_dies(tmp_path: Path, engine: FakeEngine) -> None:
    (tmp_path / "other").mkdir()
    other = FakeEngine(free_port(), tmp_path / "other")
    other.start()
    app = RunningApp(
        free_port(),
        engine.port,
        folder=tmp_path,
        workers=(DELIVERY, ENGINES),
        engine_urls=f"{engine.url}, {other.url}",
        actions_urls=f"{engine.url}, {other.url}",
        redis_url="redis://127.0.0.1:1/0",
    )
    app.start()
    try:
        people = [app.visitor() for _ in range(8)]
        for text in ("one", "two"):
            for person in people:
                person.ask(text, message_id=str(uuid.uuid4()))
        asked = [[bool(house.turns(person.conversation)) for house in (engine, other)] for person in people]
        assert all(sum(houses) == 1 for houses in asked)
        assert {tuple(houses) for houses in asked} == {(True, False), (False, True)}
        other.kill()
        for person in people:
            person.ask("three")
        for person in people:
            wait_until(lambda person=person: len(final_answers(person)) == 3)
            assert final_answers(person)[2] == "You said: three"
        assert app.app
        ready = person.http.get(f"{app.url}/readyz")
        assert ready.json()["parts"]["engine"] == {"ok": True, "detail": "1 of 2"}
    finally:
        app.stop()
        other.kill()
