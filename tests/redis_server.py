"""A private Redis server for tests, from Debian's package."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bot.ops.system import free_ports


@contextmanager
def redis_server(port: int = 0) -> Iterator[str]:
    """Runs a new, empty server that keeps nothing on disk; gives its URL."""
    program = shutil.which("redis-server")
    assert program, "Redis is not installed"
    port = port or free_ports(1)[0]
    options = ("--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
    process = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
    try:
        _wait(port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(10)


def _wait(port: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise TimeoutError("Redis did not start")
