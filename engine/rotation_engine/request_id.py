"""One id through the logs of a turn: the application names it, every line here has it, and the actions get it too."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars

HEADER = "x-request-id"
_FORM = re.compile(r"message-[0-9]{1,19}")
"""As the application makes it (`bot/observability.py`); anything else could be somebody's words."""


def begin(headers: Mapping[str, str]) -> None:
    """From here on everything is done for this request, as long as its task goes on."""
    clear_contextvars()
    if _FORM.fullmatch(given := headers.get(HEADER, "")):
        bind_contextvars(request_id=given)


def current() -> str:
    """The id of the request that is worked for; empty when it has none."""
    return str(get_contextvars().get("request_id", ""))


def field() -> dict[str, str]:
    """What a line says of it."""
    return {"request_id": found} if (found := current()) else {}


def install() -> None:
    """Sends the id along with what the engine asks of the action server."""
    from rasa.utils.endpoints import EndpointConfig

    ask = EndpointConfig.request

    async def ask_with_id(self: EndpointConfig, *args: Any, **options: Any) -> Any:
        return await ask(self, *args, **{**options, "headers": {HEADER: current(), **options.get("headers", {})}})

    EndpointConfig.request = ask_with_id
