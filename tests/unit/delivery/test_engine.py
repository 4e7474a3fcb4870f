"""The engine's silences become errors, its answers one reply, and what was said before is a reply again."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from bot.delivery.engine import (
    Engine,
    EngineBrokenError,
    EngineError,
    EngineForgetfulError,
    EngineSilentError,
    EngineUnreachableError,
    earlier_reply,
)
from bot.reply.parts import Reply, Suggestion, Text

Handler = Callable[[httpx.Request], httpx.Response]


def engine(handler: Handler) -> Engine:
    return Engine("http://engine", "http://actions", timeout=1, transport=httpx.MockTransport(handler))


def answering(data: Any, status: int = 200) -> Engine:
    return engine(lambda _: httpx.Response(status, json=data))


def custom(words: str, *buttons: str) -> dict[str, Any]:
    return {"custom": Reply((Text(words),), tuple(Suggestion(b, f"/{b}") for b in buttons)).to_dict()}


def bot(words: str) -> dict[str, Any]:
    return {"event": "bot", "text": None, "data": custom(words)}


async def test_the_message_goes_with_its_id_channel_and_locale() -> None:
    sent: list[dict[str, Any]] = []

    def handler(request: httpx.Request) -> httpx.Response:
        sent.append(json.loads(request.content))
        return httpx.Response(200, json=[custom("Hello")])

    await engine(handler).ask("tg:5", "hi", message_id="m-1", locale="en")
    metadata = {"message_id": "m-1", "channel": "telegram", "locale": "en"}
    assert sent == [{"sender": "tg:5", "message": "hi", "metadata": metadata}]


async def test_several_answers_of_one_turn_are_one_reply() -> None:
    reply = await answering([custom("One", "a"), {"text": "Two"}, custom("Three", "a", "b")]).ask(
        "c", "hi", message_id="m"
    )
    assert reply == Reply((Text("One"), Text("Two"), Text("Three")), (Suggestion("a", "/a"), Suggestion("b", "/b")))


@pytest.mark.parametrize(
    ("data", "status", "error"),
    [
        ([], 200, EngineSilentError),
        ([{"recipient_id": "c"}], 200, EngineSilentError),
        ({"error": "no"}, 200, EngineBrokenError),
        ("words", 200, EngineBrokenError),
        (["words"], 200, EngineBrokenError),
        ([{"custom": {"version": 99}}], 200, EngineBrokenError),
        ([{"custom": "words"}], 200, EngineBrokenError),
        ([{"custom": {"version": 1, "parts": [{"type": "unknown"}]}}], 200, EngineBrokenError),
        ([custom("Hello")], 500, EngineBrokenError),
        ({"reason": "no model"}, 409, EngineBrokenError),
        ([], 507, EngineForgetfulError),
    ],
)
async def test_what_is_no_reply_is_an_error(data: Any, status: int, error: type[EngineError]) -> None:
    with pytest.raises(error):
        await answering(data, status).ask("c", "hi", message_id="m")


async def test_an_answer_that_is_not_json_is_an_error() -> None:
    with pytest.raises(EngineBrokenError):
        await engine(lambda _: httpx.Response(200, text="<html>")).ask("c", "hi", message_id="m")


@pytest.mark.parametrize("cause", [httpx.ConnectError("no"), httpx.ReadTimeout("no"), httpx.RemoteProtocolError("no")])
async def test_a_broken_connection_is_an_error(cause: httpx.HTTPError) -> None:
    def handler(_: httpx.Request) -> httpx.Response:
        raise cause

    with pytest.raises(EngineUnreachableError):
        await engine(handler).ask("c", "hi", message_id="m")
    assert not await engine(handler).healthy()


EARLIER = [
    ("said in two parts", [bot("One"), bot("Two")], "One Two"),
    ("plain words of Rasa", [{"event": "bot", "text": "Restarted", "data": {"custom": None}}], "Restarted"),
    ("nothing said, as when the action broke", [], None),
    ("without words", [{"event": "bot", "text": None, "data": {"custom": None}}], None),
]


@pytest.mark.parametrize(("case", "events", "words"), EARLIER, ids=[case for case, _, _ in EARLIER])
def test_what_was_said_earlier_is_a_reply(case: str, events: list[dict], words: str | None) -> None:
    reply = earlier_reply(events)
    assert (reply and " ".join(part.text for part in reply.parts)) == words  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("status", "model", "actions", "missing"),
    [
        (200, "models/a.tar.gz", 200, set()),
        (200, None, 200, {"model"}),
        (409, None, 200, {"model"}),
        (200, "models/a.tar.gz", 500, {"actions"}),
    ],
)
async def test_health_names_the_missing_part(status: int, model: str | None, actions: int, missing: set[str]) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.host == "actions":
            return httpx.Response(actions)
        return httpx.Response(status, json={"model_file": model})

    parts = await engine(handler).parts()
    assert {name for name, part in parts.items() if not part["ok"]} == missing
    assert await engine(handler).healthy() is (not missing)
