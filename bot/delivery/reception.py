"""Who looks at a message on its way into the inbox, before anything is stored or asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from bot.delivery.intake import Intake
from bot.reply.parts import Reply


@dataclass(frozen=True)
class Received:
    """The message as it goes on; `is_held` says that it is for staff and not for the engine.

    With a `reply` it is answered by that, and the engine is not asked either.
    """

    intake: Intake
    is_held: bool = False
    reply: Reply | None = None


class Reception(Protocol):
    """Looks at every message once, inside the unit of work that stores it."""

    def receive(self, session: Session, conversation: str, intake: Intake, *, typed: str, now: datetime) -> Received:
        """What becomes of a message; `typed` are the person's raw words, empty for a button."""
        ...
