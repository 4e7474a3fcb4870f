"""Replies that nobody waits for any more: late answers, reminders and staff, as server-sent events or by long poll."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace

from fastapi.sse import format_sse_event

from bot.delivery.notifier import News
from bot.delivery.service import Delivery
from bot.delivery.store import Answer, ConversationGoneError
from bot.web.open_streams import OpenStream
from bot.web.reply_json import render_answer

HEARTBEAT_SECONDS = 15.0
RETRY_MS = 2000
STREAM_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@dataclass(frozen=True)
class ReplyBatch:
    """New replies in order; `gone` ends the conversation; `typing` is the name of one of the staff who writes."""

    answers: list[Answer] = field(default_factory=list)
    gone: bool = False
    typing: str = ""


async def batches(
    delivery: Delivery, conversation: str, *, after: int, patience: float, held: AbstractContextManager[OpenStream]
) -> AsyncIterator[ReplyBatch]:
    """Replies with numbers above `after`, as they come; an empty batch when nothing came for `patience` seconds.

    The database is asked each time, so nothing is missed that another process wrote.
    """
    with delivery.notifier.listen(conversation) as news, held as stream:
        first = await _newer(delivery, conversation, after)
        if first.gone or first.answers:
            yield first
        while not (first.gone or stream.has_to_end):
            after = max([after, *(answer.seq for answer in first.answers)])
            news.after = after
            last_words = await _next_news(news, patience)
            first = await _newer(delivery, conversation, after)
            if last_words and last_words.answer:
                first.answers.append(last_words.answer)
            yield replace(first, typing=last_words.typing if last_words else "")


async def events(
    delivery: Delivery, conversation: str, *, after: int, held: AbstractContextManager[OpenStream]
) -> AsyncIterator[bytes]:
    """The event stream: `reply` events with `id: seq`, `typing` with a name, comments as heartbeat, `gone` at the end.

    FastAPI writes the frames. It would yield them from the route as well, but this route answers a long poll too.
    """
    yield format_sse_event(retry=RETRY_MS)
    async for batch in batches(delivery, conversation, after=after, patience=HEARTBEAT_SECONDS, held=held):
        for answer in batch.answers:
            data = json.dumps(render_answer(answer))
            yield format_sse_event(id=str(answer.seq), event="reply", data_str=data)
        if batch.gone:
            yield format_sse_event(event="gone", data_str="{}")
        elif batch.typing:
            yield format_sse_event(event="typing", data_str=json.dumps({"name": batch.typing}))
        elif not batch.answers:
            yield format_sse_event(comment="still here")


async def long_poll(
    delivery: Delivery, conversation: str, *, after: int, wait: float, held: AbstractContextManager[OpenStream]
) -> ReplyBatch:
    """The first new replies, or none after `wait` seconds."""
    stream = batches(delivery, conversation, after=after, patience=wait, held=held)
    async for batch in stream:
        await stream.aclose()  # type: ignore[attr-defined]
        return batch
    return ReplyBatch()


async def _next_news(news: asyncio.Queue[News], patience: float) -> News | None:
    try:
        return await asyncio.wait_for(news.get(), patience)
    except TimeoutError:
        return None


async def _newer(delivery: Delivery, conversation: str, after: int) -> ReplyBatch:
    try:
        return ReplyBatch(await delivery.read_store(lambda messages: messages.answers_after(conversation, after)))
    except ConversationGoneError:
        return ReplyBatch(gone=True)
