"""The gateway with a stand-in for the engine, both real servers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import free_port
from tests.fake_engine import FakeEngine
from tests.running_app import RunningApp, Visitor


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[FakeEngine]:
    server = FakeEngine(free_port(), tmp_path)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def app(tmp_path: Path, engine: FakeEngine) -> Iterator[RunningApp]:
    running = RunningApp(free_port(), engine.port, folder=tmp_path)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def visitor(app: RunningApp) -> Visitor:
    return app.visitor()
