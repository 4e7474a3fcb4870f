"""The way of a change back into the repository: a patch that `git apply` takes."""

from __future__ import annotations

from pathlib import Path

from bot.content.edit import tree
from bot.content.edit.sentences import LEARNED
from bot.content.releases import places
from bot.errors import NotExportableError
from bot.settings import ROOT, Settings


def patch(settings: Settings, model: Path) -> str:
    """What brings the content of a model into the repository; empty when the repository holds it already.

    Raises:
        NotExportableError: the content was kept when its files were laid out in another way.
    """
    content = places.content_of(settings, model)
    if not content.exists():
        return ""
    if not (content / LEARNED).exists():
        raise NotExportableError(
            f"{content.name} was made before all training sentences stood in {LEARNED}, so it does not fit the "
            "repository's files. Its changes do: they come live again with the next start; export what is live then."
        )
    return tree.difference(ROOT, content)
