"""Facts: fees, dates and rules behind plans and costs; look up, correct, add, confirm, retire; it counts at once."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response

from bot.console import row_pages as pages
from bot.console.context import console_of
from bot.console.row_pages import Keeper, Kind, Reader, Sent
from bot.programs import program as known
from bot.programs.importer import export_facts
from bot.programs.rows import FACT_COLUMNS
from bot.programs.upkeep import service as upkeep
from bot.programs.upkeep.store import find_fact, find_facts

router = APIRouter()
KIND = Kind("fact", "key", FACT_COLUMNS, find_fact, upkeep.put_fact, lambda: {"confidence": known.CONFIDENCES})


@router.get("/facts")
def show_list(
    request: Request, _: Reader, q: str = "", state: str = "live", page: Annotated[int, Query(le=100_000)] = 1
) -> Response:
    """Search and the queue of those that nobody looked at for a year."""
    return pages.show_list(request, KIND, find_facts, words=q, state=state, number=page)


@router.get("/facts/export.csv")
def export(request: Request, _: Reader) -> Response:
    """The live facts as the CSV that `bot import facts` reads."""
    with console_of(request).database.unit() as session:
        text = export_facts(session)
    name = {"Content-Disposition": 'attachment; filename="facts.csv"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=name)


@router.get("/facts/new")
def show_new(request: Request, _: Keeper) -> Response:
    """An empty form."""
    return pages.show_new(request, KIND)


@router.post("/facts/new")
def add(request: Request, staff: Keeper, sent: Sent) -> Response:
    """A new fact."""
    return pages.save(request, KIND, staff, sent)


@router.get("/facts/{key}")
def show_one(request: Request, _: Reader, key: str) -> Response:
    """One fact with its history."""
    return pages.show_one(request, KIND, key)


@router.post("/facts/{key}")
def change(request: Request, staff: Keeper, key: str, sent: Sent) -> Response:
    """Other cells."""
    return pages.save(request, KIND, staff, sent, name=key)


@router.post("/facts/{key}/confirm")
def confirm(request: Request, staff: Keeper, key: str) -> Response:
    """Looked at today, nothing to change."""
    today = console_of(request).today()
    return pages.act(request, KIND, key, "Confirmed.", lambda s, row: upkeep.confirm(s, staff, row, today=today))


@router.post("/facts/{key}/retire")
def retire(request: Request, staff: Keeper, key: str, reason: Annotated[str, Form()] = "") -> Response:
    """No longer found by anybody."""
    said = "Retired. Nobody finds it any more; you can bring it back below."
    return pages.act(
        request, KIND, key, said, lambda s, row: upkeep.retire(s, staff, row, reason=reason, now=pages.now())
    )


@router.post("/facts/{key}/bring-back")
def bring_back(request: Request, staff: Keeper, key: str) -> Response:
    """Offered again."""
    return pages.act(request, KIND, key, "It can be found again.", lambda s, row: upkeep.bring_back(s, staff, row))
