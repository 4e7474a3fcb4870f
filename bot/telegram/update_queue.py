"""Keeps every update before Telegram may forget it, and lets none stand in the way of the others.

Telegram forgets an update when the next ones are fetched, or when the webhook answers 200. Both happen after `take`
returns, so `take` stores the message first; a process that dies afterwards finds it in the inbox again. What can be
neither read nor stored is noted without its words and passed: Telegram would bring it again and again.
"""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from telegram import Bot, Update

from bot.observability import UNREAD_UPDATES
from bot.telegram.polling import UPDATES
from bot.telegram.receiving import Receiver, Stored
from bot.telegram.updates import Reading, Unreadable, excuse_for, is_numbered, kind_of, read_update

log = structlog.get_logger(__name__)
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0
MOST_ATTEMPTS = 3
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
            update, reading = self._read(data)
        except Exception as error:  # noqa: BLE001 (whatever is wrong with it, it must not come again)
            await self._pass(data, error)
            return
        for attempt, pause in enumerate(_pauses(), 1):
            try:
                stored = await self._receiver.store(reading) if reading else None
            except _DATABASE_IS_AWAY as error:
                log.warning("an update cannot be stored yet", update=update.update_id, error=type(error).__name__)
            except Exception as error:  # noqa: BLE001 (given up only when a note about it can be stored)
                if attempt >= MOST_ATTEMPTS and await self._is_passed(data, error):
                    return
            else:
                await self._hand_on(Arrived(update, stored))
                return
            await asyncio.sleep(pause)

    def _read(self, data: Any) -> tuple[Update, Reading | None]:
        if not is_numbered(data):
            raise NotAnUpdateError
        update = Update.de_json(data, self._bot)
        return update, read_update(update, self._receiver.me)

    async def _pass(self, data: Any, error: Exception) -> None:
        for pause in _pauses():
            if await self._is_passed(data, error):
                return
            await asyncio.sleep(pause)

    async def _is_passed(self, data: Any, error: Exception) -> bool:
        """Note an update and tell whoever waits for an answer to it; False when the database takes no note either."""
        number, kind, name = data["update_id"] if is_numbered(data) else None, kind_of(data), type(error).__name__
        log.error("an update cannot be read", update=number, kind=kind, error=name, place=_place(error))
        try:
            await self._receiver.keep_unread(number, kind=kind, error=name)
        except Exception:
            log.exception("an update that cannot be read is not noted yet", update=number)
            return False
        UNREAD_UPDATES.labels(kind if kind in UPDATES else "other", name).inc()
        if excuse := excuse_for(data):
            await self._excuse(excuse)
        return True

    async def _excuse(self, excuse: Unreadable) -> None:
        try:
            await self._receiver.store(excuse)
        except Exception:
            log.exception("nobody could be told of an update that cannot be read")


def _pauses() -> Iterator[float]:
    """Seconds between attempts, longer each time, without an end."""
    pause = FIRST_PAUSE
    while True:
        yield pause
        pause = min(pause * 2, LONGEST_PAUSE)


def _place(error: Exception) -> str:
    """The file and line that raised an error; its message may quote a person."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"
