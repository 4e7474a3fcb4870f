"""Which intent and aspect a sentence has, and how sure that is. Pure numbers: no Rasa here.

What is told apart are intents, and within an intent its aspects, the questions inside a topic ("faq_cost/deposit").
A sentence becomes [3 x encoder vector, 2 x n-gram vector, what its frame has]; a multinomial logistic regression
gives the probabilities of the intents, and one within each intent those of its aspects (a factor on unit vectors equals
a larger C: without it nearly every good sentence stays below any threshold). An aspect's probability is then weighed by
how near its nearest training sentence is. An intent is as sure as its aspects together, and its score is that x the
cosine of the nearest of them, which is what tells strange sentences from known ones. The numbers below are measured
(docs/decisions/0001-understanding.md).
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from sklearn.preprocessing import normalize

from rotation_engine import logistic
from rotation_engine.ngrams import NgramSpace
from rotation_engine.noise import noisy_copies
from rotation_engine.spelling import mender

ENCODER_WEIGHT = 3.0
NGRAM_WEIGHT = 2.0
KIND_WEIGHT = 0.5
COPY_WEIGHT = 0.3  # what a noisy copy counts beside its original
NEARNESS_POWER = 4
FARTHEST = 1e-3
NEGLIGIBLE = 0.01
"""An aspect to which the regression gives less, as a share of its best one's, is no candidate, however near a sentence
is: of 550 held-out sentences none got another best aspect by the rest."""
_WORD = re.compile(r"[a-z]+")
BALANCE = 0.75  # 1 gives every intent the same weight whatever its size, 0 every sentence
FREQUENT = 3  # sentences that a word stands in before misspelled ones may mean it
BROAD = {"out_of_scope": 4.0}  # what is refused is as broad as the world, so its sentences count more


class Encodes(Protocol):
    """Turns sentences into unit vectors, one row each."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]: ...


@dataclass(frozen=True)
class Scores:
    """What sentences got: `intents` of shape (sentences, intents), `aspects` of (sentences, aspects), each 0 to 1.

    An aspect's score is its share of its own intent. `likeness`, of the shape of `aspects`, is the cosine of a sentence
    and all sentences of the aspect taken together.
    """

    intents: NDArray[Any]
    aspects: NDArray[Any]
    likeness: NDArray[Any]

    def __getitem__(self, rows: slice | list[int]) -> Scores:
        """Those of some sentences."""
        return Scores(self.intents[rows], self.aspects[rows], self.likeness[rows])


class IntentScorer:
    """Scores sentences against the aspects it was fitted on."""

    def __init__(self, encoder: Encodes, ngrams: NgramSpace, arrays: dict[str, NDArray[Any]]) -> None:
        self._encoder, self._ngrams, self._arrays = encoder, ngrams, arrays
        self.aspects: list[str] = [str(name) for name in arrays["aspects"]]
        self.intents, self.owner = _intents_of(self.aspects)
        self._kinds = {str(kind): at for at, kind in enumerate(arrays["kinds"])}
        self._mend = mender(str(word) for word in arrays["words"])
        self.members = _members(self.intents, self.owner)
        self._firsts = np.flatnonzero(np.diff(self.owner, prepend=-1))
        self._coefficients = arrays["coefficients"].astype(np.float32)
        self._within = arrays["within"].astype(np.float32)
        self._anchors = arrays["anchors"].astype(np.float32)
        self._starts = np.append(arrays["first_anchors"], len(self._anchors))
        self._together = normalize(np.add.reduceat(self._anchors, arrays["first_anchors"]))

    @classmethod
    def fit(
        cls, encoder: Encodes, texts: Sequence[str], *, aspects: Sequence[str], kinds: Sequence[set[str]]
    ) -> IntentScorer:
        """Learns from sentences, their aspects and what the frame of each has (all of one length)."""
        names, labels = np.unique(np.array(aspects), return_inverse=True)
        copies = [(copy, row) for row, text in enumerate(texts) for copy in noisy_copies(text)]
        all_texts = [*texts, *(copy for copy, _ in copies)]
        rows = np.array([*range(len(texts)), *(row for _, row in copies)])
        ngrams, grams = NgramSpace.fit(all_texts, shaping=len(texts))
        vectors = encoder.encode(all_texts)
        known = sorted(set().union(*kinds))
        at = {kind: number for number, kind in enumerate(known)}
        features = _features(vectors, grams, [kinds[row] for row in rows], at)
        counts = np.where(np.arange(len(rows)) < len(texts), 1.0, COPY_WEIGHT)
        intents, owner = _intents_of([str(name) for name in names])
        among, within = _weights(intents, owner, np.bincount(labels))
        found, own = labels[rows], owner[labels[rows]]
        coefficients = np.zeros((len(names), features.shape[1] + 1), dtype=np.float32)

        def fit_within(intent: int) -> None:
            members, mine = np.flatnonzero(owner == intent), own == intent
            if len(members) > 1:
                coefficients[members] = logistic.fit(
                    features[mine],
                    found[mine] - members[0],
                    weights=(counts * within[found])[mine],
                    classes=len(members),
                )

        with ThreadPoolExecutor(os.cpu_count()) as pool:  # the largest one first, so that no core waits for it
            fitted = pool.submit(logistic.fit, features, own, weights=counts * among[own], classes=len(intents))
            list(pool.map(fit_within, range(len(intents))))
            of_intents = fitted.result()
        order = np.argsort(labels, kind="stable")
        arrays = {
            "aspects": names,
            "coefficients": of_intents,
            "within": coefficients,
            "kinds": np.array(known, dtype=str),
            "words": np.array(_frequent_words(texts), dtype=str),
            "anchors": vectors[order].astype(np.float16),
            "first_anchors": np.searchsorted(labels[order], np.arange(len(names))),
        }
        return cls(encoder, ngrams, arrays)

    def with_encoder(self, encoder: Encodes) -> IntentScorer:
        """The same scorer with another encoder: what training used may remember sentences, what serves must not."""
        return IntentScorer(encoder, self._ngrams, self._arrays)

    def score(self, texts: Sequence[str], kinds: Sequence[set[str]]) -> Scores:
        """The scores of sentences, with their misspelled words mended, and with what the frame of each has."""
        texts = [self._mend(text) for text in texts]
        vectors = self._encoder.encode(texts)
        features = _features(vectors, self._ngrams.transform(texts), kinds, self._kinds)
        among = _shares(features, self._coefficients, np.zeros(1, dtype=int))
        within = _shares(features, self._within, self._firsts)
        shares = among[:, self.owner] * within
        nearest = self._nearest(vectors, shares > NEGLIGIBLE * shares.max(axis=1, keepdims=True))
        odds = shares * nearest**NEARNESS_POWER
        together = np.add.reduceat(odds, self._firsts, axis=1)
        sure = together / odds.sum(axis=1, keepdims=True) * np.maximum.reduceat(nearest, self._firsts, axis=1)
        return Scores(sure, odds / together.clip(1e-30)[:, self.owner], vectors @ self._together.T)

    def _nearest(self, vectors: NDArray[Any], is_likely: NDArray[Any]) -> NDArray[Any]:
        """How near the nearest training sentence of each aspect is, both of shape (sentences, aspects).

        Only of likely aspects, which spares most of the time: the others' odds come to nothing either way.
        """
        nearest = np.full(is_likely.shape, FARTHEST, dtype=np.float32)
        for aspect in np.flatnonzero(is_likely.any(axis=0)):
            rows = np.flatnonzero(is_likely[:, aspect])
            anchors = self._anchors[self._starts[aspect] : self._starts[aspect + 1]]
            nearest[rows, aspect] = (anchors @ vectors[rows].T).max(axis=0)
        return nearest.clip(FARTHEST, 1.0)

    def mended(self, text: str) -> str:
        """A text with its misspelled words as the ones that were meant, as it is scored."""
        return self._mend(text)

    def save(self, file: Path) -> None:
        """Writes everything but the encoder as numpy arrays (no pickles)."""
        np.savez(file, **self._arrays, **self._ngrams.arrays())

    @classmethod
    def load(cls, file: Path, encoder: Encodes) -> IntentScorer:
        """The opposite of `save`."""
        with np.load(file, allow_pickle=False) as stored:
            arrays = dict(stored)
        return cls(encoder, NgramSpace.from_arrays(arrays), arrays)


def _frequent_words(texts: Sequence[str]) -> list[str]:
    """The words that several sentences have: rarer ones may be misspelled themselves."""
    found = Counter(word for text in texts for word in set(_WORD.findall(text.lower())))
    return sorted(word for word, count in found.items() if count >= FREQUENT)


def _features(
    vectors: NDArray[Any], ngrams: NDArray[Any], kinds: Sequence[set[str]], known: Mapping[str, int]
) -> NDArray[Any]:
    present = np.zeros((len(kinds), len(known)), dtype=np.float32)
    for row, found in enumerate(kinds):
        present[row, [known[kind] for kind in found if kind in known]] = KIND_WEIGHT
    return np.hstack([ENCODER_WEIGHT * vectors, NGRAM_WEIGHT * ngrams, present]).astype(np.float32)


def _shares(features: NDArray[Any], coefficients: NDArray[Any], firsts: NDArray[Any]) -> NDArray[Any]:
    """Probabilities of shape (sentences, classes), 1 in all within each group; `firsts` are where groups begin."""
    logits = features @ coefficients[:, :-1].T + coefficients[:, -1]
    sizes = np.diff(firsts, append=logits.shape[1])
    odds = np.exp(logits - np.repeat(np.maximum.reduceat(logits, firsts, axis=1), sizes, axis=1))
    shares: NDArray[Any] = odds / np.repeat(np.add.reduceat(odds, firsts, axis=1), sizes, axis=1)
    return shares


def _intents_of(aspects: Sequence[str]) -> tuple[list[str], NDArray[Any]]:
    """The intents in the order of their aspects, which are sorted, and for each aspect the number of its intent."""
    owners = [aspect.partition("/")[0] for aspect in aspects]
    intents = list(dict.fromkeys(owners))
    return intents, np.array([intents.index(owner) for owner in owners])


def _members(intents: Sequence[str], owner: NDArray[Any]) -> dict[str, NDArray[Any]]:
    """The numbers of each intent's aspects."""
    return {intent: np.flatnonzero(owner == number) for number, intent in enumerate(intents)}


def _weights(intents: Sequence[str], owner: NDArray[Any], sizes: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """What a sentence counts: for each intent among the intents, and for each aspect within its intent."""
    totals, numbers = np.bincount(owner, weights=sizes), np.bincount(owner)
    among: NDArray[Any] = (totals.mean() / totals) ** BALANCE * [BROAD.get(intent, 1.0) for intent in intents]
    within: NDArray[Any] = ((totals / numbers)[owner] / sizes) ** BALANCE
    return among, within
