"""Never more messages in any window than Telegram takes."""

from __future__ import annotations

import asyncio

import pytest

from bot.telegram import rate_limit
from bot.telegram.rate_limit import RateWindow


class Clock:
    """A clock that only moves on when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += max(seconds, 0.0)


async def test_any_stretch_of_the_window_holds_at_most_its_number_in_the_order_of_asking(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock, went = Clock(), list[tuple[int, float]]()
    monkeypatch.setattr(rate_limit, "time", clock)
    monkeypatch.setattr(rate_limit.asyncio, "sleep", clock.sleep)
    window = RateWindow(5, 0.25)

    async def go(number: int) -> None:
        await window.turn()
        went.append((number, clock.now))

    await asyncio.gather(*(go(number) for number in range(18)))
    assert [number for number, _ in went] == list(range(18))
    times = [at for _, at in went]
    assert times == [100.0] * 5 + [100.25] * 5 + [100.5] * 5 + [100.75] * 3
