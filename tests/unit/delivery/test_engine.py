"""The engine's silences become errors, its answers one reply, and a lost answer is found again."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from bot.delivery.engine import Engine, EngineBrokenError, EngineError, EngineSilentError, EngineUnreachableError
from bot.reply.parts import Reply, Suggestion, Text

Handler = Callable[[httpx.Request], httpx.Response]


def engine(handler: Handler) -> Engine:
    return Engine("http://engine", "http://actions", timeout=1, transport=httpx.MockTransport(handler))


def answering(data: Any, status: int = 200) -> Engine:
    return engine(lambda _: httpx.Response(status, json=data))


def custom(words: str, *buttons: str) -> dict[str, Any]:
    return {"custom": Reply((Text(words),), tuple(Suggestion(b, f"/{b}") for b in buttons)).to_dict()}


def user(message_id: str | None) -> dict[str, Any]:
    return {"event": "user", "text": "hi", "metadata": {"message_id": message_id} if message_id else {}}


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
    ("never asked", [user("other"), bot("Other")], None),
    ("asked and answered", [user("m"), bot("One"), bot("Two")], "One Two"),
    ("asked, and the action broke", [user("m"), {"event": "action", "name": "action_faq"}], None),
    ("another question follows", [user("m"), bot("Mine"), user("next"), bot("Next")], "Mine"),
    ("asked twice, the second time answered", [user("m"), user("m"), bot("Second")], "Second"),
    ("answered twice, the last counts", [user("m"), bot("First"), user("x"), user("m"), bot("Second")], "Second"),
    ("without metadata", [user(None), bot("Other")], None),
    ("plain words of Rasa", [user("m"), {"event": "bot", "text": "Restarted", "data": {"custom": None}}], "Restarted"),
    ("nothing at all", [], None),
]


@pytest.mark.parametrize(("case", "events", "words"), EARLIER, ids=[case for case, _, _ in EARLIER])
async def test_an_earlier_reply_is_found_in_the_tracker(case: str, events: list[dict], words: str | None) -> None:
    asked: list[httpx.URL] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        return httpx.Response(200, json={"events": events})

    reply = await engine(handler).earlier_reply("web:1", "m")
    assert (reply and " ".join(part.text for part in reply.parts)) == words  # type: ignore[union-attr]
    assert asked[0].raw_path == b"/conversations/web:1/tracker?include_events=ALL"


async def test_an_unreadable_tracker_is_an_error_and_not_a_no() -> None:
    with pytest.raises(EngineError):
        await answering({}, 500).earlier_reply("c", "m")


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
