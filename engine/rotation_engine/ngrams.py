"""Character n-grams in few dimensions: they see through misspellings and rare abbreviations; the encoder does not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

MAX_FEATURES = 12_000
DIMENSIONS = 384
SHAPING = 4
"""One sentence of so many gives the space its directions."""


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
        """
        vectorizer = _vectorizer()
        counts = vectorizer.fit_transform(texts)
        some = counts[: shaping : SHAPING if shaping > SHAPING * DIMENSIONS else 1]
        size = max(1, min(DIMENSIONS, some.shape[1] - 1, some.shape[0] - 1))
        svd = TruncatedSVD(size, n_iter=2, random_state=0).fit(some)
        vocabulary = {ngram: int(index) for ngram, index in vectorizer.vocabulary_.items()}
        space = cls(vocabulary, vectorizer.idf_, svd.components_.T)
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


def _vectorizer() -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer="char_wb",
        ngram_range=(2, 4),
        max_features=MAX_FEATURES,
        sublinear_tf=True,
        dtype=np.float32,
    )
