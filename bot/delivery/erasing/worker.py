"""Takes up the wishes to be forgotten that are not carried out yet. Every process may run one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bot.delivery.erasing.service import Eraser, Finished


class ErasingWorker:
    """`after` hears of each conversation of which nothing is left any more."""

    def __init__(self, eraser: Eraser, after: Callable[[Finished], None]) -> None:
        self._eraser = eraser
        self._after = after

    async def round(self) -> bool:
        """Try everything that is due, then clean up."""
        for conversation in await asyncio.to_thread(self._eraser.due):
            if finished := await asyncio.to_thread(self._eraser.try_finish, conversation):
                self._after(finished)
        await asyncio.to_thread(self._eraser.tidy)
        return False
