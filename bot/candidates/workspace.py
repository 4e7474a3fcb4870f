"""Where trees of content lie: one for each model below var/content, and a candidate's while it is made."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bot.authoring import tree
from bot.core.changes import Change
from bot.settings import Settings


def folder(settings: Settings, candidate_id: int) -> Path:
    """Where a candidate's own things lie while it is made."""
    return settings.var / "candidates" / str(candidate_id)


def content_of(settings: Settings, model: Path) -> Path:
    """The tree of content that a model was made of; it is kept beside the models."""
    return settings.var / "content" / model.resolve().name.removesuffix(".tar.gz")


def keep(settings: Settings, root: Path, model: Path) -> Path:
    """Keeps a tree as the content of a model."""
    kept = content_of(settings, model)
    if not kept.exists():
        fresh = kept.with_name(f".{kept.name}.{os.getpid()}")
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(root, fresh, symlinks=True)
        fresh.rename(kept)
    return kept


def build(root: Path, changes: Sequence[Change]) -> Path:
    """Makes `root` the repository's content with changes applied.

    Raises:
        ChangeError: a change does not fit the content (any more).
    """
    tree.copy_content(root)
    tree.apply_changes(root, changes)
    return root


@contextmanager
def alone(settings: Settings, what: str) -> Iterator[None]:
    """Waits until no other process does the same thing: two trainings at once would both be late."""
    path = settings.var / "candidates" / f"{what}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
