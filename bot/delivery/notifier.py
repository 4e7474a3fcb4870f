"""Tells those who listen that a conversation has something new. The database holds it; this only wakes them."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.delivery.store import Answer

Prepare = Callable[[Session, str], object]


@dataclass(frozen=True)
class News:
    """`answer` is set when it stands in no table: the last words of a conversation that is erased (`gone`).

    `is_done` says that nothing is left of it, and with that the word that is owed to the person.

    `ready` is what the channel's sender prepared in the unit of work that stored a reply. `typing` is the name of
    one of the staff who writes just now.
    """

    answer: Answer | None = None
    gone: bool = False
    is_done: bool = False
    ready: object = None
    typing: str = ""


class Listener(asyncio.Queue[News]):
    """The news of one conversation for one who listens, and has read all up to the number `after` (None: unknown)."""

    after: int | None = None


class Notifier:
    """Listeners by conversation, and of whole channels, inside one process."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[Listener]] = defaultdict(set)
        self._watchers: dict[str, asyncio.Queue[tuple[str, News]]] = {}
        self._helpers: dict[str, Prepare] = {}

    @contextmanager
    def listen(self, conversation: str) -> Iterator[Listener]:
        """A queue of news as long as the block lasts."""
        queue = Listener()
        self._listeners[conversation].add(queue)
        try:
            yield queue
        finally:
            self._listeners[conversation].discard(queue)
            if not self._listeners[conversation]:
                del self._listeners[conversation]

    def watch(self, channel: str, prepare: Prepare) -> asyncio.Queue[tuple[str, News]]:
        """All news of a channel ("tg") with their conversations, for the one who sends them on.

        `prepare` is called where a reply is stored, so that sending it takes no further look into the database.
        """
        self._helpers[channel] = prepare
        return self._watchers.setdefault(channel, asyncio.Queue())

    def prepare(self, session: Session, conversation: str) -> object:
        """What the sender of this channel wants to do in the same unit of work; its result goes into the news."""
        helper = self._helpers.get(conversation.partition(":")[0])
        return helper(session, conversation) if helper else None

    def announce(self, conversation: str, news: News) -> None:
        """Wake everybody who listens to this conversation."""
        if watcher := self._watchers.get(conversation.partition(":")[0]):
            watcher.put_nowait((conversation, news))
        self.whisper(conversation, news)

    def whisper(self, conversation: str, news: News) -> None:
        """Tell those who listen right now, in this process, and no sender."""
        for queue in self._listeners.get(conversation, ()):
            queue.put_nowait(news)

    def listened(self) -> list[str]:
        """The conversations to which somebody listens."""
        return list(self._listeners)

    def catch_up(self, newest: Mapping[str, int], conversations: Iterable[str]) -> None:
        """Wake whoever has not read the newest reply of these, which another process wrote; those without a number are
        gone."""
        for conversation in conversations:
            number = newest.get(conversation)
            for listener in self._listeners.get(conversation, ()):
                is_behind = listener.after is not None and (number is None or number > listener.after)
                if is_behind and listener.empty():
                    listener.put_nowait(News(gone=number is None))

    def __len__(self) -> int:
        return sum(map(len, self._listeners.values()))
