"""Limits are counted for each conversation and each address on its own."""

from __future__ import annotations

import pytest

from bot.delivery.limits import RateLimits, network_of
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


async def test_one_household_has_many_ipv6_addresses_and_one_count() -> None:
    throttle = Throttle("100/minute", "2/minute", rates=RateLimits())
    for address in ("2001:db8:1:2::7", "2001:db8:1:2:ffff::1"):
        await throttle.check_address(address)
    with pytest.raises(TooManyRequestsError):
        await throttle.check_address("2001:db8:1:2::8")
    await throttle.check_address("2001:db8:1:3::7")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("testclient", "testclient"),
    ],
)
def test_what_counts_as_one_visitor(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", None])
async def test_this_machine_is_not_counted(address: str | None) -> None:
    throttle = Throttle("1/minute", "1/minute", rates=RateLimits())
    for _ in range(5):
        await throttle.check_address(address)
