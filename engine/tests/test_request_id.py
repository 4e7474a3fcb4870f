"""The id of a message stands in every line that is written for it, and goes on to the action server."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from rasa.utils.endpoints import EndpointConfig
from rotation_engine import logs, request_id
from rotation_engine.logs import BriefExceptions, JsonLine, Structured
from structlog.contextvars import clear_contextvars


@pytest.fixture(autouse=True)
def nobody_asks() -> Iterator[None]:
    yield
    clear_contextvars()


def test_a_request_without_an_id_does_not_have_that_of_the_one_before() -> None:
    request_id.begin({"x-request-id": "message-17"})
    assert request_id.current() == "message-17"
    request_id.begin({})
    assert request_id.current() == ""


@pytest.mark.parametrize("words", ["my secret", "message-my-secret", "message-17\nmy secret", "message-" + "1" * 40])
def test_words_are_no_id(words: str) -> None:
    request_id.begin({"x-request-id": words})
    assert request_id.current() == ""


def test_a_private_line_keeps_whose_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "_is_private", True)
    request_id.begin({"x-request-id": "message-17"})
    record = logging.LogRecord("rasa.core", logging.ERROR, __file__, 1, "cannot save %s", ("it",), None)
    BriefExceptions().filter(record)
    line = json.loads(JsonLine().format(record))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z", line.pop("timestamp"))
    assert line == {"event": "rasa.core at test_request_id.py:1", "level": "error", "request_id": "message-17"}


def test_a_structured_line_stays_as_it_is() -> None:
    record = logging.LogRecord("x", logging.INFO, __file__, 1, Structured('{"event": "%s", "seconds": 1.5}'), (), None)
    line = json.loads(JsonLine().format(record))
    assert (line["event"], line["seconds"], "request_id" in line) == ("%s", 1.5, False)


def test_the_action_server_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []

    async def ask(_self: EndpointConfig, **options: Any) -> None:
        asked.append(options)

    monkeypatch.setattr(EndpointConfig, "request", ask)
    request_id.install()
    request_id.begin({"x-request-id": "message-17"})
    asyncio.run(EndpointConfig("http://127.0.0.1").request(method="post", headers={"a": "b"}))
    assert asked == [{"method": "post", "headers": {"x-request-id": "message-17", "a": "b"}}]
