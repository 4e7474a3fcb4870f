"""The console's routes as they are in the end, and what each demands: for the check at the start, and for tests."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import RouteContext, iter_route_contexts

from bot.console.access import RoleRequirement


def routes_of(staff: FastAPI) -> list[RouteContext]:
    """Every route, those of included routers too; call it before files are mounted, for they are no routes."""
    return list(iter_route_contexts(staff.routes))


def requirements_of(route: RouteContext) -> list[RoleRequirement]:
    """What a route demands, itself or through what it depends on; empty for what is not a page."""
    dependant: Dependant | None = getattr(route, "dependant", None)
    return list(_declared(dependant)) if dependant else []


def _declared(dependant: Dependant) -> Iterator[RoleRequirement]:
    for needed in dependant.dependencies:
        if isinstance(needed.call, RoleRequirement):
            yield needed.call
        yield from _declared(needed)
