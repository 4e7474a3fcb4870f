"""The way in and out: password, code of the second step, sign-out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from limits import parse

from bot.console.access import (
    COOKIE,
    Role,
    Staff,
    device_of,
    local_path,
    new_token,
    public,
    requires,
    set_cookie,
    set_device,
)
from bot.console.context import Console, console_of
from bot.console.rendering import page, see_other
from bot.delivery.limits import network_of
from bot.encryption import DecryptionError
from bot.staff import passwords, sign_in, totp
from bot.staff.store import has_users
from bot.staff.tables import StaffUser

router = APIRouter()
ATTEMPTS_OF_ONE_ADDRESS = parse("30/5minutes")
ATTEMPTS_AT_ONE_NAME = parse("5/15minutes")
"""Of one address, or of one browser in which that user has signed in before."""
ONE_NOTE = parse("1/15minutes")
UNREADABLE = (
    "The server's SECRET_KEY has changed, so your second step can no longer be read. Whoever runs the server can turn "
    "it off (bot user password NAME --drop-second-step); then set it up again."
)
REFUSED = (
    "Name or password is not right. Small and capital letters count in a password. After five attempts you have to "
    "wait, up to 15 minutes. Forgotten? An administrator gives you another password."
)
WRONG_CODE = "This code is not right. Type the newest one that your phone shows; each counts once, for half a minute."
LONGEST_NAME = 80
Text = Annotated[str, Form()]


async def count_attempt(request: Request) -> None:
    """Counts an attempt of this address, and of this address at this name: a stranger locks out nobody but himself.

    Raises:
        HTTPException: 429, it made too many.
    """
    rates, address = request.app.state.rates, network_of(request.client.host if request.client else "")
    if seconds := await rates.hit(ATTEMPTS_OF_ONE_ADDRESS, f"staff {address}"):
        raise HTTPException(429, headers={"Retry-After": str(seconds)})
    name = await _tried_name(request)
    device = device_of(request, name)
    source = f"{request.url.path} {name} {device.number if device else address}"
    if seconds := await rates.hit(ATTEMPTS_AT_ONE_NAME, f"staff {source}"):
        if not await rates.hit(ONE_NOTE, f"staff note {name}"):
            await run_in_threadpool(_note_pause, console_of(request), name, is_known_device=device is not None)
        raise HTTPException(429, headers={"Retry-After": str(seconds)})


async def _tried_name(request: Request) -> str:
    """Whose password or code is tried: that of the session if there is one, else what stands in the form."""
    if visit := request.state.visit:
        return str(visit.staff.name)
    return sign_in.plain_name(str((await request.form()).get("name", "")))[:LONGEST_NAME]


def _note_pause(console: Console, name: str, *, is_known_device: bool) -> None:
    with console.database.unit() as session:
        sign_in.note_pause(session, name, is_known_device=is_known_device)


@router.get("/login")
def show_login(request: Request, staff: Annotated[Staff | None, public()], next: str = "") -> Response:
    """The form; whoever is signed in goes on."""
    if staff:
        return see_other(request, local_path(next))
    return _form(request, next)


@router.post("/login", dependencies=[Depends(count_attempt)])
def login(
    request: Request, _: Annotated[Staff | None, public()], name: Text = "", password: Text = "", next: Text = ""
) -> Response:
    """The first step. The browser gets a new token whatever it had before."""
    console, now, device = console_of(request), datetime.now(UTC), device_of(request, sign_in.plain_name(name))
    with console.database.unit() as session:
        attempt = sign_in.begin(session, name, now=now, device=device)
    if not passwords.matches(attempt.password_hash, password):
        return _form(request, next, problem=REFUSED, name=name, status=401)
    token = new_token()
    with console.database.unit() as session:
        visit = sign_in.enter(session, attempt, token, device=_device(request), now=now)
        user = session.get_one(StaffUser, visit.staff.id)
    onward = f"/login/code?next={quote(next, safe='')}" if visit.awaits_code else local_path(next)
    response = see_other(request, onward)
    set_cookie(request, response, token)
    if not visit.awaits_code:
        set_device(request, response, user)
    return response


@router.get("/login/code")
def show_code(request: Request, _: Annotated[Staff | None, public()], next: str = "") -> Response:
    """The form of the second step."""
    if request.state.visit is None or not request.state.visit.awaits_code:
        return see_other(request, "/login")
    return page(request, "code.html", next=next, problem="")


@router.post("/login/code", dependencies=[Depends(count_attempt)])
def enter_code(request: Request, _: Annotated[Staff | None, public()], code: Text = "", next: Text = "") -> Response:
    """The second step; the token changes again."""
    visit = request.state.visit
    if visit is None or not visit.awaits_code:
        return see_other(request, "/login")
    try:
        is_right = _is_right(request, visit, code)
    except DecryptionError:
        return page(request, "code.html", status=401, next=next, problem=UNREADABLE)
    if not is_right:
        return page(request, "code.html", status=401, next=next, problem=WRONG_CODE)
    token = new_token()
    with console_of(request).database.unit() as session:
        sign_in.pass_code(session, visit, token, device=_device(request), now=datetime.now(UTC))
        user = session.get_one(StaffUser, visit.staff.id)
    response = see_other(request, local_path(next))
    set_cookie(request, response, token)
    set_device(request, response, user)
    return response


@router.post("/logout")
def logout(request: Request, _: Annotated[Staff, requires(Role.VIEWER)]) -> Response:
    """Ends this session."""
    with console_of(request).database.unit() as session:
        sign_in.leave(session, request.state.visit)
    response = see_other(request, "/login", "You are signed out.")
    response.delete_cookie(COOKIE, path="/staff")
    return response


def _form(request: Request, next: str, *, problem: str = "", name: str = "", status: int = 200) -> Response:
    with console_of(request).database.unit() as session:
        is_first = not has_users(session)
    response = page(request, "login.html", status=status, next=next, problem=problem, name=name, is_first=is_first)
    if COOKIE not in request.cookies:
        set_cookie(request, response, request.state.token)
    return response


def _is_right(request: Request, visit: sign_in.Visit, code: str) -> bool:
    console, now = console_of(request), datetime.now(UTC)
    with console.database.unit() as session:
        if not sign_in.try_code(session, visit, now=now, device=device_of(request, visit.staff.name)):
            return False
    with console.database.unit() as session:
        user = session.get_one(StaffUser, visit.staff.id)
        secret = totp.secret_of(user, console.container.settings.signing_key())
        return bool(secret) and sign_in.use_code(session, user, secret, code=code, now=now)


def _device(request: Request) -> str:
    return request.headers.get("user-agent", "")
