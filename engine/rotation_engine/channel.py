"""Rasa's REST channel, in which a turn that failed is an error.

Rasa answers 200 with whatever was said before it failed. A turn whose conversation cannot be stored has said
everything by then, so that a person reads "Noted" and nothing was noted.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from rasa.core.lock_store import LockError
from rasa.core.processor import MessageProcessor
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.shared.core.trackers import DialogueStateTracker
from redis.exceptions import RedisError
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.exc import DataError, SQLAlchemyError

from rotation_engine import tracing

CANNOT_REMEMBER = 507
"""The database of the conversations, or the store of their locks, does not work: no message is at fault, and each may
be sent again."""
NOTHING_FOUND: dict[str, Any] = {"text": "", "intent": {"name": None, "confidence": 0.0}, "entities": []}
log = logging.getLogger(__name__)


class RestChannel(RestInput):
    """Stands in credentials.yml in the place of `rest`, at the same addresses and one more; it does not stream."""

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes of the channel."""
        blueprint = Blueprint("rest_channel", __name__)

        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        async def receive(request: Request) -> HTTPResponse:
            started, said = time.monotonic(), CollectingOutputChannel()
            message = UserMessage(
                self._extract_message(request),
                said,
                await self._extract_sender(request),
                input_channel=self._extract_input_channel(request),
                metadata=self.get_metadata(request),
            )
            with tracing.span("engine turn", kind=tracing.SERVES):
                kept = await is_kept(on_new_message, message)
            if kept:
                structlog.get_logger(__name__).info("turn answered", seconds=round(time.monotonic() - started, 3))
                return response.json(said.messages)
            return response.json([], status=CANNOT_REMEMBER)

        async def parse(request: Request) -> HTTPResponse:
            texts = (request.json or {}).get("texts")
            if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
                return response.json({"reason": 'Send {"texts": [...]}: a list of sentences.'}, status=400)
            return response.json(parse_all(request.app.ctx.agent.processor, texts))

        blueprint.add_route(health, "/", methods=["GET"])
        blueprint.add_route(parse, "/parse", methods=["POST"])
        blueprint.add_route(receive, "/webhook", methods=["POST"])
        return blueprint


def parse_all(processor: MessageProcessor, texts: Sequence[str]) -> list[dict[str, Any]]:
    """What POST /model/parse gives, for several sentences at once: a measuring asks thousands."""
    target = processor.model_metadata.nlu_target
    inputs = {
        PLACEHOLDER_MESSAGE: [UserMessage(text) for text in texts],
        PLACEHOLDER_TRACKER: DialogueStateTracker.from_events("", []),
    }
    found = processor.graph_runner.run(inputs=inputs, targets=[target])[target] if texts else []
    return [{**NOTHING_FOUND, **message.as_dict(only_output_properties=True)} for message in found]


async def is_kept(handle: Callable[[UserMessage], Awaitable[Any]], message: UserMessage) -> bool:
    """Lets a message be handled; false when its conversation could not be locked, read or stored.

    Anything else that breaks rises, and the server answers 500.
    """
    try:
        await handle(message)
    except DataError:
        raise  # The database works; this turn does not fit into it.
    except SQLAlchemyError:
        log.exception("the conversations cannot be read or stored")
        return False
    except (LockError, RedisError):
        log.exception("the conversations cannot be locked")
        return False
    return True
