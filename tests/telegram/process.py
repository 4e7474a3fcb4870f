"""The application in a process of its own, so that it can be killed and its log be read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx

from bot.settings import ROOT, Settings
from tests.databases import make_empty
from tests.fake_engine import FakeEngine
from tests.fake_telegram.server import TOKEN, FakeTelegram
from tests.ports import free_port
from tests.running_app import wait_until


class Process:
    """The application under uvicorn, as an operator starts it; its lines are in `log`."""

    def __init__(self, folder: Path, engine: FakeEngine, telegram: FakeTelegram) -> None:
        self.settings = Settings(var=folder)  # type: ignore[call-arg]
        self._port = free_port()
        self._environment = os.environ | {
            "BOT_PORT": str(self._port),
            "ENGINE_PORT": str(engine.port),
            "ACTIONS_PORT": str(engine.port),
            "VAR": str(folder),
            "SECRET_KEY": "test",
            "TELEGRAM_TOKEN": TOKEN,
            "TELEGRAM_API_BASE": telegram.url,
        }
        self.url = f"http://127.0.0.1:{self._port}"
        self.log = folder / "stderr.log"
        self._running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        if not (self.settings.var / "bot.db").exists():
            make_empty(self.settings.var / "bot.db")
        command = [sys.executable, "-m", "uvicorn", "--factory", "bot.app:create", "--port", str(self._port)]
        with self.log.open("ab") as log:
            self._running = subprocess.Popen(command, cwd=ROOT, env=self._environment, stderr=log)
        wait_until(self._answers, seconds=120)  # Starting takes long on a busy machine; what is tested comes after.

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz", timeout=5).is_success
        except httpx.HTTPError:
            return False

    def kill(self, number: int = signal.SIGKILL) -> None:
        if self._running:
            self._running.send_signal(number)
            self._running.wait(60)
            self._running = None
