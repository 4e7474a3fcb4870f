"""The tables of the console's own people: users, their sessions, and the audit log, to which one can only add.

Nothing in these tables is about a visitor: the audit log names topics, programs and numbers, never a conversation's
words or a person's id, so that deleting a person leaves nothing to correct in it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, UtcDateTime


def _now() -> datetime:
    return datetime.now(UTC)


class StaffUser(Base):
    """Somebody who may sign in, unless `disabled_at` is set. Users are never deleted, for the log names them.

    `totp_encrypted` is the encrypted secret of the second step, empty without one; `totp_last_step` is the newest time
    step whose code was used, since a code is good for once. `failed_count` are attempts since the last success.
    """

    __tablename__ = "staff_users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(12))
    totp_encrypted: Mapped[str] = mapped_column(Text, default="")
    totp_last_step: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=_now)
    password_changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=_now)
    last_login_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    failed_count: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class StaffSession(Base):
    """A browser that is signed in, known by the SHA-256 of its token alone.

    `awaits_code`: the password was right, the code of the second step is still to come.
    """

    __tablename__ = "staff_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("staff_users.id", ondelete="CASCADE"), index=True)
    awaits_code: Mapped[bool] = mapped_column(default=False)
    device: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=_now)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=_now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class AuditEntry(Base):
    """Who did what to what, and what it was before and after. The database itself refuses to change or delete one."""

    __tablename__ = "audit_log"
    __table_args__ = (Index("ix_audit_log_subject", "subject", "id"), Index("ix_audit_log_staff_name", "staff_name"))

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=_now, index=True)
    staff_id: Mapped[int | None]
    staff_name: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(60), index=True)
    subject: Mapped[str] = mapped_column(String(200))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)
