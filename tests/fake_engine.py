"""A stand-in for Rasa and its action server (fake_engine_server.py): starts it, kills it, asks what it was asked."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import httpx

from tests import fake_engine_server


class FakeEngine:
    """Starts and kills the server; asks it what it was asked."""

    def __init__(self, port: int, folder: Path) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self._events = folder / "events.jsonl"
        self._events.touch()
        self.tracker = folder / "tracker.db"
        with closing(sqlite3.connect(self.tracker)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute(fake_engine_server.TABLE)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when it answers."""
        self._process = subprocess.Popen(
            [sys.executable, fake_engine_server.__file__, str(self.port), self._events, self.tracker]
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                httpx.get(f"{self.url}/health", timeout=10)
                return
            except httpx.HTTPError:
                time.sleep(0.02)
        raise RuntimeError("the fake engine does not start")

    def kill(self) -> None:
        """kill -9, also in the middle of a turn."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def set(self, mode: str) -> None:
        """How turns end from now on."""
        httpx.post(f"{self.url}/mode", json={"mode": mode}, timeout=60).raise_for_status()

    def release(self) -> None:
        """Answers what is held, and holds nothing any more."""
        httpx.post(f"{self.url}/release", json={}, timeout=60).raise_for_status()

    def turns(self, conversation: str = "") -> list[str]:
        """The messages that it was asked to answer, in order."""
        asked = (event for event in self._read() if event["event"] == "user")
        return [event["text"] for event in asked if conversation in ("", event["sender"])]

    def metadata(self) -> list[dict[str, str]]:
        """What came along with those messages."""
        return [event["metadata"] for event in self._read() if event["event"] == "user"]

    def _read(self) -> list[dict]:
        return [json.loads(line) for line in self._events.read_text().splitlines()]
