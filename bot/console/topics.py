"""The topics that sentences can belong to, with the titles that people read: for lists to choose from."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import Request
from sqlalchemy.orm import Session

from bot.console import labels
from bot.console.context import console_of
from bot.content.change import (
    AddSentences,
    AddWords,
    Change,
    ChangeError,
    EditAnswer,
    NewAspect,
    NewTopic,
    read_change,
)
from bot.content.edit import workspace
from bot.content.edit.dialogues import beginning
from bot.content.store import changes_in
from bot.content.tables import ChangeRow
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


def names(request: Request, session: Session) -> dict[str, str]:
    """What staff read for every intent that a message can have, small talk too."""
    return labels.TALK | dict(topics(request, session)) | {REFUSED[0]: "Out of scope"}


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


def summary(row: ChangeRow, titles: Mapping[str, str]) -> str:
    """A draft in one line, with titles in place of names."""
    try:
        change = read_change(row.kind, row.payload)
    except ChangeError:
        return row.summary
    match change:
        case AddSentences():
            count = len(change.sentences) + len(change.held_out)
            return f"{count} {'sentence' if count == 1 else 'sentences'} for {_title(change.intent, titles)}"
        case NewTopic():
            return f"new topic “{change.title}” with {len(change.sentences)} sentences"
        case NewAspect():
            inside = _title(intent_of(change.aspect), titles)
            return f"new question “{change.title}” in {inside} with {len(change.sentences)} sentences"
        case EditAnswer():
            whom = f" ({labels.condition(change.variant)})" if change.variant else ""
            return f"{_title(asked_by(change.key), titles)}{whom}: {beginning(change.text) or 'taken away'}"
        case AddWords():
            said = ", ".join(f"“{word}”" for word in change.words)
            return f"{said} for {labels.value(change.value)} ({labels.slot(change.kind)})"
    return row.summary


def _title(name: str, titles: Mapping[str, str]) -> str:
    return titles.get(name) or labels.plainly(name)


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
