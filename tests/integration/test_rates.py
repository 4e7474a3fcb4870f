"""Limits that several processes share through a real Redis, and what holds while it is away."""

from __future__ import annotations

import asyncio
import shutil
import socket

import pytest
from limits import parse

from bot.delivery.limits import PATIENCE, RateLimits
from tests.ports import free_port
from tests.redis_server import redis_server

needs_redis = pytest.mark.skipif(not shutil.which("redis-server"), reason="Redis is not installed")
TWICE = parse("2/minute")


@needs_redis
async def test_processes_share_a_limit() -> None:
    with redis_server() as url:
        one, other = RateLimits(url), RateLimits(url)
        assert await one.hit(TWICE, "web:1") == 0
        assert await other.hit(TWICE, "web:1") == 0
        assert 0 < await one.hit(TWICE, "web:1") <= 60
        assert 0 < await other.hit(TWICE, "web:1") <= 60
        assert await other.hit(TWICE, "web:2") == 0


@needs_redis
async def test_without_redis_a_process_counts_for_itself_and_shares_again_when_it_is_back() -> None:
    port = free_port()
    rates = RateLimits(f"redis://127.0.0.1:{port}/0")
    assert [bool(await rates.hit(TWICE, "web:1")) for _ in range(3)] == [False, False, True]
    with redis_server(port) as url:
        assert [bool(await rates.hit(TWICE, "web:1")) for _ in range(3)] == [False, False, True]
        assert await RateLimits(url).hit(TWICE, "web:1") > 0
    assert await rates.hit(TWICE, "web:1") > 0
    assert await rates.hit(TWICE, "web:2") == 0


async def test_a_redis_that_says_nothing_delays_a_request_by_a_moment_only() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        rates = RateLimits(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        async with asyncio.timeout(20 * PATIENCE):  # without a limit of its own it would wait for ever
            assert await rates.hit(TWICE, "web:1") == 0
