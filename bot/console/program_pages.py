"""Programs: look up, correct, add, confirm, retire; all of it counts at once."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response

from bot.console import row_pages as pages
from bot.console.context import console_of
from bot.console.row_pages import Keeper, Kind, Reader, Sent
from bot.programs import program as known
from bot.programs.aliases import ALIASES
from bot.programs.importer import export_programs
from bot.programs.rows import COLUMNS
from bot.programs.upkeep import service as upkeep
from bot.programs.upkeep.store import find_program, find_programs
from bot.programs.vocabulary import vocabulary

router = APIRouter()


def _choices() -> dict[str, tuple[str, ...]]:
    return {
        "provider_type": known.PROVIDER_TYPES,
        "route": known.ROUTES,
        "rotation_types": known.ROTATION_TYPES,
        "audience": known.AUDIENCES,
        "level": known.LEVELS,
        "fee_period": known.FEE_PERIODS,
        "confidence": known.CONFIDENCES,
        "state": tuple(sorted(vocabulary().codes)),
        "yes_no": ("yes", "no"),
        "accepts_international": ("yes", "no", "restricted"),
        "hands_on": ("yes", "no", "mixed"),
        "lor": ("yes", "no", "case_by_case"),
    }


KIND = Kind("program", "slug", (*COLUMNS, ALIASES), find_program, upkeep.put_program, _choices)


@router.get("/programs")
def show_list(
    request: Request,
    _: Reader,
    q: str = "",
    state: str = "live",
    us_state: str = "",
    page: Annotated[int, Query(le=100_000)] = 1,
) -> Response:
    """Search and the queue of those that nobody looked at for a year."""
    return pages.show_list(request, KIND, find_programs, words=q, state=state, number=page, us_state=us_state)


@router.get("/programs/export.csv")
def export(request: Request, _: Reader) -> Response:
    """The live programs as the CSV that `bot import programs` reads."""
    with console_of(request).database.unit() as session:
        text = export_programs(session)
    name = {"Content-Disposition": 'attachment; filename="programs.csv"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=name)


@router.get("/programs/new")
def show_new(request: Request, _: Keeper) -> Response:
    """An empty form."""
    return pages.show_new(request, KIND)


@router.post("/programs/new")
def add(request: Request, staff: Keeper, sent: Sent) -> Response:
    """A new program."""
    return pages.save(request, KIND, staff, sent)


@router.get("/programs/{slug}")
def show_one(request: Request, _: Reader, slug: str) -> Response:
    """One program with its history."""
    return pages.show_one(request, KIND, slug)


@router.post("/programs/{slug}")
def change(request: Request, staff: Keeper, slug: str, sent: Sent) -> Response:
    """Other cells."""
    return pages.save(request, KIND, staff, sent, name=slug)


@router.post("/programs/{slug}/confirm")
def confirm(request: Request, staff: Keeper, slug: str) -> Response:
    """Looked at today, nothing to change."""
    today = console_of(request).today()
    return pages.act(request, KIND, slug, "Confirmed.", lambda s, row: upkeep.confirm(s, staff, row, today=today))


@router.post("/programs/{slug}/retire")
def retire(request: Request, staff: Keeper, slug: str, reason: Annotated[str, Form()] = "") -> Response:
    """No longer found by anybody."""
    said = "Retired. Nobody finds it any more; you can bring it back below."
    return pages.act(
        request, KIND, slug, said, lambda s, row: upkeep.retire(s, staff, row, reason=reason, now=pages.now())
    )


@router.post("/programs/{slug}/bring-back")
def bring_back(request: Request, staff: Keeper, slug: str) -> Response:
    """Offered again."""
    return pages.act(request, KIND, slug, "It can be found again.", lambda s, row: upkeep.bring_back(s, staff, row))
