"""What tests share: free ports, a database of their own, and one real system for those that need an engine."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import model, system
from bot.settings import ROOT, Settings
from bot.supervisor import Supervisor

TODAY = "2026-11-23"


def free_port() -> int:
    """A port on which nothing listens just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, Supervisor]]:
    """The whole system, real, on free ports, with an empty database and the date frozen."""
    var = tmp_path_factory.mktemp("var")
    settings = Settings(
        bot_port=free_port(),
        engine_port=free_port(),
        actions_port=free_port(),
        var=var,
        bot_today=TODAY,
        secret_key="test",
    )  # type: ignore[call-arg]
    names = {
        "BOT_PORT": settings.bot_port, "ENGINE_PORT": settings.engine_port, "ACTIONS_PORT": settings.actions_port,
        "VAR": var, "BOT_TODAY": TODAY, "SECRET_KEY": "test",
    }  # fmt: skip
    kept = {name: os.environ.get(name) for name in names}
    os.environ.update({name: str(value) for name, value in names.items()})
    try:
        system.prepare_database(settings)
        trained = model.train(Settings(var=ROOT / "var"))  # type: ignore[call-arg]
        supervisor = Supervisor(system.processes(settings, trained), ROOT)
        supervisor.start()
        try:
            supervisor.wait_until_healthy(120)
            threading.Thread(target=supervisor.run, daemon=True).start()
            yield settings, supervisor
        finally:
            supervisor.stop()
    finally:
        for name, value in kept.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


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
