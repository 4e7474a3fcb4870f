"""Rasa's tracker gets its indexes, and takes the application's database URLs."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Restarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rotation_engine.tracker import INDEXES, KEPT_TURNS, IndexedTrackerStore, plain_url


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
