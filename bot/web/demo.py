"""The demo page at `/`, which embeds the chat as a website would, and its files; nothing comes from a third party."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles

STATIC = Path(__file__).parent / "static"
router = APIRouter(include_in_schema=False)
static_files = StaticFiles(directory=STATIC)


@router.get("/")
async def page() -> FileResponse:
    """The demo page."""
    return FileResponse(STATIC / "index.html", headers={"Cache-Control": "no-cache"})
