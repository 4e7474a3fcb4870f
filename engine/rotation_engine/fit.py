"""Fits the thresholds of config.yml on held-out sentences: `python -m rotation_engine.fit`.

Prints accuracy, then for a row of thresholds how much of what we know is accepted, how much of that is right, and how
much of what is out of scope is refused (by intent or by threshold).
docs/decisions/0001-understanding.md says what we took.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.shared.nlu.training_data.formats import RasaYAMLReader
from rasa.shared.nlu.training_data.loading import load_data

from rotation_engine.classifier import OUT_OF_SCOPE
from rotation_engine.encoder import real_words, shared_encoder, training_encoder
from rotation_engine.places import DATA, ROOT, gazetteer_file
from rotation_engine.scoring import IntentScorer
from rotation_engine.understanding.names import feature_kinds
from rotation_engine.understanding.reader import Reader
from rotation_engine.understanding.terms import Language, gazetteer_terms

THRESHOLDS = np.arange(0.10, 0.61, 0.05)
MARGINS = (0.02, 0.05, 0.10, 0.15, 0.20)


@dataclass(frozen=True)
class Sentences:
    """Sentences, their aspects and intents, and what the frame of each has; all of one length."""

    texts: list[str]
    aspects: list[str]
    kinds: list[set[str]]

    @property
    def intents(self) -> list[str]:
        return [aspect.partition("/")[0] for aspect in self.aspects]


@dataclass(frozen=True)
class Judged:
    """Held-out sentences with their scores: `best` and `second` are intents, `score` and `gap` those of the best.

    `aspect` says whether the best aspect of the best intent is the right one too.
    """

    truth: NDArray[Any]
    aspect: NDArray[Any]
    best: NDArray[Any]
    second: NDArray[Any]
    score: NDArray[Any]
    gap: NDArray[Any]


def read(place: str, reader: Reader) -> Sentences:
    """All sentences of an NLU file, or of those in a folder."""
    path = Path(place)
    files = [path] if path.is_file() else sorted(filter(RasaYAMLReader.is_yaml_nlu_file, path.rglob("*.yml")))
    examples = [example for file in files for example in load_data(str(file)).intent_examples]
    texts = [example.get("text") for example in examples]
    frames = [reader.read(text) for text in texts]
    kinds = [feature_kinds(frame["entities"], frame["dimensions"]) for frame in frames]
    return Sentences(
        texts, [example.get("intent_response_key") or example.get("intent") for example in examples], kinds
    )


def judge(scorer: IntentScorer, sentences: Sentences) -> Judged:
    """Scores the sentences as the live pipeline would."""
    found = [scorer.score([text], [kinds]) for text, kinds in zip(sentences.texts, sentences.kinds, strict=True)]
    scores, within = np.vstack([item.intents for item in found]), np.vstack([item.aspects for item in found])
    order = np.argsort(-scores, axis=1)
    rows, names = np.arange(len(scores)), np.array(scorer.intents)
    first, second = scores[rows, order[:, 0]], scores[rows, order[:, 1]]
    best = names[order[:, 0]]
    owners = np.array([aspect.partition("/")[0] for aspect in scorer.aspects])
    aspects = np.array(scorer.aspects)[np.where(owners == best[:, None], within, -1).argmax(axis=1)]
    right = aspects == np.array(sentences.aspects)
    return Judged(np.array(sentences.intents), right, best, names[order[:, 1]], first, first - second)


def threshold_table(judged: Judged) -> list[str]:
    """One line per threshold."""
    known = judged.truth != OUT_OF_SCOPE
    lines = ["threshold  accepted  right of accepted  right of all  out of scope refused"]
    for threshold in THRESHOLDS:
        accepted = (judged.score >= threshold) & (judged.best != OUT_OF_SCOPE)
        right = judged.best == judged.truth
        answered = right[known & accepted].mean() if (known & accepted).any() else 0.0
        refused = (~accepted)[~known].mean() if (~known).any() else float("nan")
        lines.append(
            f"{threshold:9.2f} {accepted[known].mean():9.3f} {answered:18.3f} {(right & accepted)[known].mean():13.3f}"
            f" {refused:21.3f}"
        )
    return lines


def margin_table(judged: Judged) -> list[str]:
    """How often the best two would be offered, how often one of the two is right, and what asking costs."""
    known = judged.truth != OUT_OF_SCOPE
    right, second = judged.best == judged.truth, judged.second == judged.truth
    lines = ["   margin     asked  was wrong  one of both right"]
    for margin in MARGINS:
        close = known & (judged.gap < margin)
        rate = [group[close].mean() if close.any() else 0.0 for group in (~right, right | second)]
        lines.append(f"{margin:9.2f} {close.sum() / known.sum():9.3f} {rate[0]:10.3f} {rate[1]:18.3f}")
    return lines


def mistakes(judged: Judged, texts: list[str], limit: int) -> list[str]:
    """The surest mistakes: `score truth -> best: text`."""
    wrong = sorted(np.flatnonzero(judged.best != judged.truth), key=lambda row: -judged.score[row])[:limit]
    return [f"{judged.score[row]:.2f} {judged.truth[row]} -> {judged.best[row]}: {texts[row]}" for row in wrong]


def main() -> None:
    """Command line; reads the training and held-out sentences of the project unless told otherwise."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", default=str(ROOT / "data" / "nlu.yml"))
    parser.add_argument("--held-out", default=str(ROOT / "tests" / "nlu"))
    parser.add_argument("--mistakes", type=int, default=0, help="how many mistakes to list")
    options = parser.parse_args()
    reader = Reader(Language.of(DATA), gazetteer_terms(gazetteer_file()), real=real_words())
    train, held_out = read(options.train, reader), read(options.held_out, reader)
    started = time.process_time()
    scorer = IntentScorer.fit(training_encoder(), train.texts, aspects=train.aspects, kinds=train.kinds)
    print(f"{len(train.texts)} training sentences, {len(Counter(train.aspects))} aspects,", end=" ")
    print(f"fitted in {time.process_time() - started:.0f} s of CPU; {len(held_out.texts)} held-out sentences")
    judged = judge(scorer.with_encoder(shared_encoder()), held_out)
    known = judged.truth != OUT_OF_SCOPE
    print(f"right intent, in scope: {(judged.best == judged.truth)[known].mean():.3f}")
    print(f"right aspect, in scope: {judged.aspect[known].mean():.3f}")
    print(*threshold_table(judged), *margin_table(judged), sep="\n")
    print(*mistakes(judged, held_out.texts, options.mistakes), sep="\n")


if __name__ == "__main__":
    main()
