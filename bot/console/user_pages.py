"""Users of the console, for administrators: add, change the role, give another password, disable."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request, Response
from sqlalchemy.orm import Session

from bot.bounds import Number
from bot.console.access import Role, Staff, requires
from bot.console.context import console_of
from bot.console.rendering import page, see_other
from bot.staff import passwords, totp
from bot.staff import service as staff
from bot.staff.roles import ROLE_MEANS
from bot.staff.store import history_of
from bot.staff.store import users as all_users
from bot.staff.tables import StaffUser

router = APIRouter()
Admin = Annotated[Staff, requires(Role.ADMIN)]
Text = Annotated[str, Form()]


@router.get("/users")
def show(request: Request, _: Admin) -> Response:
    """Everybody."""
    return _list(request)


@router.post("/users")
def add(request: Request, me: Admin, role: Annotated[Role, Form()], name: Text = "", password: Text = "") -> Response:
    """A new user."""
    try:
        with console_of(request).database.unit() as session:
            user = staff.add_user(session, me, name, password=password, role=role)
    except staff.StaffError as error:
        return _list(request, problem=str(error), name=name, role=role)
    return see_other(request, "/users", f"{user.name} can sign in now. Tell the password in person, not by mail.")


@router.get("/users/{user_id}")
def show_one(request: Request, _: Admin, user_id: Number) -> Response:
    """One user with what was done to the account."""
    with console_of(request).database.unit() as session:
        user = _require(session, user_id)
        history = history_of(session, f"user {user.name}", 30)
    return page(
        request,
        "user.html",
        user=user,
        history=history,
        roles=ROLE_MEANS,
        shortest=passwords.SHORTEST,
        rule=passwords.RULE,
    )


@router.post("/users/{user_id}/role")
def change_role(request: Request, me: Admin, user_id: Number, role: Annotated[Role, Form()]) -> Response:
    """Another role; the user is signed out, so that it counts at once."""
    return _do(request, user_id, "The role is changed.", lambda s, user: staff.set_role(s, me, user, role))


@router.post("/users/{user_id}/password")
def change_password(request: Request, me: Admin, user_id: Number, password: Text = "") -> Response:
    """Another password, for somebody who forgot it."""
    return _do(request, user_id, "The password is changed.", lambda s, user: staff.set_password(s, me, user, password))


@router.post("/users/{user_id}/second-step/off")
def drop_totp(request: Request, me: Admin, user_id: Number) -> Response:
    """For somebody who lost the phone."""
    return _do(request, user_id, "The second step is off.", lambda s, user: totp.drop(s, me, user))


@router.post("/users/{user_id}/disable")
def disable(request: Request, me: Admin, user_id: Number) -> Response:
    """No more sign-in, from this moment on."""
    return _do(request, user_id, "The user is disabled.", lambda s, user: staff.disable(s, me, user))


@router.post("/users/{user_id}/enable")
def enable(request: Request, me: Admin, user_id: Number) -> Response:
    """Lets a disabled user in again."""
    return _do(request, user_id, "The user can sign in again.", lambda s, user: staff.enable(s, me, user))


def _do(request: Request, user_id: int, said: str, work: Callable[[Session, StaffUser], None]) -> Response:
    try:
        with console_of(request).database.unit() as session:
            work(session, _require(session, user_id))
    except staff.StaffError as error:
        return see_other(request, f"/users/{user_id}", str(error), is_bad=True)
    return see_other(request, f"/users/{user_id}", said)


def _require(session: Session, user_id: int) -> StaffUser:
    user = session.get(StaffUser, user_id)
    if user is None:
        raise HTTPException(404)
    return user


def _list(request: Request, *, problem: str = "", name: str = "", role: Role = Role.VIEWER) -> Response:
    with console_of(request).database.unit() as session:
        rows = all_users(session)
    return page(
        request,
        "users.html",
        status=422 if problem else 200,
        users=rows,
        problem=problem,
        name=name,
        role=role,
        roles=ROLE_MEANS,
        shortest=passwords.SHORTEST,
        rule=passwords.RULE,
    )
