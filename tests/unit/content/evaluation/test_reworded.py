"""Other words of an answer break exactly the dialogues that say them."""

from __future__ import annotations

from bot.content.evaluation.reworded import Reworded, broken, likely

DIALOGUES = {
    "Its own question": [
        {"user": "hello", "says": ["four weeks"]},
        {"user": "how long", "says": ["four weeks", "month"], "buttons": ["/faq_cost"]},
        {"user": "and for graduates", "not": ["six weeks"]},
    ],
    "Another topic": [{"user": "price", "says": ["four weeks"]}],
    "Words that stay": [{"user": "how long", "says": ["month"]}],
}
ASKED = {"hello": ("greet",), "how long": ("faq_duration", "faq_duration/usual"), "price": ("faq_cost",)}


def edit(asks: str = "faq_duration/usual", after: str = "A month.", **buttons: tuple[str, ...]) -> Reworded:
    return Reworded(asks, "Four weeks, a month.", after, **buttons)


def test_a_turn_that_asks_for_the_answer_and_expects_lost_words_is_named() -> None:
    ((title, found),) = broken(DIALOGUES, edit(), ASKED)
    assert (title, found.turn, found.user) == ("Its own question", 1, "how long")
    assert (found.gone, found.said) == (("four weeks",), "A month.")


def test_every_broken_turn_of_a_dialogue_is_named_at_once() -> None:
    made = Reworded("faq_duration", "Four weeks, a month.", "Six weeks.")
    assert [(found.turn, found.gone) for _, found in broken(DIALOGUES, made, ASKED)] == [
        (1, ("four weeks", "month")),
        (2, ("six weeks",)),
        (0, ("month",)),
    ]


def test_words_that_should_not_come_and_lost_buttons_count_and_a_follow_up_belongs_to_its_question() -> None:
    made = edit("faq_duration", "Four weeks, six weeks, a month.")
    assert [found.gone for _, found in broken(DIALOGUES, made, ASKED)] == [("six weeks",)]
    made = edit(after="Four weeks, a month.", buttons_before=("/faq_cost",))
    assert [found.gone for _, found in broken(DIALOGUES, made, ASKED)] == [("/faq_cost",)]


def test_another_aspect_of_the_topic_is_none_of_its_business_and_words_outside_of_topics_are_everybodys() -> None:
    assert broken(DIALOGUES, edit("faq_duration/shortest"), ASKED) == []
    assert {title for title, _ in broken(DIALOGUES, edit("only_english"), ASKED)} == {
        "Its own question",
        "Another topic",
    }


def test_only_dialogues_that_could_break_have_to_be_understood() -> None:
    assert likely(DIALOGUES, edit()) == ["hello", "how long", "and for graduates", "price"]
    assert likely(DIALOGUES, edit(after="Four weeks: a month.")) == []
