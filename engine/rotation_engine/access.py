"""Who may call the engine: every account of the machine reaches loopback, and so does every page in its browsers.

Rasa's own `--auth-token` leaves the channels open and stands on the command line for all to read. Ours comes in the
environment, stands before every route, and is taken as `Authorization: Bearer` or as `?token=`.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rotation_engine import logs, request_id, tracing

HARMLESS = {("GET", "/"), ("GET", "/version"), ("GET", "/status")}
"""What tells nothing of anybody and changes nothing: is it up, and with which model?"""
ASKING = {("POST", "/webhooks/rest/webhook"), ("POST", "/webhooks/rest/parse"), ("POST", "/model/parse")}
"""What measuring needs, as somebody new; see `Access.refusal`."""
PEOPLE = ("web:", "tg:")
"""How the conversations of real people begin; nobody speaks in one of them without the token."""
BEARER = "bearer "


@dataclass(frozen=True)
class Access:
    """`key` is what callers must know (empty: nothing); `is_closed` asks for it even where somebody new only asks."""

    key: str
    is_closed: bool = False

    @classmethod
    def from_environment(cls) -> Access:
        """As the application has set it; an engine that is started by hand asks for nothing."""
        return cls(os.environ.get("BOT_ENGINE_KEY", ""), bool(os.environ.get("BOT_ENGINE_CLOSED")))

    def refusal(self, method: str, path: str, headers: Mapping[str, str], *, token: str, body: Any) -> int:
        """The status of a refused request, or 0. `body` is the JSON of the request, None when it has none.

        A page of another website can send a form or plain text without asking first, but no JSON. A page that turned
        its own name into ours could, but a browser sends its `Origin` along, which no tool does.
        """
        if method not in {"GET", "HEAD", "OPTIONS", "DELETE"} and not _is_json(headers):
            return 415
        if not self.key or (method, path) in HARMLESS or self._knows(headers, token):
            return 0
        is_open = (method, path) in ASKING and not self.is_closed
        return 0 if is_open and "origin" not in headers and not _speaks_for_people(body) else 401

    def _knows(self, headers: Mapping[str, str], token: str) -> bool:
        header = headers.get("authorization", "")
        given = header[len(BEARER) :] if header.lower().startswith(BEARER) else token
        return hmac.compare_digest(given.encode(), self.key.encode())


def _is_json(headers: Mapping[str, str]) -> bool:
    return headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json"


def _speaks_for_people(body: Any) -> bool:
    sender = body.get("sender") if isinstance(body, dict) else None
    return sender is not None and str(sender).startswith(PEOPLE)


def guard(app: Any, access: Access) -> None:
    """Puts the check before every route of a Sanic application, and keeps its logs private once it serves."""
    from sanic.exceptions import InvalidUsage
    from sanic.response import json

    async def check(request: Any) -> Any:
        request_id.begin(request.headers)
        tracing.join(request.headers)
        logs.say_everything(request.path == "/model")
        try:
            body = request.json
        except InvalidUsage:
            body = None  # Rasa words what is wrong with it.
        refused = access.refusal(
            request.method, request.path, request.headers, token=request.args.get("token") or "", body=body
        )
        return json({"status": "failure", "reason": "NotAuthorized", "code": refused}, refused) if refused else None

    async def serving(_app: Any, _loop: Any) -> None:
        logs.keep_private()

    app.register_middleware(check, "request")
    app.register_listener(serving, "after_server_start")


def install() -> None:
    """Guards the application that Rasa's command line is about to make."""
    import rasa.core.run

    configure = rasa.core.run.configure_app

    def configure_guarded(*args: Any, **kwargs: Any) -> Any:
        app = configure(*args, **kwargs)
        guard(app, Access.from_environment())
        return app

    rasa.core.run.configure_app = configure_guarded
