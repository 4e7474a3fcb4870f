"""The whole system on one machine: engine, actions and application, from nothing to healthy."""

from __future__ import annotations

import fcntl
import secrets
import signal
import socket
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bot.db.base import Database
from bot.db.migrate import upgrade
from bot.errors import DatabaseUnreachableError
from bot.ops import systemd, training
from bot.ops.seeding import seed
from bot.ops.supervisor import Process, Supervisor, require_free_port
from bot.private_files import tighten, tighten_database
from bot.settings import ROOT, Settings

HEALTHY_WITHIN_SECONDS = 90.0
ALL = ("engine", "actions", "app")
OUTSIDE: dict[str, Any] = {
    **dict.fromkeys(("database_url", "tracker_url", "redis_url", "telegram_token", "public_url", "smtp_url"), ""),
    **dict.fromkeys(("engine_token", "notify_socket", "engine_urls", "actions_urls"), ""),
    "otel_exporter_otlp_endpoint": "",
    "sites": {},
}
"""Settings that reach outside `VAR` or open the real system, empty; a temporary system must never meet the real one."""

# How much one sender may take up; why so and how much stands in bot/web/guarded_protocol.py. The bot has no WebSocket.
GUARDED = (
    "--http",
    "bot.web.guarded_protocol:GuardedProtocol",
    "--ws",
    "none",
    "--limit-concurrency",
    "800",
    "--timeout-keep-alive",
    "10",
)


def prepare_database(settings: Settings) -> Database:
    """The database, migrated and seeded; what lies in `var` from before is taken away from other accounts.

    Raises:
        DatabaseUnreachableError: it does not answer, or is not ours to change.
    """
    try:
        settings.var.mkdir(parents=True, exist_ok=True)
        tighten(settings.var)
        for url in (settings.database, settings.tracker):
            tighten_database(url)
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


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Waits until no other process holds the lock of this file, which may lie on a disk that several machines share."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def processes(
    settings: Settings, trained: Path, changes: Mapping[str, str] | None = None
) -> tuple[Process, Process, Process]:
    """The engine, the action server and the application, in the order in which they start.

    `changes` are what their environment has otherwise than that of this process.
    """
    engine_environment, logs = training.engine_environment(settings, changes), settings.var / "logs"
    app_environment = engine_environment | {
        "SANIC_HOST": settings.actions_host,
        "PYTHONPATH": training.import_path(ROOT),
    }
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
                settings.engine_host,
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
            f"http://127.0.0.1:{settings.actions_port}/health",
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
                *GUARDED,
                "--forwarded-allow-ips",
                settings.trusted_proxies,
            ],
            app_environment,
            f"http://127.0.0.1:{settings.bot_port}/readyz",
            logs / "app.log",
        ),
    )


@contextmanager
def temporary(
    var: Path,
    trained: Path,
    *,
    today: str,
    only: Collection[str] = ALL,
    patience: float = HEALTHY_WITHIN_SECONDS,
    **others: Any,
) -> Iterator[tuple[Settings, Supervisor]]:
    """A system of its own, healthy, for tests and measuring: free ports, an empty database, a frozen date.

    Nothing of the environment's databases, bot tokens and addresses is used, and this process's environment stays as
    it is. `only` names the processes to start, `patience` is how many seconds they may take; `others` are settings.
    """
    with reserved_ports(3) as ports:
        named = dict(zip(("bot_port", "engine_port", "actions_port"), ports, strict=True))
        key = secrets.token_urlsafe()  # Whoever knows it can give the engine a model, and with that code to run.
        own = {**named, "var": var, "bot_today": today, "secret_key": key, **others}
        settings = Settings(**OUTSIDE | own)
        changes = {name.upper(): "" for name in OUTSIDE} | {name.upper(): str(own[name]) for name in own}
        prepare_database(settings)
        chosen = [process for process in processes(settings, trained, changes) if process.name in only]
        supervisor = Supervisor(chosen, ROOT)
        supervisor.start()
        try:
            supervisor.wait_until_healthy(patience)
            Thread(target=supervisor.run, daemon=True).start()
            yield settings, supervisor
        finally:
            supervisor.stop()


@contextmanager
def reserved_ports(count: int) -> Iterator[list[int]]:
    """Ports on which nothing listens, and which the machine gives to nobody else meanwhile.

    They are bound here but not listened on: a server that sets SO_REUSEADDR, as every server of ours does, may.
    """
    with ExitStack() as stack:
        held = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in held:
            each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            each.bind(("127.0.0.1", 0))
        yield [each.getsockname()[1] for each in held]


def prepare(settings: Settings, find_model: Callable[[Settings, Database], Path]) -> Path:
    """The model to start with, over a database that is ready; of several machines on one `var`, one after the other."""
    with alone(settings.var / "start.lock"):
        return find_model(settings, prepare_database(settings))


def run(
    settings: Settings,
    *,
    find_model: Callable[[Settings, Database], Path],
    only: Collection[str] = ALL,
    say: Callable[[str], None] = print,
) -> None:
    """Brings everything up, says where it is, and keeps it running until Ctrl-C or SIGTERM.

    `only` names the processes of this machine, where the others run elsewhere.

    Raises:
        OperatorError: something that the operator can mend, in one sentence.
    """
    started = time.monotonic()
    for name, host, port, setting in (
        ("app", settings.bot_host, settings.bot_port, "BOT_PORT"),
        ("engine", settings.engine_host, settings.engine_port, "ENGINE_PORT"),
        ("actions", settings.actions_host, settings.actions_port, "ACTIONS_PORT"),
    ):
        if name in only:
            require_free_port(host, port, setting)
    say("Preparing the database ...")
    trained = prepare(settings, find_model)
    chosen = [process for process in processes(settings, trained) if process.name in only]
    supervisor = Supervisor(chosen, ROOT, say=say)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: supervisor.stop())
    say("Starting ...")
    supervisor.start()
    try:
        supervisor.wait_until_healthy(HEALTHY_WITHIN_SECONDS)
        systemd.tell(settings.notify_socket, systemd.READY)
        seconds = time.monotonic() - started
        say(f"Healthy after {seconds:.0f} s. Talk to the bot at {settings.base_url}/ (Ctrl-C ends it).")
        supervisor.run(partial(systemd.tell, settings.notify_socket, systemd.ALIVE))
    finally:
        systemd.tell(settings.notify_socket, systemd.STOPPING)
        supervisor.stop()
