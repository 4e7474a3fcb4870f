"""What becomes of an update when storing it fails."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest
from sqlalchemy.exc import InternalError, OperationalError
from telegram import Bot, User

from bot.telegram.receiving import Receiver
from bot.telegram.update_queue import Arrived, UpdateQueue
from bot.telegram.updates import Reading, Typed, Unreadable
from tests.fake_telegram.people import BOT, TOKEN, chat_of, person

AWAY = OperationalError("UPDATE", {}, Exception("no route"))
READ_ONLY = InternalError("UPDATE", {}, Exception("read-only"))
UPDATE = {
    "update_id": 7,
    "message": {"message_id": 5, "date": 1, "chat": chat_of(71), "from": person(71), "text": "hi"},
}


class FakeReceiver:
    """Takes what it gets, after the errors that were ordered."""

    def __init__(self) -> None:
        self.me = User.de_json(BOT, None)
        self.stored: list[Reading] = []
        self.noted: list[tuple[int | None, str, str]] = []
        self.store_fails: list[Exception] = []
        self.note_fails: list[Exception] = []

    async def store(self, reading: Reading) -> None:
        if self.store_fails:
            raise self.store_fails.pop(0)
        self.stored.append(reading)

    async def keep_unread(self, number: int | None, *, kind: str, error: str) -> None:
        if self.note_fails:
            raise self.note_fails.pop(0)
        self.noted.append((number, kind, error))


@pytest.fixture
def receiver() -> FakeReceiver:
    return FakeReceiver()


@pytest.fixture
def handed_on() -> list[Arrived]:
    return []


@pytest.fixture
def queue(receiver: FakeReceiver, handed_on: list[Arrived], monkeypatch: pytest.MonkeyPatch) -> UpdateQueue:
    async def hand_on(arrived: Arrived) -> None:
        handed_on.append(arrived)

    async def sleep(_seconds: float) -> None:
        """Takes no time."""

    monkeypatch.setattr(asyncio, "sleep", sleep)
    return UpdateQueue(Bot(TOKEN), cast("Receiver", receiver), hand_on)


def said(receiver: FakeReceiver) -> list[tuple[type, str]]:
    return [(type(item), item.client_id) for item in receiver.stored if isinstance(item, Typed | Unreadable)]


@pytest.mark.parametrize("errors", [[], [AWAY] * 50, [READ_ONLY] * 2, [ValueError("x"), AWAY, AWAY]])
async def test_what_fails_for_a_while_is_stored_then(
    queue: UpdateQueue, receiver: FakeReceiver, handed_on: list[Arrived], errors: list[Exception]
) -> None:
    receiver.store_fails = list(errors)
    await queue.take(UPDATE)
    assert said(receiver) == [(Typed, "m5")]
    assert receiver.noted == []
    assert [arrived.update.update_id for arrived in handed_on] == [7]


async def test_what_alone_cannot_be_stored_is_noted_and_excused(
    queue: UpdateQueue, receiver: FakeReceiver, handed_on: list[Arrived]
) -> None:
    receiver.store_fails = [ValueError("x")] * 3
    await queue.take(UPDATE)
    assert receiver.noted == [(7, "message", "ValueError")]
    assert said(receiver) == [(Unreadable, "m5")]
    assert handed_on == []


async def test_nothing_is_given_up_while_the_database_takes_no_note_either(
    queue: UpdateQueue, receiver: FakeReceiver, handed_on: list[Arrived]
) -> None:
    receiver.store_fails, receiver.note_fails = [READ_ONLY] * 20, [READ_ONLY] * 20
    await queue.take(UPDATE)
    assert said(receiver) == [(Typed, "m5")]
    assert len(handed_on) == 1


async def test_a_note_waits_for_the_database_and_an_excuse_that_fails_stops_nothing(
    queue: UpdateQueue, receiver: FakeReceiver
) -> None:
    receiver.note_fails, receiver.store_fails = [AWAY] * 5, [AWAY]
    broken: dict[str, Any] = {**UPDATE, "message": {**UPDATE["message"], "from": {"id": 71}}}
    await queue.take(broken)
    assert receiver.noted == [(7, "message", "TypeError")]
    assert receiver.stored == []
