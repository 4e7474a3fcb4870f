"""Starts the three processes, restarts what dies or no longer answers, and stops them together."""

from __future__ import annotations

import contextlib
import ctypes
import http.client
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
from threading import RLock, Thread

from bot.errors import NotHealthyError, PortInUseError
from bot.ops.log_files import LogFile
from bot.private_files import UMASK

POLL_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 10.0
STEADY_SECONDS = 60.0
STOP_SECONDS = 10.0
LAST_WORDS_SECONDS = 2.0
BEAT_SECONDS = 5.0
_DIE_WITH_PARENT = 1


@dataclass(frozen=True)
class Watch:
    """When a process that lives counts as hung.

    It is asked every `seconds` and has so long to answer; any answer will do, "not ready" too, since what a part misses
    is no reason to end it. After `unanswered` questions in a row it is ended. A start has `grace` seconds, unless it
    answers before. Swapping a model keeps the engine silent for some seconds, a busy machine for some more.
    """

    seconds: float = 10.0
    unanswered: int = 4
    grace: float = 300.0


@dataclass
class Process:
    """One process: its command, where its health is asked, and how it is doing."""

    name: str
    command: Sequence[str | Path]
    environment: Mapping[str, str]
    health: str
    log: Path
    watch: Watch = Watch()
    running: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = field(default=1.0)
    _file: LogFile | None = None
    _writer: Thread | None = None

    def start(self, folder: Path) -> None:
        """Starts it; its output goes to its log."""
        self._file = self._file or LogFile(self.log)
        parent = os.getpid()
        self.running = subprocess.Popen(
            list(self.command),
            cwd=folder,
            env=dict(self.environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            preexec_fn=lambda: _die_with(parent),
            start_new_session=True,
            umask=UMASK,
        )
        assert self.running.stdout
        self._writer = self._file.follow(self.running.stdout, self.name)
        self.started = time.monotonic()

    @property
    def is_alive(self) -> bool:
        return self.running is not None and self.running.poll() is None

    def end_group(self, number: signal.Signals) -> None:
        """Signals the process and everything it started; a worker that outlives its parent would keep the port."""
        if self.running is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.running.pid, number)

    def close(self) -> None:
        """After its end: its last words are written down, and its log is given back."""
        if self._writer is not None:
            self._writer.join(LAST_WORDS_SECONDS)
        if self._file is not None:
            self._file.close()

    def is_healthy(self) -> bool:
        """Whether it answers its health question with yes."""
        return self._status(2.0) == 200

    def answers(self) -> bool:
        """Whether it answers at all, in the time that its watch gives it."""
        return self._status(self.watch.seconds) is not None

    def _status(self, seconds: float) -> int | None:
        try:
            with urllib.request.urlopen(self.health, timeout=seconds) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code
        except (OSError, ValueError, http.client.HTTPException):
            return None


def _die_with(parent: int) -> None:
    """A supervisor that is killed takes its processes with it (Linux; elsewhere they are left to the operator).

    They are killed and not asked: one that is frozen or deaf would keep the port, and nothing is lost with a kill.
    """
    try:
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    except (OSError, AttributeError):
        return
    if os.getppid() != parent:  # It went before it could be named.
        os.kill(os.getpid(), signal.SIGKILL)


class Supervisor:
    """Keeps a group of processes running until it is told to stop."""

    def __init__(self, processes: Sequence[Process], folder: Path, *, say: Callable[[str], None] = print) -> None:
        self.processes = processes
        self._folder = folder
        self._say = say
        self._stopping = False
        self._line = RLock()

    def start(self) -> None:
        """Starts all of them."""
        for process in self.processes:
            self._start(process)

    def _start(self, process: Process) -> None:
        with self._line:  # What is started while another thread stops everything would stay.
            if self._stopping:
                return
            process.start(self._folder)
        assert process.running
        Thread(target=self._watch, args=(process, process.running), name=f"watch-{process.name}", daemon=True).start()

    def _watch(self, process: Process, running: subprocess.Popen[bytes]) -> None:
        """Ends a process that lives and no longer answers; what then starts it again is `tend`."""
        unanswered, has_answered, began = 0, False, time.monotonic()
        while running.poll() is None:
            watch, asked = process.watch, time.monotonic()
            if process.answers():
                unanswered, has_answered = 0, True
            elif has_answered or asked - began > watch.grace:
                unanswered += 1
            if unanswered >= watch.unanswered and running.poll() is None and not self._stopping:
                self._say(
                    f"  {process.name} has not answered {unanswered} times and is ended; its log is {process.log}"
                )
                os.killpg(running.pid, signal.SIGKILL)
                return
            time.sleep(max(0.0, asked + watch.seconds - time.monotonic()))

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

    def run(self, beat: Callable[[], None] = lambda: None) -> None:
        """Restarts what dies, until `stop` is called; calls `beat` every few seconds, so that others see it go on."""
        beaten = -BEAT_SECONDS
        while not self._stopping:
            self.tend()
            if time.monotonic() - beaten >= BEAT_SECONDS:
                beat()
                beaten = time.monotonic()
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
            self._start(process)

    def stop(self) -> None:
        """Ends all processes, politely first."""
        with self._line:
            self._stopping = True
        alive = [process for process in self.processes if process.is_alive]
        for process in alive:
            process.end_group(signal.SIGTERM)
        for process in alive:
            try:
                process.running.wait(STOP_SECONDS)  # type: ignore[union-attr]
            except subprocess.TimeoutExpired:
                process.end_group(signal.SIGKILL)
        for process in self.processes:
            process.close()


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
