"""What goes over the wire while nobody asks: frames as every reader of server-sent events knows them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from bot.delivery.service import Delivery
from bot.delivery.store import Answer
from bot.reply.parts import text
from bot.web import stream
from bot.web.open_streams import OpenStream

HELLO = Answer(7, text("Hello\n\nthere").to_dict(), "m-1", datetime(2026, 11, 23, tzinfo=UTC))


async def test_replies_silence_and_the_end_have_each_a_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    async def batches(*_: object, **__: object) -> AsyncIterator[stream.ReplyBatch]:
        for batch in (
            stream.ReplyBatch([HELLO]),
            stream.ReplyBatch(),
            stream.ReplyBatch(typing="Maria"),
            stream.ReplyBatch(gone=True),
        ):
            yield batch

    monkeypatch.setattr(stream, "batches", batches)
    sent = [
        frame.decode()
        async for frame in stream.events(cast("Delivery", None), "web:1", after=0, held=nullcontext(OpenStream()))
    ]
    assert all(frame.endswith("\n\n") and "\n\n" not in frame[:-2] for frame in sent), "one frame, one event"
    retry, reply, heartbeat, typing, gone = (_fields(frame) for frame in sent)
    assert retry == {"retry": "2000"}
    assert (reply["id"], reply["event"]) == ("7", "reply")
    data: dict[str, Any] = json.loads(reply["data"])
    assert (data["seq"], data["in_reply_to"]) == (7, "m-1")
    assert heartbeat == {"": "still here"}
    assert typing == {"event": "typing", "data": '{"name": "Maria"}'}
    assert gone == {"event": "gone", "data": "{}"}


def _fields(frame: str) -> dict[str, str]:
    pairs = (line.partition(": ") for line in frame.splitlines() if line)
    return {name.rstrip(":"): value for name, _, value in pairs}
