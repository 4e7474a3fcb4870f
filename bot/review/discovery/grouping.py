"""The arithmetic of discovery: groups of like sentences, words that tell them apart, and places on a map.

scikit-learn is imported here and nowhere else; only `bot review discover` imports this module, in a process of its
own, so that the application never carries it. Vectors are arrays of shape (n, 384) with rows of length 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.cluster import AgglomerativeClustering
from sklearn.decomposition import PCA
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, CountVectorizer
from sklearn.manifold import TSNE
from threadpoolctl import threadpool_limits

Vectors = np.ndarray[Any, np.dtype[np.float32]]
# Measured by hiding FAQ topics among other messages, 30 draws: average linkage at 0.75 found more of them with
# purer groups (F1 0.56, purity 0.81) than HDBSCAN in any setting (0.47, 0.79); higher only adds groups of noise.
FARTHEST = 0.75
SAME_SENTENCE = 0.94
NAMING_WORDS = 3
FEWEST_FOR_TSNE = 12
PERPLEXITY = 20.0
SEED = 7
_TALK = frozenset(
    {"hi", "hello", "hey", "pls", "please", "plz", "thanks", "ok", "okay", "im", "dont", "doesnt", "wanna"}
)


def groups(vectors: Vectors) -> list[int]:
    """A label per row: sentences share one when they are alike on average (cosine distance at most FARTHEST).

    Memory grows with the square of the rows: 4,000 take 0.4 GB.
    """
    if len(vectors) < 2:
        return [0] * len(vectors)
    return _linked(vectors, FARTHEST)


def equals(vectors: Vectors) -> list[int]:
    """A label per row: rows that say nearly the same words share one."""
    return _linked(vectors, 1 - SAME_SENTENCE) if len(vectors) > 1 else [0] * len(vectors)


def _linked(vectors: Vectors, farthest: float) -> list[int]:
    distances = np.clip(1 - vectors @ vectors.T, 0, 2)
    tree = AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=farthest
    )
    return [int(label) for label in tree.fit_predict(distances)]


def center(vectors: Vectors) -> Vectors:
    """The mean direction, of length 1."""
    mean = vectors.mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), dtype=np.float32)


def names(texts: Sequence[str], labels: Sequence[int]) -> dict[int, str]:
    """Per label the words that are frequent in it and rare elsewhere (class-based TF-IDF), such as "car, bus, drive".

    A label without a telling word is missing.
    """
    counter = CountVectorizer(stop_words=list(ENGLISH_STOP_WORDS | _TALK), token_pattern=r"(?u)\b[^\W\d_]{2,}\b")
    try:
        counts = counter.fit_transform(texts)
    except ValueError:  # no word left at all
        return {}
    words, found = counter.get_feature_names_out(), {}
    total = np.asarray(counts.sum(axis=0)).ravel()
    mean_words = counts.sum() / max(len(set(labels)), 1)
    for label in set(labels):
        # A word that one person repeats counts once, so presence is summed, not frequency.
        here = np.asarray((counts[np.array(labels) == label] > 0).sum(axis=0)).ravel()
        scores = here * np.log1p(mean_words / np.maximum(total, 1))
        best = [str(words[index]) for index in np.argsort(-scores, kind="stable") if scores[index] > 0]
        if distinct := _distinct(best):
            found[label] = ", ".join(distinct[:NAMING_WORDS])
    return found


def _distinct(words: list[str]) -> list[str]:
    """Without the second of two forms of one word (rotation, rotations)."""
    kept: list[str] = []
    for word in words:
        if not any(word.startswith(other) or other.startswith(word) for other in kept):
            kept.append(word)
    return kept


def places(vectors: Vectors) -> list[tuple[float, float]]:
    """Each row's place on the map, both coordinates from 0 to 1; the same rows give the same map."""
    if len(vectors) < 3:
        return [(0.5, (row + 0.5) / len(vectors)) for row in range(len(vectors))]
    if len(vectors) < FEWEST_FOR_TSNE:
        flat = PCA(2, random_state=SEED).fit_transform(vectors)
    else:
        perplexity = min(PERPLEXITY, (len(vectors) - 1) / 3)
        with threadpool_limits(1):  # threads that wait for each other made it thirty times slower on a busy machine
            flat = TSNE(2, metric="cosine", init="pca", perplexity=perplexity, random_state=SEED).fit_transform(vectors)
    low, high = flat.min(axis=0), flat.max(axis=0)
    scaled = (flat - low) / np.maximum(high - low, 1e-9)
    return [(round(float(x), 4), round(float(y), 4)) for x, y in scaled]
