"""The supervisor restarts what dies or hangs, takes a process's own children with it, and says what is not healthy."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from bot.errors import NotHealthyError
from bot.ops.supervisor import Process, Supervisor, Watch
from bot.ops.training import import_path
from bot.settings import ROOT
from tests.conftest import free_port

SERVER = """
import sys
from http.server import HTTPServer, SimpleHTTPRequestHandler
HTTPServer(("127.0.0.1", int(sys.argv[1])), SimpleHTTPRequestHandler).serve_forever()
"""
FREEZING = """
import os, signal, sys, time
from http.server import HTTPServer, SimpleHTTPRequestHandler
from pathlib import Path
asked, again = 0, Path("frozen").exists()
class Handler(SimpleHTTPRequestHandler):
    def do_GET(self):
        global asked
        asked += 1
        if asked > 2 and not again:
            Path("frozen").touch()
            os.kill(os.getpid(), signal.SIGSTOP)
        super().do_GET()
HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""
SLOW = """
import sys, time
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
asked = 0
class Handler(SimpleHTTPRequestHandler):
    def do_GET(self):
        global asked
        asked += 1
        time.sleep([0.1, 0.1, 1.5][asked % 3])
        self.send_error(503) if asked % 2 else super().do_GET()
ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""
DEAF = "import signal; [signal.signal(n, signal.SIG_IGN) for n in (signal.SIGTERM, signal.SIGINT)]\n" + SERVER
SUPERVISING = """
import os, sys
from pathlib import Path
from bot.ops.supervisor import Process, Supervisor
port, code = sys.argv[1:]
Path("child").write_text("")
command, health = [sys.executable, "-c", code, port], f"http://127.0.0.1:{port}/"
served = Process("server", command, dict(os.environ), health, Path("log"))
supervisor = Supervisor([served], Path.cwd())
supervisor.start()
supervisor.wait_until_healthy(30)
Path("child").write_text(str(served.running.pid))
supervisor.run()
"""
EAGER = Watch(seconds=0.5, unanswered=3, grace=30)
PARENT = (
    "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', sys.argv[2], sys.argv[1]]); time.sleep(600)"
)


def process(folder: Path, *command: str, port: int, watch: Watch = EAGER) -> Process:
    command = (sys.executable, "-c", *command)
    health = f"http://127.0.0.1:{port}/"
    return Process("server", command, dict(os.environ), health, folder / "server.log", watch)


@contextmanager
def running(served: Process, folder: Path, said: list[str]) -> Iterator[Supervisor]:
    """A supervisor that does its work beside the test."""
    supervisor = Supervisor([served], folder, say=said.append)
    supervisor.start()
    try:
        supervisor.wait_until_healthy(20)
        Thread(target=supervisor.run, daemon=True).start()
        yield supervisor
    finally:
        supervisor.stop()


def wait_until(is_true: Callable[[], bool], *, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def wait_until_healthy(served: Process, supervisor: Supervisor) -> None:
    deadline = time.monotonic() + 60
    while not served.is_healthy() and time.monotonic() < deadline:
        supervisor.tend()
        time.sleep(0.1)
    assert served.is_healthy()


def test_what_dies_is_started_again(tmp_path: Path) -> None:
    port = free_port()
    served = process(tmp_path, SERVER, str(port), port=port)
    supervisor = Supervisor([served], tmp_path, say=lambda _line: None)
    supervisor.start()
    try:
        supervisor.wait_until_healthy(60)
        first = served.running
        assert first is not None
        first.kill()
        first.wait()
        wait_until_healthy(served, supervisor)
        assert served.running is not first
    finally:
        supervisor.stop()
    assert not served.is_healthy()


def test_a_child_that_holds_the_port_ends_with_its_parent(tmp_path: Path) -> None:
    port = free_port()
    served = process(tmp_path, PARENT, str(port), SERVER, port=port)
    supervisor = Supervisor([served], tmp_path, say=lambda _line: None)
    supervisor.start()
    supervisor.wait_until_healthy(60)
    supervisor.stop()
    time.sleep(0.3)
    assert not served.is_healthy()


def test_what_does_not_become_healthy_is_named_with_its_log(tmp_path: Path) -> None:
    sleeping = process(tmp_path, "import time; time.sleep(600)", port=free_port())
    supervisor = Supervisor([sleeping], tmp_path, say=lambda _line: None)
    supervisor.start()
    try:
        with pytest.raises(NotHealthyError, match=r"server\.log"):
            supervisor.wait_until_healthy(0.5)
    finally:
        supervisor.stop()


def test_what_freezes_is_ended_and_started_again(tmp_path: Path) -> None:
    port, said = free_port(), list[str]()
    served = process(tmp_path, FREEZING, str(port), port=port)
    with running(served, tmp_path, said):
        first = served.running
        wait_until(lambda: (tmp_path / "frozen").exists(), seconds=60)
        wait_until(lambda: served.running is not first and served.is_healthy(), seconds=60)
    assert any("has not answered 3 times" in line for line in said), said


def test_what_never_answers_is_ended_after_its_grace(tmp_path: Path) -> None:
    said: list[str] = []
    asleep = process(tmp_path, "import time; time.sleep(600)", port=free_port(), watch=Watch(0.2, 2, grace=1.0))
    supervisor = Supervisor([asleep], tmp_path, say=said.append)
    begun = time.monotonic()
    supervisor.start()
    first = asleep.running
    assert first is not None
    try:
        wait_until(lambda: first.poll() is not None, seconds=60)
        assert time.monotonic() - begun >= 1.0, "it was not given its grace"
    finally:
        supervisor.stop()


def test_what_is_slow_or_not_ready_is_left_alone(tmp_path: Path) -> None:
    """Each third question finds it busy for longer than it may take, and each second answer is "not ready"."""
    port, said = free_port(), list[str]()
    served = process(tmp_path, SLOW, str(port), port=port)
    with running(served, tmp_path, said):
        first = served.running
        time.sleep(8)
        assert served.running is first
        assert served.is_alive
    assert not any("has not answered" in line for line in said), said


@pytest.mark.parametrize("state", ["well", "deaf", "frozen"])
def test_a_supervisor_killed_at_once_leaves_no_orphan_on_the_port(tmp_path: Path, state: str) -> None:
    port, code = free_port(), DEAF if state == "deaf" else SERVER
    environment = os.environ | {"PYTHONPATH": import_path(ROOT)}
    command = [sys.executable, "-c", SUPERVISING, str(port), code]
    supervising = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL)
    try:
        wait_until(lambda: (tmp_path / "child").exists() and bool((tmp_path / "child").read_text()), seconds=30)
        if state == "frozen":
            os.kill(int((tmp_path / "child").read_text()), signal.SIGSTOP)
        assert not is_free(port)
    finally:
        supervising.kill()
        supervising.wait()
    wait_until(lambda: is_free(port), seconds=5)


def test_the_supervisor_shows_that_it_goes_on(tmp_path: Path) -> None:
    beats: list[float] = []
    supervisor = Supervisor([], tmp_path)
    thread = Thread(target=supervisor.run, args=(lambda: beats.append(time.monotonic()),))
    thread.start()
    wait_until(lambda: bool(beats), seconds=5)
    supervisor.stop()
    thread.join(5)
    assert not thread.is_alive()


def test_after_its_end_nothing_is_started_any_more(tmp_path: Path) -> None:
    port = free_port()
    served = process(tmp_path, SERVER, str(port), port=port)
    supervisor = Supervisor([served], tmp_path, say=lambda _line: None)
    supervisor.stop()
    supervisor.start()
    assert served.running is None
