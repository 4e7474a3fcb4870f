"""Character n-grams in few dimensions: they see through misspellings and rare abbreviations; the encoder does not."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lu, qr, svd
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

MAX_FEATURES = 12_000
DIMENSIONS = 384
SHAPING = 4
"""One sentence of so many gives the space its directions."""
ROUNDS, SPARE = 2, 10
"""Power iterations, and dimensions that are dropped at the end: both as scikit-learn's TruncatedSVD has them."""


class NgramSpace:
    """TF-IDF over character n-grams within words, reduced by a truncated SVD; vectors of length 1."""

    def __init__(self, vocabulary: dict[str, int], idf: NDArray[Any], components: NDArray[Any]) -> None:
        # Given as fitted, not as a fixed vocabulary: scikit-learn checks a fixed one anew at every call (milliseconds).
        self._vectorizer = _vectorizer()
        self._vectorizer.vocabulary_ = vocabulary
        self._vectorizer.idf_ = idf
        self._vocabulary, self._idf = vocabulary, idf
        self._components = np.ascontiguousarray(components, dtype=np.float32)

    @classmethod
    def fit(cls, texts: Sequence[str], *, shaping: int) -> tuple[NgramSpace, NDArray[Any]]:
        """The space of the training sentences, and their vectors in it: counting n-grams twice would take seconds.

        All of them count as n-grams. A part of the first `shaping` gives the space its directions: all of them, or
        noisy copies besides, would find the same in several times the time (docs/decisions/0001-understanding.md).
        A sentence belongs to that part by its words, so that a new one moves no other in or out.
        """
        vectorizer = _vectorizer()
        counts = vectorizer.fit_transform(texts).astype(np.float32)
        every = SHAPING if shaping > SHAPING * DIMENSIONS else 1
        some = counts[[row for row in range(shaping) if _number(texts[row]) % every == 0]]
        vocabulary = {ngram: int(index) for ngram, index in vectorizer.vocabulary_.items()}
        size = max(1, min(DIMENSIONS, some.shape[1] - 1, some.shape[0] - 1))
        ngrams = sorted(vocabulary, key=vocabulary.__getitem__)
        space = cls(vocabulary, vectorizer.idf_, _directions(some, ngrams, size).T)
        return space, space._reduced(counts)

    def transform(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of shape (len(texts), dimensions)."""
        return self._reduced(self._vectorizer.transform(texts))

    def _reduced(self, counts: csr_matrix) -> NDArray[np.float32]:
        # One precision on both sides, or scipy copies the whole table into the larger one at every call.
        return np.asarray(normalize(counts.astype(np.float32) @ self._components))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What has to be kept on disk; half precision is enough for directions."""
        ngrams = sorted(self._vocabulary, key=self._vocabulary.__getitem__)
        return {"ngrams": np.array(ngrams), "idf": self._idf, "components": self._components.astype(np.float16)}

    @classmethod
    def from_arrays(cls, arrays: dict[str, NDArray[Any]]) -> NgramSpace:
        """The opposite of `arrays`."""
        vocabulary = {str(ngram): index for index, ngram in enumerate(arrays["ngrams"])}
        return cls(vocabulary, arrays["idf"], arrays["components"])


def _directions(counts: csr_matrix, ngrams: Sequence[str], size: int) -> NDArray[Any]:
    """The first right singular vectors, of shape (size, n-grams), near enough after a few power iterations.

    A randomized SVD (Halko, Martinsson, Tropp 2011), in which each n-gram has its own start, the same in every
    training. scikit-learn's draws all starts in one row, so one new n-gram shifts those of all that follow: a new
    question then flipped 128 of 4,100 held-out sentences that have nothing to do with it, and flips 30 this way.
    """
    basis = np.stack([np.random.default_rng(_number(ngram)).standard_normal(size + SPARE) for ngram in ngrams])
    basis = basis.astype(np.float32)
    for _ in range(ROUNDS):
        for matrix in (counts, counts.T):
            basis, _ = lu(matrix @ basis, permute_l=True)
    basis, _ = qr(counts @ basis, mode="economic")
    directions: NDArray[Any] = svd((counts.T @ basis).T, full_matrices=False)[2]
    return directions[:size]


def _number(text: str) -> int:
    """Always the same for a text."""
    return zlib.crc32(text.encode())


def _vectorizer() -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer="char_wb",
        ngram_range=(2, 4),
        max_features=MAX_FEATURES,
        sublinear_tf=True,
        dtype=np.float32,
    )
