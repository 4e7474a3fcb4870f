"""Rasa's tracker gets its indexes, takes the application's database URLs, and hides no fault of the database."""

from __future__ import annotations

import asyncio
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from rasa.core.agent import Agent, load_agent
from rasa.core.tracker_store import InMemoryTrackerStore, SQLTrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Restarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import EndpointConfig
from rotation_engine import tracker as tracker_module
from rotation_engine.tracker import INDEXES, KEPT_TURNS, IndexedTrackerStore, connect, plain_url
from sqlalchemy.exc import OperationalError, SQLAlchemyError


def test_indexes_are_made_once_and_sqlite_writes_ahead(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'tracker.db'}"
    IndexedTrackerStore(host=url)
    store = IndexedTrackerStore(host=url)
    assert set(INDEXES) <= {index["name"] for index in sa.inspect(store.engine).get_indexes("events")}
    with store.engine.connect() as connection:
        assert connection.execute(sa.text("PRAGMA journal_mode")).scalar() == "wal"


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgresql+psycopg://a:b@db/tracker", "postgresql://a:b@db/tracker"),
        ("postgres://a@db/tracker", "postgresql://a@db/tracker"),
        ("sqlite:////data/tracker.db", "sqlite:////data/tracker.db"),
    ],
)
def test_urls_of_the_application_fit_this_environment(given: str, used: str) -> None:
    assert plain_url(given) == used


DOMAIN = Domain.from_yaml(
    """
slots:
  state: {type: any, mappings: [{type: custom}]}
  weeks: {type: any, mappings: [{type: custom}]}
"""
)


async def talk(store: SQLTrackerStore, turns: int, *, weeks: int | None = None, restart: bool = False) -> None:
    """A conversation of `turns` turns, each loaded and saved as Rasa does it."""
    for turn in range(turns):
        tracker = await store.get_or_create_tracker("web:1")
        tracker.update(UserUttered(f"message {turn}"))
        if weeks is not None and turn == 0:
            tracker.update(SlotSet("weeks", weeks))
        if restart and turn == 0:
            tracker.update(Restarted())
        tracker.update(SlotSet("state", f"S{turn}"))
        tracker.update(ActionExecuted("action_listen"))
        await store.save(tracker)


async def loaded(store: SQLTrackerStore) -> DialogueStateTracker:
    tracker = await store.retrieve("web:1")
    assert tracker is not None
    return tracker


@pytest.fixture
def store(tmp_path: Path) -> IndexedTrackerStore:
    return IndexedTrackerStore(DOMAIN, host=f"sqlite:///{tmp_path / 'tracker.db'}")


def test_a_long_talk_loads_the_last_turns_and_every_slot(store: IndexedTrackerStore) -> None:
    asyncio.run(talk(store, 3 * KEPT_TURNS, weeks=8))
    tracker = asyncio.run(loaded(store))
    assert [event.type_name for event in tracker.events].count("user") == KEPT_TURNS
    assert (tracker.get_slot("weeks"), tracker.get_slot("state")) == (8, f"S{3 * KEPT_TURNS - 1}")


def test_everything_stays_stored_once(store: IndexedTrackerStore) -> None:
    asyncio.run(talk(store, 3 * KEPT_TURNS))
    full = asyncio.run(store.retrieve_full_tracker("web:1"))
    texts = [event.text for event in full.events if isinstance(event, UserUttered)]
    assert texts == [f"message {turn}" for turn in range(3 * KEPT_TURNS)]


def test_saving_twice_stores_once(store: IndexedTrackerStore) -> None:
    async def run() -> int:
        await talk(store, 2 * KEPT_TURNS)
        tracker = await loaded(store)
        tracker.update(UserUttered("once"))
        await store.save(tracker)
        await store.save(tracker)
        full = await store.retrieve_full_tracker("web:1")
        return sum(isinstance(event, UserUttered) and event.text == "once" for event in full.events)

    assert asyncio.run(run()) == 1


def test_a_restart_long_ago_still_empties_what_was_before_it(store: IndexedTrackerStore) -> None:
    asyncio.run(talk(store, 1, weeks=8))
    asyncio.run(talk(store, 3 * KEPT_TURNS, restart=True))
    assert asyncio.run(loaded(store)).get_slot("weeks") is None


@pytest.fixture
def honest() -> Iterator[None]:
    """Agents as `python -m rotation_engine` makes them."""
    before = Agent._create_tracker_store
    tracker_module.install()
    yield
    Agent._create_tracker_store = staticmethod(before)


def endpoints(tmp_path: Path, *, store: str = "rotation_engine.tracker.IndexedTrackerStore") -> AvailableEndpoints:
    url = f"sqlite:///{tmp_path / 'tracker.db'}"
    return AvailableEndpoints(tracker_store=EndpointConfig(url, type=store))


def drop_table(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "tracker.db")) as connection:
        connection.execute("DROP TABLE events")


def garble(tmp_path: Path) -> None:
    (tmp_path / "tracker.db").write_bytes(b"no database" * 1000)


def forbid_writing(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "tracker.db")) as connection:
        connection.execute("CREATE TRIGGER closed BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'closed'); END")


@pytest.mark.parametrize("harm", [drop_table, garble])
def test_an_agent_never_takes_a_fault_for_somebody_new(
    honest: None, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    async def run() -> None:
        store = (await load_agent(endpoints=endpoints(tmp_path))).tracker_store
        assert await store.retrieve("web:1") is None
        await talk(store, 1, weeks=8)
        harm(tmp_path)
        with pytest.raises(SQLAlchemyError):
            await store.get_or_create_tracker("web:1")
        with pytest.raises(SQLAlchemyError):
            await store.retrieve_full_tracker("web:1")

    asyncio.run(run())


@pytest.mark.parametrize("swaps", [0, 1])
def test_what_cannot_be_stored_is_an_error_also_after_a_swap(honest: None, tmp_path: Path, swaps: int) -> None:
    async def run() -> None:
        for _ in range(1 + swaps):
            store = (await load_agent(endpoints=endpoints(tmp_path))).tracker_store
        await talk(store, 1)
        forbid_writing(tmp_path)
        with pytest.raises(SQLAlchemyError):
            await talk(store, 1)

    asyncio.run(run())


def test_a_store_that_rasa_does_not_find_stops_the_engine(honest: None, tmp_path: Path) -> None:
    with pytest.raises(RasaException, match=r"endpoints\.yml"), pytest.warns(UserWarning, match="not found"):
        asyncio.run(load_agent(endpoints=endpoints(tmp_path, store="rotation_engine.tracker.Misspelled")))


def test_an_agent_that_only_trains_needs_no_database(honest: None) -> None:
    assert isinstance(Agent().tracker_store, InMemoryTrackerStore)


def test_a_lock_is_waited_for_and_then_told(store: IndexedTrackerStore, tmp_path: Path) -> None:
    asyncio.run(talk(store, 1))
    sa.event.listen(store.engine, "connect", lambda made, _: made.execute("PRAGMA busy_timeout=100"))
    with closing(sqlite3.connect(tmp_path / "tracker.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError, match="locked"):
            asyncio.run(talk(store, 1))
    asyncio.run(talk(store, 1))


def test_a_server_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tracker_module.SERVER_PATIENCE, "connect_timeout", 2)
    with socket.create_server(("127.0.0.1", 0)) as mute, pytest.raises(OperationalError, match="timeout"):
        connect(f"postgresql://a:b@127.0.0.1:{mute.getsockname()[1]}/tracker").connect()


def test_sqlite_overwrites_what_it_moves_and_deletes(tmp_path: Path) -> None:
    store = IndexedTrackerStore(host=f"sqlite:///{tmp_path / 'tracker.db'}")
    with store.engine.connect() as connection:
        assert connection.execute(sa.text("PRAGMA secure_delete")).scalar() == 1
