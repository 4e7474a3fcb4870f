"""The bot's answers in data/responses: read for people who edit them, and changed where they stand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml.comments import CommentedMap

from bot.content.change import TOPIC_PREFIX, ChangeError, EditAnswer
from bot.content.edit import yaml_files
from bot.data_files import read_yaml
from bot.nlu.message import ASPECT
from bot.reply.parts import Source, Suggestion
from bot.reply.responses import asked_by

FOLDER = "data/responses"
ABOVE = "responses:\n"


@dataclass(frozen=True)
class EditableVariant:
    """One wording; `name` is its conditions as in "career_stage=student", "" for everybody."""

    name: str
    text: str
    buttons: tuple[Suggestion, ...] = ()
    sources: tuple[Source, ...] = ()
    reviewed: str = ""


@dataclass(frozen=True)
class EditableAnswer:
    """A response of the bot and the file that it stands in."""

    key: str
    file: str
    variants: tuple[EditableVariant, ...]

    @property
    def is_faq(self) -> bool:
        return asked_by(self.key).startswith(TOPIC_PREFIX)

    @property
    def is_aspect(self) -> bool:
        """Whether it answers one question inside a topic or kind."""
        return ASPECT in self.key

    @property
    def names_facts(self) -> bool:
        """Whether what stands in braces is a fact by its key; elsewhere code fills it in."""
        return self.is_faq or self.is_aspect

    def variant(self, name: str) -> EditableVariant | None:
        """The wording for these conditions."""
        return next((item for item in self.variants if item.name == name), None)


def read_answers(root: Path) -> dict[str, EditableAnswer]:
    """Every answer of a tree by its key, in the order of the files (about 0.1 s)."""
    found: dict[str, EditableAnswer] = {}
    for path in sorted((root / FOLDER).glob("*.yml")):
        content = read_yaml(path)
        for key, variants in (content.get("responses") or {}).items():
            found[key] = EditableAnswer(key, str(path.relative_to(root)), tuple(map(_variant, variants or ())))
    return found


def _variant(item: Mapping[str, Any]) -> EditableVariant:
    metadata = item.get("metadata") or {}
    return EditableVariant(
        name=variant_name(item),
        text=(item.get("text") or "").strip(),
        buttons=tuple(Suggestion(button["title"], button["payload"]) for button in item.get("buttons") or ()),
        sources=tuple(Source(**source) for source in metadata.get("sources") or ()),
        reviewed=str(metadata.get("reviewed") or ""),
    )


def variant_name(item: Mapping[str, Any]) -> str:
    """The conditions of a variant in one line: "career_stage=student, route=direct"."""
    return ", ".join(f"{part['name']}={part['value']}" for part in item.get("condition") or ())


def edit_answer(root: Path, edit: EditAnswer) -> None:
    """Changes one variant in its file, or adds or takes away a conditional one.

    Raises:
        ChangeError: there is no such answer.
    """
    for path in sorted((root / FOLDER).glob("*.yml")):
        written = path.read_text(encoding="utf8")
        if span := _span(written, edit.key):
            content = yaml_files.read(ABOVE + written[slice(*span)])
            _edit(content["responses"][edit.key], edit)
            changed = yaml_files.write(content).removeprefix(ABOVE)
            path.write_text(written[: span[0]] + changed + written[span[1] :], encoding="utf8")
            return
    raise ChangeError(f"There is no answer {edit.key} any more.")


def insert_answer(path: Path, above: str, key: str, variants: Any) -> None:
    """Writes a new answer below another one of the same file."""
    written = path.read_text(encoding="utf8")
    span = _span(written, above)
    assert span, f"{above} stands in {path}"
    made = yaml_files.write(CommentedMap({"responses": CommentedMap({key: variants})})).removeprefix(ABOVE)
    path.write_text(f"{written[: span[1]]}\n{made}{written[span[1] :]}", encoding="utf8")


def _span(written: str, key: str) -> tuple[int, int] | None:
    """Where the entry of an answer stands in a file, with its line end; the rest of a long file need not be read."""
    entry = re.search(rf"^  {re.escape(key)}:.*\n(?:(?:  [ -].*|\s*)\n)*", written, re.MULTILINE)
    return (entry.start(), entry.start() + len(entry[0].rstrip()) + 1) if entry else None


def _edit(variants: Any, edit: EditAnswer) -> None:
    at = next((at for at, item in enumerate(variants) if variant_name(item) == edit.variant), None)
    if not edit.text.strip():
        if at is not None and edit.variant:
            del variants[at]
        return
    if at is None:
        variants.insert(1, made_variant(edit.text, condition=edit.variant))
        at = 1
    item = variants[at]
    if (item.get("text") or "").strip() != edit.text.strip():
        item["text"] = _like(item.get("text"), edit.text)
    _set_buttons(item, edit.buttons)
    _set_metadata(item, edit.sources, edit.reviewed)


def _like(before: Any, text: str) -> Any:
    """The text in the form that the old one had: a block, or one quoted line."""
    is_line = "\n" not in text.strip() and before is not None and "\n" not in before
    return yaml_files.quoted(text.strip()) if is_line else yaml_files.block(text)


def _set_buttons(item: Any, buttons: tuple[Suggestion, ...] | None) -> None:
    if buttons is None or buttons == _variant(item).buttons:
        return
    item.pop("buttons", None)
    if buttons:
        item["buttons"] = made_buttons(buttons)


def _set_metadata(item: Any, sources: tuple[Source, ...] | None, reviewed: str | None) -> None:
    before = _variant(item)
    if sources is not None and sources != before.sources:
        item.setdefault("metadata", CommentedMap())["sources"] = made_sources(sources)
    if reviewed is not None and reviewed != before.reviewed:
        item.setdefault("metadata", CommentedMap())["reviewed"] = yaml_files.quoted(reviewed)


def made_variant(text: str, *, condition: str = "") -> CommentedMap:
    """A new wording for the conditions named in one line."""
    made = CommentedMap()
    if condition:
        pairs = (part.strip().split("=", 1) for part in condition.split(","))
        made["condition"] = yaml_files.sequence(
            yaml_files.plain_inline({"type": "slot", "name": name, "value": value}) for name, value in pairs
        )
    made["text"] = yaml_files.block(text)
    return made


def made_buttons(buttons: tuple[Suggestion, ...]) -> Any:
    """Buttons as they are written in the files."""
    return yaml_files.sequence(
        yaml_files.inline({"title": button.title, "payload": button.payload}) for button in buttons
    )


def made_sources(sources: tuple[Source, ...]) -> Any:
    """Sources as they are written in the files; what is not known is left out."""
    return yaml_files.sequence(
        yaml_files.inline(
            {name: value for name, value in (("title", s.title), ("url", s.url), ("date", s.date)) if value}
        )
        for s in sources
    )
