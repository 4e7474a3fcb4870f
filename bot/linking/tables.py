"""The tables that link a talk on the website with a Telegram chat, so that a person is known in both."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, UtcDateTime


class LinkCode(Base):
    """A one-time code. `slots` is what was known about the person when it was made; `used_by` redeemed it."""

    __tablename__ = "link_codes"

    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(80), index=True)
    slots: Mapped[dict[str, Any]] = mapped_column(JSON)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_by: Mapped[str] = mapped_column(String(80), default="")


class Link(Base):
    """A website conversation and the Telegram conversation that belongs to the same person."""

    __tablename__ = "links"

    web: Mapped[str] = mapped_column(String(80), primary_key=True)
    telegram: Mapped[str] = mapped_column(String(80), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SharedProfile(Base):
    """What is known about a person in all linked talks; `home` is the Telegram conversation. None empties a slot."""

    __tablename__ = "shared_profiles"

    home: Mapped[str] = mapped_column(String(80), primary_key=True)
    slots: Mapped[dict[str, Any]] = mapped_column(JSON)
