"""Multinomial logistic regression in single precision, as scikit-learn's with C = 1.

scikit-learn 1.1, which Rasa pins, computes in double precision and takes several times as long for the same
coefficients (docs/decisions/0001-understanding.md). Pure numbers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

MOST_STEPS = 50  # a hundred take half as long again and understand no more held-out sentences
TOLERANCE = 1e-5  # of the loss, relative
REMEMBERED = 6  # steps that L-BFGS looks back


def fit(features: NDArray[Any], labels: NDArray[Any], *, weights: NDArray[Any], classes: int) -> NDArray[np.float32]:
    """One row of coefficients per class, the intercept last.

    `features` has shape (sentences, dimensions); `labels` count from 0 to `classes` - 1; `weights` are what each
    sentence counts. The intercept is free, the other coefficients are drawn to zero (a half of their squares).
    """
    inputs = np.hstack([features, np.ones((len(features), 1))]).astype(np.float32)
    counts, rows = weights.astype(np.float32), np.arange(len(labels))
    penalized = np.ones(inputs.shape[1], dtype=np.float32)
    penalized[-1] = 0.0

    def loss(flat: NDArray[Any]) -> tuple[float, NDArray[Any]]:
        coefficients = flat.reshape(classes, -1).astype(np.float32)
        shares = inputs @ coefficients.T
        shares -= shares.max(axis=1, keepdims=True)
        np.exp(shares, out=shares)
        shares /= shares.sum(axis=1, keepdims=True)
        missed = -np.log(shares[rows, labels].clip(1e-12)) * counts
        drawn = coefficients * penalized
        shares[rows, labels] -= 1.0
        shares *= counts[:, None]
        slope = shares.T @ inputs + drawn
        return float(missed.sum() + 0.5 * (drawn * drawn).sum()), slope.ravel().astype(np.float64)

    found = minimize(
        loss,
        np.zeros(classes * inputs.shape[1]),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": MOST_STEPS, "ftol": TOLERANCE, "maxcor": REMEMBERED},
    )
    coefficients: NDArray[np.float32] = found.x.reshape(classes, -1).astype(np.float32)
    return coefficients
