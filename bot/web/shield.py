"""Around every request: a size limit, security headers, and a count. Plain ASGI, so that streams stay streams."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.observability import REQUESTS
from bot.web.api_errors import error_response

LARGEST_BODY = 64 * 1024
LARGEST_FORM = 1024 * 1024  # Staff paste many sentences at once, and Telegram sends large updates.
_LONGEST_LENGTH = 12  # digits of a declared length that are worth reading
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

ONLY_HTTPS = "max-age=31536000"


class Shield:
    """Security headers where a route set none of its own; requests counted by route and status.

    `is_https`: people reach us encrypted, so browsers are told to come in no other way.
    """

    def __init__(self, app: ASGIApp, *, is_https: bool = False) -> None:
        self._app = app
        self._headers = SECURITY_HEADERS | ({"Strict-Transport-Security": ONLY_HTTPS} if is_https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_shielded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                has_own_policy = "Content-Security-Policy" in headers  # Then it says who may frame the page.
                for name, value in self._headers.items():
                    if not (has_own_policy and name == "X-Frame-Options"):
                        headers.setdefault(name, value)
                route = scope.get("root_path", "") + getattr(scope.get("route"), "path", "other")
                REQUESTS.labels(scope["method"], route, message["status"]).inc()
            await send(message)

        await self._app(scope, receive, send_shielded)


class BodyLimit:
    """Refuses a body over 64 KB, under /staff/ and /telegram/ over 1 MB, whether its length is declared or not."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            body = await _read(scope, receive, most=_largest(scope["path"]))
        except _TooLargeError:
            await error_response(413)(scope, receive, send)
            return
        if body is not None:
            await self._app(scope, _replay(body, receive), send)


class _TooLargeError(Exception):
    """The body is over the limit."""


def _largest(path: str) -> int:
    return LARGEST_FORM if path.startswith(("/staff/", "/telegram/")) else LARGEST_BODY


async def _read(scope: Scope, receive: Receive, *, most: int) -> bytes | None:
    """The body, or None when the sender left before its end: half a form is not what somebody wanted to say.

    Raises:
        _TooLargeError: it is over `most` bytes.
    """
    declared = dict(scope["headers"]).get(b"content-length", b"0")
    if declared.isdigit() and (len(declared) > _LONGEST_LENGTH or int(declared) > most):
        raise _TooLargeError
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        more = message.get("more_body", False)
        if size > most:
            raise _TooLargeError
    return b"".join(parts)


def _replay(body: bytes, receive: Receive) -> Receive:
    """Hands out the body that was read, then whatever follows (a disconnect)."""
    unread: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return unread.pop() if unread else await receive()

    return again
