"""The regression finds what scikit-learn's finds, in a fraction of the time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from rotation_engine import logistic
from sklearn.linear_model import LogisticRegression


def data(classes: int) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Sixty overlapping points of unlike weight for each class."""
    chance = np.random.default_rng(0)
    labels = np.repeat(np.arange(classes), 60)
    centers = chance.normal(size=(classes, 8))
    features = centers[labels] + chance.normal(size=(len(labels), 8))
    return features.astype(np.float32), labels, chance.uniform(0.2, 2.0, len(labels))


def probabilities(coefficients: NDArray[Any], features: NDArray[Any]) -> NDArray[Any]:
    odds = np.exp(features @ coefficients[:, :-1].T + coefficients[:, -1])
    shares: NDArray[Any] = odds / odds.sum(axis=1, keepdims=True)
    return shares


@pytest.mark.parametrize("classes", [2, 3, 6])
def test_it_finds_what_scikit_learn_finds(classes: int) -> None:
    features, labels, weights = data(classes)
    theirs = LogisticRegression(C=1.0, multi_class="multinomial", max_iter=1000, tol=1e-8)
    theirs.fit(features, labels, sample_weight=weights)
    ours = probabilities(logistic.fit(features, labels, weights=weights, classes=classes), features)
    np.testing.assert_allclose(ours, theirs.predict_proba(features), atol=0.01)


def test_the_intercept_is_free_and_stands_last() -> None:
    features, labels = np.zeros((100, 3), dtype=np.float32), np.array([0] * 90 + [1] * 10)
    found = logistic.fit(features, labels, weights=np.ones(100), classes=2)
    assert found.shape == (2, 4)
    np.testing.assert_allclose(probabilities(found, features[:1])[0], [0.9, 0.1], atol=1e-3)
    np.testing.assert_array_equal(found[:, :-1], 0)


def test_a_sentence_of_weight_two_counts_as_two() -> None:
    features, labels, _ = data(3)
    once = np.ones(len(labels))
    doubled = logistic.fit(features, labels, weights=once * np.where(labels == 1, 2, 1), classes=3)
    extra = labels == 1
    repeated = logistic.fit(
        np.vstack([features, features[extra]]),
        np.concatenate([labels, labels[extra]]),
        weights=np.ones(len(labels) + extra.sum()),
        classes=3,
    )
    np.testing.assert_allclose(probabilities(doubled, features), probabilities(repeated, features), atol=0.01)


def test_the_same_sentences_give_the_same_coefficients() -> None:
    features, labels, weights = data(4)
    first, second = (logistic.fit(features, labels, weights=weights, classes=4) for _ in range(2))
    np.testing.assert_array_equal(first, second)
