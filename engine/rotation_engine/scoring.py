"""Which intent a sentence has, and how sure that is. Pure numbers: no Rasa here.

A sentence becomes [5 x encoder vector, n-gram vector, kinds of entities in it]; a multinomial logistic regression
gives probabilities (the factor 5 equals C = 25 on unit vectors: with C = 1 nearly every good sentence stays below any
threshold). The score is probability x cosine to the nearest training sentence of that intent, which is what tells
strange sentences from known ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from rotation_engine.encoder import Encoder
from rotation_engine.ngrams import NgramSpace
from rotation_engine.noise import noisy_copies

KINDS = ("institution", "specialty", "state", "city", "region", "rotation_type", "exam", "career_stage",
         "graduation_year", "visa_status", "route")  # fmt: skip
ENCODER_WEIGHT = 5.0
NGRAM_WEIGHT = 2.0
KIND_WEIGHT = 1.0


class IntentScorer:
    """Scores sentences against the intents it was fitted on."""

    def __init__(self, encoder: Encoder, ngrams: NgramSpace, arrays: dict[str, np.ndarray]) -> None:
        self._encoder, self._ngrams, self._arrays = encoder, ngrams, arrays
        self.intents: list[str] = [str(name) for name in arrays["intents"]]
        self._coefficients = arrays["coefficients"].astype(np.float32)
        self._anchors = arrays["anchors"].astype(np.float32)
        self._first_anchors = arrays["first_anchors"]

    @classmethod
    def fit(
        cls, encoder: Encoder, texts: Sequence[str], *, intents: Sequence[str], kinds: Sequence[set[str]]
    ) -> IntentScorer:
        """Learns from sentences, their intents and the kinds of entities found in each (all of one length)."""
        names, labels = np.unique(np.array(intents), return_inverse=True)
        order = np.argsort(labels, kind="stable")
        clean = encoder.encode(texts)
        copies = [(copy, row) for row, text in enumerate(texts) for copy in noisy_copies(text)]
        all_texts = [*texts, *(copy for copy, _ in copies)]
        rows = np.array([*range(len(texts)), *(row for _, row in copies)])
        ngrams = NgramSpace.fit(all_texts)
        vectors = np.vstack([clean, encoder.encode([copy for copy, _ in copies])])
        features = _features(vectors, ngrams.transform(all_texts), [kinds[row] for row in rows])
        model = LogisticRegression(C=1.0, max_iter=200, tol=1e-3).fit(features, labels[rows])
        coefficients = np.hstack([model.coef_, model.intercept_[:, None]])
        if len(names) == 2:  # scikit-learn keeps one row for two classes
            coefficients = np.vstack([-coefficients, coefficients])
        arrays = {
            "intents": names,
            "coefficients": coefficients.astype(np.float32),
            "anchors": clean[order].astype(np.float16),
            "first_anchors": np.searchsorted(labels[order], np.arange(len(names))),
        }
        return cls(encoder, ngrams, arrays)

    def score(self, texts: Sequence[str], kinds: Sequence[set[str]]) -> np.ndarray:
        """Scores of shape (len(texts), len(self.intents)), each 0 to 1."""
        vectors = self._encoder.encode(texts)
        features = _features(vectors, self._ngrams.transform(texts), kinds)
        logits = features @ self._coefficients[:, :-1].T + self._coefficients[:, -1]
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        nearest = np.maximum.reduceat(vectors @ self._anchors.T, self._first_anchors, axis=1)
        return odds / odds.sum(axis=1, keepdims=True) * np.clip(nearest, 0.0, 1.0)

    def save(self, file: Path) -> None:
        """Writes everything but the encoder as numpy arrays (no pickles)."""
        np.savez(file, **self._arrays, **self._ngrams.arrays())

    @classmethod
    def load(cls, file: Path, encoder: Encoder) -> IntentScorer:
        """The opposite of `save`."""
        with np.load(file, allow_pickle=False) as stored:
            arrays = dict(stored)
        return cls(encoder, NgramSpace.from_arrays(arrays), arrays)


def _features(vectors: np.ndarray, ngrams: np.ndarray, kinds: Sequence[set[str]]) -> np.ndarray:
    present = np.array([[kind in found for kind in KINDS] for found in kinds], dtype=np.float32)
    return np.hstack([ENCODER_WEIGHT * vectors, NGRAM_WEIGHT * ngrams, KIND_WEIGHT * present]).astype(np.float32)
