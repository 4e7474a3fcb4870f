"""The table of reminders."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, UtcDateTime

WAITING, DELIVERED = "waiting", "delivered"


class ReminderRow(Base):
    """One reminder for a Telegram conversation. `day` and `minute` are on the person's own clock, `due_at` is in UTC.

    `delivery_key` names the next delivery and is unique: it goes into the outbox with it. `step` is the step of the
    plan that it belongs to, or empty; `day` is null for an exact moment.
    """

    __tablename__ = "reminders"
    __table_args__ = (
        Index(
            "ix_reminders_waiting",
            "due_at",
            sqlite_where=text("status = 'waiting'"),
            postgresql_where=text("status = 'waiting'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(80), index=True)
    subject: Mapped[str] = mapped_column(Text)
    step: Mapped[str] = mapped_column(String(40), default="")
    day: Mapped[date | None]
    minute: Mapped[int | None]
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[str] = mapped_column(String(10), default=WAITING)
    delivery_key: Mapped[str] = mapped_column(String(80), unique=True)
    deliveries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
