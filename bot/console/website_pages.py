"""Websites that embed the chat, for administrators: who may, and how it looks there. Changes count at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from bot.console.access import Role, Staff, requires
from bot.console.context import console_of
from bot.console.rendering import page, see_other
from bot.staff.audit import audit
from bot.websites.service import (
    LONGEST,
    Website,
    WebsiteError,
    contrast,
    drop_website,
    keep_website,
    read_website,
    website_of,
)
from bot.websites.store import website_rows

LANGUAGES = {
    "": "like the page",
    "en": "English",
    "es": "Spanish",
    "ar": "Arabic",
    "pt": "Portuguese",
    "fr": "French",
    "hi": "Hindi",
}
router = APIRouter()
Admin = Annotated[Staff, requires(Role.ADMIN)]


@router.get("/websites")
def show_websites(request: Request, _: Admin, key: Annotated[str, Query(max_length=40)] = "") -> Response:
    """All websites, and a form for one: the one of `key`, or a new one."""
    return _show(request, key=key)


@router.post("/websites")
async def keep(request: Request, staff: Admin) -> Response:
    """Add a website, or replace the one of its key; what cannot be kept stays in the form with the reason."""
    typed = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    console = console_of(request)
    try:
        website = read_website(typed)
    except WebsiteError as error:
        return _show(request, typed=typed, problem=str(error))
    with console.database.unit() as session:
        before = keep_website(session, website, author=staff.name, now=datetime.now(UTC))
        audit(session, staff, "keep a website", f"website {website.key}", before, asdict(website))
    console.websites.renew()
    return see_other(request, f"/websites?key={website.key}", "Kept. It counts from now on.")


@router.post("/websites/{key}/delete")
def drop(request: Request, staff: Admin, key: str) -> Response:
    """Take a website away; its pages are refused from then on."""
    console = console_of(request)
    with console.database.unit() as session:
        if before := drop_website(session, key):
            audit(session, staff, "delete a website", f"website {key}", before, None)
    console.websites.renew()
    return see_other(request, "/websites", "Deleted; its pages are refused from now on.")


def _show(request: Request, *, key: str = "", typed: Mapping[str, str] | None = None, problem: str = "") -> Response:
    console = console_of(request)
    with console.database.look() as session:
        rows = website_rows(session)
        kept = [(website_of(row), row.changed_by, row.changed_at) for row in rows]
    chosen = next((site for site, _, _ in kept if site.key == key), None)
    shown = asdict(chosen or Website("", ()))
    values = {**shown, "origins": "\n".join(shown["origins"]), **(typed or {})}
    return page(
        request,
        "websites.html",
        status=422 if problem else 200,
        kept=kept,
        values=values,
        chosen=chosen,
        problem=problem,
        listed=console.container.settings.sites,
        languages=LANGUAGES,
        longest=LONGEST,
        address=console.container.settings.base_url,
        is_pale=bool(chosen and chosen.accent and contrast(chosen.accent, "#ffffff") < 4.5),
    )
