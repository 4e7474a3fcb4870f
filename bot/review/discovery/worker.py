"""Starts a search for groups by itself when enough unresolved messages have come since the last one."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from bot.bootstrap import Container
from bot.ops import jobs
from bot.review.discovery import service as discovery
from bot.review.discovery.service import DiscoveryError

ASKED_BY = "the bot"


class DiscoveryWorker:
    """Looks once a minute; of several applications over one database, the first to write the run does it."""

    every = 60.0  # seconds

    def __init__(self, container: Container) -> None:
        self._container = container

    async def round(self) -> bool:
        """Start a search when one is due."""
        await asyncio.to_thread(self.look, datetime.now(UTC))
        return False

    def look(self, now: datetime) -> int | None:
        """The id of the run that was started, if one was due."""
        settings = self._container.settings
        if settings.discover_after <= 0:
            return None
        try:
            with self._container.database.unit() as session:
                if not discovery.is_due(session, after=settings.discover_after, now=now):
                    return None
                number = discovery.ask(session, ASKED_BY, now).id
        except DiscoveryError:  # somebody else was faster
            return None
        jobs.start("discover", str(number), settings=settings)
        return number
