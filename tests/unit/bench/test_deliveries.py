"""A chat is held against the outbox: what is missing, what came again, what came in another order."""

from __future__ import annotations

import pytest

from bench.deliveries import compare, opening


@pytest.mark.parametrize(
    ("seen", "wrong"),
    [
        ("abac", {}),
        ("axbxac", {}),
        ("aba", {"lost": 1}),
        ("", {"lost": 4}),
        ("aabac", {"sent again": 1}),
        ("abaca", {"out of order": 1}),
        ("bac", {"lost": 3, "out of order": 1}),
    ],
)
def test_what_a_chat_shows_is_counted_against_what_it_should_show(seen: str, wrong: dict[str, int]) -> None:
    assert dict(+compare("abac", seen)) == wrong


def test_an_answer_opens_with_the_same_letters_in_markdown_and_in_telegram() -> None:
    assert opening("⏰ **Reminder:** thing 3") == opening("⏰ Reminder: thing 3")
