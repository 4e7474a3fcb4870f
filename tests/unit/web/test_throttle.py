"""Limits are counted for each conversation and each address on its own."""

from __future__ import annotations

import pytest

from bot.delivery.limits import RateLimits
from bot.web.throttle import Throttle, TooManyRequestsError


async def test_a_conversation_over_its_limit_waits_and_others_do_not() -> None:
    throttle = Throttle("2/minute", "100/minute", rates=RateLimits())
    for _ in range(2):
        await throttle.check_conversation("web:1")
    with pytest.raises(TooManyRequestsError) as refused:
        await throttle.check_conversation("web:1")
    assert 0 < refused.value.retry_after <= 60
    await throttle.check_conversation("web:2")


async def test_an_address_over_its_limit_waits() -> None:
    throttle = Throttle("100/minute", "2/minute", rates=RateLimits())
    for _ in range(2):
        await throttle.check_address("203.0.113.7")
    with pytest.raises(TooManyRequestsError):
        await throttle.check_address("203.0.113.7")
    await throttle.check_address("203.0.113.8")


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", None])
async def test_this_machine_is_not_counted(address: str | None) -> None:
    throttle = Throttle("1/minute", "1/minute", rates=RateLimits())
    for _ in range(5):
        await throttle.check_address(address)
