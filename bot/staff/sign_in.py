"""Signing in: the password, the code of the second step, and the sessions that follow.

An attempt is counted before the password is looked at, so that many at the same moment are not tried for nothing.
Whatever is wrong, the answer is the same, and it takes about as long.

The border counts what one address tries at one name; here all strangers together are counted, so that guesses from many
addresses end too. A browser in which the same person has signed in before is no stranger: nobody else can lock it out.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import pyotp
from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from bot.staff.audit import audit
from bot.staff.devices import Device
from bot.staff.roles import Role, Staff
from bot.staff.store import drop_expired_sessions, find_user
from bot.staff.tables import StaffSession, StaffUser

LIFETIME = timedelta(days=7)
IDLE = timedelta(hours=12)
FOR_THE_CODE = timedelta(minutes=5)
FREE_ATTEMPTS = 30
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=30), timedelta(minutes=15)
# How exactly the last use of a session is known; more would be a write with every click.
_SEEN_EVERY = timedelta(minutes=1)
_STEP_SECONDS = 30


@dataclass(frozen=True)
class Attempt:
    """A counted attempt: whose it is (None: nobody's, or one who has to wait), and the hash to compare with."""

    user_id: int | None = None
    password_hash: str = ""


@dataclass(frozen=True)
class Visit:
    """A session that is alive: its id, whose it is, and whether the code of the second step is still to come.

    `is_unnoted` says that its use should be noted (`note_visit`).
    """

    id: int
    staff: Staff
    awaits_code: bool
    is_unnoted: bool = False


def plain_name(written: str) -> str:
    """A name as it is kept."""
    return written.strip().lower()


def begin(session: Session, name: str, *, now: datetime, device: Device | None = None) -> Attempt:
    """Counts an attempt to sign in as somebody, unless it comes from a browser that the user has used before."""
    user = find_user(session, plain_name(name))
    if user is None or user.disabled_at is not None or not _may_try(session, user, device, now=now):
        return Attempt()
    return Attempt(user.id, user.password_hash)


def attempt_of(session: Session, staff: Staff) -> Attempt:
    """What the password of somebody who is signed in is compared with."""
    return Attempt(staff.id, session.get_one(StaffUser, staff.id).password_hash)


def note_pause(session: Session, name: str, *, is_known_device: bool) -> None:
    """Writes down that one address, or one known browser, has to rest at the name of a user."""
    if user := find_user(session, plain_name(name)):
        source = "a browser used before" if is_known_device else "one address"
        audit(session, "(sign-in)", "pause sign-in", f"user {user.name}", None, {"for": source})


def enter(session: Session, attempt: Attempt, token: str, *, device: str, now: datetime) -> Visit:
    """Opens a session under a new `token`, after the password was right."""
    assert attempt.user_id is not None
    user = session.get_one(StaffUser, attempt.user_id)
    if not user.totp_encrypted:
        _welcome(session, user, now=now)
    return _open(session, user, token, device=device, now=now, awaits_code=bool(user.totp_encrypted))


def try_code(session: Session, visit: Visit, *, now: datetime, device: Device | None = None) -> bool:
    """Counts an attempt at the second step; false while the account rests."""
    return _may_try(session, session.get_one(StaffUser, visit.staff.id), device, now=now)


def pass_code(session: Session, visit: Visit, token: str, *, device: str, now: datetime) -> Visit:
    """Opens the full session under a new `token`, after the code was right; the half one ends."""
    user = session.get_one(StaffUser, visit.staff.id)
    session.execute(delete(StaffSession).where(StaffSession.id == visit.id))
    _welcome(session, user, now=now)
    return _open(session, user, token, device=device, now=now)


def renew(session: Session, visit: Visit, token: str) -> None:
    """Gives a session a new token, as after every change of what it may do."""
    session.execute(update(StaffSession).where(StaffSession.id == visit.id).values(token_hash=_hash(token)))


def leave(session: Session, visit: Visit) -> None:
    """Ends a session."""
    session.execute(delete(StaffSession).where(StaffSession.id == visit.id))


def end_one(session: Session, staff: Staff, session_id: int) -> bool:
    """Ends one of somebody's own sessions; false when it is not theirs."""
    mine = (StaffSession.id == session_id, StaffSession.user_id == staff.id)
    return bool(_changed(session, delete(StaffSession).where(*mine)))


def visit_of(session: Session, token: str, *, now: datetime) -> Visit | None:
    """The session with this token, if it and its user are alive."""
    found = session.execute(
        select(StaffSession, StaffUser)
        .join(StaffUser, StaffUser.id == StaffSession.user_id)
        .where(StaffSession.token_hash == _hash(token), StaffUser.disabled_at.is_(None))
    ).first()
    if found is None:
        return None
    row, user = found
    if row.expires_at <= now or row.last_seen_at <= now - IDLE:
        return None
    is_unnoted = row.last_seen_at <= now - _SEEN_EVERY
    return Visit(row.id, Staff(user.id, user.name, Role(user.role)), row.awaits_code, is_unnoted)


def note_visit(session: Session, visit: Visit, *, now: datetime) -> None:
    """Writes down that a session was used just now; apart from looking, so that no page waits for a writer."""
    session.execute(update(StaffSession).where(StaffSession.id == visit.id).values(last_seen_at=now))


def use_code(session: Session, user: StaffUser, secret: str, *, code: str, now: datetime) -> bool:
    """Whether a code is right, just now or one step before or after, and was never used; it is used then."""
    present = int(now.timestamp()) // _STEP_SECONDS
    digits = "".join(code.split())
    made = pyotp.TOTP(secret)
    for step in (present - 1, present, present + 1):
        if hmac.compare_digest(made.generate_otp(step).encode(), digits.encode()):
            unused = update(StaffUser).where(StaffUser.id == user.id, StaffUser.totp_last_step < step)
            return bool(_changed(session, unused.values(totp_last_step=step)))
    return False


def pause_after(failures: int) -> timedelta:
    """How long an account rests for strangers after so many failures in a row."""
    if failures < FREE_ATTEMPTS:
        return timedelta()
    doubled: int = 2 ** min(failures - FREE_ATTEMPTS, 10)
    return min(_FIRST_PAUSE * doubled, _LONGEST_PAUSE)


def _may_try(session: Session, user: StaffUser, device: Device | None, *, now: datetime) -> bool:
    is_known = device is not None and device.fits(user.name, user.password_changed_at)
    return is_known or _count(session, user, now=now)


def _count(session: Session, user: StaffUser, *, now: datetime) -> bool:
    """One more attempt, unless the account rests or somebody tries in the same moment."""
    if user.locked_until is not None and user.locked_until > now:
        return False
    seen = user.failed_count
    pause = pause_after(seen + 1)
    same = update(StaffUser).where(StaffUser.id == user.id, StaffUser.failed_count == seen)
    values = {"failed_count": seen + 1, "locked_until": now + pause if pause else None}
    if not _changed(session, same.values(**values)):
        return False
    if pause:
        audit(
            session, "(sign-in)", "pause sign-in", f"user {user.name}", None, {"failures": seen + 1, "for": "strangers"}
        )
    return True


def _welcome(session: Session, user: StaffUser, *, now: datetime) -> None:
    user.failed_count, user.locked_until, user.last_login_at = 0, None, now
    drop_expired_sessions(session, now=now)
    audit(session, Staff(user.id, user.name, Role(user.role)), "sign in", f"user {user.name}")


def _open(
    session: Session, user: StaffUser, token: str, *, device: str, now: datetime, awaits_code: bool = False
) -> Visit:
    row = StaffSession(
        token_hash=_hash(token),
        user_id=user.id,
        awaits_code=awaits_code,
        device=device[:120],
        created_at=now,
        last_seen_at=now,
        expires_at=now + (FOR_THE_CODE if awaits_code else LIFETIME),
    )
    session.add(row)
    session.flush()
    return Visit(row.id, Staff(user.id, user.name, Role(user.role)), awaits_code)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _changed(session: Session, statement: Any) -> int:
    return cast(
        "CursorResult[Any]", session.execute(statement, execution_options={"synchronize_session": False})
    ).rowcount
