"""Fetches one public page, politely and on its guard.

robots.txt is asked first, hosts get one request at a time with a pause between two, and a page that did not change is
not sent again. Only public addresses are called: a name is looked up here, every address that it has is judged, and
exactly the judged one is connected to, after redirects too. A page has limits of size and time as a whole.
"""

from __future__ import annotations

import asyncio
import socket
import zlib
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import httpx

NAME = "RotationBot"
"""How robots.txt calls us."""
MOST_BYTES = 2_000_000
MOST_REDIRECTS = 5
LONGEST_CRAWL_DELAY = 30.0
"""Seconds; who asks for more is not read."""
_PERMANENT = (301, 308)
_REDIRECTS = (301, 302, 303, 307, 308)
_GONE = (404, 410)
_TRANSLATED = IPv6Network("64:ff9b::/32")
"""Addresses of IPv4 in IPv6, which a gateway may lead to the inside."""
_READABLE = ("text/html", "application/xhtml+xml", "text/plain")

Address = IPv4Address | IPv6Address
Lookup = Callable[[str], Awaitable[list[str]]]


class Outcome(StrEnum):
    """How a fetch ended."""

    READ = "read"
    SAME = "same"
    GONE = "gone"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Fetched:
    """The end of a fetch: of a page that was read its `body`; why not, in words; where it moved for good."""

    outcome: Outcome
    detail: str = ""
    body: bytes = b""
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    moved_to: str = ""


class FetchError(Exception):
    """A page that cannot be read; the message says why."""


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public internet, also inside of another notation."""
    inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None) or address
    return address.is_global and inner.is_global and not address.is_multicast and address not in _TRANSLATED


async def look_up(host: str) -> list[str]:
    """All addresses of a name."""
    found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(item[4][0]) for item in found))


class _Guard(httpx.AsyncHTTPTransport):
    """Connects to the address that was judged; the certificate is still that of the name."""

    def __init__(self, lookup: Lookup, allows: Callable[[Address], bool]) -> None:
        # Kept connections would be shared by all names of one address.
        super().__init__(limits=httpx.Limits(max_keepalive_connections=0))
        self._lookup, self._allows = lookup, allows

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        try:
            found = [str(ip_address(host))]
        except ValueError:
            found = await self._lookup(host)
        if not found or not all(self._allows(ip_address(item.partition("%")[0])) for item in found):
            raise FetchError("its address is not a public one")
        request.extensions = {**request.extensions, "sni_hostname": host}
        request.url = request.url.copy_with(host=found[0])
        return await super().handle_async_request(request)


class Fetcher:
    """Fetches pages for one round; what it learned of robots.txt holds for that long.

    `seconds` is the limit for a page with all that it takes, `pause` the time between two requests to a host.
    """

    def __init__(
        self,
        contact: str = "",
        *,
        seconds: float = 30.0,
        pause: float = 2.0,
        lookup: Lookup = look_up,
        allows: Callable[[Address], bool] = is_public,
    ) -> None:
        agent = f"{NAME}/1.0 (checks whether cited pages changed{f'; {contact}' if contact else ''})"
        self._http = httpx.AsyncClient(
            transport=_Guard(lookup, allows),
            headers={"User-Agent": agent, "Accept": ", ".join(_READABLE), "Accept-Encoding": "gzip"},
            timeout=seconds,
        )
        self._seconds, self._pause = seconds, pause
        self._robots: dict[str, RobotFileParser] = {}
        self._turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def __aenter__(self) -> Fetcher:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def fetch(self, url: str, *, etag: str = "", last_modified: str = "") -> Fetched:
        """One page, unless it is the same as the state with that `etag` or day. Never raises for what a server does."""
        known = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        try:
            return await self._follow(url, {name: value for name, value in known.items() if value})
        except FetchError as error:
            return Fetched(Outcome.UNREADABLE, str(error))

    async def _follow(self, url: str, headers: dict[str, str]) -> Fetched:
        at, is_permanent = url, True
        for _ in range(MOST_REDIRECTS + 1):
            await self._ask_robots(at)
            answer, body = await self._get(at, headers)
            if answer.status_code not in _REDIRECTS or "location" not in answer.headers:
                return _judged(answer, body, url=url, at=at, is_permanent=is_permanent)
            is_permanent = is_permanent and answer.status_code in _PERMANENT
            try:
                at = urljoin(at, answer.headers["location"])
            except ValueError as error:
                raise FetchError("it leads to an address that is none") from error
        raise FetchError("it leads in circles")

    async def _ask_robots(self, url: str) -> None:
        parts = urlsplit(url)
        home = f"{parts.scheme}://{parts.netloc}"
        if home not in self._robots:
            self._robots[home] = await self._read_robots(f"{home}/robots.txt")
        rules = self._robots[home]
        if not rules.can_fetch(NAME, url):
            raise FetchError("its robots.txt asks not to read it")
        wait = float(rules.crawl_delay(NAME) or 0)
        if wait > LONGEST_CRAWL_DELAY:
            raise FetchError("its robots.txt asks for a longer pause than we make")

    async def _read_robots(self, url: str) -> RobotFileParser:
        """Its rules. Where there are none everything is allowed; where the server fails nothing is (RFC 9309)."""
        rules = RobotFileParser()
        for _ in range(MOST_REDIRECTS + 1):
            answer, body = await self._get(url, {})
            if answer.status_code not in _REDIRECTS or "location" not in answer.headers:
                break
            url = urljoin(url, answer.headers["location"])
        if answer.status_code >= 500:
            raise FetchError("its robots.txt cannot be read")
        rules.parse(body.decode("utf-8", "replace").splitlines() if answer.status_code == 200 else [])
        return rules

    async def _get(self, url: str, headers: dict[str, str]) -> tuple[httpx.Response, bytes]:
        """One request in its turn at its host.

        Raises:
            FetchError: no answer that can be read came in time.
        """
        if urlsplit(url).scheme not in ("http", "https"):
            raise FetchError("it leads to something else than a web page")
        host = urlsplit(url).hostname or ""
        async with self._turns[host]:
            try:
                async with asyncio.timeout(self._seconds):
                    return await self._stream(url, headers)
            except TimeoutError as error:
                raise FetchError("it takes too long") from error
            except OSError as error:
                raise FetchError("its name is not known") from error
            except (httpx.HTTPError, httpx.InvalidURL, zlib.error) as error:
                raise FetchError(_why(error)) from error
            finally:
                await asyncio.sleep(self._pause_at(url))

    def _pause_at(self, url: str) -> float:
        parts = urlsplit(url)
        rules = self._robots.get(f"{parts.scheme}://{parts.netloc}")
        return max(self._pause, min(float(rules.crawl_delay(NAME) or 0) if rules else 0.0, LONGEST_CRAWL_DELAY))

    async def _stream(self, url: str, headers: dict[str, str]) -> tuple[httpx.Response, bytes]:
        async with self._http.stream("GET", url, headers=headers, follow_redirects=False) as answer:
            raw = bytearray()
            async for chunk in answer.aiter_raw():
                raw += chunk
                if len(raw) > MOST_BYTES:
                    raise FetchError("it is too large")
        return answer, _unpacked(bytes(raw), answer.headers.get("content-encoding", "identity"))


def _why(error: Exception) -> str:
    if isinstance(error, httpx.TimeoutException):
        return "it takes too long"
    return "it cannot be reached" if isinstance(error, httpx.ConnectError) else "its answer cannot be read"


def _unpacked(raw: bytes, encoding: str) -> bytes:
    if encoding.strip().lower() in ("", "identity") or not raw:
        return raw
    if encoding.strip().lower() not in ("gzip", "x-gzip"):
        raise FetchError("its answer is packed in a way that nobody asked for")
    body = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(raw, MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise FetchError("it is too large")
    return body


def _judged(answer: httpx.Response, body: bytes, *, url: str, at: str, is_permanent: bool) -> Fetched:
    status, kind = answer.status_code, answer.headers.get("content-type", "")
    moved_to = at if is_permanent and _place(url) != _place(at) else ""
    if status == 304:
        return Fetched(Outcome.SAME, moved_to=moved_to)
    if status in _GONE:
        return Fetched(Outcome.GONE, f"the server says that there is no such page ({status})")
    if _place(url) != _place(at) and not urlsplit(at).path.strip("/") and urlsplit(url).path.strip("/"):
        return Fetched(Outcome.GONE, "it leads to the front page of the website now", moved_to=at)
    if status != 200:
        return Fetched(Outcome.UNREADABLE, f"the server refuses it ({status})")
    if kind and kind.partition(";")[0].strip().lower() not in _READABLE:
        return Fetched(Outcome.UNREADABLE, f"it is no text ({kind.partition(';')[0]})")
    return Fetched(
        Outcome.READ,
        body=body,
        content_type=kind,
        etag=answer.headers.get("etag", ""),
        last_modified=answer.headers.get("last-modified", ""),
        moved_to=moved_to,
    )


def _place(url: str) -> tuple[str, str, str]:
    """Where an address leads; http or https, www. and a slash at its end make no other place."""
    parts = urlsplit(url)
    return (parts.netloc.lower().removeprefix("www."), parts.path.rstrip("/"), parts.query)
