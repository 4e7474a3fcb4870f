"""The topics that sentences can belong to, with the titles that people read: for lists to choose from."""

from __future__ import annotations

from fastapi import Request
from sqlalchemy.orm import Session

from bot.console.context import console_of
from bot.content.change import AddSentences, Change, ChangeError, NewTopic, read_change
from bot.content.edit import workspace
from bot.content.store import changes_in

TITLES = "utter_titles"
SHOWN_PROBLEMS = 4
REFUSED = ("out_of_scope", "Not for the bot (it learns to refuse)")


def topics(request: Request, session: Session) -> list[tuple[str, str]]:
    """(intent, title), by title: what the bot knows, topics that wait to be published, and what it should refuse."""
    words = console_of(request).responses
    titles = words.buttons(TITLES) if TITLES in words else ()
    known = {button.payload.lstrip("/"): button.title for button in titles}
    for row in changes_in(session, "pending", "published"):
        change = read_change(row.kind, row.payload)
        if isinstance(change, NewTopic):
            known.setdefault(change.intent, f"{change.title}{' (proposed)' if row.state == 'pending' else ''}")
    return [*sorted(known.items(), key=lambda item: item[1].lower()), REFUSED]


def require_trainable(session: Session, change: AddSentences | NewTopic) -> None:
    """Asks the content lint about a change together with what is live and pending (takes a second or two).

    Raises:
        ChangeError: a candidate with it could not be trained; the text says why, for staff.
    """
    found = [change.problem()] if change.problem() else workspace.lint(_known(session), change)
    if found:
        more = len(found) - SHOWN_PROBLEMS
        raise ChangeError("; ".join(found[:SHOWN_PROBLEMS]) + (f"; and {more} more" if more > 0 else "") + ".")


def _known(session: Session) -> list[Change]:
    return [read_change(row.kind, row.payload) for row in changes_in(session, "pending", "published")]
