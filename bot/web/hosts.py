"""Under which names we answer: a page that makes our address its own (DNS rebinding) or poisons links gets nothing."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.web.api_errors import error_response

# Asked by load balancers and monitors, under whatever name they know us.
FOR_OPERATORS = frozenset({"/healthz", "/readyz", "/metrics"})


class Hosts:
    """The names of this installation: that of PUBLIC_URL, the address it listens on, and this machine's own.

    Without PUBLIC_URL, whoever listens on every address is reached by any of them; a number is no name that a foreign
    website could own.
    """

    def __init__(self, public: str, *, bound: str, is_public: bool) -> None:
        self._names = {urlsplit(public).hostname or "", bound.lower(), "localhost"} - {""}
        self._takes_any_number = not is_public and not _is_loopback(bound)

    def knows(self, host: str) -> bool:
        """Whether the Host header of a request, with or without a port, is one of ours."""
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        return name in self._names or _is_loopback(name) or (self._takes_any_number and _is_number(name))


class HostGate:
    """Refuses requests that were meant for somebody else, and addresses with a zero byte, which no browser sends."""

    def __init__(self, app: ASGIApp, *, hosts: Hosts) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._is_fine(scope):
            await self._app(scope, receive, send)
            return
        await error_response(400)(scope, receive, send)

    def _is_fine(self, scope: Scope) -> bool:
        if "\0" in scope["path"] or b"%00" in scope["query_string"]:
            return False
        return scope["path"] in FOR_OPERATORS or self._hosts.knows(Headers(scope=scope).get("host", ""))


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _is_loopback(name: str) -> bool:
    return name == "localhost" or (_is_number(name) and ipaddress.ip_address(name).is_loopback)
