"""Read at the start of every Python process of `make test-clock`: with libfaketime 0.9.10, `time.sleep` fails.

The library moves the absolute end of a sleep on the monotonic clock, which `FAKETIME_DONT_FAKE_MONOTONIC` leaves real.
"""

import select
import time


def sleep(seconds: float) -> None:
    """Sleeps by the kernel's relative clock."""
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    select.select([], [], [], seconds)


time.sleep = sleep
