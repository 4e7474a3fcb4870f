"""The one door of the console: who is asking, may they, and did the wish come from our own page.

`guard` runs before every route. A route says who may use it by `staff: Annotated[Staff, requires(Role.ANNOTATOR)]`;
the application does not start with a route that says nothing (`application.require_declared_roles`).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from fastapi import BackgroundTasks, Depends, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from sqlalchemy.exc import OperationalError

from bot.console.context import console_of
from bot.console.rendering import POLL, is_https
from bot.staff import devices
from bot.staff.devices import Device, Devices
from bot.staff.roles import Role, Staff
from bot.staff.sign_in import LIFETIME, Visit, note_visit, visit_of
from bot.staff.tables import StaffUser

__all__ = ["Role", "Staff", "public", "requires"]

COOKIE, DEVICE_COOKIE = "staff", "staff_device"
SAFE_METHODS = frozenset({"GET", "HEAD"})


class SignInNeededError(Exception):
    """Nobody is signed in; `come_back` is the path to return to."""

    def __init__(self, come_back: str) -> None:
        super().__init__("sign in first")
        self.come_back = come_back


class ForbiddenError(Exception):
    """Signed in or not, this is not allowed; the text says why, for staff."""


class RoleRequirement:
    """What a route demands: a role, or nothing (None)."""

    def __init__(self, role: Role | None) -> None:
        self.role = role

    def __call__(self, request: Request) -> Staff | None:
        staff: Staff | None = request.state.staff
        if self.role is None:
            return staff
        if staff is None:
            raise SignInNeededError(_come_back(request))
        if not staff.may(self.role):
            raise ForbiddenError(f"This needs the role “{self.role}”; yours is “{staff.role}”.")
        return staff


def requires(role: Role) -> Any:
    """Lets in whoever has this role or a higher one, and gives the route its `Staff`."""
    return Depends(RoleRequirement(role))


def public() -> Any:
    """Lets in everybody; gives the `Staff` when one is signed in, else None."""
    return Depends(RoleRequirement(None))


async def guard(request: Request, afterwards: BackgroundTasks) -> None:
    """Finds out who asks, and refuses what another website, or a page from before the sign-in, sent.

    Raises:
        ForbiddenError: the form was not made by this console for this browser.
        HTTPException: something in it is no text.
    """
    if request.method not in SAFE_METHODS:
        _require_own_origin(request)
    sent_token = request.cookies.get(COOKIE, "")
    visit = await run_in_threadpool(_visit, request, sent_token) if sent_token else None
    if visit and visit.is_unnoted and POLL not in request.headers:
        afterwards.add_task(_note, request, visit)
    request.state.visit = visit
    request.state.staff = visit.staff if visit and not visit.awaits_code else None
    request.state.token = sent_token or new_token()
    request.state.csrf = csrf_token(request, request.state.token)
    _require_text(request.url.path + unquote(request.url.query))
    if request.method not in SAFE_METHODS:
        form = await request.form()
        _require_text("".join(f"{name}{value}" for name, value in form.multi_items()))
        sent = request.headers.get("x-csrf-token") or str(form.get("csrf", ""))
        if not hmac.compare_digest(sent.encode(), request.state.csrf.encode()):
            raise ForbiddenError("This form is from another sign-in. Please go back, reload the page and try again.")


def csrf_token(request: Request, token: str) -> str:
    """What forms carry: made from the cookie, so it dies with it, and from our key, so nobody else can make it."""
    key = console_of(request).container.settings.signing_key()
    return hmac.new(key.encode(), b"staff form " + token.encode(), hashlib.sha256).hexdigest()


def new_token() -> str:
    """A token that nobody can guess."""
    return secrets.token_urlsafe(32)


def set_cookie(request: Request, response: Response, token: str) -> None:
    """Gives the browser its token; scripts cannot read it, and it goes to /staff alone."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(LIFETIME.total_seconds()),
        path="/staff",
        httponly=True,
        samesite="lax",
        secure=is_https(request),
    )


def set_device(request: Request, response: Response, user: StaffUser) -> None:
    """Marks the browser as one of this user's; it stays after the sign-out."""
    response.set_cookie(
        DEVICE_COOKIE,
        _devices(request).mark(user.name, user.password_changed_at),
        max_age=int(devices.LIFETIME.total_seconds()),
        path="/staff",
        httponly=True,
        samesite="lax",
        secure=is_https(request),
    )


def device_of(request: Request, name: str) -> Device | None:
    """The mark of this browser, if it is this user's."""
    device = _devices(request).read(request.cookies.get(DEVICE_COOKIE, ""))
    return device if device and device.name == name else None


def _devices(request: Request) -> Devices:
    return Devices(console_of(request).container.settings.signing_key())


def local_path(wish: str) -> str:
    """Where to go after the sign-in: a path of the console below /staff, the front page for anything else."""
    parts = urlsplit(wish)
    is_ours = wish.startswith("/") and not wish.startswith("//") and "\\" not in wish and wish.isprintable()
    return wish if is_ours and not (parts.scheme or parts.netloc) else "/"


def _come_back(request: Request) -> str:
    if request.method not in SAFE_METHODS:
        return ""
    path = request.url.path.removeprefix("/staff")
    query = f"?{request.url.query}" if request.url.query else ""
    return "" if path in ("", "/") else quote(path + query, safe="")


def _visit(request: Request, token: str) -> Visit | None:
    with console_of(request).database.look() as session:
        return visit_of(session, token, now=datetime.now(UTC))


def _note(request: Request, visit: Visit) -> None:
    with suppress(OperationalError), console_of(request).database.unit() as session:  # The next page notes it as well.
        note_visit(session, visit, now=datetime.now(UTC))


def _require_text(sent: str) -> None:
    """PostgreSQL stores no zero byte, and nobody types one."""
    if "\0" in sent:
        raise HTTPException(400)


def _require_own_origin(request: Request) -> None:
    """A browser names the page that sends a form, and no page can forge it."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise ForbiddenError("This was sent by another website.")
    origin = request.headers.get("origin", "")
    if not origin:
        return
    ours = {urlsplit(console_of(request).container.settings.base_url).netloc, request.headers.get("host", "")}
    if urlsplit(origin).netloc not in ours:
        raise ForbiddenError("This was sent by another website.")
