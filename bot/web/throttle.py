"""Keeps one visitor from using up what is there for all: limits per conversation and per address."""

from __future__ import annotations

import ipaddress

from limits import RateLimitItem, parse

from bot.delivery.limits import RateLimits, network_of


class TooManyRequestsError(Exception):
    """Over the limit; `retry_after` is in whole seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"too many requests, retry after {retry_after} s")
        self.retry_after = retry_after


class Throttle:
    """The limits of the web."""

    def __init__(self, per_conversation: str, per_address: str, *, rates: RateLimits) -> None:
        """The limits are written as in "60/minute"."""
        self._rates = rates
        self._per_conversation = parse(per_conversation)
        self._per_address = parse(per_address)

    async def check_address(self, address: str | None) -> None:
        """Count one request of this address. This machine itself is not counted: a proxy in front of us is no visitor.

        Raises:
            TooManyRequestsError: it is over its limit.
        """
        if address and not is_this_machine(address):
            await self._check(self._per_address, network_of(address))

    async def check_conversation(self, conversation: str) -> None:
        """Count one message of this conversation.

        Raises:
            TooManyRequestsError: it is over its limit.
        """
        await self._check(self._per_conversation, conversation)

    async def _check(self, limit: RateLimitItem, name: str) -> None:
        if seconds := await self._rates.hit(limit, name):
            raise TooManyRequestsError(seconds)


def is_this_machine(address: str) -> bool:
    """Whether a loopback address: a proxy beside us, or whoever works on the server."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
