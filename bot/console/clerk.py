"""Keeps the review's messages in step beside the application: one round after the other, off the event loop."""

from __future__ import annotations

import asyncio

import structlog

from bot.services.projection import BATCH, Projector

log = structlog.get_logger(__name__)
PAUSE_SECONDS = 2.0


class Clerk:
    """Runs the projector; of several applications over one database, one at a time works."""

    def __init__(self, projector: Projector, *, every: float = PAUSE_SECONDS) -> None:
        self._projector = projector
        self._every = every

    async def run(self) -> None:
        """Project what is due until cancelled."""
        while True:
            try:
                done = await asyncio.to_thread(self._projector.step)
            except Exception:
                log.exception("projection failed")
                done = None
            # A round costs as much for one message as for many, and it competes with the answers.
            if not done or done.entries < BATCH:
                await asyncio.sleep(self._every)
