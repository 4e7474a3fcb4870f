"""The chat for other websites: the loader, the built component under versioned names, the iframe and a playground."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from os import PathLike, stat_result
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Query, Request
from fastapi.responses import FileResponse, JSONResponse
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.routing import Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from bot.web.api import WebParts, counted
from bot.web.api_errors import error_response
from bot.websites.service import LONGEST

STATIC = Path(__file__).parent / "static"
BUILT = STATIC / "widget"
FRAME_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)
PLAYGROUND_POLICY = FRAME_POLICY.replace("connect-src 'self'", "connect-src 'self'; frame-src 'self'")
_PICTURE = re.compile(r"https://[a-z0-9.-]+(:\d+)?(?=/)", re.IGNORECASE)
_VERSIONED = re.compile(r"-[0-9a-f]{12}\.(js|json)$")
router = APIRouter(include_in_schema=False)


@lru_cache
def manifest() -> dict[str, dict[str, str]]:
    """The built files: `{component | frame | loader: {file, integrity}}`, as widget/build.mjs wrote them."""
    built: dict[str, dict[str, str]] = json.loads((BUILT / "manifest.json").read_text(encoding="utf8"))
    return built


class BuiltFiles(StaticFiles):
    """Open to all origins; a name that carries a hash may be kept for a year, other names are asked for again."""

    def file_response(
        self, full_path: str | PathLike[str], stat_result: stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """The file, or 304."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        is_lasting = _VERSIONED.search(str(full_path)) and not scope.get("is_alias")
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if is_lasting else "public, no-cache"
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response


class _Alias:
    """A lasting name for the newest build of one part."""

    def __init__(self, files: BuiltFiles, part: str) -> None:
        self._files = files
        self._part = part

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope = {**scope, "is_alias": True}
        response = await self._files.get_response(manifest()[self._part]["file"], scope)
        await response(scope, receive, send)


@router.get("/widget/playground")
async def playground() -> FileResponse:
    """Every option, live."""
    return _page("playground.html", PLAYGROUND_POLICY)


@router.get("/widget/frame")
async def frame(
    web: WebParts,
    site: Annotated[str, Query(max_length=200)] = "",
    logo: Annotated[str, Query(max_length=LONGEST["logo"])] = "",
) -> FileResponse:
    """The chat alone, for an iframe; only the websites of the site key may hold it. It may show the owner's logo."""
    kept = web.websites.get(site)
    pictures = _PICTURE.match(logo or (kept.logo if kept else ""))
    holders = " ".join(["'self'", *web.sites.origins(site)])
    policy = FRAME_POLICY.replace("frame-ancestors 'self'", f"frame-ancestors {holders}")
    if pictures:
        policy = policy.replace("img-src 'self'", f"img-src 'self' {pictures[0]}")
    return _page("frame.html", policy)


@router.get("/widget/check", dependencies=[Depends(counted)])
async def check(
    web: WebParts,
    request: Request,
    site: Annotated[str, Query(max_length=200)] = "",
    origin: Annotated[str, Query(max_length=300)] = "",
) -> Response:
    """How the chat looks on the asking website, `{options, style}`; 204 if nothing was set up, 403 if it is not listed.

    `origin` asks for another website than the asking one; who may embed the chat is no secret (`frame-ancestors`).
    """
    asked, host = origin or request.headers.get("origin", ""), request.headers.get("host", "")
    is_listed = not asked or web.sites.admits(asked, host="" if origin else host, site=site)
    kept = web.websites.get(site)
    response = Response(status_code=204)
    if not is_listed:
        response = error_response(403)
    elif kept:
        response = JSONResponse({"options": kept.options, "style": kept.style}, headers={"Cache-Control": "no-store"})
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@router.get("/widget/manifest.json")
async def built() -> dict[str, dict[str, str]]:
    """The versioned names with their integrity values."""
    return manifest()


def install(app: FastAPI) -> None:
    """Add all addresses of the widget."""
    files = BuiltFiles(directory=BUILT)
    app.include_router(router)
    for path, part in (("/widget.js", "loader"), ("/widget/rotation-chat.js", "component")):
        app.router.routes.append(Route(path, GZipMiddleware(_Alias(files, part))))
    app.mount("/widget", GZipMiddleware(files))


def _page(name: str, policy: str) -> FileResponse:
    headers: dict[str, Any] = {"Cache-Control": "no-cache", "Content-Security-Policy": policy}
    return FileResponse(STATIC / name, headers=headers)
