"""The turns of one conversation, one after the other; what `delivery.py` keeps in mind while they run."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from bot.delivery.store import Answer, Incoming


@dataclass
class ConversationQueue:
    """`fresh` are messages that were never sent to the engine, `following` is the next one to be answered.

    `parting` is the message with which the person asked to be forgotten, as soon as that is known. `is_elsewhere`:
    another application has the oldest message, and nobody waits here.
    """

    task: asyncio.Task[None] | None = None
    has_more: bool = True
    fresh: set[int] = field(default_factory=set)
    waiting: dict[int, asyncio.Future[Answer | None]] = field(default_factory=dict)
    following: Incoming | None = None
    parting: int | None = None
    is_elsewhere: bool = False
