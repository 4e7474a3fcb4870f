"""What is known of the pages behind the rows, and what each row rests on there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, UtcDateTime


class SourcePage(Base):
    """A page as it was read last: what its server calls this state of it, and the fingerprint of its text."""

    __tablename__ = "source_pages"

    url: Mapped[str] = mapped_column(Text, primary_key=True)
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    etag: Mapped[str] = mapped_column(Text, default="")
    last_modified: Mapped[str] = mapped_column(Text, default="")
    fingerprint: Mapped[str] = mapped_column(String(64), default="")


class SourceCheck(Base):
    """One row (`kind` program or fact, `name` its slug or key) against its page.

    `kept` are the sentences that it rests on, as somebody accepted them last; `found` what stands there now. `state` is
    what became of the page; `detail` says why in words for staff. `needs_look` rows wait for somebody; `settled` is the
    state that somebody saw and left as it is.
    """

    __tablename__ = "source_checks"

    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    url: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12))
    detail: Mapped[str] = mapped_column(Text, default="")
    moved_to: Mapped[str] = mapped_column(Text, default="")
    needs_look: Mapped[bool] = mapped_column(default=False, index=True)
    settled: Mapped[str] = mapped_column(Text, default="")
    kept: Mapped[list[str]] = mapped_column(JSON, default=list)
    found: Mapped[list[str]] = mapped_column(JSON, default=list)
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
