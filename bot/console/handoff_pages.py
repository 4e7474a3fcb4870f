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
from bot.console import inbox_talk
from bot.console.access import Role, Staff, requires
from bot.console.context import Console, console_of
from bot.console.error_pages import error_page
from bot.console.labels import RESULTS
from bot.console.rendering import page, see_other
from bot.console.topics import names
from bot.delivery.notifier import News
from bot.delivery.store import MessageStore
from bot.delivery.tables import Conversation
from bot.encryption import DecryptionError, Encryption
from bot.handoff import agents, notebook
from bot.handoff.agents import Agent, Handoff, HandoffGoneError, NotYoursError
from bot.handoff.notebook import NotebookError
from bot.handoff.service import HandoffPolicy
from bot.handoff.store import able_staff
from bot.handoff.tables import TAKEN
from bot.programs.fact_words import figure, with_figures
from bot.programs.service import shelves
from bot.reply.parts import Text
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
    return await _in_panes(request, staff)


@router.get("/handoff/replies")
def show_replies(request: Request, staff: Viewer) -> Response:
    """The ready replies, and a form for one."""
    return _replies(request, staff)


@router.post("/handoff/replies")
def keep_reply(
    request: Request, staff: Annotator, title: Annotated[str, Form()] = "", text: Annotated[str, Form()] = ""
) -> Response:
    """Keep a ready reply; one that cannot be kept stays in the form with the reason."""
    now = datetime.now(UTC)
    try:
        with console_of(request).database.unit() as session:
            known = shelves(session).facts
            notebook.keep_reply(session, title, text, author=staff.name, known=known, now=now)
            audit(session, staff, "keep a ready reply", "ready replies", None, {"title": title, "text": text})
    except NotebookError as error:
        return _replies(request, staff, title=title, text=text, problem=str(error))
    return see_other(request, "/handoff/replies", f"“{title.strip()}” is ready.")


@router.post("/handoff/replies/{number}/delete")
def drop_reply(request: Request, number: Number, staff: Annotator) -> Response:
    """Delete a ready reply."""
    with console_of(request).database.unit() as session:
        if title := notebook.drop_reply(session, number):
            audit(session, staff, "delete a ready reply", "ready replies", {"title": title}, None)
    return see_other(request, "/handoff/replies", "Deleted.")


@router.get("/handoff/{number}")
async def show_talk(request: Request, number: Number, staff: Viewer, reply: Number = 0) -> Response:
    """One talk; `reply` puts a ready reply into the box."""
    return await _in_panes(request, staff, number, reply=reply)


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


@router.post("/handoff/{number}/assign")
async def assign(request: Request, number: Number, staff: Annotator, to: Annotated[Number, Form()] = 0) -> Response:
    """Give a talk to a colleague."""
    console, who = console_of(request), _member(request, staff)
    shown = console.container.settings.staff_names

    def work(session: Session, now: datetime) -> str:
        user = next((user for user in able_staff(session) if user.id == to), None)
        if user is None:
            raise NotebookError("Choose a colleague who may answer.")
        chosen = Agent(user.id, shown.get(user.name, ""))
        return agents.assign(session, console.responses, number, to=chosen, who=who, now=now)

    return await _do(request, number, staff, "assign a talk", "Assigned; the person is told.", work)


@router.post("/handoff/{number}/note")
async def add_note(request: Request, number: Number, staff: Annotator, text: Annotated[str, Form()] = "") -> Response:
    """Keep a note about a talk, which the person never sees."""
    return await _write_down(
        request,
        number,
        staff,
        "note on a talk",
        "Noted, for staff alone.",
        lambda session, now: notebook.add_note(session, number, text, author=staff.name, now=now),
        note=text,
    )


@router.post("/handoff/{number}/tags")
async def set_tags(request: Request, number: Number, staff: Annotator, tags: Annotated[str, Form()] = "") -> Response:
    """Give a talk its tags."""
    return await _write_down(
        request,
        number,
        staff,
        "tag a talk",
        "Tagged.",
        lambda session, _: notebook.set_tags(session, number, tags),
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
        return await _in_panes(request, staff, number, text=text, problem=problem, status=422)
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


@router.post("/handoff/{number}/typing")
async def say_typing(request: Request, number: Number, staff: Annotator) -> Response:
    """Let the person see that somebody writes. It lasts seconds, so it is not logged."""
    who, now = _member(request, staff), datetime.now(UTC)
    try:
        conversation, name = await _in_unit(request, lambda session: agents.typing(session, number, who=who, now=now))
    except (HandoffGoneError, NotYoursError):
        return Response(status_code=409)
    console_of(request).delivery.notifier.announce(conversation, News(typing=name))
    return Response(status_code=204)


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
        return await _in_panes(request, staff, number, problem=problem, status=409)
    return await _in_panes(request, staff, number, address=address or "none (deleted)")


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
    except NotebookError as error:
        return await _in_panes(request, staff, number, text=text, problem=str(error), status=422)
    except NotYoursError as error:
        problem = f"{error.holder} has this talk." if error.holder else "Nobody has this talk; take it over first."
        return await _in_panes(request, staff, number, text=text, problem=problem, status=409)
    console_of(request).delivery.notifier.announce(conversation, News())
    return see_other(request, f"/handoff/{number}", done)


async def _write_down(
    request: Request,
    number: int,
    staff: Staff,
    action: str,
    done: str,
    work: Callable[[Session, datetime], None],
    *,
    note: str = "",
) -> Response:
    """Keep something about a talk; the person hears nothing of it."""

    def in_unit(session: Session) -> None:
        work(session, datetime.now(UTC))
        audit(session, staff, action, f"handoff {number}")

    try:
        await _in_unit(request, in_unit)
    except NotebookError as error:
        return await _in_panes(request, staff, number, note=note, problem=str(error), status=422)
    return see_other(request, f"/handoff/{number}", done)


async def _in_panes(
    request: Request,
    staff: Staff,
    number: int | None = None,
    *,
    text: str = "",
    note: str = "",
    reply: int = 0,
    problem: str = "",
    address: str = "",
    status: int = 200,
) -> Response:
    """Who waits, one talk (the first, when none is named), and what is known of the person and can be done."""
    console, now = console_of(request), datetime.now(UTC)
    rules = HandoffPolicy.of(console.container.settings)

    def look(session: Session) -> dict[str, Any]:
        waiting = agents.queue(session)
        chosen = number or next((item.id for item in waiting), None)
        about = _about(request, session, staff, chosen, text=text, reply=reply) if chosen else {"item": None}
        return {"waiting": waiting, "closed": agents.closed_lately(session), **about}

    try:
        found = await _in_unit(request, look)
    except HandoffGoneError:
        return error_page(request, 404, GONE)
    return page(
        request,
        "handoff.html",
        status=status,
        is_open=number is not None,
        desk=rules,
        is_in_hours=rules.hours.is_open(now),
        now=now,
        ago=ago,
        member=_member(request, staff),
        may_act=staff.may(Role.ANNOTATOR),
        note=note,
        problem=problem,
        address=address,
        longest=LONGEST_ANSWER,
        longest_note=notebook.LONGEST_NOTE,
        key=secrets.token_urlsafe(12),
        shown_as=_member(request, staff).name or console.responses.text("utter_handoff_team"),
        results=RESULTS,
        **found,
    )


def _about(request: Request, session: Session, staff: Staff, number: int, *, text: str, reply: int) -> dict[str, Any]:
    """Everything about one talk. Ready replies come with their figures filled in."""
    item, entries = _read(session, number)
    is_mine, facts = item.state == TAKEN and item.taken_by == staff.id, shelves(session).facts
    replies = [(row.id, row.title, with_figures(Text(row.text), facts).text) for row in notebook.ready_replies(session)]
    return {
        "item": item,
        "entries": entries,
        "is_mine": is_mine,
        "may_end": is_mine or item.state != TAKEN or staff.may(Role.ADMIN),
        "notes": notebook.notes(session, number),
        "colleagues": [user for user in able_staff(session) if user.id != item.taken_by],
        "replies": replies,
        "text": text or next((words for row, _, words in replies if row == reply), ""),
        "last": inbox_talk.last_understood(session, item.conversation),
        "titles": names(request, session),
        "versions": inbox_talk.version_names(session),
    }


def _replies(request: Request, staff: Staff, *, title: str = "", text: str = "", problem: str = "") -> Response:
    with console_of(request).database.unit() as session:
        facts = shelves(session).facts
        kept = notebook.ready_replies(session)
        return page(
            request,
            "handoff_replies.html",
            status=422 if problem else 200,
            replies=[(row, with_figures(Text(row.text), facts).text) for row in kept],
            facts=[(key, figure(row), row.unit) for key, row in sorted(facts.items())],
            title=title,
            text=text,
            problem=problem,
            longest=notebook.LONGEST_REPLY,
            longest_title=notebook.LONGEST_TITLE,
            may_act=staff.may(Role.ANNOTATOR),
        )


def _read(session: Session, number: int, after: int | None = None) -> tuple[Handoff, list[dict[str, Any]]]:
    found = agents.find(session, number)
    messages = MessageStore(session, datetime.now(UTC))
    talk = session.get(Conversation, found.conversation)
    if talk is None:
        raise HandoffGoneError(number)
    start = max(0, talk.last_seq - ENTRIES_SHOWN) if after is None else after
    return found, [
        inbox_talk.entry(entry) for entry in messages.history(found.conversation, start, limit=ENTRIES_SHOWN)
    ]


def _member(request: Request, staff: Staff) -> Agent:
    names = console_of(request).container.settings.staff_names
    return Agent(staff.id, names.get(staff.name, ""), is_chief=staff.may(Role.ADMIN))


async def _in_unit(request: Request, work: Callable[[Session], T]) -> T:
    console: Console = console_of(request)

    def unit() -> T:
        with console.database.unit() as session:
            return work(session)

    return await asyncio.to_thread(unit)
