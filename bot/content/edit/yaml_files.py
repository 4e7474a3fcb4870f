"""YAML files that people wrote, changed without disturbing what stands around the change: comments, quotes, order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import StringMark
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString, SingleQuotedScalarString
from ruamel.yaml.tokens import CommentToken

WIDEST = 100_000


def _yaml() -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = WIDEST
    yaml.brace_single_entry_mapping_in_flow_sequence = True
    return yaml


def load(path: Path) -> Any:
    """The file with everything that a person put into it."""
    return read(path.read_text(encoding="utf8"))


def save(path: Path, content: Any) -> None:
    """Writes what `load` gave; only what was changed reads differently afterwards."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(write(content), encoding="utf8")


def read(text: str) -> Any:
    """A text with everything that a person put into it."""
    return _yaml().load(text)


def write(content: Any) -> str:
    """The text of what `read` gave; only what was changed reads differently afterwards."""
    written = StringIO()
    _yaml().dump(content, written)
    return written.getvalue()


def create(path: Path, heading: str, content: Any) -> None:
    """Writes a new file of Rasa's form: version, a comment that says why it exists, the content."""
    save(path, content)
    body = path.read_text(encoding="utf8")
    path.write_text(f'version: "3.1"\n\n# {heading}\n{body}', encoding="utf8")


def block(text: str) -> Any:
    """A text of several lines, as a block."""
    return LiteralScalarString(text.rstrip() + "\n")


def inline(values: Mapping[str, str]) -> CommentedMap:
    """A small mapping in braces on one line, everything in quotes."""
    made = CommentedMap({name: quoted(value) for name, value in values.items()})
    made.fa.set_flow_style()
    return made


def quoted(text: str) -> Any:
    """A text in the quotes that need no escaping."""
    return SingleQuotedScalarString(text) if '"' in text else DoubleQuotedScalarString(text)


def sequence(items: Iterable[Any]) -> CommentedSeq:
    """A list, one item a line."""
    return CommentedSeq(items)


def with_blank_line_after(item: CommentedMap, last: str) -> CommentedMap:
    """The same mapping with an empty line after its last key."""
    item.ca.items[last] = [None, None, CommentToken("\n\n", StringMark("", 0, 0, 0, None, None)), None]
    return item


def plain_inline(values: Mapping[str, str]) -> CommentedMap:
    """A small mapping in braces on one line, without quotes."""
    made = CommentedMap(values)
    made.fa.set_flow_style()
    return made


def flow_sequence(items: Iterable[str]) -> CommentedSeq:
    """A list in brackets on one line; single quotes, in which a backslash is a backslash."""
    made = CommentedSeq(SingleQuotedScalarString(item) for item in items)
    made.fa.set_flow_style()
    return made
