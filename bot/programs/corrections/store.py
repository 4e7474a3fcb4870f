"""Corrections from people: noted once for each talk and program, read by staff, gone when somebody has looked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.delivery.tables import Conversation
from bot.programs.corrections.tables import Correction

LONGEST = 1000
"""Characters of a person's words that are kept."""
MOST_SHOWN = 5


def report(session: Session, slug: str, conversation: str, *, now: datetime) -> None:
    """Notes that somebody says a program is wrong. A talk that is not stored (any more) leaves nothing behind."""
    if session.get(Conversation, conversation) is None or session.get(Correction, (conversation, slug)) is not None:
        return
    try:
        with session.begin_nested():
            session.add(Correction(conversation_id=conversation, slug=slug, said_at=now))
    except IntegrityError:  # the same press twice at once, or the talk was deleted in this moment
        return


def add_words(session: Session, slug: str, conversation: str, words: str) -> None:
    """Adds what somebody says about it, below what they said before."""
    found = session.get(Correction, (conversation, slug))
    if found is not None:
        found.words = "\n".join(filter(None, (found.words, words)))[:LONGEST]


def corrections_of(session: Session, slug: str) -> tuple[int, Sequence[Correction]]:
    """How many people say that a program is wrong, and the newest of them, those with words first."""
    mine = Correction.slug == slug
    count = session.scalar(select(func.count()).select_from(Correction).where(mine)) or 0
    newest = select(Correction).where(mine).order_by(Correction.words == "", Correction.said_at.desc())
    return count, list(session.scalars(newest.limit(MOST_SHOWN)))


def settle(session: Session, slug: str) -> None:
    """Somebody of the staff has looked at the program."""
    session.execute(delete(Correction).where(Correction.slug == slug))
