"""What the program database covers and where it is thin."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response

from bot.console.access import Role, Staff, requires
from bot.console.context import console_of
from bot.console.rendering import page
from bot.programs.program import CONFIDENCES, ROTATION_TYPES
from bot.programs.service import program_coverage

router = APIRouter()
OLDEST = 25


@router.get("/coverage")
def show_coverage(request: Request, _: Annotated[Staff, requires(Role.VIEWER)]) -> Response:
    """State by type and audience, what share of the pages says what, and what nobody looked at for longest."""
    with console_of(request).database.unit() as session:
        found = program_coverage(session)
    return page(
        request,
        "coverage.html",
        found=found,
        types=ROTATION_TYPES,
        confidences=CONFIDENCES,
        oldest=found.oldest[:OLDEST],
    )
