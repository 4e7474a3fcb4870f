"""Checks a request against the official Bot API: the table of all types, and the rules that no type can express.

`schema/schema.json` is made from the types of @grammyjs/types by `schema/build.mjs`.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

SCHEMA = Path(__file__).parent / "schema" / "schema.json"
TEXT_LIMIT, CAPTION_LIMIT = 4096, 1024
TAGS = {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "a", "code", "pre", "blockquote", "tg-spoiler"}
ENTITIES = re.compile(r"&(?!lt;|gt;|amp;|quot;|#\d+;|#x[0-9a-fA-F]+;)")
LINK = re.compile(r"(?:https?|tg)://[^\s/.]+\.[^\s]+|tg://\S+|mailto:\S+")


class BadRequestError(Exception):
    """What the API answers with status 400; the text is its description."""


class ViolationError(Exception):
    """A request that the official schema does not allow: a fault of the bot, whatever the API would answer."""


class Upload(bytes):
    """The content of an uploaded file."""

    name: str = ""


@lru_cache
def schema() -> dict[str, Any]:
    """`{methods: {name: fields}, objects: {name: fields}}`."""
    table: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf8"))
    assert len(table["methods"]) > 150, "the table of methods is not complete"
    return table


def read_request(method: str, raw: dict[str, Any]) -> dict[str, Any]:
    """The parameters in their official types.

    Raises:
        ViolationError: unknown method or parameter, a missing one, or a value of another type.
    """
    fields = schema()["methods"].get(method)
    if fields is None:
        raise ViolationError(f"{method}: no such method")
    files = {name: value for name, value in raw.items() if isinstance(value, Upload)}
    attached = {f"attach://{name}": value for name, value in files.items()}
    named = {name.removesuffix("?") for name in fields}
    used = {value for value in raw.values() if isinstance(value, str) and value in attached}
    given = {name: value for name, value in raw.items() if name in named or f"attach://{name}" not in used}
    return _object(fields, {name: _plain(value, attached) for name, value in given.items()}, method)


def _plain(value: Any, attached: dict[str, Upload]) -> Any:
    return attached.get(value, value) if isinstance(value, str) else value


def _object(fields: dict[str, Any], given: dict[str, Any], where: str) -> dict[str, Any]:
    known = {name.removesuffix("?"): kind for name, kind in fields.items()}
    if unknown := set(given) - set(known):
        raise ViolationError(f"{where}: unknown {sorted(unknown)}")
    if missing := {name for name in fields if not name.endswith("?")} - set(given):
        raise ViolationError(f"{where}: missing {sorted(missing)}")
    return {name: _value(known[name], value, f"{where}.{name}") for name, value in given.items()}


def _value(kind: Any, value: Any, where: str) -> Any:
    if kind == "*":
        return value
    if isinstance(kind, str):
        return _simple(kind, value, where)
    word, *rest = kind
    if word == "u":
        return _one_of(rest, value, where)
    if word == "=":
        if value != rest[0] and str(value).lower() != str(rest[0]).lower():
            raise ViolationError(f"{where}: {value!r} is not {rest[0]!r}")
        return rest[0]
    value = _from_json(value, where)
    if word == "a":
        if not isinstance(value, list):
            raise ViolationError(f"{where}: not an array")
        return [_value(rest[0], item, f"{where}[{at}]") for at, item in enumerate(value)]
    if not isinstance(value, dict):
        raise ViolationError(f"{where}: not an object")
    found = schema()["objects"][rest[0]]
    return _object(found, value, where)


def _simple(kind: str, value: Any, where: str) -> Any:
    if kind == "s" and isinstance(value, str):
        return value
    if kind == "f" and isinstance(value, Upload):
        return value
    if kind == "b" and (isinstance(value, bool) or value in ("true", "false")):
        return value is True or value == "true"
    is_number = isinstance(value, int | float) or (isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value))
    if kind == "n" and is_number and not isinstance(value, bool):
        return float(value) if "." in str(value) else int(value)
    raise ViolationError(f"{where}: {value!r:.80} is not of type {kind}")


def _one_of(kinds: list[Any], value: Any, where: str) -> Any:
    problems = []
    for kind in sorted(kinds, key=lambda item: item == "s"):
        try:
            return _value(kind, value, where)
        except ViolationError as problem:
            problems.append(str(problem))
    raise ViolationError(f"{where}: fits none of its types: {problems[:3]}")


def _from_json(value: Any, where: str) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise ViolationError(f"{where}: not JSON") from error


class _Html(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.entities = "", list[dict[str, Any]]()
        self._open: list[tuple[str, str, int, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            raise BadRequestError(f'Bad Request: can\'t parse entities: Unsupported start tag "{tag}"')
        given = dict(attrs)
        if tag == "blockquote" and any(opened[0] == tag for opened in self._open):
            raise BadRequestError("Bad Request: can't parse entities: blockquotes can't be nested")
        kind = "expandable_blockquote" if tag == "blockquote" and "expandable" in given else _ENTITY.get(tag, tag)
        self._open.append((tag, kind, len(self.text), given.get("href") or ""))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1][0] != tag:
            raise BadRequestError(f"Bad Request: can't parse entities: Unmatched end tag at </{tag}>")
        name, kind, start, href = self._open.pop()
        self.entities.append(
            {"type": kind, "offset": start, "length": len(self.text) - start} | ({"url": href} if name == "a" else {})
        )

    def handle_data(self, data: str) -> None:
        self.text += data

    def close(self) -> None:
        super().close()
        if self._open:
            raise BadRequestError(f"Bad Request: can't parse entities: Can't find end tag of {self._open[-1][0]}")


_ENTITY = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "a": "text_link",
}


def read_text(text: str, mode: str | None, *, limit: int, name: str = "message") -> tuple[str, list[dict[str, Any]]]:
    """What is shown of a text, and its entities.

    Raises:
        BadRequestError: empty, too long after entities, or markup that the API refuses.
        ViolationError: an entity that the official schema does not know.
    """
    entities: list[dict[str, Any]] = []
    shown = text
    if mode == "HTML":
        if ENTITIES.search(text) or re.search(r"<(?![a-z/])", text):
            raise BadRequestError("Bad Request: can't parse entities: unescaped character")
        parser = _Html()
        parser.feed(text)
        parser.close()
        shown = parser.text
        entities = _value(schema()["methods"]["sendMessage"]["entities?"], parser.entities, f"{name}.entities")
    units = len(shown.encode("utf-16-le")) // 2
    if name == "message" and not shown.strip():
        raise BadRequestError("Bad Request: message text is empty")
    if units > limit:
        raise BadRequestError(f"Bad Request: {name} is too long")
    return shown, entities


def check_keyboard(markup: dict[str, Any] | None) -> None:
    """Rules of inline keyboards.

    Raises:
        BadRequestError: what the API says to a wrong button.
    """
    rows = (markup or {}).get("inline_keyboard") or []
    if sum(map(len, rows)) > 100 or any(len(row) > 8 for row in rows):
        raise BadRequestError("Bad Request: reply markup is too long")
    for button in (button for row in rows for button in row):
        if not button["text"].strip():
            raise BadRequestError("Bad Request: inline keyboard button text is empty")
        if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= 64:
            raise BadRequestError("Bad Request: BUTTON_DATA_INVALID")
        if "url" in button and not LINK.fullmatch(button["url"]):
            raise BadRequestError(f"Bad Request: inline keyboard button URL '{button['url']}' is invalid")


def check_commands(commands: list[dict[str, Any]]) -> None:
    """Rules of the command menu."""
    if len(commands) > 100:
        raise BadRequestError("Bad Request: BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
            raise BadRequestError("Bad Request: BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise BadRequestError("Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")


def check_photo(photo: Any) -> None:
    """A photo is a PNG or JPEG of at most 10 MB, or an address."""
    if isinstance(photo, Upload):
        is_picture = photo[:8] == b"\x89PNG\r\n\x1a\n" or photo[:2] == b"\xff\xd8"
        if not is_picture or len(photo) > 10_000_000:
            raise BadRequestError("Bad Request: IMAGE_PROCESS_FAILED")
    elif not LINK.fullmatch(photo):
        raise BadRequestError("Bad Request: wrong file identifier/HTTP URL specified")


def check_document(document: Any) -> None:
    """A document is not empty and has at most 50 MB."""
    if isinstance(document, Upload) and not 0 < len(document) <= 50_000_000:
        raise BadRequestError("Bad Request: file must be non-empty")
