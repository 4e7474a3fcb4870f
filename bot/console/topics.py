"""The topics that sentences can belong to, with the titles that people read: for lists to choose from."""

from __future__ import annotations

from fastapi import Request
from sqlalchemy.orm import Session

from bot.console.context import console_of
from bot.content.change import AddSentences, AddWords, Change, ChangeError, NewAspect, NewTopic, read_change
from bot.content.edit import workspace
from bot.content.store import changes_in
from bot.nlu.message import ASPECT, intent_of
from bot.reply.responses import Responses, asked_by

TITLES = "utter_titles"
SHOWN_PROBLEMS = 4
REFUSED = ("out_of_scope", "Not for the bot (it learns to refuse)")


def titles(request: Request) -> dict[str, str]:
    """What staff read for an intent or aspect: the title of its button, an aspect's with its topic's before it."""
    words = console_of(request).responses
    buttons = words.buttons(TITLES) if TITLES in words else ()
    known = {button.payload.lstrip("/"): button.title for button in buttons}
    inside = {aspect: f"{known.get(intent_of(aspect), intent_of(aspect))}: {said}" for aspect, said in _aspects(words)}
    return known | inside | dict([REFUSED])


def topics(request: Request, session: Session) -> list[tuple[str, str]]:
    """(intent or aspect, title), by title: what the bot knows, topics that wait, and what it should refuse."""
    known = {name: title for name, title in titles(request).items() if name != REFUSED[0]}
    for row in changes_in(session, "pending", "published"):
        change = read_change(row.kind, row.payload)
        mark = " (proposed)" if row.state == "pending" else ""
        if isinstance(change, NewTopic):
            known.setdefault(change.intent, f"{change.title}{mark}")
        elif isinstance(change, NewAspect):
            topic = intent_of(change.aspect)
            known.setdefault(change.aspect, f"{known.get(topic, topic)}: {change.title}{mark}")
    return [*sorted(known.items(), key=lambda item: item[1].lower()), REFUSED]


def _aspects(words: Responses) -> list[tuple[str, str]]:
    """The questions inside topics, with their titles."""
    keys = (key for key in words.keys if ASPECT in key)
    return [(asked_by(key), words.choose(key).title) for key in keys]


def require_trainable(session: Session, change: AddSentences | AddWords | NewTopic | NewAspect) -> None:
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
