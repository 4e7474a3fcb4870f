"""The composition root: the one place where settings become connections.

Everything above asks `container()`; tests build a `Container` of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache

from bot.db.base import Database
from bot.settings import Settings, settings


@dataclass(frozen=True)
class Container:
    """What a process needs to work: its settings, its database, its clock."""

    settings: Settings
    database: Database

    def today(self) -> date:
        """Today in UTC, or the frozen day of BOT_TODAY."""
        return self.settings.bot_today or datetime.now(UTC).date()

    def now(self) -> datetime:
        """Now in UTC; while the day is frozen, the present time of that day."""
        now = datetime.now(UTC)
        return datetime.combine(self.settings.bot_today, now.time(), UTC) if self.settings.bot_today else now


@lru_cache
def container() -> Container:
    """The container of this process, made on first use."""
    return Container(settings(), Database(settings().database))
