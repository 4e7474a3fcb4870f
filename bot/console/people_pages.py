"""Deletes a person at their wish: everything in every table, the engine's too, at once."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.concurrency import run_in_threadpool

from bot.bounds import read_number
from bot.console.access import Role, Staff, requires
from bot.console.context import Console, console_of
from bot.console.rendering import page, see_other
from bot.delivery.retention.store import Holding, holding
from bot.linking.store import partners
from bot.review.tables import ReviewMessage
from bot.staff.audit import audit

router = APIRouter()
DONE = "Deleted, in every table and in the engine's memory."
BEING_DONE = "It is closed and being deleted. Something is still in the way; the rest is finished without you."
Admin = Annotated[Staff, requires(Role.ADMIN)]


@router.get("/people")
def show(request: Request, _: Admin, conversation: str = "") -> Response:
    """Look up a conversation, and see what would be deleted."""
    wish = conversation.strip()
    found = _holding(console_of(request), wish) if wish else None
    return page(request, "people.html", wish=wish, found=found, status=404 if wish and not found else 200)


@router.post("/people/delete")
async def delete(
    request: Request, staff: Admin, conversation: Annotated[str, Form()] = "", sure: Annotated[str, Form()] = ""
) -> Response:
    """Deletes the conversation and those linked with it. The log says that it was done, not to whom."""
    console = console_of(request)
    found = await run_in_threadpool(_holding, console, conversation.strip())
    if found is None or sure != "yes":
        said = "Nothing was deleted: there is no such conversation, or the box was not checked."
        return see_other(request, "/people", said, is_bad=True)
    is_done = await console.delivery.erase(found.conversation)
    await run_in_threadpool(_note, console, staff, found)
    return see_other(request, "/people", DONE if is_done else BEING_DONE)


def _holding(console: Console, wish: str) -> Holding | None:
    """By the id of a conversation, or by the number of a message in the inbox."""
    with console.database.unit() as session:
        if (number := read_number(wish)) is not None:
            message = session.get(ReviewMessage, number)
            wish = message.conversation_id if message else ""
        return holding(session, wish, partners=partners(session, wish))


def _note(console: Console, staff: Staff, found: Holding) -> None:
    with console.database.unit() as session:
        audit(
            session,
            staff,
            "delete person",
            f"a {found.channel} conversation",
            None,
            {"conversations": 1 + len(found.partners), "messages": found.messages},
        )
