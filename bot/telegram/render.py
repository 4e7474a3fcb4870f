"""Turns a reply into Bot API messages. Pure: it asks for nothing; what it needs from outside is given to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.reply.parts import Comparison, File, Image, Notice, Programs, Reply, Suggestion, Text, Timeline
from bot.reply.responses import Responses
from bot.telegram import layout
from bot.telegram.rich_text import CAPTION_LIMIT, RichText, link, pages, plain, shortened, to_html

LONGEST_BUTTON = 60
SHORT_BUTTON = 18
MOST_BUTTONS = 40
CALENDAR_NAME = "rotation-plan.ics"
Keyboard = tuple[tuple[dict[str, str], ...], ...]
Shorten = Callable[[Suggestion], str]


@dataclass(frozen=True)
class Outgoing:
    """One Bot API message. `file` is a path of ours ("/api/v1/files/..."): its content is sent, else `html`."""

    method: str
    html: str
    keyboard: Keyboard = ()
    file: str = ""
    name: str = ""

    def to_dict(self) -> dict[str, Any]:
        """For golden files."""
        fields = {"method": self.method, "html": self.html, "file": self.file, "name": self.name}
        rows = [list(row) for row in self.keyboard]
        return {name: value for name, value in fields.items() if value} | ({"keyboard": rows} if rows else {})


def render(reply: Reply, responses: Responses, shorten: Shorten) -> list[Outgoing]:
    """The messages of a reply, in order, the buttons below the last one.

    `shorten` gives the callback data (1 to 64 bytes) that stands for a button.
    """
    messages: list[Outgoing] = []
    blocks: list[RichText] = []
    for part in reply.parts:
        blocks += _blocks(part, responses)
        if files := list(_files(part, responses)):
            messages += [*_texts(blocks), *files]
            blocks = []
    messages += _texts(blocks)
    keyboard = _keyboard(reply, shorten)
    if not messages:
        return []
    return [*messages[:-1], _with_keyboard(messages[-1], keyboard)]


def _texts(blocks: Sequence[RichText]) -> list[Outgoing]:
    return [Outgoing("sendMessage", to_html(page)) for page in pages(blocks)]


def _blocks(part: Any, responses: Responses) -> Iterator[RichText]:
    match part:
        case Text():
            yield from layout.text(part, responses)
        case Notice():
            yield from layout.notice(part)
        case Programs():
            yield from layout.programs(part, responses)
        case Comparison():
            yield from layout.comparison(part, responses)
        case Timeline():
            yield from layout.timeline(part, responses)


def _files(part: Any, responses: Responses) -> Iterator[Outgoing]:
    match part:
        case Timeline():
            if part.picture:
                yield Outgoing("sendPhoto", _caption(part.title), file=part.picture)
            if part.ics:
                caption = _caption(responses.text("utter_telegram_calendar"))
                yield Outgoing("sendDocument", caption, file=part.ics, name=CALENDAR_NAME)
        case Image():
            yield Outgoing("sendPhoto", _caption(part.alt), file=part.url)
        case File():
            yield Outgoing("sendDocument", _caption(part.name), file=part.url, name=part.name)


def _caption(text: str) -> str:
    return to_html(plain(shortened(text, CAPTION_LIMIT)))


def _with_keyboard(message: Outgoing, keyboard: Keyboard) -> Outgoing:
    return Outgoing(message.method, message.html, keyboard, message.file, message.name)


def _keyboard(reply: Reply, shorten: Shorten) -> Keyboard:
    rows = [*_numbers(reply, shorten)]
    row: list[dict[str, str]] = []
    for suggestion in reply.suggestions[:MOST_BUTTONS]:
        button = _button(suggestion, shorten)
        if button is None:
            continue
        if row and (len(row) == 2 or len(button["text"]) > SHORT_BUTTON or len(row[0]["text"]) > SHORT_BUTTON):
            rows.append(tuple(row))
            row = []
        row.append(button)
    return (*rows, tuple(row)) if row else tuple(rows)


def _numbers(reply: Reply, shorten: Shorten) -> Iterator[tuple[dict[str, str], ...]]:
    """A row of numbers below a list of programs: each opens the whole card."""
    for part in reply.parts:
        if isinstance(part, Programs) and len(part.cards) > 1:
            payload = '/ask_program{{"program": "{}"}}'
            numbered = [
                {"text": str(number), "callback_data": shorten(Suggestion(card.title, payload.format(card.slug)))}
                for number, card in enumerate(part.cards, 1)
            ]
            yield from (tuple(numbered[at : at + 5]) for at in range(0, min(len(numbered), 10), 5))


def _button(suggestion: Suggestion, shorten: Shorten) -> dict[str, str] | None:
    """A link or a callback; nothing for what is neither."""
    title = shortened(suggestion.title.strip(), LONGEST_BUTTON)
    if not title:
        return None
    if suggestion.payload.startswith(("https://", "http://")):
        return {"text": title, "url": suggestion.payload} if _is_public(suggestion.payload) else None
    if not suggestion.payload.startswith("/"):
        return None
    return {"text": title, "callback_data": shorten(suggestion)}


def _is_public(url: str) -> bool:
    """Telegram refuses a whole message for one button with an address that it does not like."""
    (span,) = link("x", url)
    return bool(span.url)


__all__ = ["Outgoing", "render"]
