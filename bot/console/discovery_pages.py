"""Discovery: groups of messages that the bot did not answer well, and what staff make of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Request, Response
from sqlalchemy.orm import Session

from bot.bounds import Number
from bot.console.access import Role, Staff, requires
from bot.console.context import console_of
from bot.console.rendering import page, see_other
from bot.console.topics import require_trainable, topics
from bot.content.change import AddSentences, ChangeError
from bot.ops import jobs
from bot.review import bulk_actions
from bot.review.bulk_actions import BulkActionError, Outcome
from bot.review.discovery import service as discovery
from bot.review.discovery.clusters import split
from bot.review.discovery.service import DiscoveryError
from bot.review.discovery.store import newest_run
from bot.staff.audit import audit

router = APIRouter()
Viewer = Annotated[Staff, requires(Role.VIEWER)]
Annotator = Annotated[Staff, requires(Role.ANNOTATOR)]
MOST_CHOSEN = 5_000  # The map shows 4,000 messages; a database takes so many numbers in one question, not any.
Chosen = Annotated[list[Number], Form(alias="message", default_factory=list, max_length=MOST_CHOSEN)]
VERBS = {"ignore": "Ignored", "add": "Added", "new_topic": "Proposed"}


@router.get("/discovery")
def show_discovery(request: Request, staff: Viewer) -> Response:
    """The groups, the most wanted first."""
    with console_of(request).database.unit() as session:
        groups = discovery.groups(session)
        return page(
            request,
            "discovery/discovery.html",
            groups=groups,
            run=newest_run(session),
            actions=bulk_actions.recent(session),
            is_running=discovery.is_running(session, datetime.now(UTC)),
            total=discovery.total(session),
            titles=dict(topics(request, session)),
            verbs=VERBS,
            may_act=staff.may(Role.ANNOTATOR),
        )


@router.post("/discovery/run")
def start_run(request: Request, staff: Annotator) -> Response:
    """Starts a search beside the application."""
    try:
        with console_of(request).database.unit() as session:
            run = discovery.ask(session, staff.name, datetime.now(UTC))
            audit(session, staff, "start discovery", f"run {run.id}")
            number = run.id
    except DiscoveryError as error:
        return see_other(request, "/discovery", str(error), is_bad=True)
    jobs.start("discover", str(number), settings=console_of(request).container.settings)
    return see_other(request, "/discovery", "The search has started; it takes a few seconds.")


@router.get("/discovery/run")
def tell_run(request: Request, _: Viewer) -> dict[str, Any]:
    """How far the search is, for the page."""
    with console_of(request).database.unit() as session:
        run = newest_run(session)
        is_running = discovery.is_running(session, datetime.now(UTC))
    return {"running": is_running, "step": run.step if run else ""}


@router.get("/discovery/groups/{cluster_id}")
def show_group(request: Request, cluster_id: Number, staff: Viewer) -> Response:
    """All messages of a group, to be chosen from."""
    with console_of(request).database.unit() as session:
        try:
            group, near = discovery.group(session, cluster_id)
        except DiscoveryError as error:
            raise HTTPException(404, str(error)) from error
        known = topics(request, session)
    return page(
        request,
        "discovery/group.html",
        group=group,
        near=near,
        topics=known,
        titles=dict(known),
        may_act=staff.may(Role.ANNOTATOR),
    )


@router.post("/discovery/groups/{cluster_id}/name")
def rename_group(request: Request, cluster_id: Number, staff: Annotator, name: Annotated[str, Form()]) -> Response:
    """Gives a group a name by hand."""
    try:
        with console_of(request).database.unit() as session:
            discovery.rename(session, cluster_id, name)
            audit(session, staff, "rename group", f"group {cluster_id}")
    except DiscoveryError as error:
        return see_other(request, "/discovery", str(error), is_bad=True)
    return see_other(request, f"/discovery/groups/{cluster_id}", "Renamed.")


@router.get("/discovery/map")
def show_map(request: Request, staff: Viewer) -> Response:
    """All messages of the newest search, on a map and as a list."""
    with console_of(request).database.unit() as session:
        return page(
            request,
            "discovery/map.html",
            groups=discovery.groups(session),
            loose=discovery.loose(session),
            topics=topics(request, session),
            may_act=staff.may(Role.ANNOTATOR),
        )


@router.post("/discovery/add")
def add_to_topic(request: Request, staff: Annotator, chosen: Chosen, intent: Annotated[str, Form()]) -> Response:
    """Proposes the chosen messages as sentences of a topic that exists; some are held out."""

    def work(session: Session) -> str:
        if intent not in dict(topics(request, session)):
            raise ChangeError("Choose a topic that exists.")
        texts = list(dict.fromkeys(member.text for member in discovery.chosen(session, chosen)))
        learned, held_out = split(texts)
        change = AddSentences(intent, tuple(learned), tuple(held_out))
        require_trainable(session, change)
        bulk_actions.add_to_topic(session, staff, change, messages=chosen, now=datetime.now(UTC))
        return "Proposed as a draft. The bot learns it when it was tested and published under Changes."

    return _do(request, work)


@router.post("/discovery/ignore")
def ignore(request: Request, staff: Annotator, chosen: Chosen) -> Response:
    """Sets the chosen messages aside."""

    def work(session: Session) -> str:
        bulk_actions.ignore(session, staff, chosen, now=datetime.now(UTC))
        return "Ignored. You can take it back below."

    return _do(request, work)


@router.post("/discovery/actions/{number}/undo")
def undo(request: Request, number: Number, staff: Annotator) -> Response:
    """Makes the messages of an action what they were before."""
    return _do(request, lambda session: taken_back(bulk_actions.undo(session, staff, number, now=datetime.now(UTC))))


def taken_back(done: Outcome) -> str:
    """What staff read after an undo."""
    others = f" {done.others} left: they were changed since." if done.others else ""
    return f"Taken back for {done.changed} {'message' if done.changed == 1 else 'messages'}.{others}"


def _do(request: Request, work: Callable[[Session], str]) -> Response:
    """Does it in one unit of work; what cannot be done is said."""
    try:
        with console_of(request).database.unit() as session:
            said = work(session)
    except (BulkActionError, ChangeError) as error:
        return see_other(request, "/discovery", str(error), is_bad=True)
    return see_other(request, "/discovery", said)
