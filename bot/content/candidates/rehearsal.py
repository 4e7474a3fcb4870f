"""Plays a candidate before it meets anybody: in engines of its own, with an empty database and a fixed day.

One engine plays the golden dialogues while another one is asked the held-out sentences, each on a core of its own. Both
start with the live model while the candidate is still being trained, so that their long start costs nothing and both
models are measured in the same process. The candidate then comes in as it would live: by a swap.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
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
EARS = ("engine",)
"""What understanding a sentence takes: nothing is answered."""
PATIENCE = 300.0
"""Seconds that the stage may take to stand: it starts beside a training, and nobody waits for an answer."""
Progress = Callable[[float, str], None]
"""Hears how much of the rehearsal is done (0 to 1), and what is being done."""


@contextmanager
def stage(settings: Settings, candidate_id: int, first: Path) -> Iterator[Rehearsal]:
    """Two engines, one with its actions, healthy, with the live model in them; all is taken down afterwards."""
    kept = settings.var / JUDGED / VECTORS
    kept.mkdir(parents=True, exist_ok=True)
    var, links = folder(settings, candidate_id) / "rehearsal", {VECTORS: kept}
    with (
        standing(var, settings, first, today=golden.DAY, links=links) as running,
        standing(var / "ears", settings, first, today=golden.DAY, links=links, only=EARS) as ears,
    ):
        yield Rehearsal(settings, running, ears, first)


@contextmanager
def standing(
    var: Path,
    settings: Settings,
    model: Path,
    *,
    today: str,
    links: Mapping[str, Path] = NOTHING,
    only: Collection[str] = PROCESSES,
) -> Iterator[Settings]:
    """An engine and its actions with a model, healthy, in a fresh folder; gives their settings.

    `links` are further things that stand in the folder, by their names there; `only` names the processes.
    """
    shutil.rmtree(var, ignore_errors=True)
    var.mkdir(parents=True)
    for name, there in {ENCODER: settings.var / ENCODER, **links}.items():
        if there.exists():
            (var / name).symlink_to(there.resolve())
    try:
        with system.temporary(var, model, today=today, only=only, patience=PATIENCE) as (running, _):
            yield running
    finally:
        shutil.rmtree(var, ignore_errors=True)


class Rehearsal:
    """Two models in the same engines, one after the other."""

    def __init__(self, settings: Settings, running: Settings, ears: Settings, live: Path) -> None:
        """`running` are the settings of what plays dialogues, `ears` of what is asked sentences; each engine has an
        address and a key of its own.
        """
        self._judged = settings.var / JUDGED
        self._running, self._ears, self._live = running, ears, live.resolve()

    def learn_live(self, root: Path, progress: Progress = lambda *_: None) -> None:
        """Asks the live model every held-out sentence of a tree, unless it was asked before."""
        texts = [item.text for item in held_out(root)]
        understood(
            self._ears.engine_url,
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
        url, asked_at = self._running.engine_url, self._ears.engine_url
        old = understood(asked_at, texts, memory=self._memory(self._live))
        old_ms = milliseconds(url, texts)
        progress(0.1, "Loading what was learned")
        with ThreadPoolExecutor(1) as pool:
            loading = pool.submit(swapping.swap, self._ears, candidate)
            swapping.swap(self._running, candidate)
            loading.result()
        new_ms = [milliseconds(url, texts)]
        with ThreadPoolExecutor(1) as pool:
            asking = pool.submit(understood, asked_at, texts, memory=self._memory(candidate))
            played = self._play(root, lambda share: progress(0.15 + 0.7 * share, "Playing the golden dialogues"))
            progress(0.85, "Asking it the held-out sentences")
            new = asking.result()
        new_ms.append(milliseconds(url, texts))
        measured = Measured(
            self._live.stat().st_size,
            candidate.stat().st_size,
            old_ms,
            min(new_ms),  # of two moments: a model that is slow is slow in both, a busy machine is not
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
            heard=heard(asked_at, aspects),
        )

    def _play(self, root: Path, progress: Callable[[float], None]) -> dict[str, golden.Mistake | None]:
        dialogues, sorry = golden.read_dialogues(root), golden.apologies(root)
        played: dict[str, golden.Mistake | None] = {}
        for at, (title, turns) in enumerate(dialogues.items()):
            progress(at / len(dialogues))
            played[title] = golden.first_mistake(self._running.engine_url, turns, sorry)
        return played

    def _memory(self, model: Path) -> Path:
        return self._judged / f"{model.resolve().name.removesuffix('.tar.gz')}.json"
