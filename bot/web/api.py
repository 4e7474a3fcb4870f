"""The public web API under /api/v1. Routes only translate: the work is done by delivery."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from fastapi.sse import EventSourceResponse
from starlette.exceptions import HTTPException

from bot.bootstrap import Container
from bot.bounds import Number, read_number
from bot.delivery.engine_pool import EnginePool
from bot.delivery.files import find_file
from bot.delivery.redaction import redact
from bot.delivery.service import Delivery
from bot.delivery.tables import StoredFile
from bot.handoff.hours_words import hours_words
from bot.handoff.service import HandoffPolicy
from bot.reply.parts import Notice
from bot.reply.responses import Responses
from bot.web import schemas
from bot.web.open_streams import OpenStreams
from bot.web.reply_json import render_answer, render_entry
from bot.web.sites import ForeignOriginError, Sites
from bot.web.stream import STREAM_HEADERS, events, long_poll
from bot.web.throttle import Throttle
from bot.web.tokens import TokenError, Tokens
from bot.websites.service import Websites

HISTORY_PAGE = 200
LONGEST_WAIT_SECONDS = 60.0
_ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": schemas.ErrorBody} for status in (400, 401, 403, 404, 413, 422, 429, 500, 503)
}
_bearer = HTTPBearer(
    auto_error=False, scheme_name="Bearer", description="The `token` of an opened conversation; it opens this one only."
)


@dataclass(frozen=True)
class Web:
    """What the routes work with; it stands in `app.state.web`."""

    container: Container
    delivery: Delivery
    engine: EnginePool
    responses: Responses
    tokens: Tokens
    throttle: Throttle
    sites: Sites
    streams: OpenStreams
    websites: Websites


def web_of(request: Request) -> Web:
    """The parts that `bot.app` put together."""
    web: Web = request.app.state.web
    return web


WebParts = Annotated[Web, Depends(web_of)]


async def counted(request: Request, web: WebParts) -> None:
    """Every call counts against the limit of the caller's address."""
    await web.throttle.check_address(_address(request))


def _address(request: Request) -> str | None:
    return request.client.host if request.client else None


def conversation_of(web: WebParts, sent: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> str:
    """The conversation that the caller's token opens."""
    if sent is None:
        raise TokenError("no bearer token")
    return web.tokens.conversation(sent.credentials.strip())


Caller = Annotated[str, Depends(conversation_of)]
# Counted before anything is looked at, reading and forgetting too: each costs a look into the database.
router = APIRouter(prefix="/api/v1", tags=["chat"], responses=_ERRORS, dependencies=[Depends(counted)])


@router.post("/conversations", status_code=201)
async def open_conversation(
    web: WebParts, request: Request, new: schemas.NewConversation | None = None
) -> schemas.OpenedConversation:
    """Begin a conversation. A page of another website needs the site key that lists its origin."""
    asked = new or schemas.NewConversation()
    origin = request.headers.get("origin", "")
    if origin and not web.sites.admits(origin, host=request.headers.get("host", ""), site=asked.site):
        raise ForeignOriginError(origin)
    conversation = f"web:{uuid.uuid4()}"
    await web.delivery.open(conversation, site=redact(asked.site), locale=asked.locale)
    token, expires_at = web.tokens.issue(conversation)
    return schemas.OpenedConversation(conversation=conversation, token=token, expires_at=expires_at)


@router.post("/messages")
async def send_message(web: WebParts, caller: Caller, new: schemas.NewMessage) -> schemas.MessageReceipt:
    """Say something. The same id again returns the same answer and never makes a second turn."""
    # Sending again is no new message.
    if not await web.delivery.ask_store(lambda messages: messages.find(caller, new.id)):
        await web.throttle.check_conversation(caller)
    receipt = await web.delivery.submit(caller, new.id, text=new.text or "", payload=new.payload or "")
    replies = [schemas.SentReply(**render_answer(answer)) for answer in receipt.answers]
    return schemas.MessageReceipt(seq=receipt.seq, replies=replies, status=receipt.status)  # type: ignore[arg-type]


@router.get("/messages", response_model_exclude_none=True)
async def read_history(web: WebParts, caller: Caller, after: Number = 0) -> schemas.History:
    """Both sides of the conversation, in order."""
    entries = await web.delivery.read_store(lambda messages: messages.history(caller, after, limit=HISTORY_PAGE + 1))
    messages = [schemas.HistoryEntry(**render_entry(entry)) for entry in entries[:HISTORY_PAGE]]
    return schemas.History(messages=messages, more=len(entries) > HISTORY_PAGE)


@router.get(
    "/events",
    response_model=schemas.Events,
    responses={200: {"content": {EventSourceResponse.media_type: {}}}},
)
async def listen(
    web: WebParts,
    request: Request,
    caller: Caller,
    after: Number = 0,
    wait: Annotated[
        float | None, Query(ge=0, le=LONGEST_WAIT_SECONDS, description="Long poll for so many seconds.")
    ] = None,
    last_event_id: Annotated[str, Header()] = "",
) -> Response:
    """Replies as they come: server-sent events with `id: seq`, or one JSON answer with `?wait=25`."""
    seen = read_number(last_event_id)
    after = after if seen is None else seen
    await web.delivery.read_store(lambda messages: messages.require(caller) and None)
    web.streams.require_room(_address(request))
    held = web.streams.hold(caller, _address(request))
    if wait is None:
        return EventSourceResponse(events(web.delivery, caller, after=after, held=held), headers=STREAM_HEADERS)
    batch = await long_poll(web.delivery, caller, after=after, wait=wait, held=held)
    new = [render_answer(answer) for answer in batch.answers]
    return JSONResponse({"events": new, "gone": batch.gone, "typing": batch.typing}, headers=STREAM_HEADERS)


@router.get("/staff")
async def find_staff(web: WebParts) -> schemas.StaffState:
    """Whether a person can be asked for, before anybody is; nobody is put on a list by this."""
    return await asyncio.to_thread(_staff, web)


@router.post("/feedback", status_code=204)
async def give_feedback(web: WebParts, caller: Caller, new: schemas.NewFeedback) -> None:
    """A thumb up or down on one reply; a second one replaces the first."""
    reason = redact(new.reason)
    await web.delivery.ask_store(lambda messages: messages.rate(caller, new.seq, rating=new.rating, reason=reason))


@router.delete("/conversations/current", status_code=204, responses={202: {"model": schemas.Leaving}})
async def forget_me(web: WebParts, caller: Caller) -> Response:
    """Delete the conversation from every table, the engine's included. Doing it twice is no error.

    202 says that it takes longer: the conversation is closed, and the rest is finished without another call.
    """
    if await web.delivery.erase(caller):
        return Response(status_code=204)
    return JSONResponse({"reply": web.delivery.farewell(is_done=False).to_dict()}, 202)


@router.get("/files/{token}", response_class=Response)
async def download(web: WebParts, token: str) -> Response:
    """A calendar file or picture, until it expires."""
    found = await asyncio.to_thread(_file, web.container, token)
    if found is None:
        raise HTTPException(404)
    kind = "inline" if found.mime.startswith("image/") else "attachment"
    disposition = f'{kind}; filename="{_plain_name(found.name)}"'
    return Response(
        found.content,
        media_type=found.mime,
        headers={
            "Content-Disposition": disposition,
            "Cache-Control": "private, max-age=3600",
            "X-Robots-Tag": "noindex",
            "Cross-Origin-Resource-Policy": "cross-origin",
        },
    )


def _staff(web: Web) -> schemas.StaffState:
    policy, responses = HandoffPolicy.of(web.container.settings), web.responses
    with web.container.database.unit() as session:
        if not policy.is_staffed(session):
            return _state(responses.notice("utter_request_human"), is_staffed=False)
    return _state(hours_words(policy.hours, responses, now=web.container.now()), is_staffed=True)


def _state(told: Notice | None, *, is_staffed: bool) -> schemas.StaffState:
    if told is None:
        return schemas.StaffState(is_staffed=is_staffed, text="")
    return schemas.StaffState(is_staffed=is_staffed, text=told.text, key=told.key, values=dict(told.values))


def _file(container: Container, token: str) -> StoredFile | None:
    with container.database.unit() as session:
        return find_file(session, token, now=datetime.now(UTC))


def _plain_name(name: str) -> str:
    """The file's name in the letters that every header may carry."""
    return "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-_. ") else "_" for letter in name)
