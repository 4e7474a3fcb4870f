"""What staff write down about a talk, for themselves alone (notes, tags), and the replies that they keep ready."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.delivery.redaction import redact
from bot.handoff.store import lock_talk
from bot.handoff.tables import HandoffNote, HandoffRow, ReadyReply
from bot.reply.responses import placeholders

LONGEST_NOTE, LONGEST_REPLY, LONGEST_TITLE = 2_000, 2_000, 60
MOST_TAGS, LONGEST_TAG, MOST_REPLIES = 8, 30, 100


class NotebookError(ValueError):
    """Something that cannot be kept; the text says why, for staff."""


def notes(session: Session, number: int) -> list[HandoffNote]:
    """The notes about a talk, oldest first."""
    return list(session.scalars(select(HandoffNote).where(HandoffNote.handoff_id == number).order_by(HandoffNote.id)))


def add_note(session: Session, number: int, text: str, *, author: str, now: datetime) -> None:
    """Keep a note; what identifies a person is removed from it as from every message.

    Raises:
        NotebookError: it is empty or too long, or the talk is gone.
    """
    words = text.strip()
    if not 1 <= len(words) <= LONGEST_NOTE:
        raise NotebookError(f"A note has 1 to {LONGEST_NOTE:,} characters.")
    _talk(session, number)
    session.add(HandoffNote(handoff_id=number, author=author, at=now, text=redact(words)))


def set_tags(session: Session, number: int, typed: str) -> None:
    """Give a talk the tags that somebody typed, separated by commas.

    Raises:
        NotebookError: there are too many, one is too long, or the talk is gone.
    """
    wanted = dict.fromkeys(" ".join(redact(tag).lower().split()) for tag in typed.split(",") if tag.strip())
    if len(wanted) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in wanted):
        raise NotebookError(f"A talk has at most {MOST_TAGS} tags of at most {LONGEST_TAG} characters.")
    _talk(session, number).tags = ", ".join(wanted)


def ready_replies(session: Session) -> list[ReadyReply]:
    """All ready replies, by title."""
    return list(session.scalars(select(ReadyReply).order_by(ReadyReply.title)))


def keep_reply(session: Session, title: str, text: str, *, author: str, known: Collection[str], now: datetime) -> None:
    """Keep a ready reply; the same title replaces the one before. Figures are named by their keys in braces.

    Raises:
        NotebookError: title or text is empty or too long, a key is not among the `known`, or there are too many.
    """
    title, words = " ".join(title.split()), text.replace("\r\n", "\n").strip()
    if not 1 <= len(title) <= LONGEST_TITLE or not 1 <= len(words) <= LONGEST_REPLY:
        raise NotebookError(
            f"A ready reply needs a title (up to {LONGEST_TITLE} characters) and a text (up to {LONGEST_REPLY:,})."
        )
    if unknown := sorted(placeholders(words) - set(known)):
        raise NotebookError(f"There is no fact with the key {', '.join(unknown)}; Facts lists them.")
    row = session.scalar(select(ReadyReply).where(ReadyReply.title == title))
    if row is None and len(ready_replies(session)) >= MOST_REPLIES:
        raise NotebookError(f"There are {MOST_REPLIES} ready replies already; delete one first.")
    if row is None:
        session.add(ReadyReply(title=title, text=words, made_by=author, created_at=now))
    else:
        row.text, row.made_by, row.created_at = words, author, now


def drop_reply(session: Session, number: int) -> str:
    """Delete a ready reply; its title, "" when it is gone already."""
    row = session.get(ReadyReply, number)
    if row is None:
        return ""
    session.delete(row)
    return row.title


def _talk(session: Session, number: int) -> HandoffRow:
    row = lock_talk(session, number)
    if row is None:
        raise NotebookError("This talk is gone; the person had it deleted.")
    return row
