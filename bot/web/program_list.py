"""The public page `/programs`: what the database covers, how fresh it is, and every program with its source."""

from __future__ import annotations

from functools import cache
from itertools import groupby
from pathlib import Path

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from bot.programs.service import program_coverage
from bot.web.api import WebParts, counted

TEMPLATES = Path(__file__).parent / "templates"
router = APIRouter(include_in_schema=False)


@router.get("/programs", dependencies=[Depends(counted)])
def show_programs(web: WebParts) -> HTMLResponse:
    """The page; `#<slug>` leads to a program."""
    with web.container.database.unit() as session:
        found = program_coverage(session)
    ordered = sorted(found.oldest, key=lambda item: (item.program.state or "~", item.program.title))
    groups = [(state, list(items)) for state, items in groupby(ordered, key=lambda item: item.program.state)]
    return HTMLResponse(template("programs.html").render(found=found, groups=groups))


@cache
def template(name: str) -> Template:
    """A public page below `templates/`."""
    made = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    return made.get_template(name)
