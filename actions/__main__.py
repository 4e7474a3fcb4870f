"""The action server: `python -m actions`. One process, on loopback by default; the SDK's own command forks workers and
listens on every address unless told otherwise.
"""

from __future__ import annotations

import hmac
from typing import Any

from asgi_correlation_id import correlation_id
from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import Request, Sanic
from sanic.response import HTTPResponse
from sanic.response import json as answer

from bot.observability import configure_logging
from bot.private_files import be_private
from bot.settings import settings
from bot.tracing import configure_tracing, join

HEALTH = "/health"


def guard(app: Sanic[Any, Any], key: str) -> None:
    """Lets in who knows the key and speaks JSON; everybody may ask whether the server is up. An empty key is no key.

    An action call carries a whole conversation, and its answer can say what is known about anybody.
    """

    async def check(request: Request) -> HTTPResponse | None:
        if request.path == HEALTH:
            return None
        known = request.headers.get("authorization", "").encode()
        if key and not hmac.compare_digest(known, f"Bearer {key}".encode()):
            return answer({"error": "This server is asked by its engine only."}, 401)
        if request.method == "POST" and not request.headers.get("content-type", "").startswith("application/json"):
            return answer({"error": "Ask in JSON."}, 415)
        correlation_id.set(request.headers.get("x-request-id"))
        join(request.headers)
        return None

    app.register_middleware(check, "request")


def main() -> None:
    """Serves all actions of this package until it is ended."""
    be_private()
    configure_logging()
    configure_tracing("rotation-actions", settings().otel_exporter_otlp_endpoint)
    executor = ActionExecutor()
    executor.register_package("actions")
    app = create_app(executor, cors_origins=[])
    guard(app, settings().engine_key())
    app.run(
        host=settings().actions_host, port=settings().actions_port, single_process=True, access_log=False, motd=False
    )


if __name__ == "__main__":
    main()
