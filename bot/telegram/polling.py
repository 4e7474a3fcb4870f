"""Fetches updates by long poll, unread: what one of them says can then disturb no other.

The library reads a whole list at once and gives nothing out when one update in it is broken. So its answer is opened
here first, and each update travels through the library in an envelope: under a name that it does not know, which it
leaves as it is (`api_kwargs`).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from telegram import Bot, Update
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from bot.telegram.connection import Connection
from bot.telegram.updates import is_numbered

UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
WAIT_SECONDS = 20
# An answer that brings nothing new and comes at once would be asked for again and again.
SHORTEST_ROUND = 1.0
_RAW = "raw"


class UpdatesRequest(HTTPXRequest):
    """How `getUpdates` is asked: its updates come in envelopes, and what is no answer is written into no log."""

    __slots__ = ()

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer of the API.

        Raises:
            TelegramError: it is none, or none of its updates has a number by which it could be confirmed.
        """
        try:
            answer = json.loads(payload.decode(errors="replace"))
        except ValueError:
            raise TelegramError("the answer is not JSON") from None
        if not isinstance(answer, dict):
            raise TelegramError("the answer is no object")
        if isinstance(updates := answer.get("result"), list):
            sealed = [{"update_id": item["update_id"], _RAW: item} for item in updates if is_numbered(item)]
            if updates and not sealed:
                raise TelegramError("the updates have no numbers")
            answer["result"] = sealed
        return answer


class Poller:
    """Gives every update to `take`, in order; those before it are confirmed when `take` has returned."""

    def __init__(self, bot: Bot, connection: Connection, take: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
        self._bot = bot
        self._connection = connection
        self._take = take
        self._offset = 0

    async def run(self) -> None:
        """Fetch until cancelled; nothing that fails ends it."""
        while True:
            began = time.monotonic()
            try:
                has_news = await self._round()
            except Exception as error:  # noqa: BLE001 (told and counted there, without what it may quote)
                await self._connection.failed(error)
                continue
            self._connection.worked()
            if not has_news:
                await asyncio.sleep(began + SHORTEST_ROUND - time.monotonic())

    async def confirm(self) -> None:
        """Tell Telegram what was taken, so that it does not come again after a restart; it does no harm if it comes."""
        if self._offset:
            with contextlib.suppress(TelegramError):
                await self._fetch(wait=0)

    async def _round(self) -> bool:
        """One call; whether it brought something new."""
        before = self._offset
        for update in await self._fetch(wait=WAIT_SECONDS):
            await self._take(update.api_kwargs[_RAW])
            self._offset = update.update_id + 1
        return self._offset != before

    async def _fetch(self, *, wait: int) -> tuple[Update, ...]:
        return await self._bot.get_updates(offset=self._offset, timeout=wait, allowed_updates=UPDATES)
