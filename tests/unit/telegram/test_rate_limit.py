"""Never more messages in any window than Telegram takes."""

from __future__ import annotations

import asyncio
import time

from bot.telegram.rate_limit import RateWindow


async def test_any_stretch_of_the_window_holds_at_most_its_number_in_the_order_of_asking() -> None:
    window, went = RateWindow(5, 0.2), []

    async def go(number: int) -> None:
        await window.turn()
        went.append((number, time.monotonic()))

    await asyncio.gather(*(go(number) for number in range(18)))
    assert [number for number, _ in went] == list(range(18))
    times = [at for _, at in went]
    assert all(later - earlier > 0.19 for earlier, later in zip(times, times[5:], strict=False)), times
    assert times[4] - times[0] < 0.1, "the first five need not wait"
