"""The application in a process of its own that dies, as by kill -9, at one place on the way of an erasure.

`python -m tests.dying_app FOLDER PORT ENGINE_PORT PLACE [TELEGRAM_URL]`; the places are named in `PLACES`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from bot.content.releases.live_responses import read_words
from bot.delivery.erasing.service import Eraser
from bot.delivery.tracker import TrackerDatabase
from bot.settings import ROOT
from tests.fake_telegram.server import TOKEN
from tests.ports import free_port
from tests.running_app import RunningApp

PLACES = ("wish stored", "our rows gone", "engine's memory gone")


class DyingApp:
    """Runs one; `join` waits for its death."""

    def __init__(self, folder: Path, engine_port: int, place: str, telegram: str = "") -> None:
        self.port = free_port()
        given = [str(folder), str(self.port), str(engine_port), place, *([telegram] if telegram else [])]
        self._process = subprocess.Popen([sys.executable, "-m", "tests.dying_app", *given], stdout=subprocess.PIPE)
        assert self._process.stdout
        assert self._process.stdout.readline() == b"ready\n"

    def join(self) -> None:
        assert self._process.wait(20) == -signal.SIGKILL

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


def die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def arm(place: str, patch: pytest.MonkeyPatch) -> None:
    """Lets this process die at a place."""
    forget = TrackerDatabase.forget

    def forget_and_die(self: TrackerDatabase, conversation: str) -> None:
        forget(self, conversation)
        die()

    if place == "wish stored":
        patch.setattr(Eraser, "try_finish", die)
    elif place == "our rows gone":
        patch.setattr(TrackerDatabase, "forget", die)
    elif place == "engine's memory gone":
        patch.setattr(TrackerDatabase, "forget", forget_and_die)


def main(folder: str, port: str, engine_port: str, place: str, telegram: str = "") -> None:
    arm(place, pytest.MonkeyPatch())
    more: dict[str, Any] = {}
    if telegram:
        more = {"telegram_token": TOKEN, "telegram_api_base": telegram, "responses": read_words(ROOT)}
    RunningApp(int(port), int(engine_port), folder=Path(folder), **more).start()
    print("ready", flush=True)
    time.sleep(60)


if __name__ == "__main__":
    main(*sys.argv[1:])
