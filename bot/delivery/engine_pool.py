"""One engine or several, asked as one. Each keeps nothing between two turns, so any of them may answer any message.

A conversation stays with one engine as long as that is well (rendezvous hashing: every application finds the same one
without asking the others), unless it is much busier than another (consistent hashing with bounded loads).
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from bot.delivery.engine import Engine, EngineAwayError, EngineError, EngineForgetfulError
from bot.reply.parts import Reply

log = structlog.get_logger(__name__)
# So many more turns than the least busy engine may run at one before others are sent elsewhere.
MOST_AHEAD = 4


@dataclass
class Member:
    """An engine and how it was when it was last looked at; `running` are turns of this application."""

    engine: Engine
    running: int = 0
    is_well: bool = True
    is_current: bool = True

    async def look(self) -> dict[str, dict[str, Any]]:
        """Its parts, remembered."""
        parts = await self.engine.parts()
        is_well = all(part["ok"] for part in parts.values())
        if is_well != self.is_well:
            log.warning("an engine has changed", engine=self.engine.name, is_well=is_well)
        self.is_well = is_well
        return parts


class EnginePool:
    """All engines of this installation. `live` gives the id of the model that counts; empty when it is not known."""

    every = 2.0  # seconds

    def __init__(self, engines: Sequence[Engine], *, live: Callable[[], Awaitable[str]] | None = None) -> None:
        self._members = [Member(engine) for engine in engines]
        self._live = live

    async def close(self) -> None:
        """Give back all connections."""
        await asyncio.gather(*(member.engine.close() for member in self._members))

    async def ask(self, conversation: str, text: str, *, message_id: str, locale: str = "") -> Reply:
        """The reply to one message, from the engine that is chosen for it; it is not repeated here.

        Raises:
            EngineError: no reply; `EngineAwayError` when the engine that was asked is not well, and there are others.
        """
        member = self._choose(conversation)
        member.running += 1
        try:
            return await member.engine.ask(conversation, text, message_id=message_id, locale=locale)
        except EngineForgetfulError:
            raise
        except EngineError as error:
            if len(self._members) > 1:
                await member.look()
                if not member.is_well:
                    raise EngineAwayError(str(error)) from error
            raise
        finally:
            member.running -= 1

    async def healthy(self) -> bool:
        """Whether a turn can be expected to work at one of them."""
        return any(all(part["ok"] for part in parts.values()) for parts in await self._all_parts())

    async def parts(self) -> dict[str, dict[str, Any]]:
        """`{engine, model, actions: {ok, detail}}`; of several, how many are well, and ok while one of them is."""
        found = await self._all_parts()
        if len(found) == 1:
            return found[0]
        well = [parts for parts in found if all(part["ok"] for part in parts.values())]
        shown = (well or found)[0]
        counts = {name: sum(parts[name]["ok"] for parts in found) for name in shown}
        return {
            name: {"ok": bool(well) or part["ok"], "detail": f"{counts[name]} of {len(found)} {part['detail']}".strip()}
            for name, part in shown.items()
        }

    async def round(self) -> bool:
        """Look at all of them, where there are several: who is well, and who has the model that is live."""
        if len(self._members) > 1:
            await self._all_parts()
            live = await self._live() if self._live else ""
            for member in self._members:
                member.is_current = not live or member.engine.model_id == live
        return False

    async def _all_parts(self) -> list[dict[str, dict[str, Any]]]:
        return await asyncio.gather(*(member.look() for member in self._members))

    def _choose(self, conversation: str) -> Member:
        """Of those that are well, rather one with the model that is live, the conversation's own unless it is busy."""
        fit = [member for member in self._members if member.is_well] or self._members
        fit = [member for member in fit if member.is_current] or fit
        most = min(member.running for member in fit) + MOST_AHEAD
        free = [member for member in fit if member.running <= most]
        return max(free, key=lambda member: _weight(conversation, member.engine.name))


def _weight(conversation: str, engine: str) -> bytes:
    return hashlib.blake2b(f"{conversation}\n{engine}".encode(), digest_size=8).digest()
