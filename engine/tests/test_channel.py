"""A turn that is not stored is no answer, whatever was said in it."""

from __future__ import annotations

import asyncio
import json
from types import SimpleNamespace
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import LockError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError
from rotation_engine.channel import CANNOT_REMEMBER, RestChannel
from sanic.response import HTTPResponse
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, ProgrammingError


def ask(fault: Exception | None) -> HTTPResponse:
    """One message through the channel, to a bot that says something and then fails."""

    async def handle(message: UserMessage) -> None:
        await message.output_channel.send_text_message(message.sender_id, "Noted.")
        if fault:
            raise fault

    routes = RestChannel().blueprint(handle)._future_routes
    receive = next(route.handler for route in routes if route.uri == "/webhook")
    body = {"sender": "web:1", "message": "I'm a graduate", "metadata": {"message_id": "m"}}
    answered: HTTPResponse = asyncio.run(receive(SimpleNamespace(json=body)))
    return answered


def test_a_stored_turn_is_answered_in_rasas_form() -> None:
    answered = ask(None)
    assert (answered.status, json.loads(answered.body)) == (200, [{"recipient_id": "web:1", "text": "Noted."}])


@pytest.mark.parametrize("fault", [LockError("no lock"), RedisConnectionError("refused"), RedisTimeoutError("late")])
def test_locks_that_fail_blame_no_message(fault: Exception) -> None:
    answered = ask(fault)
    assert (answered.status, json.loads(answered.body)) == (CANNOT_REMEMBER, [])


@pytest.mark.parametrize("kind", [OperationalError, ProgrammingError, IntegrityError])
def test_a_database_that_fails_takes_the_words_back(kind: Any) -> None:
    answered = ask(kind("INSERT", {}, Exception("no")))
    assert (answered.status, json.loads(answered.body)) == (CANNOT_REMEMBER, [])


@pytest.mark.parametrize("fault", [DataError("INSERT", {}, Exception("too long")), ValueError("broken")])
def test_what_one_message_alone_breaks_is_another_error(fault: Exception) -> None:
    with pytest.raises(type(fault)):
        ask(fault)


def test_the_channel_stands_where_rasas_own_does() -> None:
    assert RestChannel().url_prefix() == "rest"


@pytest.mark.parametrize("body", [None, {}, {"texts": "hi"}, {"texts": ["hi", 1]}])
def test_what_is_no_list_of_sentences_is_not_parsed(body: Any) -> None:
    routes = RestChannel().blueprint(lambda _: asyncio.sleep(0))._future_routes
    parse = next(route.handler for route in routes if route.uri == "/parse")
    answered: HTTPResponse = asyncio.run(parse(SimpleNamespace(json=body)))
    assert answered.status == 400
