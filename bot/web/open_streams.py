"""How many event streams are open: each costs a connection for as long as it lasts, so nobody may hold any number.

A page that asks for one more than its conversation may have is served, and the oldest one ends: it is mostly one whose
network is gone, which nobody notices for minutes. Streams are counted in this process; it is its memory that they take.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from bot.delivery.limits import network_of
from bot.delivery.notifier import News, Notifier
from bot.observability import STREAMS
from bot.web.throttle import TooManyRequestsError, is_this_machine

OF_ONE_CONVERSATION = 6
OF_ONE_ADDRESS = 100
RETRY_SECONDS = 15


class OpenStream:
    """One stream or long poll; `has_to_end` when a newer one of its conversation took its place."""

    has_to_end = False


class OpenStreams:
    """All that this process has open."""

    def __init__(self, notifier: Notifier) -> None:
        self._notifier = notifier
        self._by_conversation: dict[str, list[OpenStream]] = defaultdict(list)
        self._by_network: Counter[str] = Counter()

    def require_room(self, address: str | None) -> None:
        """Whether one more may be opened from there; this machine itself is not counted.

        Raises:
            TooManyRequestsError: the address holds too many.
        """
        if self._by_network[_counted(address)] >= OF_ONE_ADDRESS:
            raise TooManyRequestsError(RETRY_SECONDS)

    @contextmanager
    def hold(self, conversation: str, address: str | None) -> Iterator[OpenStream]:
        """Counted as long as the block lasts; the oldest of too many of one conversation is told to end."""
        mine, network, here = self._by_conversation[conversation], _counted(address), OpenStream()
        mine.append(here)
        if network:
            self._by_network[network] += 1
        staying = [stream for stream in mine if not stream.has_to_end]
        if len(staying) > OF_ONE_CONVERSATION:
            staying[0].has_to_end = True
            self._notifier.announce(conversation, News())
        try:
            with STREAMS.track_inprogress():
                yield here
        finally:
            mine.remove(here)
            if not mine and self._by_conversation.get(conversation) is mine:
                del self._by_conversation[conversation]
            self._by_network -= Counter([network])


def _counted(address: str | None) -> str:
    """The network that is counted; empty for none."""
    return network_of(address) if address and not is_this_machine(address) else ""
