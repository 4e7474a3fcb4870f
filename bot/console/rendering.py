"""Makes pages: the template, who is signed in, the token of its forms, the navigation, and the line after an action."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from itsdangerous import BadSignature, URLSafeTimedSerializer
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from bot.console import labels
from bot.console.context import console_of
from bot.reply.prose import prose
from bot.staff.roles import Role, Staff

FOLDER = Path(__file__).parent
HOME = "/staff/"
FLASH_COOKIE = "staff_flash"
_FLASH_SECONDS = 60
NEEDED = Markup('<span class="needed" aria-hidden="true">required</span>')
"""Behind the label of a field that must be filled in, where others may be left out; the field itself tells readers."""
POLL = "x-poll"
"""What a page asks by itself carries this header: an open tab alone does not keep a session alive."""


@dataclass(frozen=True)
class Place:
    """One entry of the navigation; shown to whoever may see it, as soon as there is a page at its path."""

    title: str
    path: str
    role: Role = Role.VIEWER
    counts: str = ""
    """The name of its number in `/counts`, which stands beside it."""


NAVIGATION = (
    (
        "Review",
        (
            Place("Inbox", "/inbox", counts="inbox"),
            Place("Discovery", "/discovery"),
            Place("People waiting", "/handoff", counts="waiting"),
        ),
    ),
    (
        "Content",
        (
            Place("Changes", "/changes"),
            Place("Answers", "/answers"),
            Place("Programs", "/programs"),
            Place("Facts", "/facts"),
            Place("Coverage", "/coverage"),
        ),
    ),
    ("Results", (Place("Insights", "/insights"),)),
    (
        "Office",
        (
            Place("Websites", "/websites", Role.ADMIN),
            Place("Users", "/users", Role.ADMIN),
            Place("Delete a person", "/people", Role.ADMIN),
            Place("Audit log", "/audit", Role.ADMIN),
        ),
    ),
)


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page from a template below `templates/`; `staff`, `navigation` and `said` are there without asking."""
    said, is_bad = _take_flash(request)
    ready = {"staff": getattr(request.state, "staff", None), "said": said, "is_bad": is_bad, "request": request}
    ready |= {"navigation": _navigation(request)}
    response = HTMLResponse(environment().get_template(template).render(ready | values), status)
    if said:
        response.delete_cookie(FLASH_COOKIE, path="/staff")
    return response


def see_other(request: Request, path: str, said: str = "", *, is_bad: bool = False) -> RedirectResponse:
    """After a form: go to the page at `path` (below /staff), which shows the line `said` once."""
    response = RedirectResponse(f"/staff{path}", 303)
    if said:
        line = _signer(request).dumps([said, is_bad])
        response.set_cookie(
            FLASH_COOKIE,
            line,
            max_age=_FLASH_SECONDS,
            path="/staff",
            httponly=True,
            samesite="lax",
            secure=is_https(request),
        )
    return response


def is_https(request: Request) -> bool:
    """Whether people reach the console encrypted, so that cookies may insist on it."""
    return console_of(request).container.settings.base_url.startswith("https://")


def paths_of(request: Request) -> frozenset[str]:
    """The paths at which this console has something."""
    paths: frozenset[str] = request.app.state.paths
    return paths


def _navigation(request: Request) -> list[tuple[str, list[dict[str, Any]]]]:
    staff: Staff | None = getattr(request.state, "staff", None)
    if staff is None:
        return []
    here, known = request.url.path.removeprefix("/staff"), paths_of(request)
    groups = [
        (
            group,
            [
                {
                    "title": place.title,
                    "href": f"/staff{place.path}",
                    "is_here": _is_below(here, place.path),
                    "counts": place.counts,
                }
                for place in places
                if staff.may(place.role) and place.path in known
            ],
        )
        for group, places in NAVIGATION
    ]
    return [(group, links) for group, links in groups if links]


def _is_below(here: str, path: str) -> bool:
    return here == path or here.startswith(f"{path}/")


def _take_flash(request: Request) -> tuple[str, bool]:
    if POLL in request.headers:  # A page that asks by itself takes away nothing that a person shall read.
        return "", False
    try:
        said, is_bad = _signer(request).loads(request.cookies.get(FLASH_COOKIE, ""), max_age=_FLASH_SECONDS)
    except BadSignature:
        return "", False
    return str(said), bool(is_bad)


def _signer(request: Request) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(console_of(request).container.settings.signing_key(), salt="staff flash")


@lru_cache
def environment() -> Environment:
    """The templates with their filters."""
    made = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"csrf": _csrf_field, "Role": Role, "asset": _asset, "needed": NEEDED}
    made.filters |= {"moment": _moment, "day": _day, "prose": prose}
    made.filters |= {
        name: getattr(labels, name) for name in ("plainly", "titled", "did", "slot", "value", "found", "condition")
    }
    return made


@pass_context
def _csrf_field(context: Context) -> Markup:
    """The hidden field that every form with method post needs: `{{ csrf() }}`."""
    token = context["request"].state.csrf
    return Markup('<input type="hidden" name="csrf" value="{}">').format(token)


@lru_cache
def _asset(name: str) -> str:
    """The address of a file below `static/`, which changes with the file: browsers keep it until then."""
    changed = (FOLDER / "static" / name).stat().st_mtime_ns
    return f"/staff/static/{name}?v={changed:x}"


def _moment(value: datetime | None) -> Markup:
    """A time as people read it: `{{ row.at | moment }}`. It says UTC; `console.js` makes it the reader's own time."""
    if value is None:
        return Markup("-")
    at = value.astimezone(UTC)
    return Markup('<time datetime="{}">{}</time>').format(at.isoformat(timespec="seconds"), f"{at:%Y-%m-%d %H:%M} UTC")


def _day(value: datetime | None) -> str:
    return f"{value.astimezone(UTC):%Y-%m-%d}" if value else "-"
