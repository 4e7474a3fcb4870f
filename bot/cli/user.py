"""`bot user ...`: users of the console from a terminal on the server, the first administrator above all.

Passwords are asked for, never given as an argument: arguments stand in the shell's history and the process list.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from bot.ops import system
from bot.settings import settings
from bot.staff import passwords, totp
from bot.staff import service as staff
from bot.staff.roles import ROLE_MEANS, Role
from bot.staff.store import find_user, users
from bot.staff.tables import StaffUser

user = typer.Typer(no_args_is_help=True, help="Users of the staff console.")
BY = "(command line)"
Name = Annotated[str, typer.Argument(help="The name to sign in with.")]


@user.command()
def add(name: Name, role: Annotated[Role, typer.Option(help="What the user may do.")] = Role.VIEWER) -> None:
    """Add a user; asks for the password."""
    password = _ask()
    with _unit() as session:
        added = staff.add_user(session, BY, name, password=password, role=role)
        typer.echo(f"{added.name} is {added.role}: {ROLE_MEANS[role]}. Sign in at {settings().base_url}/staff/login")


@user.command("list")
def list_() -> None:
    """Everybody who may sign in, or might once."""
    with _unit() as session:
        for row in users(session):
            seen = f"{row.last_login_at:%Y-%m-%d %H:%M}" if row.last_login_at else "never"
            extra = (" second step" if row.totp_encrypted else "") + (" disabled" if row.disabled_at else "")
            typer.echo(f"{row.name:24} {row.role:10} last sign-in {seen:16}{extra}")


@user.command()
def disable(name: Name) -> None:
    """Let a user in no more, from this moment on."""
    with _unit() as session:
        staff.disable(session, BY, _find(session, name))


@user.command()
def enable(name: Name) -> None:
    """Let a disabled user in again."""
    with _unit() as session:
        staff.enable(session, BY, _find(session, name))


@user.command()
def role(name: Name, role: Role) -> None:
    """Give a user another role."""
    with _unit() as session:
        staff.set_role(session, BY, _find(session, name), role)


@user.command()
def password(
    name: Name,
    drop_totp: Annotated[
        bool, typer.Option("--drop-second-step", help="Also turn off the second step: the phone is lost.")
    ] = False,
) -> None:
    """Give a user another password, which is asked for; ends a pause after failed attempts."""
    fresh = _ask()
    with _unit() as session:
        found = _find(session, name)
        staff.set_password(session, BY, found, fresh)
        if drop_totp:
            totp.drop(session, BY, found)


def _ask() -> str:
    typer.echo(passwords.RULE)
    typed: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return typed


def _find(session: Session, name: str) -> StaffUser:
    found = find_user(session, name.strip().lower())
    if found is None:
        raise staff.StaffError(f"There is no user “{name}”. “bot user list” shows all.")
    return found


@contextmanager
def _unit() -> Iterator[Session]:
    try:
        with system.prepare_database(settings()).unit() as session:
            yield session
    except staff.StaffError as error:
        typer.echo(f"bot: {error}", err=True)
        raise typer.Exit(1) from error
