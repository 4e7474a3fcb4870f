"""A message as a channel brings it, and how it gets into the inbox: once, clean, and locked against its neighbors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.delivery.intake import LONGEST_TEXT, Intake, read_payload, read_text
from bot.delivery.reception import Received, Reception
from bot.delivery.store import ConversationGoneError, Draft, Incoming, MessageStore
from bot.delivery.tables import ANSWERED, PENDING
from bot.reply.parts import Reply
from bot.reply.responses import Responses


@dataclass(frozen=True)
class Arrival:
    """Typed `text`, or the `payload` of a pressed button.

    `title` is what stood on the button, when the channel itself vouches for the payload. `reply` answers at once,
    without the engine; `text` is then only what the history shows. `locale` is set by channels where a conversation
    begins with its first message.
    """

    client_id: str
    text: str = ""
    payload: str = ""
    title: str = ""
    reply: Reply | None = None
    locale: str | None = None


@dataclass(frozen=True)
class Taken:
    """A stored message; `is_new` is false when it had arrived before."""

    message: Incoming
    is_new: bool


def accept(
    messages: MessageStore,
    conversation: str,
    arrival: Arrival,
    responses: Responses,
    reception: Reception | None = None,
    *,
    clear: Callable[[MessageStore, str], None] = lambda *_: None,
) -> Taken:
    """Store a message as pending, or as answered when no engine is needed or a person has taken over the talk.

    `clear` deletes the rows of a talk that is to be erased, so that the message begins a new one.

    Raises:
        ConversationGoneError: there is no such conversation, and the channel does not begin one.
    """
    _lock(messages, conversation, arrival.locale, clear=clear)
    if known := messages.find(conversation, arrival.client_id):
        return Taken(known, is_new=False)
    received = _received(messages, conversation, arrival, reception)
    intake, status = received.intake, ANSWERED if received.is_held else PENDING
    draft = Draft(intake.text, intake.shown)
    message = messages.store(conversation, arrival.client_id, draft=draft, status=status)
    if received.is_held:
        return Taken(message, is_new=True)
    reply = arrival.reply or received.reply or (_answer_to_problem(intake, responses) if intake.problem else None)
    if reply is None:
        return Taken(message, is_new=True)
    messages.settle(message, reply.to_dict())
    return Taken(replace(message, status=ANSWERED), is_new=True)


def _lock(
    messages: MessageStore, conversation: str, locale: str | None, *, clear: Callable[[MessageStore, str], None]
) -> None:
    try:
        messages.lock(conversation)
    except ConversationGoneError:
        if locale is None:
            raise
        clear(messages, conversation)
        messages.ensure(conversation, locale=locale)
        messages.lock(conversation)


def _received(messages: MessageStore, conversation: str, arrival: Arrival, reception: Reception | None) -> Received:
    intake = _intake(messages, conversation, arrival)
    if reception is None or arrival.reply:
        return Received(intake)
    typed = "" if arrival.payload else arrival.text
    return reception.receive(messages.session, conversation, intake, typed=typed, now=messages.now)


def _intake(messages: MessageStore, conversation: str, arrival: Arrival) -> Intake:
    if arrival.reply:
        return Intake(arrival.text, arrival.text)
    if not arrival.payload:
        return read_text(arrival.text)
    if arrival.title:
        return Intake(arrival.payload, arrival.title)
    return read_payload(arrival.payload, lambda wanted: messages.button_title(conversation, wanted))


def _answer_to_problem(intake: Intake, responses: Responses) -> Reply:
    key = {"empty": "utter_empty_message", "too_long": "utter_too_long"}[intake.problem]
    return responses.reply(key, limit=f"{LONGEST_TEXT:,}")
