"""Brings the live model to an engine that has another one: it was away while that was published, or came up late."""

from __future__ import annotations

import asyncio
from pathlib import Path

import structlog

from bot.content.releases import places, swapping
from bot.content.store import live_version
from bot.db.base import Database
from bot.errors import SwapFailedError
from bot.settings import Settings

log = structlog.get_logger(__name__)


class ModelWorker:
    """Looks at all engines where there are several. Every application may: one at a time publishes."""

    every = 5.0  # seconds

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        self._database = database

    async def round(self) -> bool:
        """Give every engine that answers what is live."""
        if len(self._settings.engines) > 1:
            await asyncio.to_thread(self.catch_up)
        return False

    def catch_up(self) -> list[str]:
        """The addresses of the engines that were behind and are not any more."""
        return [url for url, _ in self._settings.engines if self._is_behind(url) and self._brought(url)]

    def _is_behind(self, url: str) -> bool:
        live, found = self._live(), swapping.model_in(self._settings, url)
        return live is not None and found is not None and found != live[1]

    def _brought(self, url: str) -> bool:
        with places.alone(self._settings, "publishing"):  # What is live may be another one by now.
            if not self._is_behind(url) or (live := self._live()) is None:
                return False
            try:
                swapping.put(self._settings, url, *live)
            except SwapFailedError as error:
                log.warning("an engine does not take what is live", engine=url, error=str(error))
                return False
        log.info("an engine has caught up", engine=url, model=live[0].name)
        return True

    def _live(self) -> tuple[Path, str] | None:
        with self._database.look() as session:
            version = live_version(session)
            path = Path(version.model_path) if version else None
            return (path, version.model_id) if version and path and path.exists() else None
