"""People who wait for a person: the queue, one talk with its answer box, and everything that staff can do with it."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Form, Request, Response
from sqlalchemy.orm import Session

from bot.bounds import Number
from bot.console.access import Role, Staff, requires
from bot.console.context import Console, console_of
from bot.console.error_pages import error_page
from bot.console.rendering import page, see_other
from bot.delivery.notifier import News
from bot.delivery.redaction import redact
from bot.delivery.store import Answer, MessageStore, Said
from bot.delivery.tables import Conversation
from bot.encryption import DecryptionError, Encryption
from bot.handoff import agents
from bot.handoff.agents import Agent, Handoff, HandoffGoneError, NotYoursError
from bot.handoff.service import HandoffPolicy
from bot.handoff.tables import TAKEN
from bot.staff.audit import audit

router = APIRouter()
T = TypeVar("T")
Viewer = Annotated[Staff, requires(Role.VIEWER)]
Annotator = Annotated[Staff, requires(Role.ANNOTATOR)]
LONGEST_ANSWER = 4_000
ENTRIES_SHOWN = 200
GONE = "This talk was closed, or the person had it deleted."


@router.get("/handoff")
async def show_queue(request: Request, staff: Viewer) -> Response:
    """Everybody who waits, and what is being answered."""
    waiting, closed = await _in_unit(request, lambda session: (agents.queue(session), agents.closed_lately(session)))
    hours = HandoffPolicy.of(console_of(request).container.settings)
    return page(
        request,
        "handoff_queue.html",
        waiting=waiting,
        closed=closed,
        desk=hours,
        now=datetime.now(UTC),
        ago=ago,
        member=_member(request, staff),
        is_open=hours.hours.is_open(datetime.now(UTC)),
    )


@router.get("/handoff/{number}")
async def show_talk(request: Request, number: Number, staff: Viewer) -> Response:
    """One talk."""
    return await _talk(request, number, staff)


@router.get("/handoff/{number}/new")
async def show_news(request: Request, number: Number, _: Viewer, after: Number = 0) -> Response:
    """What was said after an entry, for the page to add; the header tells where the talk stands."""
    try:
        found, entries = await _in_unit(request, lambda session: _read(session, number, after))
    except HandoffGoneError:
        return error_page(request, 404, GONE)
    response = page(request, "handoff_entries.html", entries=entries)
    response.headers["X-Handoff-State"] = f"{found.state} {found.taken_by or ''}".strip()
    return response


@router.post("/handoff/{number}/take")
async def take(request: Request, number: Number, staff: Annotator) -> Response:
    """Take a talk over."""
    console, who = console_of(request), _member(request, staff)
    return await _do(
        request,
        number,
        staff,
        "take over a talk",
        "You have this talk now; the bot is silent.",
        lambda session, now: agents.take(session, console.responses, number, who=who, now=now),
    )


@router.post("/handoff/{number}/answer")
async def answer(
    request: Request,
    number: Number,
    staff: Annotator,
    text: Annotated[str, Form()] = "",
    key: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Say something to the person. What cannot be sent stays in the box."""
    words, who = text.replace("\r\n", "\n").strip(), _member(request, staff)
    if not words or len(words) > LONGEST_ANSWER:
        problem = f"An answer has 1 to {LONGEST_ANSWER:,} characters."
        return await _talk(request, number, staff, text=text, problem=problem, status=422)
    once = key or secrets.token_urlsafe(12)
    return await _do(
        request,
        number,
        staff,
        "answer a person",
        "Sent.",
        lambda session, now: agents.answer(session, number, words, who=who, key=once, now=now),
        text=words,
    )


@router.post("/handoff/{number}/give-back")
async def give_back(request: Request, number: Number, staff: Annotator) -> Response:
    """Let the bot speak again; the person stays on the list."""
    console, who = console_of(request), _member(request, staff)
    return await _do(
        request,
        number,
        staff,
        "give a talk back to the bot",
        "The bot answers again; the person still waits.",
        lambda session, now: agents.give_back(session, console.responses, number, who=who, now=now),
    )


@router.post("/handoff/{number}/close")
async def close(request: Request, number: Number, staff: Annotator) -> Response:
    """End the matter."""
    console, who = console_of(request), _member(request, staff)
    rules = HandoffPolicy.of(console.container.settings)
    return await _do(
        request,
        number,
        staff,
        "close a talk",
        "Closed; the bot answers again.",
        lambda session, now: agents.close(session, console.responses, number, who=who, policy=rules, now=now),
    )


@router.post("/handoff/{number}/reveal")
async def reveal(request: Request, number: Number, staff: Annotator) -> Response:
    """Show the address that the person left, once, and write down who looked."""
    encryption = Encryption(console_of(request).container.settings.signing_key())

    def look(session: Session) -> str:
        address = agents.reveal(session, encryption, number)
        audit(session, staff, "look at an address", f"handoff {number}")
        return address

    try:
        address = await _in_unit(request, look)
    except HandoffGoneError:
        return error_page(request, 404, GONE)
    except DecryptionError:
        problem = "The address cannot be read: SECRET_KEY has changed since it was left."
        return await _talk(request, number, staff, problem=problem, status=409)
    return await _talk(request, number, staff, address=address or "none (deleted)")


def ago(since: datetime | None, now: datetime) -> str:
    """How long ago something was: "under 1 min", "3 min", "2 h 5 min", "4 days"."""
    if since is None:
        return ""
    minutes = max(0, int((now - since).total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} min" if minutes else "under 1 min"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if hours < 48 else f"{hours // 24} days"


async def _do(
    request: Request,
    number: int,
    staff: Staff,
    action: str,
    done: str,
    work: Callable[[Session, datetime], str],
    *,
    text: str = "",
) -> Response:
    """Do one thing in one unit of work with its entry in the log, then wake the person's chat."""

    def in_unit(session: Session) -> str:
        conversation = work(session, datetime.now(UTC))
        audit(session, staff, action, f"handoff {number}")
        return conversation

    try:
        conversation = await _in_unit(request, in_unit)
    except HandoffGoneError:
        return see_other(request, "/handoff", GONE, is_bad=True)
    except NotYoursError as error:
        problem = f"{error.holder} has this talk." if error.holder else "Nobody has this talk; take it over first."
        return await _talk(request, number, staff, text=text, problem=problem, status=409)
    console_of(request).delivery.notifier.announce(conversation, News())
    return see_other(request, f"/handoff/{number}", done)


async def _talk(
    request: Request,
    number: int,
    staff: Staff,
    *,
    text: str = "",
    problem: str = "",
    address: str = "",
    status: int = 200,
) -> Response:
    try:
        found, entries = await _in_unit(request, lambda session: _read(session, number))
    except HandoffGoneError:
        return error_page(request, 404, GONE)
    is_mine, now = found.state == TAKEN and found.taken_by == staff.id, datetime.now(UTC)
    return page(
        request,
        "handoff_talk.html",
        status=status,
        item=found,
        entries=entries,
        now=now,
        ago=ago,
        is_mine=is_mine,
        may_act=staff.may(Role.ANNOTATOR),
        may_end=is_mine or found.state != TAKEN or staff.may(Role.ADMIN),
        text=text,
        problem=problem,
        address=address,
        longest=LONGEST_ANSWER,
        key=secrets.token_urlsafe(12),
        shown_as=_member(request, staff).name or console_of(request).responses.text("utter_handoff_team"),
    )


def _read(session: Session, number: int, after: int | None = None) -> tuple[Handoff, list[dict[str, Any]]]:
    found = agents.find(session, number)
    messages = MessageStore(session, datetime.now(UTC))
    talk = session.get(Conversation, found.conversation)
    if talk is None:
        raise HandoffGoneError(number)
    start = max(0, talk.last_seq - ENTRIES_SHOWN) if after is None else after
    return found, [_entry(entry) for entry in messages.history(found.conversation, start, limit=ENTRIES_SHOWN)]


def _entry(entry: Said | Answer) -> dict[str, Any]:
    if isinstance(entry, Said):
        return {
            "seq": entry.seq,
            "at": entry.at,
            "who": "person",
            "text": redact(entry.text),
            "parts": [],
            "buttons": [],
        }
    parts = entry.reply.get("parts", [])
    speaker = next((part["speaker"] for part in parts if part.get("speaker")), "")
    is_notice = bool(parts) and all(part.get("type") == "notice" for part in parts)
    buttons = [item["title"] for item in entry.reply.get("suggestions", ())]
    who = "staff" if speaker else "notice" if is_notice else "bot"
    return {"seq": entry.seq, "at": entry.at, "who": who, "speaker": speaker, "parts": parts, "buttons": buttons}


def _member(request: Request, staff: Staff) -> Agent:
    names = console_of(request).container.settings.staff_names
    return Agent(staff.id, names.get(staff.name, ""), is_chief=staff.may(Role.ADMIN))


async def _in_unit(request: Request, work: Callable[[Session], T]) -> T:
    console: Console = console_of(request)

    def unit() -> T:
        with console.database.unit() as session:
            return work(session)

    return await asyncio.to_thread(unit)
