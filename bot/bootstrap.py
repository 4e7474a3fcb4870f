"""The composition root: the one place where settings become connections.

Everything above asks `container()`; tests build a `Container` of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache

from bot.db.base import Database
from bot.settings import Settings, settings

NOON = time(12)


@dataclass(frozen=True)
class Container:
    """What a process needs to work: its settings, its database, its clock."""

    settings: Settings
    database: Database

    def today(self) -> date:
        """Today in UTC, or the frozen day of BOT_TODAY."""
        return self.settings.bot_today or datetime.now(UTC).date()

    def now(self) -> datetime:
        """Now in UTC; a frozen day stands still at noon, when it is the same day nearly everywhere."""
        frozen = self.settings.bot_today
        return datetime.combine(frozen, NOON, UTC) if frozen else datetime.now(UTC)


@lru_cache
def container() -> Container:
    """The container of this process, made on first use."""
    return Container(settings(), Database(settings().database))
