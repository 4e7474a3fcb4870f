"""Whether Telegram is in reach: how long to wait after a failure, and what an operator must hear of it."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import structlog
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.observability import TELEGRAM_FAILURES

log = structlog.get_logger(__name__)
CONFLICT = (
    "Telegram says that another process fetches this bot's messages (409 Conflict). Stop the other one, or give this "
    "one a token of its own; until then only one of the two gets each message."
)
WRONG_TOKEN = "Telegram does not know this TELEGRAM_TOKEN. Copy it again from @BotFather; the website works without it."
# Where the description of an error begins to quote the request, or the library an answer that it cannot read.
_QUOTES = re.compile(r"\"| '|\. Parsing the server response")


class Connection:
    """How it went lately. Pauses grow from `pause` to `longest_pause` seconds; what fails for `alarm` is trouble."""

    def __init__(
        self, *, pause: float, longest_pause: float, alarm: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._first_pause, self._longest_pause, self._alarm = pause, longest_pause, alarm
        self._clock = clock
        self._pause = pause
        self._failing_since: float | None = None
        self._reason = ""

    @property
    def trouble(self) -> str:
        """What has been wrong for long, in one sentence; empty otherwise."""
        if self._failing_since is None:
            return ""
        seconds = self._clock() - self._failing_since
        return f"Telegram has not been in reach for {seconds:.0f} s: {self._reason}" if seconds >= self._alarm else ""

    def worked(self) -> None:
        """Telegram answered as it should."""
        self._failing_since, self._pause = None, self._first_pause

    async def failed(self, error: Exception) -> None:
        """Tell of a failure, whatever its class, and wait before the next attempt: longer each time."""
        TELEGRAM_FAILURES.labels(type(error).__name__).inc()
        if self._failing_since is None:
            self._failing_since = self._clock()
        self._reason = _advice(error) or type(error).__name__
        pause = max(self._pause, wanted_pause(error))
        self._pause = min(self._pause * 2, self._longest_pause)
        _tell(error, pause)
        await asyncio.sleep(pause)

    async def until_it_works(self, work: Callable[[], Awaitable[Any]]) -> None:
        """Do `work` again and again, as long as only the way to Telegram is broken.

        Raises:
            InvalidToken: Telegram does not know the bot.
        """
        while True:
            try:
                await work()
            except InvalidToken:
                raise
            except TelegramError as error:
                await self.failed(error)
            else:
                self.worked()
                return


def reason(error: TelegramError) -> str:
    """Why Telegram refused a request, without what it quotes; of other errors the class alone, since their text may be
    the body of an answer."""
    name = type(error).__name__
    if not isinstance(error, BadRequest | Forbidden):
        return name
    return f"{name}: {_QUOTES.split(str(error))[0].strip()}"


def wanted_pause(error: Exception) -> float:
    """For how many seconds Telegram asks to be left alone; 0 when it does not say."""
    if not isinstance(error, RetryAfter):
        return 0.0
    pause = error.retry_after
    return pause.total_seconds() if isinstance(pause, timedelta) else float(pause)


def _tell(error: Exception, pause: float) -> None:
    if isinstance(error, Conflict):
        log.error("telegram conflict", advice=CONFLICT, again_in_seconds=pause)
    elif isinstance(error, InvalidToken):
        log.error("telegram refuses the token", advice=WRONG_TOKEN, again_in_seconds=pause)
    else:
        log.warning("telegram does not answer", error=type(error).__name__, again_in_seconds=pause)


def _advice(error: Exception) -> str:
    if isinstance(error, Conflict):
        return CONFLICT
    return WRONG_TOKEN if isinstance(error, InvalidToken) else ""
