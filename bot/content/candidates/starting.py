"""Finds what is live when the bot starts: the repository's content of today, with the changes that were published."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy.orm import Session

from bot.content.change import ChangeError, read_change
from bot.content.edit import tree
from bot.content.releases import places, swapping
from bot.content.releases.publishing import enter, live_path
from bot.content.service import SETTLED, WITHDRAWN, live_ids
from bot.content.store import changes_of, live_version
from bot.content.tables import VersionRow
from bot.db.base import Database
from bot.errors import ContentError
from bot.ops import training
from bot.settings import Settings

SYSTEM = "system"


def live_model(settings: Settings, database: Database) -> Path:
    """The model of what is live; trained when it is missing, and then the repository's content is what is live."""
    with database.unit() as session:
        path = live_path(session)
    return path or bring_live(settings, database)


def bring_live(settings: Settings, database: Database, say: Callable[[str], None] = lambda _: None) -> Path:
    """What the engine starts with: the present repository with the published changes, trained if need be.

    A published change that the repository holds by now is settled; one that does not fit it any more is withdrawn.
    When the two together are broken, the model that was live stays, and it is said.
    """
    root = settings.var / "candidates" / "start"
    with database.unit() as session:
        ids = _applied(session, root, say)
    if not training.current(settings, root).exists():
        say("Training a model (about a minute) ...")
    try:
        path = training.train(settings, root=root)
    except ContentError as error:
        return _stay(settings, database, error, say)
    places.keep(settings, root, path)
    with database.unit() as session:
        version = live_version(session)
        if version is None or version.model_path != str(path) or version.change_ids != ids:
            enter(session, path, swapping.model_id(path), change_ids=ids, by=SYSTEM, note=_note(version, ids))
    return places.point_live_at(settings, path)


def _applied(session: Session, root: Path, say: Callable[[str], None]) -> list[int]:
    """The published changes that make a difference, applied one by one."""
    tree.copy_content(root)
    kept = []
    for row in changes_of(session, live_ids(session)):
        try:
            if tree.has_effect(root, read_change(row.kind, row.payload)):
                kept.append(row.id)
            else:
                row.state, row.note = SETTLED, "It stands in the repository now."
        except ChangeError as error:
            say(f"A published change is left out: {error}")
            row.state, row.note = WITHDRAWN, str(error)
    return kept


def _stay(settings: Settings, database: Database, error: ContentError, say: Callable[[str], None]) -> Path:
    with database.unit() as session:
        version = live_version(session)
    if version is None or not Path(version.model_path).exists():
        raise error
    say(f"Version {version.number} stays live, because the content as it is now is broken. {error}")
    return places.point_live_at(settings, Path(version.model_path))


def _note(before: VersionRow | None, ids: list[int]) -> str:
    start = "The repository's content" if before is None else "The repository's content changed"
    return f"{start}, with {len(ids)} published changes" if ids else start
