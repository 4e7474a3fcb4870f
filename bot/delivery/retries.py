"""Decides when a conversation whose message is pending is tried again."""

from __future__ import annotations

import time
from collections.abc import Container
from dataclasses import dataclass


@dataclass(frozen=True)
class RetryTiming:
    """Times in seconds. `notice` is how long a person waits before being told that it takes longer.

    A retry never follows within `first_retry`: after a kill the engine's lock needs that long. `most_attempts` counts
    failures of one message while everything else was well. `leftovers` is how often somebody looks for what another
    process left pending, and `tidy` for expired files. `lease` is how long an application that says nothing keeps a
    conversation; `listen` lies between two looks at what another one has answered. `farewell` is how long somebody who
    wants to be forgotten waits for the word that it is done; `erasing` lies between two tries.
    """

    notice: float = 10.0
    tick: float = 0.5
    first_retry: float = 2.0
    longest_retry: float = 30.0
    most_attempts: int = 5
    tidy: float = 600.0
    leftovers: float = 5.0
    lease: float = 12.0
    listen: float = 1.0
    farewell: float = 2.0
    erasing: float = 30.0


class Pace:
    """Something that is done every so many seconds, the first time at once."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._due = 0.0

    def is_due(self) -> bool:
        """Whether its time has come; then the next one is so many seconds away."""
        if time.monotonic() < self._due:
            return False
        self._due = time.monotonic() + self._seconds
        return True


@dataclass
class _Retry:
    due: float
    pause: float


class Retries:
    """The conversations to come back to, each with its own growing pause."""

    def __init__(self, timing: RetryTiming) -> None:
        self._timing = timing
        self._waiting: dict[str, _Retry] = {}

    def expect(self, conversation: str, *, now: bool = False) -> None:
        """Come back to it: at once, or after its present pause."""
        retry = self._waiting.setdefault(conversation, _Retry(0.0, self._timing.first_retry))
        retry.due = time.monotonic() + (0 if now else retry.pause)

    def slow_down(self, conversation: str) -> None:
        """Its message fails though the engine is well: the pause after the next try is twice as long."""
        retry = self._waiting[conversation]
        retry.pause = min(retry.pause * 2, self._timing.longest_retry)

    def drop(self, conversation: str) -> None:
        """All its messages are answered."""
        self._waiting.pop(conversation, None)

    def due(self, running: Container[str]) -> list[str]:
        """What to try now, without those that are running already."""
        now = time.monotonic()
        return [name for name, retry in self._waiting.items() if retry.due <= now and name not in running]

    def __contains__(self, conversation: str) -> bool:
        return conversation in self._waiting

    def __len__(self) -> int:
        return len(self._waiting)
