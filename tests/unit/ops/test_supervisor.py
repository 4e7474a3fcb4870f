"""The supervisor restarts what dies, takes a process's own children with it, and says what is not healthy."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from bot.errors import NotHealthyError
from bot.ops.supervisor import Process, Supervisor
from tests.conftest import free_port

SERVER = """
import sys
from http.server import HTTPServer, SimpleHTTPRequestHandler
HTTPServer(("127.0.0.1", int(sys.argv[1])), SimpleHTTPRequestHandler).serve_forever()
"""
PARENT = (
    "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', sys.argv[2], sys.argv[1]]); time.sleep(600)"
)


def process(folder: Path, *command: str, port: int) -> Process:
    return Process(
        "server", [sys.executable, "-c", *command], dict(os.environ), f"http://127.0.0.1:{port}/", folder / "server.log"
    )


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
