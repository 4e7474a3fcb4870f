"""For operators and load balancers: is it alive, can it answer, and how is it doing."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.db.base import Database
from bot.web.api import WebParts

_DATABASE_SECONDS = 2.0
router = APIRouter(tags=["operations"])


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """This process answers."""
    return {"status": "ok"}


@router.get("/readyz")
async def readyz(web: WebParts) -> JSONResponse:
    """Whether a question would be answered: engine, model, actions and database, each with what is wrong."""
    parts, database = await asyncio.gather(web.engine.parts(), _database(web.container.database))
    parts |= {"database": database}
    ready = all(part["ok"] for part in parts.values())
    return JSONResponse({"status": "ready" if ready else "not ready", "parts": parts}, 200 if ready else 503)


@router.get("/metrics", response_class=Response)
async def metrics() -> Response:
    """Prometheus."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


async def _database(database: Database) -> dict[str, Any]:
    try:
        await asyncio.wait_for(asyncio.to_thread(_ask, database), _DATABASE_SECONDS)
    except (SQLAlchemyError, TimeoutError) as error:
        return {"ok": False, "detail": type(error).__name__}
    return {"ok": True, "detail": database.engine.dialect.name}


def _ask(database: Database) -> None:
    with database.unit() as session:
        session.execute(text("SELECT 1"))
