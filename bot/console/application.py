"""Puts the console together: an application of its own below /staff, with its own errors, headers and guard.

A new page is a module `bot/console/<page>.py` with `router = APIRouter()` and paths without /staff (`/inbox`). Add the
router to ROUTERS. Every route names a role (`requires`) or says `public`; otherwise the application does not start.
Its entry in the navigation (`pages.NAVIGATION`) appears with the route. Forms: method post, `{{ csrf() }}` inside,
answered by `see_other(request, "/inbox", "Done.")`.
"""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import Depends, FastAPI
from fastapi.routing import APIRoute, RouteContext
from fastapi.staticfiles import StaticFiles

from bot.console import (
    account_pages,
    answer_pages,
    audit_pages,
    candidate_pages,
    change_pages,
    coverage_page,
    discovery_pages,
    handoff_pages,
    home_page,
    inbox_pages,
    insight_pages,
    people_pages,
    question_pages,
    row_pages,
    sign_in_pages,
    topic_pages,
    trial_pages,
    user_pages,
    website_pages,
)
from bot.console.access import guard
from bot.console.context import Console
from bot.console.error_pages import add_error_pages
from bot.console.headers import ConsoleHeaders
from bot.console.rendering import FOLDER
from bot.console.routes import requirements_of, written_routes
from bot.delivery.limits import RateLimits

ROUTERS = (
    sign_in_pages.router,
    home_page.router,
    handoff_pages.router,
    inbox_pages.router,
    discovery_pages.router,
    topic_pages.router,
    question_pages.router,
    insight_pages.router,
    change_pages.router,
    candidate_pages.router,
    trial_pages.router,
    answer_pages.router,
    account_pages.router,
    user_pages.router,
    website_pages.router,
    audit_pages.router,
    *row_pages.ROUTERS,
    coverage_page.router,
    people_pages.router,
)


def install(app: FastAPI, console: Console) -> FastAPI:
    """Mounts the console; gives the mounted application.

    Raises:
        RuntimeError: a route does not say who may use it.
    """
    staff = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, dependencies=[Depends(guard)])
    staff.state.console = app.state.console = console
    staff.state.rates = RateLimits(console.container.settings.redis_url)
    for router in ROUTERS:
        staff.include_router(router)
    routes = written_routes(ROUTERS)
    require_declared_roles(routes)
    staff.state.paths = frozenset(route.path for route in routes)
    staff.mount("/static", StaticFiles(directory=FOLDER / "static"))
    add_error_pages(staff)
    staff.add_middleware(ConsoleHeaders)
    app.mount("/staff", staff)
    return staff


def require_declared_roles(routes: Iterable[RouteContext | APIRoute]) -> None:
    """Refuses a route that anybody could use because nobody thought about it."""
    silent = [str(route.path) for route in routes if len(requirements_of(route)) != 1]
    if silent:
        raise RuntimeError(f"console routes without exactly one declared role: {', '.join(silent)}")
