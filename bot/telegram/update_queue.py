"""Keeps every update before Telegram may forget it, and lets none stand in the way of the others.

Telegram forgets an update when the next ones are fetched, or when the webhook answers 200. Both happen after `take`
returns, so `take` stores the message first; a process that dies afterwards finds it in the inbox again. What can be
neither read nor stored is noted without its words and passed: Telegram would bring it again and again.
"""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from telegram import Bot, Update

from bot.observability import UNREAD_UPDATES
from bot.telegram.polling import UPDATES
from bot.telegram.receiving import Receiver, Stored
from bot.telegram.updates import excuse_for, is_numbered, kind_of, read_update

log = structlog.get_logger(__name__)
T = TypeVar("T")
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0
MOST_FAILURES = 3
_DATABASE_IS_AWAY = (OperationalError, InterfaceError, NoConnectionError)


class NotAnUpdateError(ValueError):
    """What came is no update: it has no number."""


@dataclass(frozen=True)
class Arrived:
    """A stored update; `stored` is None when it asks for no answer."""

    update: Update
    stored: Stored | None


class UpdateQueue:
    """Takes updates as Telegram's JSON, one at a time, and hands what is stored to `hand_on`."""

    def __init__(self, bot: Bot, receiver: Receiver, hand_on: Callable[[Arrived], Awaitable[None]]) -> None:
        self._bot = bot
        self._receiver = receiver
        self._hand_on = hand_on

    async def take(self, data: Any) -> None:
        """Store, then hand on. As long as the database is away, Telegram has to wait with us."""
        try:
            arrived = await self._store(data)
        except Exception as error:  # noqa: BLE001 (whatever is wrong with it, it must not come again)
            await self._set_aside(data, error)
        else:
            await self._hand_on(arrived)

    async def _store(self, data: Any) -> Arrived:
        if not is_numbered(data):
            raise NotAnUpdateError
        update = Update.de_json(data, self._bot)
        reading = read_update(update, self._receiver.me)
        stored = await _patiently(partial(self._receiver.store, reading)) if reading else None
        return Arrived(update, stored)

    async def _set_aside(self, data: Any, error: Exception) -> None:
        number, kind, name = data["update_id"] if is_numbered(data) else None, kind_of(data), type(error).__name__
        UNREAD_UPDATES.labels(kind if kind in UPDATES else "other", name).inc()
        log.error("an update cannot be read", update=number, kind=kind, error=name, place=_place(error))
        try:
            await _patiently(partial(self._receiver.keep_unread, number, kind=kind, error=name))
            if excuse := excuse_for(data):
                await _patiently(partial(self._receiver.store, excuse))
        except Exception:
            log.exception("an update that cannot be read was not noted", update=number)


async def _patiently(work: Callable[[], Awaitable[T]]) -> T:
    """Do `work`; wait for a database that is away, and try again a few times whatever else fails.

    Raises:
        Exception: what `work` raised in the last of its attempts.
    """
    pause, failures = FIRST_PAUSE, 0
    while True:
        try:
            return await work()
        except _DATABASE_IS_AWAY as error:
            log.warning("an update cannot be stored yet", error=type(error).__name__)
        except Exception:
            failures += 1
            if failures == MOST_FAILURES:
                raise
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


def _place(error: Exception) -> str:
    """The file and line that raised an error; its message may quote a person."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"
