"""Tells those who listen that a conversation has something new. The database holds it; this only wakes them."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bot.db.mailbox import Answer


@dataclass(frozen=True)
class News:
    """`answer` is set when it stands in no table: the last words of a conversation that was erased (`gone`)."""

    answer: Answer | None = None
    gone: bool = False


class Postbox:
    """Listeners by conversation, and of whole channels, inside one process."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[asyncio.Queue[News]]] = defaultdict(set)
        self._watchers: dict[str, asyncio.Queue[tuple[str, News]]] = {}

    @contextmanager
    def listen(self, conversation: str) -> Iterator[asyncio.Queue[News]]:
        """A queue of news as long as the block lasts."""
        queue: asyncio.Queue[News] = asyncio.Queue()
        self._listeners[conversation].add(queue)
        try:
            yield queue
        finally:
            self._listeners[conversation].discard(queue)
            if not self._listeners[conversation]:
                del self._listeners[conversation]

    def watch(self, channel: str) -> asyncio.Queue[tuple[str, News]]:
        """All news of a channel ("tg") with their conversations, for the one who sends them on."""
        return self._watchers.setdefault(channel, asyncio.Queue())

    def announce(self, conversation: str, news: News) -> None:
        """Wake everybody who listens to this conversation."""
        if watcher := self._watchers.get(conversation.partition(":")[0]):
            watcher.put_nowait((conversation, news))
        for queue in self._listeners.get(conversation, ()):
            queue.put_nowait(news)

    def __len__(self) -> int:
        return sum(map(len, self._listeners.values()))
