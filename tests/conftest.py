"""What tests share: free ports, databases of their own, and one real system for those that need an engine.

Nothing of the environment reaches a test: whoever wants a setting passes it.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
import pytest_randomly
import structlog
from hypothesis import settings as hypothesis_settings

from bot.content.releases.live_responses import read_words
from bot.ops import system, training
from bot.ops.supervisor import Supervisor
from bot.reply.responses import Responses
from bot.settings import ROOT, Settings
from tests.databases import make_empty, make_seeded
from tests.ports import free_port
from tests.postgres import PostgresServer, postgres, programs

__all__ = ["free_port"]
TODAY = "2026-11-23"
PATIENCE = 300.0
"""Seconds that the real system may take to start; on busy cores other tests train and measure beside it."""
TESTS = Path(__file__).parent
LONGEST_FIRST = ("e2e", "telegram", "integration")
SETTINGS = frozenset(name.upper() for name in Settings.model_fields)
PLAIN = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
"""Shows errors in the log as Python shows them."""

# spaCy's library thinc offers a seeder that refuses most of the seeds; nothing here draws from its randomness.
pytest_randomly.entrypoint_reseeds = []

# The same examples in every run, and no limit of time for one: what busy cores make slow is not wrong. To look for new
# examples: pytest --hypothesis-profile=default
hypothesis_settings.register_profile("steady", derandomize=True, deadline=None)
hypothesis_settings.load_profile("steady")


def pytest_configure() -> None:
    """Whatever bot the developer's shell is set up for, the tests meet none of it.

    With pictures of every variable in the log, a test that fails the database a hundred times drew for two minutes.
    """
    for name in SETTINGS & os.environ.keys():
        del os.environ[name]
    structlog.configure(processors=[*structlog.get_config()["processors"][:-1], PLAIN])
    # Every client of httpx reads all authorities of the world first, 16 ms each; under test nothing speaks TLS.
    os.environ["SSL_CERT_FILE"] = str(ROOT / "tests" / "nobody.pem")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Ten thousand tests are no garbage, however often the collector looks through them, which halves its time."""
    gc.disable()
    found = yield
    gc.freeze()
    gc.enable()
    return found


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first, so that no worker is left alone with it at the end (`_how_early`).

    The tests of a story stand in the order of their file, since each goes on where the one before it ended.
    """
    items.sort(key=_how_early)
    stories: dict[Path, list[int]] = {}
    for place, item in enumerate(items):
        if item.get_closest_marker("story"):
            stories.setdefault(item.path, []).append(place)
    for places in stories.values():
        told = sorted((items[place] for place in places), key=lambda item: item.location[1] or 0)
        for place, item in zip(places, told, strict=True):
            items[place] = item


def _how_early(item: pytest.Item) -> tuple[int, bool, int]:
    """What asks for the most time, what needs an engine, what starts servers; the small files fill the end.

    The browser's tests stay together: whenever a worker leaves their package, its browser is closed.
    """
    allowed = item.get_closest_marker("timeout")
    package = item.path.relative_to(TESTS).parts[0]
    place = LONGEST_FIRST.index(package) if package in LONGEST_FIRST else len(LONGEST_FIRST)
    return -(allowed.args[0] if allowed else 0), not item.get_closest_marker("engine"), place


@pytest.fixture(autouse=True)
def _no_setting_is_left_behind() -> None:
    """What an earlier test left would change what this one tests, or what an error costs it (`pytest_configure`)."""
    assert SETTINGS & os.environ.keys() == set()
    shown_by = [
        item for item in structlog.get_config()["processors"] if isinstance(item, structlog.dev.ConsoleRenderer)
    ]
    assert shown_by in ([PLAIN], [])  # none while a test captures the log


@pytest.fixture(scope="session")
def responses() -> Responses:
    """The bot's real words, read once."""
    return read_words(ROOT)


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, Supervisor]]:
    """The whole system, real, on free ports, with the seed data and the date frozen; patient on busy cores."""
    trained = training.train(Settings(var=ROOT / "var"))  # type: ignore[call-arg]
    var = tmp_path_factory.mktemp("var")
    make_seeded(var / "bot.db")
    with system.temporary(var, trained, today=TODAY, patience=PATIENCE, engine_timeout_seconds=60) as started:
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
def postgres_server() -> Iterator[PostgresServer]:
    """One server for all tests of a worker, each with databases of its own; without PostgreSQL they are left out."""
    if programs() is None:
        pytest.skip("PostgreSQL is not installed")
    with postgres() as server:
        yield server


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], str]:
    """Gives the URL of a new, migrated, empty database, for tests of what both kinds must do alike."""
    if request.param == "sqlite":
        return lambda: make_empty(tmp_path_factory.mktemp("sqlite") / "bot.db")
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.migrated


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Debian's chromium; a browser test without it fails rather than being skipped."""
    path = Path("/usr/bin/chromium")
    assert path.exists(), "chromium is missing: apt-get install chromium"
    return path
