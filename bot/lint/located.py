"""YAML that remembers its lines, so that a finding can say where.

PyYAML's plain loader forgets where a value stood and lets the last of two equal keys win in silence.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is wrong, and where."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class UnreadableError(Exception):
    """A file that is no YAML; `finding` says in one sentence where and why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


class Mapping(dict[Any, Any]):
    """A mapping that knows the line of each key."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[Any, int] = {}


class Sequence(list[Any]):
    """A list that knows the line of each item."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[Any, int] = {}


@dataclass(frozen=True)
class Document:
    """A YAML file as it was read."""

    file: str
    tree: Any

    def line(self, *path: Any) -> int:
        """The line of what stands at a path of keys and numbers, or of the last part of it that there is."""
        node, line = self.tree, 1
        for step in path:
            lines = getattr(node, "lines", {})
            if step not in lines:
                break
            node, line = node[step], lines[step]
        return line


class _Loader(yaml.CSafeLoader):
    """The safe loader, with lines, and with two equal keys as an error."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> Mapping:
    found = Mapping()
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        problem = "a mapping as a key (put quotes around text with braces)" if isinstance(key, dict | list) else ""
        if problem or key in found:
            problem = problem or f"the key {key} stands here twice"
            raise yaml.constructor.ConstructorError(None, None, problem, key_node.start_mark)
        found[key] = loader.construct_object(value_node, deep=True)
        found.lines[key] = key_node.start_mark.line + 1
    return found


def _sequence(loader: _Loader, node: yaml.SequenceNode) -> Sequence:
    found = Sequence()
    for at, item in enumerate(node.value):
        found.append(loader.construct_object(item, deep=True))
        found.lines[at] = item.start_mark.line + 1
    return found


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor("tag:yaml.org,2002:seq", _sequence)


def load(path: Path, name: str) -> Document:
    """A YAML file, called `name` in findings.

    Raises:
        UnreadableError: it is missing, not UTF-8 or not YAML, or it holds a key twice.
    """
    raw, line = b"", 1
    try:
        raw = path.read_bytes()
        return Document(name, yaml.load(raw.decode("utf8"), _Loader))
    except FileNotFoundError:
        problem = "the file is missing"
    except UnicodeDecodeError as error:
        problem, line = "not UTF-8; save the file in that encoding", raw.count(b"\n", 0, error.start) + 1
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problem = f"no valid YAML: {error.problem}"
    except yaml.reader.ReaderError as error:
        problem, line = f"no valid YAML: {error.reason}", raw.count(b"\n", 0, int(error.position)) + 1
    raise UnreadableError(Finding(name, line, problem))
