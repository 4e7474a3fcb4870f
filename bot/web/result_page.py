"""The public page `/programs/table`: programs of a search side by side, to sort, compare and share by its address.

The address names programs, an order and what is compared, and nothing about the person who searched.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from bot.programs.comparison import compare
from bot.programs.pricing import price_for_four_weeks
from bot.programs.program import Program
from bot.programs.search import MOST_LISTED
from bot.programs.service import shelves
from bot.programs.shared_list import LETTERS, PATH, programs_of
from bot.reply.parts import Comparison
from bot.web.api import WebParts, counted
from bot.web.page_words import RIGHT_TO_LEFT, language_of, words_in
from bot.web.program_list import template

MOST_COMPARED = 4
Codes = Annotated[str, Query(max_length=MOST_LISTED * LETTERS)]
Slugs = Annotated[list[str], Query(max_length=MOST_LISTED)]
Order = Literal["given", "fee", "lead", "length"]
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""As on all our pages, but for the form that asks for a comparison."""
router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Row:
    """A program; `fee` is dollars for four weeks or "free", `lead` months before the start, `length` weeks; "" if
    unknown."""

    program: Program
    fee: str
    lead: str
    length: str


@router.get(PATH, dependencies=[Depends(counted)])
def show_results(
    web: WebParts,
    request: Request,
    p: Codes = "",
    c: Slugs = [],  # noqa: B006
    sort: Order = "given",
) -> HTMLResponse:
    """The programs `p` in an order, those of `c` compared below; unknown ones are left out. The browser's language."""
    language = language_of(request.headers.get("accept-language", ""))
    with web.container.database.unit() as session:
        programs = in_order(programs_of(p, shelves(session).catalog), sort)
    compared = [program for program in programs if program.slug in c][:MOST_COMPARED]
    links = {name: "?" + urlencode({"p": p, "sort": name}) for name in ("fee", "lead", "length")}
    table: Comparison | None = None
    if len(compared) > 1:
        table = compare(compared, today=web.container.today(), say=web.responses.text)
    return HTMLResponse(
        template("results.html").render(
            _=words_in(language),
            language=language,
            direction="rtl" if language in RIGHT_TO_LEFT else "ltr",
            rows=[row(program) for program in programs],
            compared={program.slug for program in compared},
            table=table,
            codes=p,
            sort=sort,
            links=links,
            asked=len(c),
        ),
        headers={"Content-Security-Policy": POLICY, "Content-Language": language, "Vary": "Accept-Language"},
    )


def in_order(programs: Sequence[Program], sort: Order) -> list[Program]:
    """Cheapest, soonest or shortest first; what a page does not say comes last, never as the least."""
    measure = MEASURES.get(sort)
    if measure is None:
        return list(programs)
    return sorted(programs, key=lambda program: (measure(program) is None, measure(program) or 0.0))


def row(program: Program) -> Row:
    """The program with its measures in words."""
    price = price_for_four_weeks(program)
    return Row(
        program,
        "free" if program.fee_period == "free" else _span(price.low, price.high) if price else "",
        _span(program.apply_months_before_min, program.apply_months_before_max),
        _span(program.duration_weeks_min, program.duration_weeks_max),
    )


def _fee(program: Program) -> float | None:
    price = price_for_four_weeks(program)
    return 0.0 if program.fee_period == "free" else price.low if price else None


def _lead(program: Program) -> float | None:
    return (
        program.apply_months_before_min
        if program.apply_months_before_min is not None
        else program.apply_months_before_max
    )


def _length(program: Program) -> float | None:
    return program.duration_weeks_min if program.duration_weeks_min is not None else program.duration_weeks_max


MEASURES: dict[str, Callable[[Program], float | None]] = {"fee": _fee, "lead": _lead, "length": _length}


def _span(low: float | None, high: float | None) -> str:
    figures = (f"{figure:,.9g}" for figure in (low, high) if figure is not None)
    return "\N{EN DASH}".join(dict.fromkeys(figures))
