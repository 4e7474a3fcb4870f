"""Looks at the cited pages once a day, when the operator wants it (`SOURCE_CHECK=daily`).

Every process may run one: a page is claimed before it is fetched, so it is read once.
"""

from __future__ import annotations

from datetime import UTC, datetime

import structlog

from bot.db.base import Database
from bot.programs.sources.fetching import Fetcher
from bot.programs.sources.service import check_sources

log = structlog.get_logger(__name__)


class SourceWorker:
    """A round every hour takes those pages that are due, which are all of them once a day."""

    every = 3600.0  # seconds

    def __init__(self, database: Database, *, contact: str) -> None:
        self._database, self._contact = database, contact

    async def round(self) -> bool:
        """Look at what is due."""
        async with Fetcher(self._contact) as fetcher:
            report = await check_sources(self._database, fetcher, now=datetime.now(UTC))
        if report.counts:
            log.info("sources checked", waiting=len(report.waiting), **report.counts)
        return False
