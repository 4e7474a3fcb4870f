"""Sixty real-looking chats: what many people ask for comes out as one group, under a name that says what it is."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from bot.review.discovery.grouping import equals, groups, names, places
from bot.review.discovery.vectors import encode
from bot.settings import ROOT, Settings
from tests.chats import ALL, CLOTHES, DOGS


@pytest.fixture(scope="module")
def vectors() -> np.ndarray:
    found = encode(Settings(var=ROOT / "var"), ALL)  # type: ignore[call-arg]
    return np.frombuffer(b"".join(found), "<f2").reshape(len(ALL), -1).astype(np.float32)


@pytest.mark.parametrize(("topic", "word"), [(DOGS, "dog"), (CLOTHES, "wear")])
def test_what_many_ask_becomes_one_group_with_a_telling_name(
    vectors: np.ndarray, topic: tuple[str, ...], word: str
) -> None:
    labels = groups(vectors)
    mine = [label for label, text in zip(labels, ALL, strict=True) if text in topic]
    main = max(mine, key=mine.count)
    recall, purity = mine.count(main) / len(topic), mine.count(main) / labels.count(main)
    assert recall >= 0.85
    assert purity >= 0.9
    assert word in names(ALL, labels)[main]


def test_what_has_nothing_in_common_stays_apart(vectors: np.ndarray) -> None:
    labels = groups(vectors)
    noise = [label for label, text in zip(labels, ALL, strict=True) if text not in DOGS + CLOTHES]
    assert max(noise.count(label) for label in noise) <= 4


def test_the_map_is_the_same_each_time_and_keeps_a_topic_together(vectors: np.ndarray) -> None:
    first = np.array(places(vectors))
    assert (first == np.array(places(vectors))).all()
    assert first.min() >= 0
    assert first.max() <= 1
    topic = first[: len(DOGS)]
    assert topic.std(axis=0).max() < first.std(axis=0).min()


def test_the_same_words_in_another_spelling_are_one_sentence(vectors: np.ndarray) -> None:
    texts = ["do i need a car during the rotation", "Do I need a car during the rotation??", "is there parking"]
    found = encode(Settings(var=ROOT / "var"), texts)  # type: ignore[call-arg]
    labels = equals(np.frombuffer(b"".join(found), "<f2").reshape(3, -1).astype(np.float32))
    assert labels[0] == labels[1] != labels[2]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 11])
def test_few_messages_are_no_problem(vectors: np.ndarray, count: int) -> None:
    assert len(groups(vectors[:count])) == len(places(vectors[:count])) == count


def test_the_application_loads_neither_scikit_learn_nor_matplotlib() -> None:
    probe = "import sys, bot.app; sys.exit(bool({'sklearn', 'matplotlib'} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", probe], cwd=ROOT, env=os.environ, check=False).returncode == 0
