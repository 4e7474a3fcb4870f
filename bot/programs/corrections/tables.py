"""What people said is wrong, one row for each talk and program, until staff have looked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, UtcDateTime


class Correction(Base):
    """Somebody says that a program is wrong or has changed; `words` are theirs, redacted, or empty.

    It goes with its conversation, and when staff confirm, change or retire the program.
    """

    __tablename__ = "corrections"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True)
    slug: Mapped[str] = mapped_column(Text, primary_key=True, index=True)
    words: Mapped[str] = mapped_column(Text, default="")
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)
