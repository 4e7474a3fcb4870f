"""A chat with a candidate before it is published: in an engine of its own that ends when nobody uses it any more.

The engine's process and the console meet in one file, `var/candidates/<number>/trial/trial.json`: the process writes
where the engine is, the console what was said. One trial stands at a time; it needs the memory of an engine.
"""

from __future__ import annotations

import json
import os
import shutil
import time
import uuid
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from bot.content.candidates.rehearsal import standing
from bot.content.evaluation import golden
from bot.content.releases import places
from bot.content.tables import CandidateRow
from bot.db.base import Database
from bot.errors import OperatorError
from bot.programs.service import write_gazetteer
from bot.programs.store import copy_catalog
from bot.settings import Settings

IDLE_SECONDS, STARTING_SECONDS = 600.0, 180.0
"""A trial ends when nobody wrote for so long; one that does not stand after so long has failed."""
LONGEST_SAID = 40
"""How many entries of a trial's talk are kept in sight."""


@dataclass(frozen=True)
class Trial:
    """Where the engine of a trial is ("" while it starts), the id of the talk with it, and both sides so far.

    `said` are `{who, text}` of a person or `{who, reply}` of the bot, the reply as its dictionary.
    """

    url: str = ""
    actions_url: str = ""
    key: str = ""
    talk: str = ""
    said: tuple[dict[str, Any], ...] = ()

    @property
    def is_ready(self) -> bool:
        return bool(self.url)

    def after(self, *entries: dict[str, Any]) -> Trial:
        """The same with more said."""
        return replace(self, said=(*self.said, *entries)[-LONGEST_SAID:])

    def anew(self) -> Trial:
        """The same engine with a new talk."""
        return replace(self, said=(), talk=f"web:trial-{uuid.uuid4()}")


def find(settings: Settings, candidate_id: int) -> Trial | None:
    """The trial of a candidate; None when there is none, or when it has died."""
    path = _file(settings, candidate_id)
    try:
        found = Trial(**json.loads(path.read_text("utf-8")))
        age = time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return None
    return None if age > (IDLE_SECONDS if found.is_ready else STARTING_SECONDS) else found


def keep(settings: Settings, candidate_id: int, trial: Trial) -> None:
    """Writes it down, which also says that somebody uses it."""
    path = _file(settings, candidate_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_text(json.dumps(asdict(trial)), "utf-8")
    fresh.replace(path)


def end(settings: Settings, candidate_id: int) -> None:
    """Nobody needs it any more; its process sees that within a second."""
    _file(settings, candidate_id).unlink(missing_ok=True)


def run(settings: Settings, database: Database, candidate_id: int) -> None:
    """Brings the engine of a trial up and waits until nobody uses it any more.

    Raises:
        OperatorError: the candidate has no model.
    """
    with database.unit() as session:
        row = session.get(CandidateRow, candidate_id)
        model = Path(row.model_path) if row and row.model_path else None
    if model is None or not model.exists():
        raise OperatorError(f"Candidate {candidate_id} has no model to try.")
    path = _file(settings, candidate_id)
    stage = path.parent / "engine"
    try:
        with places.alone(settings, "trial"), standing(stage, settings, model, today=golden.DAY) as running:
            _copy_rows(database, running)
            if path.exists():
                where = Trial(running.engine_url, running.actions_url, running.engine_key())
                keep(settings, candidate_id, where.anew())
            while not _is_idle(path):
                time.sleep(1)
    finally:
        shutil.rmtree(path.parent, ignore_errors=True)


def _copy_rows(database: Database, running: Settings) -> None:
    """The trial knows the programs and facts that staff keep, and the names of their institutions."""
    its_own = Database(running.database)
    with database.look() as source, its_own.unit() as target:
        copy_catalog(source, target)
    with its_own.unit() as session:
        write_gazetteer(session, running.var)


def _is_idle(path: Path) -> bool:
    return not path.exists() or time.time() - path.stat().st_mtime > IDLE_SECONDS


def _file(settings: Settings, candidate_id: int) -> Path:
    return places.folder(settings, candidate_id) / "trial" / "trial.json"
