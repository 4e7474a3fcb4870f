"""The way of a change back into the repository: a patch that `git apply` takes."""

from __future__ import annotations

from pathlib import Path

from bot.content.edit import tree
from bot.content.releases import places
from bot.settings import ROOT, Settings


def patch(settings: Settings, model: Path) -> str:
    """What brings the content of a model into the repository; empty when the repository holds it already."""
    content = places.content_of(settings, model)
    return tree.difference(ROOT, content) if content.exists() else ""
