"""The outermost border: how long and how large a request may be, and how many connections one address may hold.

A request is bounded before the application sees it: uvicorn's parser takes a header of any length, and waits for the
rest of a request for ever. The command line that starts the application names this class
(`--http bot.web.guarded_protocol:GuardedProtocol`, in `bot/ops/system.py`).
"""

from __future__ import annotations

import asyncio
from collections import Counter
from functools import lru_cache
from http import HTTPStatus
from typing import Any, cast

from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from bot.delivery.limits import network_of
from bot.observability import REFUSED_CONNECTIONS

LARGEST_HEAD = 16 * 1024
HEAD_SECONDS = 10.0
BODY_SECONDS = 30.0
READER_SECONDS = 60.0
CONNECTIONS_OF_ONE_ADDRESS = 100


# The connections of this process by network.
_HELD: Counter[str] = Counter()


class HeadTooLargeError(Exception):
    """The request line and headers together are over the limit."""


class GuardedProtocol(HttpToolsProtocol):
    """One connection. A request whose head or body does not arrive in time is closed, as is a reader that stopped.

    Addresses of trusted proxies (`--forwarded-allow-ips`) may hold any number of connections.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._deadline: asyncio.TimerHandle | None = None
        self._writing: asyncio.TimerHandle | None = None
        self._network = ""
        self._is_in_head = True
        self._head_size = 0
        self._refusal = HTTPStatus.BAD_REQUEST

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait(HEAD_SECONDS)
        address = self.client[0] if self.client else ""
        trusted = self.config.forwarded_allow_ips
        if not address or address in _trusted(trusted if isinstance(trusted, str) else ",".join(trusted)):
            return
        self._network = network_of(address)
        _HELD[self._network] += 1
        if _HELD[self._network] > CONNECTIONS_OF_ONE_ADDRESS:
            self._give_up("too many of one address")

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        self.resume_writing()
        if self._network:
            _HELD.subtract([self._network])
            if not _HELD[self._network]:
                del _HELD[self._network]
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._is_in_head:
            self._head_size += len(data)
            if self._deadline is None:
                self._wait(HEAD_SECONDS)
        super().data_received(data)
        if self._is_in_head and self._head_size > LARGEST_HEAD and not self.transport.is_closing():
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_message_begin(self) -> None:
        self._is_in_head = True
        self._wait(HEAD_SECONDS)
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if size > LARGEST_HEAD:
            self._refusal = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
            raise HeadTooLargeError(size)
        self._is_in_head, self._head_size = False, 0
        self._wait(BODY_SECONDS)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._stop_waiting()
        self._is_in_head = True
        super().on_message_complete()

    def pause_writing(self) -> None:
        self._writing = self.loop.call_later(READER_SECONDS, self._give_up, "reads too slowly")
        super().pause_writing()

    def resume_writing(self) -> None:
        if self._writing:
            self._writing.cancel()
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        self._refuse(self._refusal)

    def _wait(self, seconds: float) -> None:
        self._stop_waiting()
        self._deadline = self.loop.call_later(seconds, self._too_late)

    def _stop_waiting(self) -> None:
        if self._deadline:
            self._deadline.cancel()
        self._deadline = None

    def _too_late(self) -> None:
        """Says so where a request has begun and nothing is being answered; silence is closed in silence."""
        is_asked = self._head_size > 0 or not self._is_in_head
        is_answering = bool(self.pipeline) or (
            self.cycle is not None and self.cycle.response_started and not self.cycle.response_complete
        )
        if is_asked and not is_answering:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)
        else:
            self._give_up("sends too slowly")

    def _refuse(self, status: HTTPStatus) -> None:
        """A short answer, and the end of the connection."""
        REFUSED_CONNECTIONS.labels(status.phrase.lower()).inc()
        self._stop_waiting()
        head = f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        self.transport.write(head.encode("ascii"))
        self.transport.close()

    def _give_up(self, reason: str) -> None:
        REFUSED_CONNECTIONS.labels(reason).inc()
        self.transport.abort()


@lru_cache(maxsize=8)
def _trusted(addresses: str) -> Any:
    """What `in` can be asked of, read as uvicorn reads it."""
    return ProxyHeadersMiddleware(cast("Any", None), trusted_hosts=addresses).trusted_hosts
