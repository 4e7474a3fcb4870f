"""Keeps downloads (calendar files, pictures) for a while, under tokens that nobody can guess."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from bot.delivery.tables import StoredFile


def save_file(
    session: Session, content: bytes, *, name: str, mime: str, conversation: str, expires_at: datetime
) -> str:
    """Keep `content` until `expires_at` (aware); returns the path under which the application serves it."""
    token = secrets.token_urlsafe(32)
    row = StoredFile(
        token=token, conversation_id=conversation, mime=mime, name=name, content=content, expires_at=expires_at
    )
    session.add(row)
    return f"/api/v1/files/{token}"


def find_file(session: Session, token: str, *, now: datetime) -> StoredFile | None:
    """The file of this token, unless it has expired."""
    found = session.get(StoredFile, token)
    return found if found and found.expires_at > now else None


def drop_files(session: Session, conversation: str) -> None:
    """Delete the files of a conversation."""
    session.execute(delete(StoredFile).where(StoredFile.conversation_id == conversation))


def drop_expired_files(session: Session, *, now: datetime) -> None:
    """Delete every file whose time is over."""
    session.execute(delete(StoredFile).where(StoredFile.expires_at <= now))
