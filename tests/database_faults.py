"""Ways in which a database fails while others use it: locked, read-only, away, full. Each ends with its `with`.

A full disk needs a file system of its own (`small_disk`), and that needs the right to mount one.
"""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.postgres import PostgresServer

BLOCK = b"\0" * 65_536


class SqliteFaults:
    """Faults of one SQLite file."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Another connection keeps the write lock, longer than anybody waits for it."""
        with closing(sqlite3.connect(self._file, isolation_level=None, timeout=30)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield  # Closing it rolls back.

    @contextmanager
    def read_only(self) -> Iterator[None]:
        """What is stored can be read, but nothing can be added."""
        with closing(sqlite3.connect(self._file, isolation_level=None, timeout=30)) as connection:
            # A virtual table takes no trigger, and what lies under one is written through it alone.
            plain = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'"
            names = [name for (name,) in connection.execute(plain) if "_fts" not in name and "sqlite_" not in name]
            refuse = "BEGIN SELECT RAISE(ABORT, 'attempt to write a readonly database'); END"
            closed = {
                f"closed_{name}_{deed}": (deed, name) for name in names for deed in ("INSERT", "UPDATE", "DELETE")
            }
            connection.execute("BEGIN IMMEDIATE")
            for trigger, (deed, name) in closed.items():
                connection.execute(f'CREATE TRIGGER "{trigger}" BEFORE {deed} ON "{name}" {refuse}')
            connection.execute("COMMIT")
            try:
                yield
            finally:
                connection.execute("BEGIN IMMEDIATE")
                for trigger in closed:
                    connection.execute(f'DROP TRIGGER "{trigger}"')
                connection.execute("COMMIT")

    @contextmanager
    def full(self, disk: Path) -> Iterator[None]:
        """Not a byte is left on the disk, nor in the log of writes, which is brought in before."""
        with closing(sqlite3.connect(self._file, isolation_level=None, timeout=30)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with full(disk):
            yield

    @contextmanager
    def away(self) -> Iterator[None]:
        """The file is gone for a while; whoever connects makes an empty one."""
        aside = self._file.with_name("aside")
        aside.mkdir()
        self._move(self._file.parent, aside)
        try:
            yield
        finally:
            for file in self._file.parent.glob(f"{self._file.name}*"):
                file.unlink()
            self._move(aside, self._file.parent)
            aside.rmdir()

    def _move(self, origin: Path, folder: Path) -> None:
        for file in origin.glob(f"{self._file.name}*"):
            file.rename(folder / file.name)


class PostgresFaults:
    """Faults of one database of a PostgreSQL server."""

    def __init__(self, url: str) -> None:
        self._url = url

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Another connection keeps every table, longer than anybody waits for it."""
        with psycopg.connect(self._url) as connection:
            tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            lock(connection, [f'"{name}"' for (name,) in tables], mode="SHARE ROW EXCLUSIVE")
            yield
            connection.rollback()

    @contextmanager
    def read_only(self) -> Iterator[None]:
        """What is stored can be read; every session is told anew, as after a switch to a standby."""
        self._set("SET default_transaction_read_only = on")
        try:
            yield
        finally:
            self._set("RESET default_transaction_read_only")

    def _set(self, what: str) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute("SET default_transaction_read_only = off")
            connection.execute(f"ALTER DATABASE {connection.info.dbname} {what}".encode())
            others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> %s"
            connection.execute(others, (connection.info.dbname, connection.info.backend_pid))


def lock(connection: psycopg.Connection[Any], tables: Sequence[str], *, mode: str) -> None:
    """Takes locks that others want too, perhaps in another order: of a deadlock, whoever is the victim tries again."""
    while True:
        try:
            connection.execute(f"LOCK TABLE {', '.join(tables)} IN {mode} MODE".encode())
            return
        except psycopg.errors.DeadlockDetected:
            connection.rollback()


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A file system of so many megabytes in memory, at `folder` (Linux, as root)."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """Not a byte is left on a disk."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(BLOCK)
    try:
        yield
    finally:
        ballast.unlink()


@contextmanager
def full_server(disk: Path, server: PostgresServer) -> Iterator[None]:
    """A server that could not write its own log has stopped; whoever makes room starts it again."""
    with full(disk):
        yield
    if not server.is_up():
        server.start()
