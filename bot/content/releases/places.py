"""Where things lie in `var/`: models, the content that each was made of, and candidates while they are made."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.ops import system
from bot.private_files import tighten
from bot.settings import ROOT, Settings

LIVE_LINK = "live.tar.gz"


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
        tighten(fresh)
        fresh.rename(kept)
    return kept


def live_link(settings: Settings) -> Path:
    """What the engine starts with: a link to the live version's model, so that a restart comes back with it."""
    return settings.var / "models" / LIVE_LINK


def point_live_at(settings: Settings, model: Path) -> Path:
    """Makes the link point at a model, at once or not at all."""
    link = live_link(settings)
    fresh = link.with_name(f".{LIVE_LINK}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(model.resolve())
    os.replace(fresh, link)
    return link


@contextmanager
def alone(settings: Settings, what: str) -> Iterator[None]:
    """Waits until no other process does the same thing: two trainings at once would both be late."""
    with system.alone(settings.var / "candidates" / f"{what}.lock"):
        yield


def live_content(settings: Settings) -> Path:
    """The content of what is live; the repository's where nothing was ever started."""
    link = live_link(settings)
    kept = content_of(settings, link) if link.exists() else ROOT
    return kept if kept.exists() else ROOT
