"""The one loop of everything that looks again and again whether there is something to do."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Periodic:
    """A worker's `round`, done every so many seconds until cancelled, the first time after `delay` seconds.

    A round says whether it left something that should be done at once. A round that fails is logged, and the next one
    comes in its time: one fault never ends the work.
    """

    name: str
    round: Callable[[], Awaitable[bool]]
    every: float
    delay: float = 0.0

    async def run(self) -> None:
        """Until cancelled."""
        await asyncio.sleep(self.delay)
        while True:
            has_more = False
            try:
                has_more = await self.round()
            except Exception:
                log.exception("a round failed", worker=self.name)
            if not has_more:
                await asyncio.sleep(self.every)
