"""Stands before the API: requests that a foreign website starts are refused, those of a listed one may be read by it.

A browser tells the page's origin with every request that another website starts, and no page can forge it. Requests
without one come from no foreign page; they have the token and the limits to pass like all others.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.web.api_errors import error_response
from bot.web.sites import Sites

_PREFLIGHT_SECONDS = 7200


class OriginGate:
    """Refuses /api/ requests of foreign websites, and lets the listed ones read the answers (CORS)."""

    def __init__(self, app: ASGIApp, *, sites: Sites) -> None:
        self._app = app
        self._sites = sites
        self._cors = CORSMiddleware(
            app,
            allow_origin_regex=".*",
            allow_methods=["GET", "POST", "DELETE"],
            max_age=_PREFLIGHT_SECONDS,
            allow_headers=["Authorization", "Content-Type", "Last-Event-ID"],
            expose_headers=["Retry-After"],
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin, host = headers.get("origin", ""), headers.get("host", "")
        if not origin or self._sites.admits(origin, host=host):
            await (self._cors if origin else self._app)(scope, receive, send)
            return
        await error_response(403)(scope, receive, send)
