"""One's own account: password, second step, and the browsers in which one is signed in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import segno
from fastapi import APIRouter, Depends, Form, Request, Response
from sqlalchemy.orm import Session

from bot.bounds import Number
from bot.console.access import ForbiddenError, Role, Staff, new_token, requires, set_cookie, set_device
from bot.console.context import console_of
from bot.console.rendering import page, see_other
from bot.console.sign_in_pages import count_attempt
from bot.encryption import DecryptionError
from bot.staff import passwords, sign_in, totp
from bot.staff.audit import audit
from bot.staff.service import StaffError, set_password
from bot.staff.store import end_sessions, sessions_of
from bot.staff.tables import StaffUser

router = APIRouter()
Me = Annotated[Staff, requires(Role.VIEWER)]
Text = Annotated[str, Form()]
WRONG_PASSWORD = "The present password is not right."


@router.get("/account")
def show(request: Request, staff: Me) -> Response:
    """The page."""
    return _page(request, staff)


@router.post("/account/password", dependencies=[Depends(count_attempt)])
def change_password(request: Request, staff: Me, present: Text = "", fresh: Text = "", again: Text = "") -> Response:
    """Another password; every other browser is signed out, and this one gets a new token."""
    if not _knows_password(request, staff, present):
        return _page(request, staff, problem=WRONG_PASSWORD)
    if fresh != again:
        return _page(request, staff, problem="The two new passwords are not the same.")
    try:
        with console_of(request).database.unit() as session:
            user = session.get_one(StaffUser, staff.id)
            set_password(session, staff, user, fresh, keep=request.state.visit.id)
            response = _renewed(request, session, "Your password is changed; other browsers are signed out.")
            set_device(request, response, user)
            return response
    except StaffError as error:
        return _page(request, staff, problem=str(error))


@router.get("/account/second-step")
def show_totp(request: Request, staff: Me) -> Response:
    """A QR code with a new secret, which counts when a code made of it comes back."""
    return _offer(request, staff, totp.new_secret())


@router.post("/account/second-step")
def turn_on_totp(request: Request, staff: Me, encrypted: Text = "", code: Text = "") -> Response:
    """From now on a code is asked for."""
    key = console_of(request).container.settings.signing_key()
    secret = _decrypted(key, staff, encrypted)
    with console_of(request).database.unit() as session:
        user = session.get_one(StaffUser, staff.id)
        if user.totp_encrypted:
            return see_other(request, "/account", "The second step is on already.")
        if not sign_in.use_code(session, user, secret, code=code, now=datetime.now(UTC)):
            return _offer(
                request, staff, secret, problem="This code is not right. Look at the newest one and try again."
            )
        totp.demand(session, staff, user, secret=secret, key=key)
        end_sessions(session, staff.id, but=request.state.visit.id)
        return _renewed(request, session, "From now on a code from your phone is asked for.")


@router.post("/account/second-step/off", dependencies=[Depends(count_attempt)])
def turn_off_totp(request: Request, staff: Me, present: Text = "") -> Response:
    """From now on the password alone is enough."""
    if not _knows_password(request, staff, present):
        return _page(request, staff, problem=WRONG_PASSWORD)
    with console_of(request).database.unit() as session:
        totp.drop(session, staff, session.get_one(StaffUser, staff.id))
        return _renewed(request, session, "The second step is off.")


@router.post("/account/sessions/{session_id}/end")
def end_session(request: Request, staff: Me, session_id: Number) -> Response:
    """Signs out one of one's own browsers."""
    with console_of(request).database.unit() as session:
        if not sign_in.end_one(session, staff, session_id):
            return see_other(request, "/account", "This session has ended already.", is_bad=True)
        audit(session, staff, "end session", f"user {staff.name}")
    return see_other(request, "/account", "That browser is signed out.")


@router.post("/account/sessions/end")
def end_all_sessions(request: Request, staff: Me) -> Response:
    """Signs out everywhere else; this browser gets a new token."""
    with console_of(request).database.unit() as session:
        end_sessions(session, staff.id, but=request.state.visit.id)
        audit(session, staff, "end all other sessions", f"user {staff.name}")
        return _renewed(request, session, "You are signed out everywhere else.")


def _page(request: Request, staff: Staff, *, problem: str = "") -> Response:
    now = datetime.now(UTC)
    with console_of(request).database.unit() as session:
        user, rows = session.get_one(StaffUser, staff.id), sessions_of(session, staff.id, now=now)
        rows = [row for row in rows if row.last_seen_at > now - sign_in.IDLE]
    return page(
        request,
        "account.html",
        status=422 if problem else 200,
        user=user,
        sessions=rows,
        problem=problem,
        here=request.state.visit.id,
        shortest=passwords.SHORTEST,
        rule=passwords.RULE,
    )


def _offer(request: Request, staff: Staff, secret: str, *, problem: str = "") -> Response:
    code = segno.make(totp.address_of(secret, staff.name), error="m")
    picture = code.svg_data_uri(scale=5, border=3, dark="#17262b", light="#ffffff")
    encrypted = totp.encryption_of(console_of(request).container.settings.signing_key()).encrypt(f"{staff.id} {secret}")
    return page(
        request,
        "totp.html",
        status=422 if problem else 200,
        picture=picture,
        secret=secret,
        encrypted=encrypted,
        problem=problem,
    )


def _decrypted(key: str, staff: Staff, encrypted: str) -> str:
    try:
        owner, _, secret = totp.encryption_of(key).decrypt(encrypted).partition(" ")
    except DecryptionError as error:
        raise ForbiddenError("This form is damaged. Please start again.") from error
    if owner != str(staff.id):
        raise ForbiddenError("This form is somebody else's. Please start again.")
    return secret


def _knows_password(request: Request, staff: Staff, password: str) -> bool:
    """The routes count it like a sign-in, so that an open browser is no way to guess."""
    with console_of(request).database.unit() as session:
        attempt = sign_in.attempt_of(session, staff)
    return passwords.matches(attempt.password_hash, password)


def _renewed(request: Request, session: Session, said: str) -> Response:
    token = new_token()
    sign_in.renew(session, request.state.visit, token)
    response = see_other(request, "/account", said)
    set_cookie(request, response, token)
    return response
