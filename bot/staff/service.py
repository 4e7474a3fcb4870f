"""Users of the console: who there is, what each may do. There is always somebody left who can manage the others."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.staff import passwords
from bot.staff.audit import audit
from bot.staff.roles import Role, Staff
from bot.staff.store import end_sessions, find_user
from bot.staff.tables import StaffUser

_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,79}")


class StaffError(ValueError):
    """This cannot be done; the text says why, for people."""


def add_user(session: Session, by: Staff | str, name: str, *, password: str, role: Role) -> StaffUser:
    """A new user.

    Raises:
        StaffError: the name is taken or strange, or the password too weak.
    """
    name = name.strip().lower()
    if not _NAME.fullmatch(name):
        raise StaffError("A name has 2 to 80 of these: letters a to z, digits, dot, hyphen, underscore, @.")
    if find_user(session, name):
        raise StaffError(f"There is a user “{name}” already.")
    user = StaffUser(name=name, password_hash=_hashed(password, name), role=role)
    session.add(user)
    session.flush()
    audit(session, by, "add user", f"user {name}", None, {"role": role})
    return user


def set_role(session: Session, by: Staff | str, user: StaffUser, role: Role) -> None:
    """Gives a user another role, and signs them out everywhere, so that it counts at once.

    Raises:
        StaffError: nobody would be left to manage users.
    """
    if user.role == role:
        return
    audit(session, by, "change role", f"user {user.name}", {"role": user.role}, {"role": role})
    _lock_admins(session)
    user.role = role
    end_sessions(session, user.id)
    _require_admin(session)


def set_password(session: Session, by: Staff | str, user: StaffUser, password: str, *, keep: int = 0) -> None:
    """Gives a user another password and ends their sessions, but for the one with the id `keep`.

    Raises:
        StaffError: it is too weak.
    """
    user.password_hash = _hashed(password, user.name)
    user.password_changed_at, user.failed_count, user.locked_until = datetime.now(UTC), 0, None
    end_sessions(session, user.id, but=keep)
    audit(session, by, "change password", f"user {user.name}")


def disable(session: Session, by: Staff | str, user: StaffUser) -> None:
    """Lets a user in no more, from this moment on.

    Raises:
        StaffError: nobody would be left to manage users.
    """
    if user.disabled_at:
        return
    _lock_admins(session)
    user.disabled_at = datetime.now(UTC)
    end_sessions(session, user.id)
    audit(session, by, "disable user", f"user {user.name}")
    _require_admin(session)


def enable(session: Session, by: Staff | str, user: StaffUser) -> None:
    """Lets a disabled user in again."""
    user.disabled_at, user.failed_count, user.locked_until = None, 0, None
    audit(session, by, "enable user", f"user {user.name}")


def _hashed(password: str, name: str) -> str:
    if problem := passwords.problem_with(password, name):
        raise StaffError(problem)
    return passwords.hash_of(password)


def _lock_admins(session: Session) -> None:
    """Two admins who take the role from each other do it one after the other."""
    session.execute(select(StaffUser.id).where(StaffUser.role == Role.ADMIN).order_by(StaffUser.id).with_for_update())


def _require_admin(session: Session) -> None:
    session.flush()
    able = select(StaffUser.id).where(StaffUser.role == Role.ADMIN, StaffUser.disabled_at.is_(None))
    if session.scalar(able.limit(1)) is None:
        raise StaffError("This is the last administrator. Make another one first.")
