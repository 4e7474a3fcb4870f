"""What every page of the console can reach: `console_of(request)`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fastapi import Request

from bot.bootstrap import Container
from bot.db.base import Database
from bot.delivery.service import Delivery
from bot.reply.parts import Reply
from bot.reply.responses import Responses
from bot.websites.service import Websites


@dataclass(frozen=True)
class Console:
    """`previews` show a reply as a channel would, by the channel's name; the application gives them, for the console
    knows no channel.
    """

    container: Container
    delivery: Delivery
    responses: Responses
    websites: Websites
    previews: Mapping[str, Callable[[Reply], Any]] = field(default_factory=dict)

    @property
    def database(self) -> Database:
        return self.container.database

    def today(self) -> date:
        """Today in UTC, or the frozen day of BOT_TODAY."""
        return self.container.today()


def console_of(request: Request) -> Console:
    """The console that this request came to."""
    console: Console = request.app.state.console
    return console
