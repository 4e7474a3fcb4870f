"""A search starts by itself once, when enough has come."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.bootstrap import Container
from bot.db.base import Database
from bot.ops import jobs
from bot.review.discovery.worker import DiscoveryWorker
from bot.settings import Settings
from tests.review_rows import NOON, put


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The commands that were started instead of being run."""
    kept: list[tuple[str, ...]] = []

    def start(*words: str, settings: Settings) -> int:
        kept.append(words)
        return 1

    monkeypatch.setattr(jobs, "start", start)
    return kept


def test_the_third_message_starts_one_search(empty: Database, started: list[tuple[str, ...]], tmp_path: Path) -> None:
    watch = DiscoveryWorker(Container(Settings(var=tmp_path, discover_after=3), empty))
    for number in range(3):
        assert watch.look(NOON) is None
        with empty.unit() as session:
            put(session, f"web:{number}", "a question nobody answered")
    run = watch.look(NOON)
    assert started == [("discover", str(run))]
    assert watch.look(NOON + timedelta(minutes=1)) is None  # that search is at work


async def test_it_can_be_switched_off(empty: Database, started: list[tuple[str, ...]], tmp_path: Path) -> None:
    await DiscoveryWorker(Container(Settings(var=tmp_path, discover_after=0), empty)).round()
    assert started == []
