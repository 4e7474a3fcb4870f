"""Starts the three processes, restarts what dies, and stops them together."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import NotHealthyError, PortInUseError

POLL_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 10.0
STEADY_SECONDS = 60.0
STOP_SECONDS = 10.0
_DIE_WITH_PARENT = 1


@dataclass
class Process:
    """One process: its command, where its health is asked, and how it is doing."""

    name: str
    command: Sequence[str | Path]
    environment: Mapping[str, str]
    health: str
    log: Path
    running: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = field(default=1.0)

    def start(self, folder: Path) -> None:
        """Starts it; its output goes to its log."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self.running = subprocess.Popen(
                list(self.command),
                cwd=folder,
                env=dict(self.environment),
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
                preexec_fn=_die_with_parent,
                start_new_session=True,
            )
        self.started = time.monotonic()

    @property
    def is_alive(self) -> bool:
        return self.running is not None and self.running.poll() is None

    def end_group(self, number: signal.Signals) -> None:
        """Signals the process and everything it started; a worker that outlives its parent would keep the port."""
        if self.running is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.running.pid, number)

    def is_healthy(self) -> bool:
        """Whether it answers its health question."""
        try:
            with urllib.request.urlopen(self.health, timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError, ValueError):
            return False


def _die_with_parent() -> None:
    """A supervisor that is killed takes its processes with it (Linux; elsewhere they are left to the operator)."""
    try:
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGTERM)
    except (OSError, AttributeError):
        return


class Supervisor:
    """Keeps a group of processes running until it is told to stop."""

    def __init__(self, processes: Sequence[Process], folder: Path, *, say: Callable[[str], None] = print) -> None:
        self.processes = processes
        self._folder = folder
        self._say = say
        self._stopping = False

    def start(self) -> None:
        """Starts all of them."""
        for process in self.processes:
            process.start(self._folder)

    def wait_until_healthy(self, seconds: float) -> None:
        """Returns when all answer, saying which one does.

        Raises:
            NotHealthyError: one did not within `seconds`; the message names its log.
        """
        waiting, deadline = list(self.processes), time.monotonic() + seconds
        while waiting and not self._stopping:
            for process in [item for item in waiting if item.is_healthy()]:
                waiting.remove(process)
                self._say(f"  {process.name} is healthy")
            if waiting and time.monotonic() > deadline:
                names = ", ".join(f"{item.name} (see {item.log})" for item in waiting)
                raise NotHealthyError(f"Not healthy after {seconds:.0f} s: {names}.")
            self.tend()
            time.sleep(POLL_SECONDS)

    def run(self) -> None:
        """Restarts what dies, until `stop` is called."""
        while not self._stopping:
            self.tend()
            time.sleep(POLL_SECONDS)

    def tend(self) -> None:
        """Starts every process again that has ended, after a pause that grows while it keeps ending."""
        now = time.monotonic()
        for process in self.processes:
            if self._stopping or process.is_alive:
                continue
            if now - process.started < process.pause:
                continue
            process.end_group(signal.SIGKILL)
            steady = now - process.started > STEADY_SECONDS
            process.pause = 1.0 if steady else min(process.pause * 2, LONGEST_PAUSE_SECONDS)
            code = process.running.returncode if process.running else None
            self._say(f"  {process.name} ended (code {code}) and is started again; its log is {process.log}")
            process.start(self._folder)

    def stop(self) -> None:
        """Ends all processes, politely first."""
        self._stopping = True
        alive = [process for process in self.processes if process.is_alive]
        for process in alive:
            process.end_group(signal.SIGTERM)
        for process in alive:
            try:
                process.running.wait(STOP_SECONDS)  # type: ignore[union-attr]
            except subprocess.TimeoutExpired:
                process.end_group(signal.SIGKILL)


def require_free_port(host: str, port: int, setting: str) -> None:
    """Refuses to start where something else listens.

    Raises:
        PortInUseError: the port is taken; the message names the setting that changes it.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortInUseError(
                f"Port {port} is in use. Stop what uses it, or choose another with {setting}, as in "
                f"`{setting}={port + 10} make run`."
            ) from error
