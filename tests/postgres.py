"""A private PostgreSQL server for tests, where its programs are installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property, partial
from itertools import count
from pathlib import Path

import psycopg
from sqlalchemy import create_engine, text

from bot.db.base import with_driver
from bot.db.migrate import upgrade
from tests.ports import free_port


def programs() -> Path | None:
    """The folder of `initdb` and `pg_ctl`, or None."""
    found = shutil.which("initdb")
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return Path(found).resolve().parent if found else installed[-1].parent if installed else None


class PostgresServer:
    """A running server; every database that it gives is new. One of a test's own may be stopped and started."""

    def __init__(self, address: str, *, start: Callable[[], None], stop: Callable[[], None]) -> None:
        self._address = address
        self.start = start
        self.stop = stop
        self._numbers = count(1)

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """It is away for a while."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    def is_up(self) -> bool:
        """Whether it takes connections."""
        try:
            psycopg.connect(f"{self._address}/postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def bare(self) -> str:
        """The URL of a database without tables."""
        return self._make("template1")

    def migrated(self) -> str:
        """The URL of a database with all tables, empty: a copy of one that was migrated once."""
        return self._make(self._template)

    @cached_property
    def _template(self) -> str:
        url = self.bare()
        upgrade(url)
        return url.rsplit("/", 1)[1]

    def _make(self, template: str) -> str:
        name = f"test_{next(self._numbers)}"
        engine = create_engine(with_driver(f"{self._address}/postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
        engine.dispose()
        return f"{self._address}/{name}"


@contextmanager
def postgres(parent: Path | None = None) -> Iterator[PostgresServer]:
    """Runs a new server in a folder of its own, under `parent` where one is given."""
    bin_folder = programs()
    assert bin_folder, "PostgreSQL is not installed"
    # PostgreSQL refuses to run as root; pytest's own folder is closed to others whenever a pytest starts.
    folder = Path(tempfile.mkdtemp(prefix="postgres-", dir=parent))
    data, port = folder / "data", free_port()
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)

    # With the clock of tests/clock, a server waits for a lock for ever; none of our statements asks it for the time.
    environment = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}

    def call(*command: str | Path) -> None:
        subprocess.run(
            command, check=True, user=user, cwd=folder, env=environment, stdout=subprocess.DEVNULL, timeout=60
        )

    call(bin_folder / "initdb", "-D", data, "-U", "bot", "--auth=trust", "--no-sync", "-E", "UTF8")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    control = (bin_folder / "pg_ctl", "-D", data)
    start = partial(call, *control, "-l", folder / "log", "-w", "-o", options, "start")
    stop = partial(call, *control, "-m", "immediate", "stop")
    start()
    try:
        yield PostgresServer(f"postgresql://bot@127.0.0.1:{port}", start=start, stop=stop)
    finally:
        stop()
        shutil.rmtree(folder)
