"""The console's routes and what each demands: for the check at the start, and for tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fastapi import APIRouter, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts

from bot.console.access import RoleRequirement


def routes_of(staff: FastAPI) -> list[RouteContext]:
    """Every route as it is in the end, those of included routers too; what is mounted is among them."""
    return list(iter_route_contexts(staff.routes))


def written_routes(routers: Iterable[APIRouter]) -> list[APIRoute]:
    """The routes of routers as they were written, which say what they demand, too, and are there without any work.

    Raises:
        RuntimeError: something else than a page stands in a router.
    """
    found = [route for router in routers for route in router.routes]
    pages = [route for route in found if isinstance(route, APIRoute)]
    if len(pages) < len(found):
        raise RuntimeError("a router of the console has something else than pages")
    return pages


def requirements_of(route: RouteContext | APIRoute) -> list[RoleRequirement]:
    """What a route demands, itself or through what it depends on; empty for what is not a page."""
    dependant: Dependant | None = getattr(route, "dependant", None)
    return list(_declared(dependant)) if dependant else []


def _declared(dependant: Dependant) -> Iterator[RoleRequirement]:
    for needed in dependant.dependencies:
        if isinstance(needed.call, RoleRequirement):
            yield needed.call
        yield from _declared(needed)
