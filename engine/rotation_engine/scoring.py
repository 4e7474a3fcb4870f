"""Which intent a sentence has, and how sure that is. Pure numbers: no Rasa here.

A sentence becomes [3 x encoder vector, 2 x n-gram vector, kinds of entities in it]; a multinomial logistic regression
gives probabilities (a factor on unit vectors equals a larger C: without it nearly every good sentence stays below any
threshold). Each probability is then weighed by how near the nearest training sentence of that intent is, and the score
is the weighed probability x that cosine, which is what tells strange sentences from known ones. The numbers below are
measured (docs/decisions/0001-understanding.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from rotation_engine.ngrams import NgramSpace
from rotation_engine.noise import noisy_copies

KINDS = (
    "institution",
    "specialty",
    "state",
    "city",
    "region",
    "rotation_type",
    "exam",
    "career_stage",
    "graduation_year",
    "visa_status",
    "route",
)
ENCODER_WEIGHT = 3.0
NGRAM_WEIGHT = 2.0
KIND_WEIGHT = 1.0
COPY_WEIGHT = 0.3  # what a noisy copy counts beside its original
NEARNESS_POWER = 4
BALANCE = 0.75  # 1 gives every intent the same weight whatever its size, 0 every sentence
BROAD = {"out_of_scope": 4.0}  # what is refused is as broad as the world, so its sentences count more


class Encodes(Protocol):
    """Turns sentences into unit vectors, one row each."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]: ...


class IntentScorer:
    """Scores sentences against the intents it was fitted on."""

    def __init__(self, encoder: Encodes, ngrams: NgramSpace, arrays: dict[str, NDArray[Any]]) -> None:
        self._encoder, self._ngrams, self._arrays = encoder, ngrams, arrays
        self.intents: list[str] = [str(name) for name in arrays["intents"]]
        self._coefficients = arrays["coefficients"].astype(np.float32)
        self._anchors = arrays["anchors"].astype(np.float32)
        self._first_anchors = arrays["first_anchors"]

    @classmethod
    def fit(
        cls, encoder: Encodes, texts: Sequence[str], *, intents: Sequence[str], kinds: Sequence[set[str]]
    ) -> IntentScorer:
        """Learns from sentences, their intents and the kinds of entities found in each (all of one length)."""
        names, labels = np.unique(np.array(intents), return_inverse=True)
        copies = [(copy, row) for row, text in enumerate(texts) for copy in noisy_copies(text)]
        all_texts = [*texts, *(copy for copy, _ in copies)]
        rows = np.array([*range(len(texts)), *(row for _, row in copies)])
        ngrams, grams = NgramSpace.fit(all_texts)
        vectors = encoder.encode(all_texts)
        features = _features(vectors, grams, [kinds[row] for row in rows])
        counts = np.where(np.arange(len(rows)) < len(texts), 1.0, COPY_WEIGHT)
        sizes = np.bincount(labels)
        weights = (sizes.mean() / sizes) ** BALANCE * [BROAD.get(str(name), 1.0) for name in names]
        counts = counts * weights[labels[rows]]
        model = LogisticRegression(max_iter=200, tol=1e-3)
        model.fit(features, labels[rows], sample_weight=counts)
        order = np.argsort(labels, kind="stable")
        arrays = {
            "intents": names,
            "coefficients": _coefficients(model),
            "anchors": vectors[order].astype(np.float16),
            "first_anchors": np.searchsorted(labels[order], np.arange(len(names))),
        }
        return cls(encoder, ngrams, arrays)

    def with_encoder(self, encoder: Encodes) -> IntentScorer:
        """The same scorer with another encoder: what training used may remember sentences, what serves must not."""
        return IntentScorer(encoder, self._ngrams, self._arrays)

    def score(self, texts: Sequence[str], kinds: Sequence[set[str]]) -> NDArray[Any]:
        """Scores of shape (len(texts), len(self.intents)), each 0 to 1."""
        vectors = self._encoder.encode(texts)
        features = _features(vectors, self._ngrams.transform(texts), kinds)
        logits = features @ self._coefficients[:, :-1].T + self._coefficients[:, -1]
        nearest = np.maximum.reduceat(vectors @ self._anchors.T, self._first_anchors, axis=1).clip(1e-3, 1.0)
        odds = np.exp(logits - logits.max(axis=1, keepdims=True)) * nearest**NEARNESS_POWER
        scores: NDArray[Any] = odds / odds.sum(axis=1, keepdims=True) * nearest
        return scores

    def save(self, file: Path) -> None:
        """Writes everything but the encoder as numpy arrays (no pickles)."""
        np.savez(file, **self._arrays, **self._ngrams.arrays())

    @classmethod
    def load(cls, file: Path, encoder: Encodes) -> IntentScorer:
        """The opposite of `save`."""
        with np.load(file, allow_pickle=False) as stored:
            arrays = dict(stored)
        return cls(encoder, NgramSpace.from_arrays(arrays), arrays)


def _features(vectors: NDArray[Any], ngrams: NDArray[Any], kinds: Sequence[set[str]]) -> NDArray[Any]:
    present = np.array([[kind in found for kind in KINDS] for found in kinds], dtype=np.float32)
    return np.hstack([ENCODER_WEIGHT * vectors, NGRAM_WEIGHT * ngrams, KIND_WEIGHT * present]).astype(np.float32)


def _coefficients(model: LogisticRegression) -> NDArray[Any]:
    """One row per intent, the intercept last; scikit-learn keeps a single row for two classes."""
    rows = np.hstack([model.coef_, model.intercept_[:, None]]).astype(np.float32)
    return np.vstack([-rows, rows]) / 2 if len(rows) == 1 else rows
