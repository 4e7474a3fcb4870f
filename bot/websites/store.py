"""Rows of websites."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.websites.tables import WebsiteRow


def website_rows(session: Session) -> list[WebsiteRow]:
    """All of them, by key."""
    return list(session.scalars(select(WebsiteRow).order_by(WebsiteRow.key)))


def find_website(session: Session, key: str) -> WebsiteRow | None:
    """The one of this key."""
    return session.get(WebsiteRow, key)
