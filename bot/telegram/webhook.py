"""The address to which Telegram posts updates. Two secrets guard it: one in the path, one in a header."""

from __future__ import annotations

import asyncio
import hmac
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response

from bot.telegram.gateway import WEBHOOK, Gateway

PATIENCE_SECONDS = 10.0
LARGEST_BODY = 1024 * 1024
router = APIRouter(include_in_schema=False)


@router.post("/telegram/{path}")
async def receive(
    request: Request, path: str, x_telegram_bot_api_secret_token: Annotated[str, Header()] = ""
) -> Response:
    """200 when the update is stored, or noted as unreadable; 503 asks Telegram to come again."""
    gateway: Gateway | None = getattr(request.app.state, "telegram", None)
    if gateway is None or gateway.mode != WEBHOOK:
        return Response(status_code=404)
    wanted_path, wanted_header = gateway.secrets
    is_path = hmac.compare_digest(path.encode(), wanted_path.encode())
    is_header = hmac.compare_digest(x_telegram_bot_api_secret_token.encode(), wanted_header.encode())
    if not (is_path and is_header):
        return Response(status_code=403 if is_path else 404)
    if not gateway.is_ready:
        return Response(status_code=503)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await gateway.receive(await _read(request))
    except TimeoutError:
        return Response(status_code=503)
    return Response(status_code=200)


async def _read(request: Request) -> object:
    """The update as JSON; None when it is none. Telegram alone knows the secrets and brings anew what is turned away,
    so that what cannot be read has to be taken too."""
    if int(request.headers.get("content-length") or 0) > LARGEST_BODY:
        return None
    try:
        return await request.json()
    except (ValueError, RecursionError):
        return None
