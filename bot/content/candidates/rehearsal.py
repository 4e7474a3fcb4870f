"""Plays a candidate before it meets anybody: in an engine of its own, with an empty database and a fixed day.

The engine starts with the live model while the candidate is still being trained, so that its long start costs nothing
and both models are measured in the same process. The candidate then comes in as it would live: by a swap.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from bot.content.candidates.comparing import Measured, Report, compare
from bot.content.candidates.judging import heard, held_out, milliseconds, new_aspects, understood
from bot.content.evaluation import golden
from bot.content.releases import swapping
from bot.content.releases.places import folder
from bot.ops import system
from bot.settings import Settings

ENCODER = "encoder.onnx"
JUDGED, VECTORS = "judged", "vectors"
"""What earlier rehearsals have found out: the meaning of each sentence for each model, and the sentences' vectors. Only
the project's own sentences are kept: what staff say to a candidate in a trial is not."""
NOTHING: Mapping[str, Path] = MappingProxyType({})
PROCESSES = ("engine", "actions")
PATIENCE = 300.0
"""Seconds that the stage may take to stand: it starts beside a training, and nobody waits for an answer."""
Progress = Callable[[float, str], None]
"""Hears how much of the rehearsal is done (0 to 1), and what is being done."""


@contextmanager
def stage(settings: Settings, candidate_id: int, first: Path) -> Iterator[Rehearsal]:
    """An engine with its actions, healthy, with the live model in it; everything is taken down afterwards."""
    kept = settings.var / JUDGED / VECTORS
    kept.mkdir(parents=True, exist_ok=True)
    var = folder(settings, candidate_id) / "rehearsal"
    with standing(var, settings, first, today=golden.DAY, links={VECTORS: kept}) as running:
        yield Rehearsal(settings, running, first)


@contextmanager
def standing(
    var: Path, settings: Settings, model: Path, *, today: str, links: Mapping[str, Path] = NOTHING
) -> Iterator[Settings]:
    """An engine and its actions with a model, healthy, in a fresh folder; gives their settings.

    `links` are further things that stand in the folder, by their names there.
    """
    shutil.rmtree(var, ignore_errors=True)
    var.mkdir(parents=True)
    for name, there in {ENCODER: settings.var / ENCODER, **links}.items():
        if there.exists():
            (var / name).symlink_to(there.resolve())
    try:
        with system.temporary(var, model, today=today, only=PROCESSES, patience=PATIENCE) as (running, _):
            yield running
    finally:
        shutil.rmtree(var, ignore_errors=True)


class Rehearsal:
    """Two models in one engine, one after the other."""

    def __init__(self, settings: Settings, running: Settings, live: Path) -> None:
        """`running` are the settings of the stage, where the engine has an address and a key of its own."""
        self._judged = settings.var / JUDGED
        self._running, self._url, self._live = running, running.engine_url, live.resolve()

    def learn_live(self, root: Path, progress: Progress = lambda *_: None) -> None:
        """Asks the live model every held-out sentence of a tree, unless it was asked before."""
        texts = [item.text for item in held_out(root)]
        understood(
            self._url,
            texts,
            memory=self._memory(self._live),
            progress=lambda share: progress(share, "Asking the live version"),
        )

    def run(self, root: Path, candidate: Path, *, live: Path, known: frozenset[str], progress: Progress) -> Report:
        """The comparison of the live model with a candidate made from a tree.

        `live` is the content of the live model, `known` are its intents.

        Raises:
            SwapFailedError: the candidate cannot be loaded.
            MeasuringError: the engine does not answer.
        """
        sentences, aspects = held_out(root), new_aspects(root, live)
        texts = [item.text for item in sentences]
        old = understood(self._url, texts, memory=self._memory(self._live))
        old_ms = milliseconds(self._url, texts)
        progress(0.1, "Loading what was learned")
        swapping.swap(self._running, candidate)
        new_ms = [milliseconds(self._url, texts)]
        new = understood(
            self._url,
            texts,
            memory=self._memory(candidate),
            progress=lambda share: progress(0.15 + 0.45 * share, "Asking it the held-out sentences"),
        )
        new_ms.append(milliseconds(self._url, texts))
        played = self._play(root, lambda share, said: progress(0.6 + 0.4 * share, said))
        new_ms.append(milliseconds(self._url, texts))
        measured = Measured(
            self._live.stat().st_size,
            candidate.stat().st_size,
            old_ms,
            min(new_ms),  # of three moments: a model that is slow is slow in all, a busy machine is not
            {title: found.problem if found else "" for title, found in played.items()},
            {title: found.to_dict() for title, found in played.items() if found},
        )
        return compare(
            sentences,
            old,
            new,
            known=known,
            measured=measured,
            live_model=self._live.name,
            aspects=aspects,
            heard=heard(self._url, aspects),
        )

    def _play(self, root: Path, progress: Progress) -> dict[str, golden.Mistake | None]:
        dialogues, sorry = golden.read_dialogues(root), golden.apologies(root)
        played: dict[str, golden.Mistake | None] = {}
        for at, (title, turns) in enumerate(dialogues.items()):
            progress(at / len(dialogues), "Playing the golden dialogues")
            played[title] = golden.first_mistake(self._url, turns, sorry)
        return played

    def _memory(self, model: Path) -> Path:
        return self._judged / f"{model.resolve().name.removesuffix('.tar.gz')}.json"
