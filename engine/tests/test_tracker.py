"""Rasa's tracker gets its indexes, and takes the application's database URLs."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from rotation_engine.tracker import INDEXES, IndexedTrackerStore, plain_url


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
