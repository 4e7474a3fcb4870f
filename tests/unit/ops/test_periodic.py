"""The one loop of all workers: round after round, whatever a round does."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.ops.periodic import Periodic

LONG = 3600.0


async def rounds_of(round_: Callable[[], Awaitable[bool]], *, every: float, delay: float = 0.0) -> None:
    """Runs a worker until its round cancels it or nothing happens any more."""
    with pytest.raises((TimeoutError, asyncio.CancelledError)):
        await asyncio.wait_for(Periodic("test", round_, every, delay=delay).run(), 0.2)


async def test_a_round_that_leaves_something_is_followed_at_once() -> None:
    left = [True, True, False]

    async def round_() -> bool:
        return left.pop(0)

    await rounds_of(round_, every=LONG)
    assert left == []


async def test_a_round_that_fails_ends_nothing() -> None:
    done: list[int] = []

    async def round_() -> bool:
        done.append(1)
        if len(done) == 1:
            raise OSError("the database is away")
        raise asyncio.CancelledError

    await rounds_of(round_, every=0.0)
    assert len(done) == 2


async def test_the_first_round_may_wait() -> None:
    done: list[int] = []

    async def round_() -> bool:
        done.append(1)
        return False

    await rounds_of(round_, every=LONG, delay=LONG)
    assert done == []
