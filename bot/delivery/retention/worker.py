"""Deletes conversations that nobody came back to, as if each person had said "forget me".

Every process may run one: deleting what is deleted does nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.db.base import Database
from bot.delivery.retention.store import Keep, unseen
from bot.delivery.service import Delivery

log = structlog.get_logger(__name__)
BATCH = 100


class RetentionWorker:
    """Looks a few times a day; `days` 0 keeps everything."""

    every = 6 * 3600.0  # seconds

    def __init__(self, database: Database, delivery: Delivery, days: int, *, keeps: Sequence[Keep] = ()) -> None:
        self._database = database
        self._delivery = delivery
        self._days = days
        self._keeps = keeps

    async def round(self) -> bool:
        """Delete what is too old now."""
        await self.sweep(datetime.now(UTC))
        return False

    async def sweep(self, now: datetime) -> int:
        """Delete what is too old; how many conversations. What cannot be deleted now follows by itself."""
        if self._days <= 0:
            return 0
        edge, after, deleted = now - timedelta(days=self._days), "", 0
        while batch := await asyncio.to_thread(self._batch, edge, after):
            for conversation in batch:
                deleted += await self._erase(conversation)
            after = batch[-1]
        if deleted:
            log.info("old conversations deleted", count=deleted)
        return deleted

    async def _erase(self, conversation: str) -> int:
        try:
            return int(await self._delivery.erase(conversation))
        except SQLAlchemyError as error:
            log.warning("a conversation could not be deleted", error=type(error).__name__)
            return 0

    def _batch(self, edge: datetime, after: str) -> list[str]:
        with self._database.unit() as session:
            return unseen(session, edge, keeps=self._keeps, after=after, limit=BATCH)
