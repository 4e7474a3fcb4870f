"""A private Redis server for tests, from Debian's package."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.ports import free_port


@contextmanager
def redis_server(port: int = 0) -> Iterator[str]:
    """Runs a new, empty server that keeps nothing on disk; gives its URL."""
    program = shutil.which("redis-server")
    assert program, "Redis is not installed"
    port = port or free_port()
    options = ("--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
    # Its memory allocator asks for the time before libfaketime (tests/clock) can answer.
    environment = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}
    process = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL, env=environment)
    try:
        _wait(port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(60)


def _wait(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise TimeoutError("Redis did not start")
