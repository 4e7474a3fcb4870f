"""What tests share: free ports, a database of their own, and one real system for those that need an engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.ops import system, training
from bot.ops.supervisor import Supervisor
from bot.settings import ROOT, Settings

TODAY = "2026-11-23"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that wait long for an engine begin first, so that no worker is left alone with one at the end."""
    items.sort(key=lambda item: not any(item.iter_markers("engine")))


def free_port() -> int:
    """A port on which nothing listens just now."""
    return system.free_ports(1)[0]


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, Supervisor]]:
    """The whole system, real, on free ports, with an empty database and the date frozen."""
    trained = training.train(Settings(var=ROOT / "var"))  # type: ignore[call-arg]
    with system.temporary(tmp_path_factory.mktemp("var"), trained, today=TODAY) as started:
        yield started


@pytest.fixture(scope="session")
def engine_url(running: tuple[Settings, Supervisor]) -> str:
    """The address of the real engine."""
    return running[0].engine_url


@pytest.fixture(scope="session")
def app_url(running: tuple[Settings, Supervisor]) -> str:
    """The address of the real application."""
    return running[0].base_url


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Debian's chromium; a browser test without it fails rather than being skipped."""
    path = Path("/usr/bin/chromium")
    assert path.exists(), "chromium is missing: apt-get install chromium"
    return path
