"""How often something may be done: counted in memory, or in Redis when several processes share the work."""

from __future__ import annotations

import ipaddress
import math
import time

import structlog
from limits import RateLimitItem
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import StorageError

log = structlog.get_logger(__name__)

PATIENCE = 1.0  # seconds that a request waits for Redis


def network_of(address: str) -> str:
    """What counts as one visitor: an IPv4 address, or the /64 of an IPv6 one, of which each household has its own."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))


class RateLimits:
    """Counts of names in moving windows. While Redis does not answer, this process counts for itself."""

    def __init__(self, redis_url: str = "") -> None:
        """An empty URL counts in memory."""
        self._own = MovingWindowRateLimiter(MemoryStorage())
        self._shared = MovingWindowRateLimiter(_redis(redis_url)) if redis_url else None

    async def hit(self, limit: RateLimitItem, name: str) -> int:
        """Count one of this name; gives the seconds to wait before the next, 0 while it is within its limit."""
        if self._shared:
            try:
                return await _hit(self._shared, limit, name)
            except StorageError as error:
                log.warning("redis does not answer, limits are counted here", error=type(error.storage_error).__name__)
        return await _hit(self._own, limit, name)


async def _hit(limiter: MovingWindowRateLimiter, limit: RateLimitItem, name: str) -> int:
    if await limiter.hit(limit, name):
        return 0
    window = await limiter.get_window_stats(limit, name)
    return max(1, math.ceil(window.reset_time - time.time()))


def _redis(url: str) -> RedisStorage:
    return RedisStorage(
        f"async+{url}",
        wrap_exceptions=True,
        implementation="redispy",
        socket_timeout=PATIENCE,
        socket_connect_timeout=PATIENCE,
    )
