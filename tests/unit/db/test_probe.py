"""A database that answers questions but takes nothing is found out, without asking it more than it stands."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Insert, event, func, insert, select, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from bot.db import probe
from bot.db.base import Database
from bot.db.probe import Probe, try_write
from bot.delivery.tables import Conversation
from tests.databases import make_empty
from tests.postgres import PostgresServer

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def row() -> Insert:
    return insert(Conversation).values(id="readyz:1", created_at=NOW, last_seen_at=NOW)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(make_empty(tmp_path / "bot.db"))
    yield database
    database.engine.dispose()


def stored(database: Database) -> int:
    with database.unit() as session:
        return session.scalar(select(func.count()).select_from(Conversation)) or 0


@contextmanager
def full(file: Path) -> Iterator[None]:
    """No file of this process may grow beyond what the write-ahead log has already."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (file.with_name(f"{file.name}-wal").stat().st_size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_trial_leaves_nothing_behind_and_can_be_repeated(database: Database) -> None:
    for _ in range(3):
        try_write(database.engine, row())
    assert stored(database) == 0
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 5000


def test_a_file_that_somebody_has_locked(database: Database, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "bot.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError, match="locked"):
            try_write(database.engine, row())
    try_write(database.engine, row())


def test_a_file_without_room(database: Database, tmp_path: Path) -> None:
    try_write(database.engine, row())
    with full(tmp_path / "bot.db"), pytest.raises(OperationalError, match="disk"):
        try_write(database.engine, row())
    try_write(database.engine, row())


def test_a_file_that_may_only_be_read(database: Database) -> None:
    database.engine.dispose()
    event.listen(database.engine, "connect", lambda connection, _: connection.execute("PRAGMA query_only=ON"))
    with pytest.raises(OperationalError, match="readonly"):
        try_write(database.engine, row())


def test_a_server_that_is_locked_or_may_only_be_read(postgres_server: PostgresServer) -> None:
    url = postgres_server.migrated()
    database = Database(url)
    try_write(database.engine, row())
    assert stored(database) == 0
    with database.engine.begin() as other:
        other.execute(text("LOCK TABLE conversations IN SHARE MODE"))
        with pytest.raises(OperationalError, match="lock timeout"):
            try_write(database.engine, row())
    with database.engine.begin() as connection:
        connection.execute(text(f"ALTER DATABASE {url.rsplit('/', 1)[1]} SET default_transaction_read_only = on"))
    database.engine.dispose()
    with pytest.raises(SQLAlchemyError, match="read-only"):
        try_write(database.engine, row())
    database.engine.dispose()


async def test_many_who_ask_cost_one_trial() -> None:
    trials: list[int] = []
    asked = Probe(lambda: trials.append(1))
    assert await asyncio.gather(*(asked.fault() for _ in range(50))) == [""] * 50
    assert await asked.fault() == ""
    assert len(trials) == 1


async def test_what_was_found_is_not_believed_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "FRESH_SECONDS", 0.05)
    works = True

    def write() -> None:
        if not works:
            raise OperationalError("INSERT", {}, Exception("host 10.0.0.1 is away"))

    asked = Probe(write)
    assert await asked.fault() == ""
    works = False
    await asyncio.sleep(0.1)
    assert await asked.fault() == "cannot be written (OperationalError)"


async def test_a_database_that_hangs_is_asked_once_and_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "PATIENCE_SECONDS", 0.05)
    monkeypatch.setattr(probe, "FRESH_SECONDS", 0.0)
    trials, release = [], threading.Event()

    def write() -> None:
        trials.append(1)
        release.wait(5)

    asked = Probe(write)
    assert [await asked.fault() for _ in range(3)] == ["does not answer in time"] * 3
    assert len(trials) == 1
    release.set()
    monkeypatch.setattr(probe, "PATIENCE_SECONDS", 30.0)
    assert await asked.fault() == ""
