"""Rasa's REST channel, in which a turn that failed is an error.

Rasa answers 200 with whatever was said before it failed. A turn whose conversation cannot be stored has said
everything by then, so that a person reads "Noted" and nothing was noted.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.exc import DataError, SQLAlchemyError

CANNOT_REMEMBER = 507
"""The database of the conversations does not work: no message is at fault, and each may be sent again."""
log = logging.getLogger(__name__)


class RestChannel(RestInput):
    """Stands in credentials.yml in the place of `rest`, at the same addresses; it does not stream."""

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes of the channel."""
        blueprint = Blueprint("rest_channel", __name__)

        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        async def receive(request: Request) -> HTTPResponse:
            said = CollectingOutputChannel()
            message = UserMessage(
                self._extract_message(request),
                said,
                await self._extract_sender(request),
                input_channel=self._extract_input_channel(request),
                metadata=self.get_metadata(request),
            )
            if await is_kept(on_new_message, message):
                return response.json(said.messages)
            return response.json([], status=CANNOT_REMEMBER)

        blueprint.add_route(health, "/", methods=["GET"])
        blueprint.add_route(receive, "/webhook", methods=["POST"])
        return blueprint


async def is_kept(handle: Callable[[UserMessage], Awaitable[Any]], message: UserMessage) -> bool:
    """Lets a message be handled; false when its conversation could not be read or stored.

    Anything else that breaks rises, and the server answers 500.
    """
    try:
        await handle(message)
    except DataError:
        raise  # The database works; this turn does not fit into it.
    except SQLAlchemyError:
        log.exception("the conversations cannot be read or stored")
        return False
    return True
