"""How long the gateway itself takes when 50 chats talk at once. The budget is p95 <= 30 ms outside of the engine.

Run: .venv/bin/python -m bench.telegram [--chats 50] [--seconds 30]

A stand-in for the engine answers at once and a strict Bot API counts, both here; the real application runs in a
process of its own and polls. Measured is from the moment the API has a person's message to the moment it gets the
answer, less the time that the engine took. Each person writes every two and a half seconds, sooner or later by up to a
quarter of a second, which keeps within the thirty messages a second, one in a chat, that Telegram allows.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.db.migrate import upgrade
from bot.settings import ROOT, Settings
from tests.conftest import free_port
from tests.fake_engine import FakeEngine
from tests.fake_telegram.server import TOKEN, FakeTelegram

BUDGET_MS = 30.0
EVERY, JITTER = 2.5, 0.25
PATIENCE_SECONDS = 10.0


@contextmanager
def system(folder: Path) -> Iterator[tuple[FakeTelegram, FakeEngine]]:
    """The application between a Bot API and an engine."""
    telegram, engine = FakeTelegram(free_port()), FakeEngine(free_port(), folder)
    telegram.start()
    engine.start()
    environment = os.environ | {
        "ENGINE_PORT": str(engine.port),
        "ACTIONS_PORT": str(engine.port),
        "VAR": str(folder),
        "SECRET_KEY": "bench",
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_API_BASE": telegram.url,
    }
    upgrade(Settings(var=folder).database)  # type: ignore[call-arg]
    command = [sys.executable, "-m", "uvicorn", "--factory", "bot.app:create", "--port", str(free_port())]
    running = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    try:
        yield telegram, engine
    finally:
        running.terminate()
        running.wait(20)
        engine.kill()
        telegram.stop()


def talk(telegram: FakeTelegram, chats: range, *, seconds: float) -> dict[int, list[float]]:
    """All people write in turn, each every two to three seconds; returns when each wrote."""
    chance, wrote = random.Random(7), {chat: list[float]() for chat in chats}
    plan = sorted(
        (EVERY * (turn + at / len(chats)) + chance.uniform(-JITTER, JITTER), chat)
        for at, chat in enumerate(chats)
        for turn in range(int(seconds / EVERY))
    )
    begin = time.monotonic()
    for after, chat in plan:
        time.sleep(max(0.0, begin + after - time.monotonic()))
        wrote[chat].append(time.monotonic())
        telegram.say(chat, f"question {len(wrote[chat])}")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and any(len(telegram.answered(chat)) < len(wrote[chat]) for chat in chats):
        time.sleep(0.1)
    return wrote


def answered(telegram: FakeTelegram, chat: int) -> list[float]:
    """When the answers reached the API, before it looked at them (monotonic seconds)."""
    return [call.at for call in telegram.called("sendMessage") if call.params["chat_id"] == chat]


def engine_ms(engine: FakeEngine) -> float:
    """What the engine's stand-in takes for a turn, in the middle of 50."""
    import httpx

    with httpx.Client(base_url=engine.url) as client:
        body = {"sender": "bench:1", "message": "hello", "metadata": {}}
        times = []
        for _ in range(50):
            started = time.monotonic()
            client.post("/webhooks/rest/webhook", json=body)
            times.append((time.monotonic() - started) * 1000)
    return statistics.median(times)


def measure(chats: int, seconds: float) -> tuple[list[float], int, float]:
    """Milliseconds of every answer, how many messages got none, and the engine's share."""
    with tempfile.TemporaryDirectory() as folder, system(Path(folder)) as (telegram, engine):
        telegram.say(1, "warm up")
        while not telegram.answered(1):
            time.sleep(0.05)
        wrote = talk(telegram, range(100, 100 + chats), seconds=seconds)
        pairs = {chat: list(zip(times, answered(telegram, chat), strict=False)) for chat, times in wrote.items()}
        taken = [(answered - asked) * 1000 for found in pairs.values() for asked, answered in found]
        return taken, sum(map(len, wrote.values())) - len(taken), engine_ms(engine)


def main() -> int:
    """Prints the figures; exit code 1 when the budget is not kept."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--chats", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=30.0)
    arguments = parser.parse_args()
    taken, lost, engine = measure(arguments.chats, arguments.seconds)
    own = sorted(value - engine for value in taken)
    p50, p95 = statistics.median(own), own[int(len(own) * 0.95)]
    print(f"{arguments.chats} chats, {len(own)} answers in {arguments.seconds:.0f} s; the engine took {engine:.1f} ms")
    print(f"{os.cpu_count()} processors with a load of {os.getloadavg()[0]:.1f}; waiting for a processor counts too")
    print(f"gateway: p50 {p50:.1f} ms, p95 {p95:.1f} ms (budget {BUDGET_MS:.0f} ms), lost {lost}")
    return 0 if p95 <= BUDGET_MS and not lost else 1


if __name__ == "__main__":
    sys.exit(main())
