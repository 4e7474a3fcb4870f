"""Telegram's speed limits: about thirty messages a second in all, and one a second in a chat.

The library's own limiter is a bucket that lets twice as many through in its first second, so the moving windows are
ours; the limit of groups and the patience after a 429 stay the library's.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

from telegram.ext import AIORateLimiter

MOST, PER_SECONDS = 25, 1.0
RETRIES = 3
SECONDS_PER_MESSAGE = 1.0
MOST_CHATS_REMEMBERED = 2_000


class RateWindow:
    """Lets at most `most` through in any `seconds`, in the order in which they came."""

    def __init__(self, most: int, seconds: float) -> None:
        self._went: deque[float] = deque(maxlen=most)
        self._seconds = seconds
        self._line = asyncio.Lock()

    async def turn(self) -> None:
        """Returns when the next one may go."""
        async with self._line:
            if len(self._went) == self._went.maxlen:
                await asyncio.sleep(self._went[0] + self._seconds - time.monotonic())
            self._went.append(time.monotonic())


class Limiter(AIORateLimiter):
    """The limit of the whole bot, for every call that speaks to a chat."""

    def __init__(self) -> None:
        super().__init__(overall_max_rate=0, max_retries=RETRIES)
        self._window = RateWindow(MOST, PER_SECONDS)

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Any:
        """A call, when it is its turn."""
        if data.get("chat_id") is not None:
            await self._window.turn()
        return await super().process_request(callback, args, kwargs, endpoint, data, rate_limit_args)


class ChatRateLimit:
    """One message a second in a chat on average; the messages of one reply go together, the next reply waits longer."""

    def __init__(self) -> None:
        self._free_at: dict[str, float] = {}

    async def turn(self, conversation: str) -> None:
        """Returns when the chat takes another reply."""
        await asyncio.sleep(self._free_at.get(conversation, 0.0) - time.monotonic())

    def sent(self, conversation: str) -> None:
        """One more message is out."""
        now = time.monotonic()
        if len(self._free_at) > MOST_CHATS_REMEMBERED:
            self._free_at = {name: at for name, at in self._free_at.items() if at > now}
        self._free_at[conversation] = max(now, self._free_at.get(conversation, 0.0)) + SECONDS_PER_MESSAGE
