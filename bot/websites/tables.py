"""The table of websites that owners keep in the console."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, UtcDateTime


class WebsiteRow(Base):
    """One site key with its `origins`, a line each, and how the chat looks there; "" is the default of the widget."""

    __tablename__ = "websites"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    origins: Mapped[str] = mapped_column(Text)
    heading: Mapped[str] = mapped_column(String(60), default="")
    greeting: Mapped[str] = mapped_column(String(500), default="")
    starters: Mapped[str] = mapped_column(String(300), default="")
    accent: Mapped[str] = mapped_column(String(7), default="")
    logo: Mapped[str] = mapped_column(String(300), default="")
    side: Mapped[str] = mapped_column(String(5), default="")
    theme: Mapped[str] = mapped_column(String(5), default="")
    lang: Mapped[str] = mapped_column(String(20), default="")
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[str] = mapped_column(String(80))
