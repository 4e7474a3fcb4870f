"""Rasa's SQL tracker with the indexes it lacks, a bounded memory, and SQLite set up for readers beside the writer.

Rasa loads and replays the whole session for every message, so that a long talk gets slower and slower. Ours loads the
last turns and the newest value of each slot; everything stays stored.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Query, Session

INDEXES = {
    "events_by_sender_and_time": ("sender_id", "timestamp"),
    "events_by_type_and_time": ("type_name", "timestamp"),
}
KEPT_TURNS = 5  # rules look at one turn, stories at three (config.yml); every turn kept is loaded and replayed again
FORGETTING = ("restart", "reset_slots")  # events that empty all slots


class IndexedTrackerStore(SQLTrackerStore):
    """Takes a whole SQLAlchemy URL as `host` (SQLite or PostgreSQL)."""

    def __init__(self, domain: Any = None, host: str = "", event_broker: Any = None, **kwargs: Any) -> None:
        super().__init__(domain=domain, host=plain_url(host), event_broker=event_broker, **kwargs)
        prepare(self.engine)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The session's slots and last turns."""
        tracker = await super().retrieve(sender_id)
        if tracker is not None:
            tracker.stored_events = len(tracker.events)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Appends what is new."""
        await super().save(tracker)
        tracker.stored_events = len(tracker.events)

    def _event_query(self, session: Session, sender_id: str, fetch_events_from_all_sessions: bool) -> Query:
        query = super()._event_query(session, sender_id, fetch_events_from_all_sessions)
        if fetch_events_from_all_sessions:
            return query
        event = self.SQLEvent
        mine = session.query(event.id).filter(event.sender_id == sender_id)
        turns = mine.filter(event.type_name == "user").order_by(event.id.desc())
        oldest_turn = turns.offset(KEPT_TURNS - 1).limit(1).scalar()
        if oldest_turn is None:
            return query
        emptied = mine.filter(event.type_name.in_(FORGETTING)).order_by(event.id.desc()).limit(1).scalar() or 0
        slots = (  # Rasa keeps a slot's name in action_name
            session.query(sa.func.max(event.id))
            .filter(event.sender_id == sender_id, event.type_name == "slot", event.id > emptied)
            .group_by(event.action_name)
        )
        return query.filter(sa.or_(event.id >= oldest_turn, event.id.in_(slots)))

    def _additional_events(self, session: Session, tracker: DialogueStateTracker) -> Iterator[Any]:
        """What the tracker learned since it was loaded; Rasa's own count would be of the whole session."""
        stored = getattr(tracker, "stored_events", None)
        if stored is None:
            every: Iterator[Any] = super()._additional_events(session, tracker)
            return every
        return islice(tracker.events, stored, len(tracker.events))


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
