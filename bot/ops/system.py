"""The whole system on one machine: engine, actions and application, from nothing to healthy."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Thread

from sqlalchemy.exc import SQLAlchemyError

from bot.db.base import Database
from bot.db.migrate import upgrade
from bot.errors import DatabaseUnreachableError
from bot.ops import training
from bot.ops.seeding import seed
from bot.ops.supervisor import Process, Supervisor, require_free_port
from bot.settings import ROOT, Settings

HEALTHY_WITHIN_SECONDS = 90.0
ALL = ("engine", "actions", "app")
OUTSIDE = ("DATABASE_URL", "TRACKER_URL", "REDIS_URL", "TELEGRAM_TOKEN", "PUBLIC_URL", "SITES")
"""Settings that reach outside `VAR`; a temporary system must never meet the real one there."""


def prepare_database(settings: Settings) -> Database:
    """The database, migrated and seeded.

    Raises:
        DatabaseUnreachableError: it does not answer, or is not ours to change.
    """
    try:
        upgrade(settings.database)
        database = Database(settings.database)
        seed(settings, database)
        return database
    except (SQLAlchemyError, OSError) as error:
        cause = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise DatabaseUnreachableError(
            f"The database cannot be used ({cause}). Check that it runs and that DATABASE_URL is right; "
            "leave DATABASE_URL empty for a SQLite file."
        ) from error


def processes(settings: Settings, trained: Path) -> tuple[Process, Process, Process]:
    """The engine, the action server and the application, in the order in which they start."""
    engine_environment, logs = training.engine_environment(settings), settings.var / "logs"
    app_environment = engine_environment | {"SANIC_HOST": "127.0.0.1", "PYTHONPATH": str(ROOT)}
    python = sys.executable
    return (
        Process(
            "engine",
            [
                training.ENGINE_PYTHON,
                "-m",
                "rotation_engine",
                "run",
                "--enable-api",
                "--interface",
                "127.0.0.1",
                "--port",
                str(settings.engine_port),
                "--model",
                trained,
                "--endpoints",
                "endpoints.yml",
                "--credentials",
                "credentials.yml",
            ],
            engine_environment,
            f"{settings.engine_url}/status",
            logs / "engine.log",
        ),
        Process(
            "actions",
            [python, "-m", "actions"],
            app_environment,
            f"{settings.actions_url}/health",
            logs / "actions.log",
        ),
        Process(
            "app",
            [
                python,
                "-m",
                "uvicorn",
                "--factory",
                "bot.app:create",
                "--host",
                settings.bot_host,
                "--port",
                str(settings.bot_port),
                "--no-access-log",
                "--timeout-graceful-shutdown",
                "3",
            ],
            app_environment,
            f"http://127.0.0.1:{settings.bot_port}/readyz",
            logs / "app.log",
        ),
    )


@contextmanager
def temporary(
    var: Path, trained: Path, *, today: str, only: Collection[str] = ALL, patience: float = HEALTHY_WITHIN_SECONDS
) -> Iterator[tuple[Settings, Supervisor]]:
    """A system of its own, healthy, for tests and measuring: free ports, an empty database, a frozen date.

    Nothing of the environment's databases, bot tokens and addresses is used; `only` names the processes to start,
    `patience` is how many seconds they may take.
    """
    ports = dict(zip(("BOT_PORT", "ENGINE_PORT", "ACTIONS_PORT"), map(str, free_ports(3)), strict=True))
    names = {**dict.fromkeys(OUTSIDE, ""), **ports, "VAR": str(var), "BOT_TODAY": today, "SECRET_KEY": "measuring"}
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(names)
    try:
        settings = Settings()  # type: ignore[call-arg]
        prepare_database(settings)
        chosen = [process for process in processes(settings, trained) if process.name in only]
        supervisor = Supervisor(chosen, ROOT)
        supervisor.start()
        try:
            supervisor.wait_until_healthy(patience)
            Thread(target=supervisor.run, daemon=True).start()
            yield settings, supervisor
        finally:
            supervisor.stop()
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def free_ports(count: int) -> list[int]:
    """Ports on which nothing listens just now."""
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


def run(
    settings: Settings, *, find_model: Callable[[Settings, Database], Path], say: Callable[[str], None] = print
) -> None:
    """Brings everything up, says where it is, and keeps it running until Ctrl-C or SIGTERM.

    Raises:
        OperatorError: something that the operator can mend, in one sentence.
    """
    started = time.monotonic()
    for host, port, setting in (
        (settings.bot_host, settings.bot_port, "BOT_PORT"),
        ("127.0.0.1", settings.engine_port, "ENGINE_PORT"),
        ("127.0.0.1", settings.actions_port, "ACTIONS_PORT"),
    ):
        require_free_port(host, port, setting)
    say("Preparing the database ...")
    trained = find_model(settings, prepare_database(settings))
    supervisor = Supervisor(processes(settings, trained), ROOT, say=say)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: supervisor.stop())
    say("Starting ...")
    supervisor.start()
    try:
        supervisor.wait_until_healthy(HEALTHY_WITHIN_SECONDS)
        seconds = time.monotonic() - started
        say(f"Healthy after {seconds:.0f} s. Talk to the bot at {settings.base_url}/ (Ctrl-C ends it).")
        supervisor.run()
    finally:
        supervisor.stop()
