"""Starts a search for groups by itself when enough unresolved messages have come since the last one."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import structlog

from bot.bootstrap import Container
from bot.console import jobs
from bot.services import discovery
from bot.services.discovery import DiscoveryError

log = structlog.get_logger(__name__)
PAUSE_SECONDS = 60.0
ASKED_BY = "the bot"


class DiscoveryWatch:
    """Looks once a minute; of several applications over one database, the first to write the run does it."""

    def __init__(self, container: Container, *, every: float = PAUSE_SECONDS) -> None:
        self._container = container
        self._every = every

    async def run(self) -> None:
        """Until cancelled; the first look comes after a pause, so that a start is not slowed down."""
        while self._container.settings.discover_after > 0:
            await asyncio.sleep(self._every)
            try:
                await asyncio.to_thread(self.look, datetime.now(UTC))
            except Exception:
                log.exception("discovery could not be started")

    def look(self, now: datetime) -> int | None:
        """The id of the run that was started, if one was due."""
        settings = self._container.settings
        try:
            with self._container.database.unit() as session:
                if not discovery.is_due(session, after=settings.discover_after, now=now):
                    return None
                number = discovery.ask(session, ASKED_BY, now).id
        except DiscoveryError:  # somebody else was faster
            return None
        jobs.start("discover", str(number), settings=settings)
        return number
