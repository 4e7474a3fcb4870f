"""Keeps every update before Telegram may forget it.

Telegram forgets an update when the next ones are fetched, or when the webhook answers 200. Both happen after `put`
returns, so `put` stores the message first; a process that dies afterwards finds it in the inbox again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from telegram import Update

log = structlog.get_logger(__name__)
LONGEST_PAUSE = 10.0


class StoringQueue(asyncio.Queue[object]):
    """The update queue of the application. `store` may fail for a while; then Telegram has to wait with us."""

    def __init__(self, store: Callable[[Update], Awaitable[None]]) -> None:
        super().__init__()
        self._store = store

    async def put(self, item: object) -> None:
        """Store, then hand on."""
        pause = 0.2
        while isinstance(item, Update):
            try:
                await self._store(item)
                break
            except Exception:
                log.exception("an update cannot be stored yet", update=item.update_id)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
        await super().put(item)
