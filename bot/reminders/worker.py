"""Delivers reminders when they are due. Every process may run one: the database hands each reminder out once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from bot.db.base import Database
from bot.delivery.notifier import News, Notifier
from bot.reminders.service import fire_due
from bot.reply.responses import Responses


class ReminderWorker:
    """Looks for due reminders and tells those who listen about them."""

    every = 20.0  # seconds

    def __init__(
        self, database: Database, responses: Responses, notifier: Notifier, *, clock: Callable[[], datetime]
    ) -> None:
        """The clock is the one by which reminders are set."""
        self._database = database
        self._clock = clock
        self._responses = responses
        self._notifier = notifier

    async def round(self) -> bool:
        """Put what is due into the outbox."""
        for conversation in await asyncio.to_thread(self.deliver_due, self._clock()):
            self._notifier.announce(conversation, News())
        return False

    def deliver_due(self, now: datetime) -> list[str]:
        """Put what is due into the outbox; the conversations that have something new."""
        with self._database.unit() as session:
            return fire_due(session, self._responses, now)
