"""Asks a database whether something could be stored in it, which a mere question does not show."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from sqlalchemy import Engine, Executable
from sqlalchemy.exc import SQLAlchemyError

FRESH_SECONDS = 1.5
PATIENCE_SECONDS = 1.5
_LOCK_SECONDS = 1.0


def try_write(engine: Engine, statement: Executable) -> None:
    """Write a row and take it back; SQLite also writes its own file, since the row alone would stay in memory.

    Raises:
        SQLAlchemyError: away, locked for longer than a second, read-only, or full.
    """
    is_file, milliseconds = engine.dialect.name == "sqlite", round(_LOCK_SECONDS * 1000)
    with engine.connect() as connection:
        if is_file:
            usual = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()
            connection.exec_driver_sql(f"PRAGMA busy_timeout={milliseconds}")
        else:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {milliseconds}")
        try:
            connection.execute(statement)
            connection.rollback()
            if is_file:  # A page of the file with the number that it has.
                number = connection.exec_driver_sql("PRAGMA user_version").scalar()
                connection.exec_driver_sql(f"PRAGMA user_version={number}")
        finally:
            if is_file:
                connection.exec_driver_sql(f"PRAGMA busy_timeout={usual}")


class Probe:
    """Tries to write into one database, never twice at a time and not more often than every 1.5 seconds."""

    def __init__(self, write: Callable[[], None]) -> None:
        self._write = write
        self._trial: asyncio.Future[str] | None = None
        self._begun = 0.0

    async def fault(self) -> str:
        """Empty when it can be written; else what is wrong, without addresses or names."""
        now = time.monotonic()
        if self._trial is None or (self._trial.done() and now - self._begun >= FRESH_SECONDS):
            self._trial, self._begun = asyncio.ensure_future(asyncio.to_thread(self._attempt)), now
        await asyncio.wait({self._trial}, timeout=PATIENCE_SECONDS)
        return self._trial.result() if self._trial.done() else "does not answer in time"

    def _attempt(self) -> str:
        try:
            self._write()
        except SQLAlchemyError as error:
            return f"cannot be written ({type(error).__name__})"
        return ""
