"""Where modules stand: a name belongs to one feature, and a prefix that three files share is a missing package."""

from __future__ import annotations

from collections import Counter
from pathlib import PurePosixPath

from bot.lint.source import Content

LAYERS = frozenset({"__init__", "__main__", "tables", "store", "service", "worker"})
"""Module names that every feature may have."""
HOUSE, MIGRATIONS = "bot", "migrations"
MOST_WITH_ONE_PREFIX = 2


def check_layout(content: Content) -> None:
    """The name of each module against all others, and the prefixes of each folder."""
    modules = [path for path in map(PurePosixPath, content.code) if MIGRATIONS not in path.parts]
    _check_names(content, [path for path in modules if path.parts[0] == HOUSE and path.stem not in LAYERS])
    _check_prefixes(content, modules)


def _check_names(content: Content, modules: list[PurePosixPath]) -> None:
    first: dict[str, PurePosixPath] = {}
    for path in modules:
        other = first.setdefault(path.stem, path)
        if path.parts[1] != other.parts[1]:
            content.report(str(path), 1, f"{other} has the same name; a module's name belongs to one feature")


def _check_prefixes(content: Content, modules: list[PurePosixPath]) -> None:
    counted = Counter((path.parent, _prefix(path)) for path in modules)
    for path in modules:
        if _prefix(path) and counted[path.parent, _prefix(path)] > MOST_WITH_ONE_PREFIX:
            content.report(str(path), 1, f"three files of this folder begin with {_prefix(path)}_; make them a package")


def _prefix(path: PurePosixPath) -> str:
    return path.stem.strip("_").partition("_")[0] if "_" in path.stem.strip("_") else ""
