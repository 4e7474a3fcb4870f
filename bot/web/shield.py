"""Around every request: a size limit, security headers, and a count. Plain ASGI, so that streams stay streams."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.observability import REQUESTS
from bot.web.api_errors import error_response

LARGEST_BODY = 64 * 1024
LARGEST_FORM = 1024 * 1024  # Staff paste many sentences at once.
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


class Shield:
    """Security headers where a route set none of its own; requests counted by route and status."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_shielded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                has_own_policy = "Content-Security-Policy" in headers  # Then it says who may frame the page.
                for name, value in SECURITY_HEADERS.items():
                    if not (has_own_policy and name == "X-Frame-Options"):
                        headers.setdefault(name, value)
                route = scope.get("root_path", "") + getattr(scope.get("route"), "path", "other")
                REQUESTS.labels(scope["method"], route, message["status"]).inc()
            await send(message)

        await self._app(scope, receive, send_shielded)


class BodyLimit:
    """Refuses a body over 64 KB under /api/, over 1 MB under /staff/, whether its length is declared or not."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        most = _largest(scope["path"]) if scope["type"] == "http" else None
        if most is None:
            await self._app(scope, receive, send)
            return
        body = await _read(scope, receive, most=most)
        if body is None:
            await error_response(413)(scope, receive, send)
            return
        await self._app(scope, _replay(body, receive), send)


def _largest(path: str) -> int | None:
    return LARGEST_BODY if path.startswith("/api/") else LARGEST_FORM if path.startswith("/staff/") else None


async def _read(scope: Scope, receive: Receive, *, most: int) -> bytes | None:
    """The body, or None when it is too large."""
    declared = dict(scope["headers"]).get(b"content-length", b"0")
    if declared.isdigit() and int(declared) > most:
        return None
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return body
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > most:
            return None
    return body


def _replay(body: bytes, receive: Receive) -> Receive:
    """Hands out the body that was read, then whatever follows (a disconnect)."""
    unread: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return unread.pop() if unread else await receive()

    return again
