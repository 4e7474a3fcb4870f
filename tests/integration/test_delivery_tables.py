"""The delivery tables behave alike on SQLite and PostgreSQL, from migration to erasure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from bot.db.base import Database
from bot.delivery.erasing.service import Eraser, Finished, Parts
from bot.delivery.erasing.store import drop_told, take_untold
from bot.delivery.store import (
    ConversationGoneError,
    ConversationLeavingError,
    Draft,
    Incoming,
    Lease,
    MessageStore,
    Said,
    UnknownReplyError,
)
from bot.delivery.tables import Erasure
from bot.delivery.telegram.store import TelegramOutbox
from bot.delivery.tracker import TrackerDatabase

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HELLO = {
    "version": 1,
    "parts": [{"type": "text", "text": "Hello"}],
    "suggestions": [{"title": "Cost", "payload": "/c"}],
}


@pytest.fixture
def url(new_database: Callable[[], str]) -> str:
    return new_database()


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    made = Database(url)
    with made.unit() as session:
        MessageStore(session, NOW).open("web:1", locale="en-US")
    yield made
    made.engine.dispose()


def store(database: Database, client_id: str, conversation: str = "web:1") -> Incoming:
    with database.unit() as session:
        messages = MessageStore(session, NOW)
        messages.lock(conversation)
        return messages.find(conversation, client_id) or messages.store(
            conversation, client_id, draft=Draft("hi", "Hi")
        )


def test_parallel_writers_get_each_number_once(database: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        stored = list(pool.map(lambda number: store(database, f"m-{number}"), range(24)))
    assert sorted(message.seq for message in stored) == list(range(1, 25))


def test_the_same_message_in_parallel_is_stored_once(database: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        stored = list(pool.map(lambda _: store(database, "m-1"), range(16)))
    assert {(message.id, message.seq) for message in stored} == {(stored[0].id, 1)}


def test_a_message_is_settled_once_however_many_try(database: Database) -> None:
    message = store(database, "m-1")

    def settle(_: int) -> bool:
        with database.unit() as session:
            return MessageStore(session, NOW).settle(message, HELLO) is not None

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(settle, range(16))) == 1
    with database.unit() as session:
        assert len(MessageStore(session, NOW).answers_to("web:1", "m-1")) == 1


def test_a_delay_is_explained_once_and_never_after_the_answer(database: Database) -> None:
    first, second = store(database, "m-1"), store(database, "m-2")
    with database.unit() as session:
        messages = MessageStore(session, NOW)
        assert messages.explain(first, HELLO)
        assert messages.explain(first, HELLO) is None
        assert messages.settle(second, HELLO)
        assert messages.explain(second, HELLO) is None


def test_pending_messages_come_in_order_with_the_locale(database: Database) -> None:
    store(database, "m-1")
    store(database, "m-2")
    with database.unit() as session:
        messages = MessageStore(session, NOW)
        oldest = messages.oldest_pending("web:1")
        assert oldest
        assert (oldest.client_id, oldest.locale, messages.waiting()) == ("m-1", "en-US", ["web:1"])
        messages.settle(oldest, HELLO)
        assert (following := messages.oldest_pending("web:1"))
        assert following.client_id == "m-2"


def test_a_message_is_left_to_the_application_that_stored_it_as_long_as_that_lives(database: Database) -> None:
    here, there = (Lease(owner, timedelta(seconds=12)) for owner in ("here", "there"))
    later, too_late = NOW + timedelta(seconds=7), NOW + timedelta(seconds=20)
    with database.unit() as session:
        MessageStore(session, NOW, lease=here).store("web:1", "m-1", draft=Draft("hi", "Hi"))

    def look(lease: Lease, now: datetime) -> tuple[Incoming, bool, list[str]]:
        with database.unit() as session:
            messages = MessageStore(session, now, lease=lease)
            message = messages.oldest_pending("web:1")
            assert message
            return message, messages.claim(message), messages.waiting()

    message, is_theirs, free = look(there, later)
    assert (is_theirs, free, here.covers(message, NOW), there.covers(message, NOW)) == (False, [], True, False)
    assert not here.covers(message, later), "too short to ask the engine"
    assert look(here, later)[1], "the owner itself may lengthen it"
    with database.unit() as session:
        messages = MessageStore(session, NOW, lease=here)
        assert messages.waiting(before="here") == ["web:1"], "a new process of that name goes on at once"
        messages.hold(["web:1"])
    first, is_taken, _ = look(there, too_late)
    assert is_taken
    assert first.lease_owner == "here"
    with database.unit() as session:
        messages = MessageStore(session, too_late, lease=here)
        assert not messages.claim(first), "what was read before is not claimed after somebody else was quicker"
        MessageStore(session, too_late, lease=there).release()
        assert messages.waiting() == ["web:1"]


def test_history_pages_through_both_sides(database: Database) -> None:
    for number in range(3):
        message = store(database, f"m-{number}")
        with database.unit() as session:
            MessageStore(session, NOW).settle(message, HELLO)
    with database.unit() as session:
        messages = MessageStore(session, NOW)
        assert [entry.seq for entry in messages.history("web:1", 0, limit=4)] == [1, 2, 3, 4]
        assert [entry.seq for entry in messages.history("web:1", 4, limit=4)] == [5, 6]
        assert [answer.seq for answer in messages.answers_after("web:1", 2)] == [4, 6]
        assert messages.history("web:1", 0, limit=1)[0].at == NOW


def test_a_reply_in_a_new_chat_waits_whatever_older_chats_have_got(database: Database) -> None:
    with database.unit() as session:
        messages, outbox = MessageStore(session, NOW), TelegramOutbox(session, NOW)
        for chat, replies in (("tg:1", 3), ("tg:2", 1), ("tg:3", 1)):
            messages.open(chat)
            for _ in range(replies):
                messages.push(chat, HELLO)
        for chat in ("tg:1", "tg:2"):
            item = outbox.begin(chat, "here", lease=timedelta(seconds=12))
            while item:
                item = outbox.finish(item)
        messages.push("tg:2", HELLO)
        assert sorted(outbox.waiting()) == ["tg:2", "tg:3"]


def test_only_buttons_that_were_shown_have_a_title(database: Database) -> None:
    with database.unit() as session:
        messages = MessageStore(session, NOW)
        messages.push("web:1", HELLO)
        assert (messages.button_title("web:1", "/c"), messages.button_title("web:1", "/d")) == ("Cost", None)


def test_rating_something_that_is_no_reply_is_refused(database: Database) -> None:
    message = store(database, "m-1")
    with pytest.raises(UnknownReplyError), database.unit() as session:
        MessageStore(session, NOW).rate("web:1", message.seq, rating="up", reason="")


def test_an_erased_conversation_is_gone_for_everything(database: Database) -> None:
    message = store(database, "m-1")
    with database.unit() as session:
        messages = MessageStore(session, NOW)
        messages.push("web:1", HELLO)
        messages.erase("web:1")
    with database.unit() as session:
        assert MessageStore(session, NOW).settle(message, HELLO) is None
    for use in (
        lambda messages: messages.lock("web:1"),
        lambda messages: messages.history("web:1", 0, limit=1),
        lambda messages: messages.answers_after("web:1", 0),
        lambda messages: messages.push("web:1", HELLO),
    ):
        with pytest.raises(ConversationGoneError), database.unit() as session:
            use(MessageStore(session, NOW))


def test_the_engines_memory_of_one_conversation_is_deleted(database: Database, url: str) -> None:
    tracker = TrackerDatabase(url)
    tracker.forget("web:1")
    with database.unit() as session:
        session.execute(text("CREATE TABLE events (sender_id VARCHAR(80))"))
        session.execute(text("INSERT INTO events VALUES ('web:1'), ('web:1'), ('web:2')"))
    tracker.forget("web:1")
    with database.unit() as session:
        assert session.scalars(text("SELECT sender_id FROM events")).all() == ["web:2"]
        session.execute(text("DROP TABLE events"))


def test_a_wish_to_be_forgotten_is_kept_until_it_is_carried_out_and_told(database: Database) -> None:
    with database.unit() as session:
        MessageStore(session, NOW).open("tg:1")
    store(database, "old", "tg:1")
    asking = store(database, "forget me", "tg:1")
    store(database, "behind it", "tg:1")
    away = [OSError("the engine's database is away")]

    def memory(_: str) -> None:
        if away:
            raise away.pop()

    eraser = Eraser(database, Parts(memory=memory, partners=lambda *_: ["web:1"]), again=0)
    for _ in range(2):  # A second wish meanwhile changes nothing.
        assert eraser.wish("tg:1", asked_in=asking.seq) == ["web:1", "tg:1"]
    assert eraser.try_finish("tg:1") is None
    with database.unit() as session:
        messages = MessageStore(session, NOW)
        assert [said.id for said in messages.history("tg:1", 0, limit=9) if isinstance(said, Said)] == ["behind it"]
        assert messages.oldest_pending("tg:1") is None, "it waits until nothing is left of the old talk"
        with pytest.raises(ConversationLeavingError):
            messages.lock("web:1")
    eraser.end_turns(["tg:1", "web:1"])
    assert sorted(eraser.due()) == ["tg:1", "web:1"]
    assert eraser.try_finish("web:1") == Finished("web:1", tells=False)
    assert eraser.try_finish("tg:1") == Finished("tg:1", tells=True)
    assert eraser.try_finish("tg:1") == Finished("tg:1", tells=False)
    assert eraser.due() == []
    with database.unit() as session:
        pending = MessageStore(session, NOW).oldest_pending("tg:1")
        assert pending
        assert pending.client_id == "behind it"
        assert take_untold(session, "tg:", datetime.now(UTC) + timedelta(hours=1), again=timedelta()) == ["tg:1"]
        drop_told(session, "tg:1")
        assert session.scalars(select(Erasure)).all() == []
