"""The database's ground: one declarative base, one way to make an engine, one unit of work."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import DateTime, Dialect, Engine, MetaData, create_engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


# As many as threads may work at once; more are made and thrown away.
CONNECTIONS = 12
BUSY_MS = 5000
"""How long SQLite waits for another writer."""


class Base(DeclarativeBase):
    """All tables of the bot; names of constraints are fixed so that migrations can name them."""

    metadata = MetaData(naming_convention=NAMING)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime on every database (SQLite drops the zone, so it is put back on reading)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)


def with_driver(url: str) -> str:
    """The same address, with the PostgreSQL driver that we ship named in it."""
    is_bare = url.startswith(("postgres://", "postgresql://"))
    return "postgresql+psycopg://" + url.split("://", 1)[1] if is_bare else url


def make_engine(url: str) -> Engine:
    """An engine for PostgreSQL or SQLite.

    SQLite waits for locks, writes ahead, enforces foreign keys, and overwrites with zeros what is deleted.
    """
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    is_file = url.startswith("sqlite:///")  # A file does not hang up; only a server is asked whether it is there.
    engine = create_engine(with_driver(url), pool_pre_ping=not is_file, pool_size=CONNECTIONS)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_pragmas)
    return engine


def _sqlite_pragmas(connection: object, _record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        f"busy_timeout={BUSY_MS}",
        "foreign_keys=ON",
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def empty_wal(engine: Engine) -> bool:
    """Bring SQLite's write-ahead log into the database and cut it off, for deleted words still stand in it.

    False when somebody reads or writes just now: nobody is kept waiting for it. Other databases have nothing to do.
    """
    if engine.dialect.name != "sqlite":
        return True
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=100")
        try:
            is_busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
        except OperationalError:  # The database is locked.
            return False
        finally:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_MS}")
    return not is_busy


class Database:
    """An engine and its sessions."""

    def __init__(self, url: str) -> None:
        self.engine = make_engine(url)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)
        self._line = threading.RLock() if self.engine.dialect.name == "sqlite" else nullcontext()

    @contextmanager
    def unit(self) -> Iterator[Session]:
        """One unit of work: commits at the end, rolls everything back when the block raises."""
        with self._sessions() as session, session.begin():
            yield session

    @contextmanager
    def turn(self) -> Iterator[Session]:
        """A short unit of work that writes, as every turn has some.

        Whoever meets another writer on SQLite sleeps for up to 100 ms; a line of our own wakes the next one at once.
        """
        with self._line, self.unit() as session:
            yield session

    @contextmanager
    def look(self) -> Iterator[Session]:
        """A unit of work that only reads, all of it from one moment; on SQLite it waits for no writer."""
        with self.unit() as session:
            if self.engine.dialect.name == "sqlite":  # The driver begins a transaction with the first write only.
                session.connection().exec_driver_sql("BEGIN")
            yield session

    def empty_wal(self) -> bool:
        """See `empty_wal`."""
        return empty_wal(self.engine)
