"""What is asked of the tables of staff: who may sign in, where they are signed in, and what the audit log says."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot.staff.tables import AuditEntry, StaffSession, StaffUser


def has_users(session: Session) -> bool:
    """Whether anybody may sign in."""
    return session.scalar(select(StaffUser.id).where(StaffUser.disabled_at.is_(None)).limit(1)) is not None


def find_user(session: Session, name: str) -> StaffUser | None:
    """The user of that name, disabled ones included."""
    return session.scalar(select(StaffUser).where(StaffUser.name == name))


def users(session: Session) -> list[StaffUser]:
    """Everybody, by name."""
    return list(session.scalars(select(StaffUser).order_by(StaffUser.name)))


def sessions_of(session: Session, user_id: int, *, now: datetime) -> list[StaffSession]:
    """The browsers in which somebody is signed in, the one used last first."""
    mine = (StaffSession.user_id == user_id, StaffSession.awaits_code.is_(False), StaffSession.expires_at > now)
    return list(session.scalars(select(StaffSession).where(*mine).order_by(StaffSession.last_seen_at.desc())))


def end_sessions(session: Session, user_id: int, *, but: int = 0) -> None:
    """Signs somebody out everywhere, except in the session with the id `but`."""
    session.execute(delete(StaffSession).where(StaffSession.user_id == user_id, StaffSession.id != but))


def drop_expired_sessions(session: Session, *, now: datetime) -> None:
    """Forgets the sessions that nobody can use any more."""
    session.execute(delete(StaffSession).where(StaffSession.expires_at <= now))


def audit_entries(
    session: Session,
    *,
    who: str = "",
    action: str = "",
    subject: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    before_id: int | None = None,
    limit: int = 50,
) -> list[AuditEntry]:
    """The newest entries that fit: `subject` may be a part of it; `until` is excluded; `before_id` pages back."""
    chosen = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
    if who:
        chosen = chosen.where(AuditEntry.staff_name == who)
    if action:
        chosen = chosen.where(AuditEntry.action == action)
    if subject:
        chosen = chosen.where(func.lower(AuditEntry.subject).contains(subject.lower(), autoescape=True))
    if since:
        chosen = chosen.where(AuditEntry.at >= since)
    if until:
        chosen = chosen.where(AuditEntry.at < until)
    if before_id:
        chosen = chosen.where(AuditEntry.id < before_id)
    return list(session.scalars(chosen))


def history_of(session: Session, subject: str, limit: int = 100) -> list[AuditEntry]:
    """What was done to one thing, newest first."""
    mine = select(AuditEntry).where(AuditEntry.subject == subject)
    return list(session.scalars(mine.order_by(AuditEntry.id.desc()).limit(limit)))


def audit_choices(session: Session) -> tuple[list[str], list[str]]:
    """The names and the actions that the log knows."""
    names = session.scalars(select(AuditEntry.staff_name).distinct().order_by(AuditEntry.staff_name))
    actions = session.scalars(select(AuditEntry.action).distinct().order_by(AuditEntry.action))
    return list(names), list(actions)
