"""The inbox: messages that the bot did not answer well, filtered, counted, paged, and worked through in bulk."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Form, HTTPException, Query, Request, Response
from sqlalchemy.orm import Session

from bot.bounds import Number, read_number
from bot.console import inbox_talk
from bot.console.access import Role, Staff, requires
from bot.console.context import console_of
from bot.console.discovery_pages import Chosen, taken_back
from bot.console.labels import REASONS, RESULTS
from bot.console.rendering import page, see_other
from bot.console.topics import names, require_trainable, topics
from bot.content.change import AddSentences, ChangeError
from bot.review import bulk_actions
from bot.review.bulk_actions import BulkActionError
from bot.review.discovery.clusters import split
from bot.review.inbox import service as saved_views
from bot.review.inbox import store as inbox
from bot.review.inbox.filters import CHANNELS, EVERY, MINE, RAISED, RATINGS, TODO, Filters
from bot.review.inbox.service import ViewError
from bot.review.projection.reading import OUTCOMES, TRIGGERS
from bot.review.tables import ReviewMessage

router = APIRouter()
Viewer = Annotated[Staff, requires(Role.VIEWER)]
Annotator = Annotated[Staff, requires(Role.ANNOTATOR)]
Back = Annotated[str, Form(max_length=1000)]
Following = Annotated[str, Form(max_length=20)]
Cursor = Number | None

STATES = {
    TODO: "To do (open and claimed)",
    "open": "Open",
    "claimed": "Claimed",
    MINE: "Claimed by me",
    "resolved": "Resolved",
    "ignored": "Ignored",
    EVERY: "Every state",
}
VERBS = {
    "claim": "claim",
    "resolve": "resolve",
    "ignore": "ignore",
    "reopen": "reopen",
    "add": "add to topic",
    "new_topic": "new topic",
}
DONE = {"claim": "Claimed", "resolve": "Resolved", "ignore": "Ignored", "reopen": "Opened again"}
ALWAYS = (("To do", Filters()), ("Mine", Filters(review=MINE, trigger=EVERY)))
EVERYTHING = Filters(review=EVERY, trigger=EVERY)


@router.get("/inbox")
def show_inbox(request: Request, staff: Viewer, before: Cursor = None, after: Cursor = None) -> Response:
    """The messages that fit the filters in the address, and the talk around the first of them."""
    filters = Filters.read(request.query_params)
    with console_of(request).database.unit() as session:
        shown = _listed(session, staff, filters, before=before, after=after)
        return _panes(request, session, staff, filters, shown=shown, message=next(iter(shown["rows"]), None))


@router.get("/inbox/{number}")
def show_message(
    request: Request, number: Number, staff: Viewer, back: Annotated[str, Query(max_length=1000)] = ""
) -> Response:
    """The talk around one message, beside the list that `back` describes."""
    values = dict(parse_qsl(back))
    filters = Filters.read(values)
    before, after = read_number(values.get("before", "")), read_number(values.get("after", ""))
    with console_of(request).database.unit() as session:
        message = session.get(ReviewMessage, number)
        if message is None:
            raise HTTPException(404, "There is no such message (any more).")
        shown = _listed(session, staff, filters, before=before, after=after)
        return _panes(request, session, staff, filters, shown=shown, message=message, is_open=True)


def _listed(
    session: Session, staff: Staff, filters: Filters, *, before: int | None, after: int | None
) -> dict[str, Any]:
    """The left pane: a page of messages, how many there are, and the way to further ones."""
    found = inbox.find(session, filters, me=staff.name, before=before, after=after)
    return {
        "rows": inbox.messages(session, found.ids),
        "total": counted(found.total, found.counted),
        "newer": _further(filters, "after", found.ids[:1]) if found.has_newer else "",
        "older": _further(filters, "before", found.ids[-1:]) if found.has_older else "",
        "here": _here(filters, before, after),
    }


def _panes(
    request: Request,
    session: Session,
    staff: Staff,
    filters: Filters,
    *,
    shown: dict[str, Any],
    message: ReviewMessage | None,
    is_open: bool = False,
) -> Response:
    """List, talk, and what was understood. `is_open`: somebody chose this message, so a phone shows it alone."""
    responses = console_of(request).responses
    following = dict(pairwise(row.id for row in shown["rows"]))
    return page(
        request,
        "inbox.html",
        filters=filters,
        query=filters.to_query(),
        tabs=_tabs(session, staff, filters),
        views=saved_views.views(session),
        last=bulk_actions.last(session, staff),
        verbs=VERBS,
        may_act=staff.may(Role.ANNOTATOR),
        is_admin=staff.may(Role.ADMIN),
        topics=topics(request, session),
        titles=names(request, session),
        choices=_choices(),
        reasons=REASONS,
        results=RESULTS,
        states=STATES,
        raised=RAISED,
        everything=EVERYTHING.to_query(),
        is_narrowed=filters != Filters(filters.review, filters.trigger),
        is_open=is_open,
        message=message,
        following=following.get(message.id, "") if message else "",
        entries=inbox_talk.around(session, message) if message else [],
        answer=inbox_talk.answer_said(message, responses) if message else "",
        handoff=inbox_talk.handoff_of(session, message) if message else None,
        versions=inbox_talk.version_names(session),
        **shown,
    )


@router.post("/inbox/act")
def act(
    request: Request,
    staff: Annotator,
    chosen: Chosen,
    verb: Annotated[str, Form()] = "",
    back: Back = "",
    following: Following = "",
) -> Response:
    """Claim, resolve, ignore or reopen the chosen messages; from a single one it goes on to the following."""

    def work(session: Session) -> str:
        done = bulk_actions.act(session, staff, verb, chosen, now=datetime.now(UTC))
        others = f" {done.others} left: somebody else has claimed them." if done.others else ""
        return f"{DONE[verb]}: {done.changed} {'message' if done.changed == 1 else 'messages'}.{others}"

    return _do(request, work, back, following=following)


@router.post("/inbox/undo")
def undo(request: Request, staff: Annotator, back: Back = "") -> Response:
    """Take back one's own last action."""

    def work(session: Session) -> str:
        action = bulk_actions.last(session, staff)
        if action is None:
            raise BulkActionError("There is nothing to take back.")
        return taken_back(bulk_actions.undo(session, staff, action.id, now=datetime.now(UTC)))

    return _do(request, work, back)


@router.post("/inbox/topic")
def add_to_topic(
    request: Request,
    staff: Annotator,
    chosen: Chosen,
    intent: Annotated[str, Form()] = "",
    back: Back = "",
    following: Following = "",
) -> Response:
    """Propose the chosen messages as sentences of a topic; they are resolved by that."""

    def work(session: Session) -> str:
        if intent not in dict(topics(request, session)):
            raise ChangeError("Choose a topic from the list.")
        said = list(dict.fromkeys(row.text for row in inbox.messages(session, chosen) if row.kind == "typed"))
        if not said:
            raise ChangeError("Choose messages that were typed; a button teaches nothing.")
        learned, held_out = split(said)
        change = AddSentences(intent, tuple(learned), tuple(held_out))
        require_trainable(session, change)
        bulk_actions.add_to_topic(session, staff, change, messages=chosen, now=datetime.now(UTC))
        return "Proposed as a draft. The bot learns it when it was tested and published under Changes."

    return _do(request, work, back, following=following)


@router.post("/inbox/views")
def save_view(request: Request, staff: Annotator, name: Annotated[str, Form()] = "", back: Back = "") -> Response:
    """Keep the filters under a name."""

    def work(session: Session) -> str:
        query = Filters.read(dict(parse_qsl(back))).to_query()
        saved_views.save_view(session, staff, name, query, now=datetime.now(UTC))
        return "The view is saved, for all staff."

    return _do(request, work, back)


@router.post("/inbox/views/{number}/delete")
def delete_view(request: Request, number: Number, staff: Annotator, back: Back = "") -> Response:
    """Delete a saved view."""

    def work(session: Session) -> str:
        saved_views.delete_view(session, staff, number)
        return "The view is deleted."

    return _do(request, work, back)


def counted(total: int, most: int = inbox.COUNTED) -> str:
    """A count as people read it: "17", "1,000+"."""
    return f"{most:,}+" if total > most else f"{total:,}"


def inbox_path(back: str) -> str:
    """The inbox with the filters and the place that `back` names; anything else in it is left out."""
    values = dict(parse_qsl(back))
    place = [(name, values[name]) for name in ("before", "after") if read_number(values.get(name, "")) is not None]
    query = "&".join(filter(None, (Filters.read(values).to_query(), urlencode(place[:1]))))
    return f"/inbox?{query}" if query else "/inbox"


def _do(request: Request, work: Any, back: str, *, following: str = "") -> Response:
    """Does it in one unit of work; what cannot be done is said. Then comes the list, or the message `following`."""
    path = inbox_path(back)
    if read_number(following) is not None:
        path = f"/inbox/{following}" + (f"?{urlencode({'back': back})}" if back else "")
    try:
        with console_of(request).database.unit() as session:
            said = work(session)
    except (BulkActionError, ViewError, ChangeError) as error:
        return see_other(request, inbox_path(back), str(error), is_bad=True)
    return see_other(request, path, said)


def _tabs(session: Session, staff: Staff, filters: Filters) -> list[dict[str, Any]]:
    """Where the work lies: what is to do, one's own, and each reason, with counts that end at 1,000."""
    reasons = ((REASONS[trigger], Filters(trigger=trigger)) for trigger in TRIGGERS)
    return [
        {
            "title": title,
            "query": chosen.to_query(),
            "is_here": chosen == filters,
            "count": counted(inbox.count(session, chosen, me=staff.name)),
        }
        for title, chosen in (*ALWAYS, *reasons)
    ]


def _choices() -> dict[str, dict[str, str]]:
    return {
        "review": STATES,
        "trigger": {RAISED: "Any", **{name: REASONS[name] for name in TRIGGERS}, EVERY: "None needed"},
        "channel": {"": "Both", **{name: name.capitalize() for name in CHANNELS}},
        "outcome": {"": "Any", **{name: RESULTS[name].capitalize() for name in OUTCOMES}},
        "feedback": {"": "Any", **{name: f"Thumbs {name}" for name in RATINGS}},
    }


def _here(filters: Filters, before: int | None, after: int | None) -> str:
    place = {"before": before} if before is not None else {"after": after} if after is not None else {}
    return "&".join(filter(None, (filters.to_query(), urlencode(place))))


def _further(filters: Filters, name: str, ids: tuple[int, ...]) -> str:
    return "&".join(filter(None, (filters.to_query(), urlencode({name: ids[0]}) if ids else "")))
