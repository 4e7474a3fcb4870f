"""Rasa's SQL tracker with the indexes it lacks, a bounded memory, and no way to hide a fault of the database.

Rasa loads and replays the whole session for every message, so that a long talk gets slower and slower. Ours loads the
last turns and the newest value of each slot; everything stays stored.

Rasa takes a database that cannot be read for a person whom it does not know, and stores a new talk over the old one;
what cannot be written goes into memory and is lost. Here both raise, and the turn fails as a whole: `channel.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import InMemoryTrackerStore, SQLTrackerStore, TrackerStore, create_engine_kwargs
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.orm import Query, Session, sessionmaker

INDEXES = {
    "events_by_sender_and_time": ("sender_id", "timestamp"),
    "events_by_type_and_time": ("type_name", "timestamp"),
}
KEPT_TURNS = 5  # rules look at one turn, stories at three (config.yml); every turn kept is loaded and replayed again
FORGETTING = ("restart", "reset_slots")  # events that empty all slots
# All turns wait while one waits for the database, so none waits long (seconds; tcp_user_timeout in milliseconds).
SERVER_PATIENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
SESSION_PATIENCE = ("SET lock_timeout = '5s'", "SET statement_timeout = '20s'")


class IndexedTrackerStore(SQLTrackerStore):
    """Takes a whole SQLAlchemy URL as `host` (SQLite or PostgreSQL).

    Reading and writing raise SQLAlchemy's errors. None means that the database answered: there is no such talk.
    """

    def __init__(self, domain: Any = None, host: str = "", event_broker: Any = None, **kwargs: Any) -> None:
        # SQLTrackerStore's own waits on the event loop until the database is there, and never checks a connection.
        TrackerStore.__init__(self, domain, event_broker, **kwargs)
        self.engine = connect(plain_url(host))
        self.sessionmaker = sessionmaker(bind=self.engine)
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


def connect(url: str) -> Engine:
    """An engine whose connections are checked before use, and that gives up soon when nobody answers."""
    options: dict[str, Any] = create_engine_kwargs(url)
    made = sa.engine.make_url(url)
    if made.get_backend_name() == "postgresql":
        unset = {name: value for name, value in SERVER_PATIENCE.items() if name not in made.query}
        options["connect_args"] = unset | options.get("connect_args", {})
    engine = sa.create_engine(made, pool_pre_ping=True, **options)
    sa.event.listen(engine, "connect", _tune_sqlite if engine.dialect.name == "sqlite" else _tune_server)
    return engine


def prepare(engine: Engine) -> None:
    """Creates the table and its indexes where they are missing."""
    table = SQLTrackerStore.SQLEvent.__table__
    try:
        SQLTrackerStore.Base.metadata.create_all(engine)
    except (OperationalError, ProgrammingError, IntegrityError):
        if not sa.inspect(engine).has_table(table.name):  # Another engine may have made it at the same moment.
            raise
    present = {index["name"] for index in sa.inspect(engine).get_indexes(table.name)}
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":  # An index over many talks takes its time, and nobody talks yet.
            connection.execute(sa.text("SET LOCAL statement_timeout = 0"))
        for name, columns in INDEXES.items():
            if name not in present:
                statement = f"CREATE INDEX IF NOT EXISTS {name} ON {table.name} ({', '.join(columns)})"
                connection.execute(sa.text(statement))


def install() -> None:
    """Agents use the store of endpoints.yml itself, also after a hot swap, not Rasa's fail-safe wrapper around it."""
    from rasa.core.agent import Agent

    Agent._create_tracker_store = staticmethod(_as_configured)


def _as_configured(store: TrackerStore | None, domain: Any) -> TrackerStore:
    """The store without a wrapper; an agent that only trains or tests is given none.

    Raises:
        RasaException: Rasa did not find the store of endpoints.yml and would keep all talks in memory.
    """
    if store is None:
        return InMemoryTrackerStore(domain)
    if isinstance(store, InMemoryTrackerStore):
        raise RasaException("The tracker store of endpoints.yml cannot be made; see the warning above.")
    store.domain = domain
    return store


def _tune_sqlite(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA busy_timeout=5000")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA secure_delete=ON")  # no copy of a row stays behind when a page is split


def _tune_server(connection: Any, _record: Any) -> None:
    with connection.cursor() as cursor:
        for statement in SESSION_PATIENCE:
            cursor.execute(statement)
    connection.commit()  # A rollback would take them back.
