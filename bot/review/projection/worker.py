"""Keeps the review's messages in step beside the application: one round after the other, off the event loop."""

from __future__ import annotations

import asyncio

from bot.review.projection.service import BATCH, Projector


class ProjectionWorker:
    """Runs the projector; of several applications over one database, one at a time works."""

    every = 2.0  # seconds

    def __init__(self, projector: Projector) -> None:
        self._projector = projector

    async def round(self) -> bool:
        """Project what is due; whether a whole batch was there.

        A round costs as much for one message as for many, and it competes with the answers, so a short one rests.
        """
        done = await asyncio.to_thread(self._projector.step)
        return bool(done) and done.entries >= BATCH
