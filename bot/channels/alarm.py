"""Rings when reminders are due. Every process may run one: the database hands each reminder out once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import structlog

from bot.channels.postbox import News, Postbox
from bot.core.words import Words
from bot.db.base import Database
from bot.services.reminders import fire_due

log = structlog.get_logger(__name__)
EVERY_SECONDS = 20.0


class Alarm:
    """Looks for due reminders every few seconds and tells the postbox about them."""

    def __init__(self, database: Database, words: Words, postbox: Postbox, *, every: float = EVERY_SECONDS) -> None:
        self._database = database
        self._words = words
        self._postbox = postbox
        self._every = every

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                for conversation in await asyncio.to_thread(self.ring, datetime.now(UTC)):
                    self._postbox.announce(conversation, News())
            except Exception:
                log.exception("reminders could not be looked for")
            await asyncio.sleep(self._every)

    def ring(self, now: datetime) -> list[str]:
        """Put what is due into the outbox; the conversations that have something new."""
        with self._database.unit() as session:
            return fire_due(session, self._words, now)
