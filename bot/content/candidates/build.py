"""Makes a candidate: builds its content, trains it, and compares it with what is live; its row tells how far it is."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.content.candidates.comparing import Report
from bot.content.candidates.rehearsal import stage
from bot.content.candidates.starting import live_model
from bot.content.change import ChangeError
from bot.content.edit import tree
from bot.content.releases import places
from bot.content.releases.swapping import model_id
from bot.content.service import read_all
from bot.content.tables import CandidateRow
from bot.data_files import read_yaml
from bot.db.base import Database
from bot.errors import ContentError, OperatorError
from bot.lint import Finding
from bot.ops import training as model
from bot.settings import Settings

BUILT, TRAINED = 5, 50
USUAL_SECONDS = 40.0
"""How long training usually takes; only the progress bar depends on it."""

Tell = Callable[..., None]


def make(settings: Settings, database: Database, candidate_id: int) -> Report:
    """Trains and compares a candidate that was asked for; what goes wrong is written into its row, too.

    Raises:
        OperatorError: it has no model or no comparison; the text says why.
    """
    tell = _teller(database, candidate_id)
    tell(status="queued", step="Waiting for another test to end")
    with places.alone(settings, "training"), _honest(tell):
        tell(status="building", started_at=datetime.now(UTC), progress=1, step="Applying the changes", error="")
        return _made(settings, database, candidate_id, tell)


def _made(settings: Settings, database: Database, candidate_id: int, tell: Tell) -> Report:
    started = time.monotonic()
    root = lay_out(settings, database, candidate_id)
    live = live_model(settings, database)
    built = time.monotonic()
    tell(status="training", progress=BUILT, step="Learning")
    with ThreadPoolExecutor(1) as pool:
        training = pool.submit(
            model.train, settings, root=root, waiting=_training_progress(tell), refusal=in_the_console
        )
        with stage(settings, candidate_id, live) as rehearsal:
            if not training.done():
                rehearsal.learn_live(root)
            trained = training.result()
            places.keep(settings, root, trained)
            ended = time.monotonic()
            tell(status="comparing", progress=TRAINED, step="Comparing", model_path=str(trained))
            report = rehearsal.run(
                root,
                trained,
                live=places.content_of(settings, live),
                known=live_intents(settings, live),
                progress=lambda share, step: tell(progress=int(TRAINED + share * (99 - TRAINED)), step=step),
            )
    seconds = {"building": built - started, "training": ended - built, "comparing": time.monotonic() - ended}
    report.seconds.update({name: round(value, 1) for name, value in seconds.items()})
    tell(
        status="ready",
        progress=100,
        step="Ready",
        report=report.to_dict(),
        model_id=model_id(trained),
        finished_at=datetime.now(UTC),
    )
    shutil.rmtree(places.folder(settings, candidate_id), ignore_errors=True)
    return report


def lay_out(settings: Settings, database: Database, candidate_id: int) -> Path:
    """The content of a candidate, in a folder of its own; the lint has not looked at it yet.

    Raises:
        ContentError: a change does not fit the content.
    """
    with database.unit() as session:
        row = session.get(CandidateRow, candidate_id)
        if row is None:
            raise OperatorError(f"There is no candidate {candidate_id}. `bot review candidates` lists them.")
        changes = read_all(session, list(row.change_ids))
    try:
        return tree.build(places.folder(settings, candidate_id) / "content", changes)
    except ChangeError as error:
        raise ContentError(str(error)) from error


def in_the_console(findings: Sequence[Finding]) -> str:
    """What the lint found, for staff, who have no files: a finding in a line."""
    return "\n".join(finding.message for finding in findings)


def live_intents(settings: Settings, live: Path) -> frozenset[str]:
    """The intents that the live model knows."""
    domain = read_yaml(places.content_of(settings, live) / "domain.yml")
    return frozenset(map(str, domain["intents"]))


def _training_progress(tell: Tell) -> Callable[[float], None]:
    def waiting(seconds: float) -> None:
        share = min(seconds / USUAL_SECONDS, 0.97)
        tell(progress=int(BUILT + share * (TRAINED - BUILT)), step=f"Learning, {seconds:.0f} s")

    return waiting


@contextmanager
def _honest(tell: Tell) -> Iterator[None]:
    """Whatever ends the work early stands in the row: staff must never wait for something that has died."""
    said = "It ended without saying why; var/logs/review.log has more."
    is_done = False
    try:
        yield
        is_done = True
    except OperatorError as error:
        said = str(error)
        raise
    finally:
        if not is_done:
            tell(status="failed", error=said, step="Failed", finished_at=datetime.now(UTC))


def _teller(database: Database, candidate_id: int) -> Tell:
    def tell(**values: Any) -> None:
        with database.unit() as session:
            row = session.get(CandidateRow, candidate_id)
            if row is None:
                raise OperatorError(f"There is no candidate {candidate_id}. `bot review candidates` lists them.")
            for name, value in {**values, "beat_at": datetime.now(UTC)}.items():
                setattr(row, name, value)

    return tell
