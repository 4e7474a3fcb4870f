"""Other words without training: checked by the lint and by the dialogues that say them, and live in seconds.

The candidate is the live model with other words in it (`bot.content.releases.repacking`), so it goes live and back like
any other.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.content.candidates.build import in_the_console, lay_out
from bot.content.candidates.comparing import DIALOGUES, Gate, Measured, Report
from bot.content.candidates.starting import live_model
from bot.content.change import WORDS_ALONE, Change, EditAnswer
from bot.content.edit import tree
from bot.content.edit.answers import EditableVariant, read_answers
from bot.content.evaluation import asking, golden, reworded
from bot.content.evaluation.reworded import Reworded
from bot.content.releases import places
from bot.content.releases.publishing import publish
from bot.content.releases.repacking import repack
from bot.content.releases.swapping import model_id
from bot.content.service import live_ids, read_all
from bot.content.tables import CandidateRow, VersionRow
from bot.db.base import Database
from bot.errors import ContentError, NeedsTrainingError, OperatorError
from bot.lint import check_words
from bot.programs.fact_words import with_figures
from bot.programs.rows import FactRow
from bot.programs.service import shelves
from bot.reply.parts import Text
from bot.reply.responses import asked_by
from bot.settings import Settings
from bot.staff.roles import Staff

GATE = "Dialogues that say these words"


def are_words_alone(changes: Sequence[Change]) -> bool:
    """Whether nothing of these changes has to be learned."""
    return all(isinstance(change, WORDS_ALONE) for change in changes)


def make(settings: Settings, database: Database, candidate_id: int) -> Report:
    """Makes a candidate that was asked for out of the live model; its row gets the model and the report.

    Raises:
        ContentError: a change does not fit the content, or the lint found something.
        NeedsTrainingError: there is more to learn than words.
        MeasuringError: the engine does not answer.
    """
    started = time.monotonic()
    live = live_model(settings, database)
    with database.unit() as session:
        row = session.get(CandidateRow, candidate_id)
        assert row is not None
        row.status, row.step, row.started_at = "building", "Putting the words in", datetime.now(UTC)
        fresh = [number for number in row.change_ids if number not in live_ids(session)]
        changes, facts = read_all(session, fresh), shelves(session).facts
    if not are_words_alone(changes):
        raise NeedsTrainingError("There is more in it than other words. Test it under Changes.")
    root = lay_out(settings, database, candidate_id)
    if findings := check_words(root):
        raise ContentError(in_the_console(findings))
    model = repack(settings, live, root)
    places.keep(settings, root, model)
    found = broken(settings, places.content_of(settings, live), root, changes, facts=facts)
    report = _report(live, model, {title: item.to_dict() for title, item in reversed(found)})
    report.seconds["building"] = round(time.monotonic() - started, 1)
    with database.unit() as session:
        row = session.get(CandidateRow, candidate_id)
        assert row is not None
        row.status, row.step, row.progress, row.report = "ready", "Ready", 100, report.to_dict()
        row.model_path, row.model_id, row.finished_at = str(model), model_id(model), datetime.now(UTC)
    shutil.rmtree(places.folder(settings, candidate_id), ignore_errors=True)
    return report


def publish_words(settings: Settings, database: Database, candidate_id: int, *, by: Staff | str) -> VersionRow:
    """Makes a candidate of words alone and puts it live, in seconds.

    Raises:
        OperatorError: it is not live; the text says why. Its changes stay pending.
    """
    try:
        make(settings, database, candidate_id)
        return publish(settings, database, candidate_id, by=by)
    except OperatorError as error:
        with database.unit() as session:
            row = session.get(CandidateRow, candidate_id)
            if row is not None and row.status == "building":
                row.status, row.error, row.step, row.finished_at = "failed", str(error), "Failed", datetime.now(UTC)
        raise


def _report(live: Path, model: Path, mistakes: Mapping[str, Mapping[str, object]]) -> Report:
    dialogues = {title: str(item["problem"]) for title, item in mistakes.items()}
    says = f"they expect other words: {'; '.join(dialogues)}" if dialogues else "all go as written"
    gates = (
        Gate("Content rules", True, "nothing new is learned, so nothing had to be trained"),
        Gate(GATE, not dialogues, says, DIALOGUES),
    )
    measured = Measured(live.stat().st_size, model.stat().st_size, 0, 0, dialogues, mistakes)
    return Report((), (), gates, measured, live.name)


def broken(
    settings: Settings, before: Path, after: Path, changes: Sequence[Change], *, facts: Mapping[str, FactRow]
) -> list[tuple[str, golden.Mistake]]:
    """The turns of dialogues of the tree `after` that expect words which edits of answers took away, with their titles.

    What is said in them is understood by the running engine, which remembers nothing of it.

    Raises:
        MeasuringError: the engine does not answer.
    """
    dialogues = golden.read_dialogues(after)
    edits = [
        item for change in changes if isinstance(change, EditAnswer) for item in _reworded(before, after, change, facts)
    ]
    texts = list(dict.fromkeys(text for edit in edits for text in reworded.likely(dialogues, edit)))
    rows = [{"text": text, "topic": ""} for text in texts]
    said = asking.ask(settings.engine_url, rows, key=settings.engine_key()) if rows else []
    asked = {item.text: (*item.understood, *item.aspects) for item in said}
    return [found for edit in edits for found in reworded.broken(dialogues, edit, asked)]


def _reworded(before: Path, after: Path, edit: EditAnswer, facts: Mapping[str, FactRow]) -> list[Reworded]:
    old, new = (_variant(root, edit) for root in (before, after))
    if old is None or new is None:
        return []
    was, becomes = (with_figures(Text(item.text), facts).text for item in (old, new))
    had, has = (tuple(button.payload for button in item.buttons) for item in (old, new))
    return [Reworded(asked_by(edit.key), was, becomes, had, has)]


def _variant(root: Path, edit: EditAnswer) -> EditableVariant | None:
    """The wording that these people read: theirs, or everybody's where they have none."""
    answer = read_answers(root).get(edit.key)
    return (answer.variant(edit.variant) or answer.variants[0]) if answer else None


def check(settings: Settings, database: Database, changes: Sequence[Change]) -> list[tuple[str, golden.Mistake]]:
    """What `broken` finds when changes would go live now; nothing is written.

    Raises:
        ChangeError: a change does not fit what is live.
        MeasuringError: the engine does not answer.
    """
    with database.unit() as session:
        known, facts = read_all(session, live_ids(session)), shelves(session).facts
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        before = tree.build(folder / "before", known)
        after = tree.build(folder / "after", [*known, *changes])
        return broken(settings, before, after, changes, facts=facts)
