"""Deletes a conversation from the engine's own memory.

The engine has no endpoint for it, so the rows of its `events` table are deleted in its database.
"""

from __future__ import annotations

from sqlalchemy import NullPool, column, create_engine, delete, inspect, table

from bot.db.base import with_driver

_EVENTS = table("events", column("sender_id"))


class TrackerDatabase:
    """The database in which the engine keeps its conversations (SQLite or PostgreSQL); its settings are not ours."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(with_driver(url), poolclass=NullPool)

    def forget(self, conversation: str) -> None:
        """Delete all events of one conversation; nothing happens when the engine has not stored anything yet.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database cannot be reached or written.
        """
        with self._engine.begin() as connection:
            if inspect(connection).has_table(_EVENTS.name):
                connection.execute(delete(_EVENTS).where(_EVENTS.c.sender_id == conversation))
