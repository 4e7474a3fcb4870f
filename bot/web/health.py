"""For operators and load balancers: is it alive, can it answer, and how is it doing."""

from __future__ import annotations

import asyncio
import uuid
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import insert

from bot.db.base import Database
from bot.db.probe import Probe, try_write
from bot.delivery.engine_pool import EnginePool
from bot.delivery.tables import Conversation

router = APIRouter(tags=["operations"])


class Readiness:
    """The parts without which nothing is answered: the engine with what it needs, and both databases."""

    def __init__(self, engine: EnginePool, database: Database, tracker: Probe) -> None:
        self._engine = engine
        self._databases = {"database": Probe(lambda: _open_and_leave(database)), "tracker": tracker}

    async def parts(self) -> dict[str, dict[str, Any]]:
        """`{engine, model, actions, database, tracker: {ok, detail}}`."""
        parts, *states = await asyncio.gather(
            self._engine.parts(), *(_state(probe) for probe in self._databases.values())
        )
        return {**parts, **dict(zip(self._databases, states, strict=True))}


async def _state(probe: Probe) -> dict[str, Any]:
    fault = await probe.fault()
    return {"ok": not fault, "detail": fault}


def _open_and_leave(database: Database) -> None:
    """What a new visitor needs: a conversation, which is taken back before anybody sees it."""
    now = datetime.now(UTC)
    row = insert(Conversation).values(id=f"readyz:{uuid.uuid4()}", created_at=now, last_seen_at=now)
    try_write(database.engine, row)


def _readiness(request: Request) -> Readiness:
    readiness: Readiness = request.app.state.readiness
    return readiness


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """This process answers."""
    return {"status": "ok"}


@router.get("/readyz")
async def readyz(request: Request, readiness: Annotated[Readiness, Depends(_readiness)]) -> JSONResponse:
    """Whether a question would be answered and kept: engine, model, actions and both databases, each with its fault.

    Telegram is told, where it is on, and makes nothing unready: the website goes on without it.
    """
    parts = await readiness.parts()
    ready = all(part["ok"] for part in parts.values())
    if telegram := request.app.state.telegram:
        parts["telegram"] = {"ok": not telegram.trouble, "detail": telegram.trouble or telegram.mode}
    return JSONResponse({"status": "ready" if ready else "not ready", "parts": parts}, 200 if ready else 503)


@router.get("/metrics", response_class=Response)
async def metrics() -> Response:
    """Prometheus."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
