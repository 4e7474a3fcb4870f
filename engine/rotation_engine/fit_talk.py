"""Fits the weights by which readings of a message in its talk count: `python -m rotation_engine.fit_talk MODEL`.

MODEL is a trained model's archive. Learned from are the follow-ups of data/follow_ups.yml, and held-out sentences that
say themselves what they ask, each after an answer on something else or on the same topic: what stands alone must stay
itself. Prints the weights for config.yml, and how many follow-ups are understood with them: those learned from, those
of tests/follow_ups.yml, and sentences that stand alone which no weight was fitted on.
"""

from __future__ import annotations

import argparse
import random
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.shared.nlu.training_data.loading import load_data
from scipy.optimize import minimize

from rotation_engine.classifier import FILE
from rotation_engine.encoder import real_words, shared_encoder
from rotation_engine.in_talk import ALONE, Reading, Said, Weigher, readings_of
from rotation_engine.places import DATA, ROOT, gazetteer_file
from rotation_engine.scoring import IntentScorer
from rotation_engine.talk import LONGEST, in_its_talk
from rotation_engine.understanding.names import feature_kinds
from rotation_engine.understanding.reader import Reader
from rotation_engine.understanding.terms import Language, gazetteer_terms, load_yaml

FOLLOW_UPS = DATA / "follow_ups.yml"
FOLLOW_UPS_HELD_OUT = ROOT / "tests" / "follow_ups.yml"
HELD_OUT = ROOT / "tests" / "nlu"
ALONE_AFTER_ANY, ALONE_IN_TOPIC = 600, 250
COUNT_ALONE = 0.45
"""What a sentence that stands alone counts beside a follow-up, of which there are fewer."""
DRAWN = 3.0
"""How strongly weights are drawn to zero, in units of what their feature varies."""
LIKELIEST = 25
"""Candidates of each reading that are learned from; the others are far from right in all of them."""


@dataclass(frozen=True)
class Row:
    """What somebody says after the answer `topic` to `before`, and the answers that are right to it."""

    before: str
    topic: str
    after: str
    means: tuple[str, ...]


@dataclass(frozen=True)
class Seen:
    """A row as numbers: `features` of shape (aspects, weights), which aspects are right, and which are learned from."""

    features: NDArray[Any]
    is_right: NDArray[Any]
    learned: NDArray[Any]
    counts: float


class Looker:
    """Reads rows with a trained model, as the pipeline would."""

    def __init__(self, model: Path) -> None:
        with TemporaryDirectory() as folder, tarfile.open(model) as archive:
            member = next(item for item in archive.getmembers() if item.name.endswith(FILE))
            member.name = FILE
            archive.extract(member, folder, filter="data")
            self.scorer = IntentScorer.load(Path(folder) / FILE, shared_encoder())
        self.reader = Reader(Language.of(DATA), gazetteer_terms(gazetteer_file()), real=real_words())
        self.weigher = Weigher(self.scorer.aspects)
        self._titles = _titles()

    def see(self, row: Row, counts: float = 1.0) -> Seen:
        """The row as numbers."""
        frame = self.reader.read(row.after)
        in_talk = in_its_talk(
            row.before,
            row.after,
            frame,
            read=self.reader.read,
            topic=row.topic,
            topics=self.reader.topics,
            title=self._titles.get(row.topic, ""),
        )
        texts = [row.after, *(said.text for said in in_talk)]
        scores = self.scorer.score(texts, [self._kinds(text) for text in texts])
        readings = readings_of([ALONE, *(said.how for said in in_talk)], scores, self.scorer.owner)
        acts = frozenset(act["act"] for act in frame["acts"])
        said_so = Said(acts, bool(frame["entities"] or frame["dimensions"]), len(row.after.split()))
        features = np.stack(list(self.weigher.features(readings, row.topic, said_so).values()), axis=1)
        is_right = np.isin(self.scorer.aspects, row.means)
        near = np.concatenate([np.argsort(-reading.score)[:LIKELIEST] for reading in readings.values()])
        return Seen(features, is_right, np.unique([*near, *np.flatnonzero(is_right)]), counts)

    def _kinds(self, text: str) -> set[str]:
        frame = self.reader.read(text)
        return feature_kinds(frame["entities"], frame["dimensions"])


def fitted(rows: Sequence[Seen]) -> NDArray[Any]:
    """The weights that make the right answers of rows the likeliest (maximum of the posterior)."""
    scale = np.concatenate([row.features[row.learned] for row in rows]).std(axis=0) + 1e-6
    learned = [(row.features[row.learned] / scale, row.is_right[row.learned], row.counts) for row in rows]

    def loss(weights: NDArray[Any]) -> tuple[float, NDArray[Any]]:
        missed, slope = 0.0, DRAWN * weights
        for features, is_right, counts in learned:
            shares = _shares(features @ weights)
            right = shares[is_right].sum()
            missed -= counts * np.log(right)
            slope += counts * features.T @ (shares - np.where(is_right, shares, 0.0) / right)
        return missed + 0.5 * DRAWN * float(weights @ weights), slope

    found: NDArray[Any] = minimize(loss, np.zeros(len(scale)), jac=True, method="L-BFGS-B").x / scale
    return found


def share_right(rows: Sequence[Seen], weights: NDArray[Any]) -> float:
    """Of how many rows the likeliest answer is a right one."""
    return float(np.mean([row.is_right[(row.features @ weights).argmax()] for row in rows]))


def by_likelihood(rows: Sequence[Seen], weights: NDArray[Any]) -> Iterator[str]:
    """How often the likeliest answer is a right one, by how likely it is."""
    found = [(_shares(row.features @ weights), row.is_right) for row in rows]
    best = [(float(shares.max()), bool(is_right[shares.argmax()])) for shares, is_right in found]
    for low, high in pairwise((0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1.01)):
        right = [is_right for sure, is_right in best if low <= sure < high]
        yield f"{low:.2f} to {high:.2f}: {len(right)} rows, {np.mean(right or [0.0]):.2f} right"


def _shares(sums: NDArray[Any]) -> NDArray[Any]:
    odds: NDArray[Any] = np.exp(sums - sums.max())
    shares: NDArray[Any] = odds / odds.sum()
    return shares


def follow_ups(path: Path) -> list[Row]:
    """The rows of a file."""
    return [Row(row["before"], row["topic"], row["after"], tuple(row["means"])) for row in _yaml(path)]


def standing_alone(known: Sequence[str], *, seed: int) -> list[Row]:
    """Held-out sentences after a question on something else, and after another one on their own topic."""
    drawn = random.Random(seed)
    sentences = [
        (example.get("text"), example.get("intent_response_key") or example.get("intent"))
        for file in ("faq.yml", "tasks.yml", "plain.yml")
        for example in load_data(str(HELD_OUT / file)).intent_examples
    ]
    asked = [item for item in sentences if "/" in item[1] and item[1].startswith("faq_") and item[1] in known]
    short = [item for item in sentences if len(item[0].split()) <= LONGEST and item[1] in known]
    rows = [_after(drawn.choice(asked), drawn.choice(short)) for _ in range(ALONE_AFTER_ANY)]
    for _ in range(ALONE_IN_TOPIC):
        before = drawn.choice(asked)
        of_topic = [item for item in short if item[1] != before[1] and _topic(item[1]) == _topic(before[1])]
        rows += [_after(before, drawn.choice(of_topic))] if of_topic else []
    return rows


def _after(before: tuple[str, str], after: tuple[str, str]) -> Row:
    return Row(before[0], before[1], after[0], (after[1],))


def _topic(aspect: str) -> str:
    return aspect.partition("/")[0]


def _titles() -> dict[str, str]:
    return dict(_titled(_yaml(DATA / "responses" / "faq.yml")["responses"]))


def _titled(responses: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, variants in responses.items():
        title = next((item["metadata"]["title"] for item in variants if (item.get("metadata") or {}).get("title")), "")
        yield name.partition("_")[2], title


def _yaml(path: Path) -> Any:
    return load_yaml(path.read_text(encoding="utf8"))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    options = parser.parse_args()
    looker = Looker(options.model)
    known = looker.scorer.aspects
    learned = [looker.see(row) for row in follow_ups(FOLLOW_UPS)]
    alone = [looker.see(row, COUNT_ALONE) for row in standing_alone(known, seed=5)]
    held_out = [looker.see(row) for row in follow_ups(FOLLOW_UPS_HELD_OUT)]
    apart = [looker.see(row) for row in standing_alone(known, seed=6)]
    weights = fitted([*learned, *alone])
    names = looker.weigher.features(
        {ALONE: Reading(np.ones(len(known)), np.ones(len(known)))}, "", Said(frozenset(), False, 1)
    )
    only_alone = np.array([float(name == ALONE) for name in names])
    for name, weight in zip(names, weights, strict=True):
        print(f"    {name}: {weight:.2f}")
    for title, rows in (("follow-ups learned from", learned), ("held out", held_out), ("standing alone", apart)):
        before, after = share_right(rows, only_alone), share_right(rows, weights)
        print(f"{title}: {len(rows)}, right by their words alone {before:.3f}, in their talk {after:.3f}")
        print(*by_likelihood(rows, weights), sep="\n")


if __name__ == "__main__":
    main()
