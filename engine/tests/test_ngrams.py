"""The n-gram space: one new sentence leaves the others where they are."""

from __future__ import annotations

import numpy as np
import pytest
from rasa.shared.nlu.training_data.loading import load_data
from rotation_engine import ngrams
from rotation_engine.ngrams import NgramSpace
from rotation_engine.places import DATA


@pytest.fixture(scope="module")
def sentences() -> list[str]:
    return [example.get("text") for example in load_data(str(DATA / "nlu.yml")).intent_examples[::8]]


def alike(space: NgramSpace, sentences: list[str]) -> np.ndarray:
    """How near each is to each: a space may be turned, and this stays."""
    vectors = space.transform(sentences[:300])
    return vectors @ vectors.T


def test_a_new_sentence_leaves_the_others_where_they_are(sentences: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ngrams, "DIMENSIONS", 64)
    before, _ = NgramSpace.fit(sentences, shaping=len(sentences))
    # Its n-grams come first in the alphabet, and it stands in front: neither order nor place may matter.
    new = ["1234 aardvarks abode", *sentences]
    after, _ = NgramSpace.fit(new, shaping=len(new))
    moved = np.abs(alike(before, sentences) - alike(after, sentences))
    assert moved.mean() < 0.01
