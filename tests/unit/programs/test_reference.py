"""Which questions are about the programs on the screen, and which are about rotations in general."""

from __future__ import annotations

import pytest

from bot.programs.reference import points_at_shown, selection
from tests.unit.extractor import message

YALE = ({"value": "yale", "terms": ["Yale"]},)


@pytest.mark.parametrize(
    "text",
    [
        "is it hands on",
        "how much is it",
        "how much does it cost?",
        "do they need step 1",
        "how do i apply there",
        "does this program give letters",
        "when is their deadline",
        "the fee?",
        "toefl needed",
        "how long does it last",
        "does the first one need TOEFL",
    ],
)
def test_a_question_about_the_program_shown(text: str) -> None:
    assert points_at_shown(message(text, "faq_cost"), 2, is_one=True)


@pytest.mark.parametrize(
    "text",
    [
        "how much do rotations cost",
        "is it possible to get a visa in two weeks",
        "do most hospitals need step 1",
        "how long does it take to get a visa",
        "what is it like to live there",
        "what does a rotation cost in the United States",
        "is there a fee for the visa",
        "how many letters do I need",
        "do observerships need step 1",
        "is it okay to apply without toefl",
        "when should I apply for the 2028 match",
    ],
)
def test_a_question_about_rotations_in_general(text: str) -> None:
    assert not points_at_shown(message(text, "faq_cost"), 2, is_one=True)


def test_another_name_is_another_question() -> None:
    assert not points_at_shown(message("do they need step 1 at Yale", names=YALE), 1, is_one=True)
    assert not points_at_shown(message("is it cheaper in Texas"), 1, is_one=True)


def test_of_a_list_only_words_for_several_speak_or_a_place_in_it() -> None:
    assert points_at_shown(message("which of them gives a letter"), 5, is_one=False)
    assert points_at_shown(message("do these need toefl"), 5, is_one=False)
    assert points_at_shown(message("how much is the third"), 5, is_one=False)
    assert not points_at_shown(message("how much is it"), 5, is_one=False)
    assert not points_at_shown(message("visa?"), 5, is_one=False)


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("the second one", (2,)),
        ("tell me about #3", (3,)),
        ("compare the first two", (1, 2)),
        ("1 and 4", (1, 4)),
        ("2, 3", (2, 3)),
        ("the last one", (5,)),
        ("number 5 please", (5,)),
        ("both", (1, 2)),
        ("does the third need toefl", (3,)),
        ("third party", ()),
        ("5th of 6 years", ()),
        ("7", ()),
        ("step 1", ()),
        ("the first week of June", ()),
        ("4 weeks", ()),
    ],
)
def test_results_are_pointed_at(text: str, chosen: tuple[int, ...]) -> None:
    assert selection(message(text).frame, 5) == chosen
