"""The index of the words of messages, cleaned of those that were deleted."""

from __future__ import annotations

from sqlalchemy import text

from bot.db.base import Database

_STEP = 200
"""How many pages a step works on at most; others write between two steps."""


def purge(database: Database) -> bool:
    """Take deleted words out of the index; always true, for nobody is in the way.

    SQLite's index only notes that a word is gone, until the parts of the index are merged into one. PostgreSQL keeps
    the words in the rows themselves.
    """
    if database.engine.dialect.name != "sqlite":
        return True
    step, is_done = -_STEP, False  # A negative first step says that all parts are to be merged.
    while not is_done:
        with database.turn() as session:
            before = session.scalar(text("SELECT total_changes()")) or 0
            session.execute(
                text("INSERT INTO message_words (message_words, rank) VALUES ('merge', :step)"), {"step": step}
            )
            is_done = (session.scalar(text("SELECT total_changes()")) or 0) - before < 2
        step = _STEP
    return True
