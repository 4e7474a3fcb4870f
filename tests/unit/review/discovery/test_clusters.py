"""Groups keep their identity between runs, people count once, and some sentences stay unseen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.review.discovery.clusters import Trend, once_per_person, same_groups, split, topic_name, trend

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({1: {1, 2, 3}}, [{1, 2, 3, 4, 5, 6, 7}], [1]),  # it grew
        ({1: {1, 2, 3, 4, 5, 6}}, [{1, 2, 3}], [1]),  # it shrank
        ({1: {1, 2, 3, 4}}, [{4, 5, 6}], [None]),  # one in common is chance
        ({1: {1, 2, 3, 4, 5}}, [{1, 2}, {3, 4, 5}], [None, 1]),  # it fell apart: the larger part keeps the name
        ({1: {1, 2}, 2: {3, 4, 5}}, [{1, 2, 3, 4, 5}], [2]),  # two became one: the larger one's name
        ({}, [{1, 2}], [None]),
        ({7: set()}, [{1}], [None]),
    ],
)
def test_a_group_that_stays_keeps_its_id(
    old: dict[int, set[int]], new: list[set[int]], expected: list[int | None]
) -> None:
    assert same_groups(old, new) == expected


def test_one_person_makes_no_trend() -> None:
    spammer = [("web:spam", NOW - timedelta(hours=hour)) for hour in range(20)]
    others = [
        ("web:a", NOW - timedelta(days=1)),
        ("web:b", NOW - timedelta(days=8)),
        ("web:c", NOW - timedelta(days=15)),
    ]
    assert trend(spammer + others, NOW) == Trend(this_week=2, last_week=1)


def test_a_week_ends_after_exactly_seven_days() -> None:
    edge = [("a", NOW - timedelta(days=7)), ("b", NOW - timedelta(days=7) + timedelta(seconds=1))]
    assert trend(edge, NOW) == Trend(this_week=1, last_week=1)


def test_the_split_holds_out_every_fourth_sentence_and_loses_none() -> None:
    words = ("visa", "bus", "license", "parking", "subway", "bike", "taxi", "walk", "garage", "permit", "rent", "drive")
    sentences = [f"{word} " * 3 for word in words]
    learned, held_out = split(sentences)
    assert held_out == [sentences[3], sentences[7], sentences[11]]
    assert sorted(learned + held_out) == sorted(sentences)


def test_what_is_nearly_learned_is_not_held_out_and_the_same_words_count_once() -> None:
    sentences = ["do i need a car", "where is the bus", "can i walk there", "do i need a car?", "do i need a car now"]
    learned, held_out = split(sentences)
    assert held_out == []
    assert learned == ["do i need a car", "where is the bus", "can i walk there", "do i need a car now"]


def test_three_sentences_are_all_learned() -> None:
    assert split(["a", "b", "c"]) == (["a", "b", "c"], [])


def test_the_same_sentence_of_the_same_person_counts_once() -> None:
    assert once_per_person([("a", 1), ("a", 1), ("b", 1), ("a", 2), ("a", 1)]) == [0, 2, 3]


@pytest.mark.parametrize(
    ("words", "expected"),
    [("car, drive, parking", "car_drive"), ("What to wear?", "what_to"), ("", ""), ("42", "")],
)
def test_a_topic_is_named_after_the_first_words_of_its_group(words: str, expected: str) -> None:
    assert topic_name(words) == expected
