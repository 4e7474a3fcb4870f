"""Which facts something is calculated with: their keys stand in the code or in the rules of plans."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.settings import ROOT

_PLACES = ("bot/*/*.py", "bot/*/*/*.py", "actions/*.py", "actions/*/*.py", "data/timeline.yml", "data/responses/*.yml")


def uses_of(key: str) -> tuple[str, ...]:
    """The files that name a fact, without their folders; empty when nothing would miss it."""
    word = re.compile(rf"(?<![a-z0-9_]){re.escape(key)}(?![a-z0-9_])")
    return tuple(name for name, text in _texts() if word.search(text))


@lru_cache
def _texts() -> tuple[tuple[str, str], ...]:
    paths = sorted(path for pattern in _PLACES for path in ROOT.glob(pattern))
    return tuple((path.name, path.read_text(encoding="utf8")) for path in paths)
