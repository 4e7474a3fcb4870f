"""What is asked of the tables of content changes: changes by state and id, candidates, versions, what is live."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.content.tables import CandidateRow, ChangeRow, VersionRow


def changes_in(session: Session, *states: str) -> list[ChangeRow]:
    """The changes in some states, oldest first."""
    return list(session.scalars(select(ChangeRow).where(ChangeRow.state.in_(states)).order_by(ChangeRow.id)))


def changes_of(session: Session, ids: list[int]) -> list[ChangeRow]:
    """The changes with these ids, oldest first."""
    return list(session.scalars(select(ChangeRow).where(ChangeRow.id.in_(ids)).order_by(ChangeRow.id)))


def live_version(session: Session) -> VersionRow | None:
    """The version that is live; None before the first start."""
    return session.scalar(select(VersionRow).where(VersionRow.is_live).order_by(VersionRow.number.desc()).limit(1))


def versions(session: Session) -> list[VersionRow]:
    """Every version, newest first."""
    return list(session.scalars(select(VersionRow).order_by(VersionRow.number.desc())))


def candidates(session: Session, limit: int = 50) -> list[CandidateRow]:
    """The newest candidates, newest first."""
    return list(session.scalars(select(CandidateRow).order_by(CandidateRow.id.desc()).limit(limit)))
