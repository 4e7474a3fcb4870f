"""Rasa's SQL tracker with the indexes it lacks, and with SQLite set up for readers beside the writer."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from sqlalchemy.engine import Engine

INDEXES = {
    "events_by_sender_and_time": ("sender_id", "timestamp"),
    "events_by_type_and_time": ("type_name", "timestamp"),
}


class IndexedTrackerStore(SQLTrackerStore):
    """Takes a whole SQLAlchemy URL as `host` (SQLite or PostgreSQL)."""

    def __init__(self, domain: Any = None, host: str = "", event_broker: Any = None, **kwargs: Any) -> None:
        super().__init__(domain=domain, host=plain_url(host), event_broker=event_broker, **kwargs)
        prepare(self.engine)


def plain_url(url: str) -> str:
    """The URL with the driver that this environment has (psycopg2), whichever the application uses."""
    scheme, separator, rest = url.partition("://")
    return f"postgresql{separator}{rest}" if scheme.startswith("postgres") else url


def prepare(engine: Engine) -> None:
    """Creates missing indexes; lets SQLite write without blocking readers."""
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _tune_sqlite)
    table = SQLTrackerStore.SQLEvent.__table__
    present = {index["name"] for index in sa.inspect(engine).get_indexes(table.name)}
    with engine.begin() as connection:
        for name, columns in INDEXES.items():
            if name not in present:
                statement = f"CREATE INDEX IF NOT EXISTS {name} ON {table.name} ({', '.join(columns)})"
                connection.execute(sa.text(statement))


def _tune_sqlite(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA busy_timeout=5000")
