"""An edit is tried on the content before anybody proposes it: what does not fit is said in plain words."""

import pytest

from bot.content.change import EditAnswer
from bot.content.edit import workspace
from bot.content.edit.answers import EditableAnswer, EditableVariant

DEPOSIT, COST, LINE = "utter_faq_cost/deposit", "utter_faq_cost", "utter_cost_line"
OVERVIEW, ASPECT = (
    EditableAnswer(key, "data/responses/faq.yml", (EditableVariant("", "old"),)) for key in (COST, DEPOSIT)
)
OTHER = EditableAnswer("utter_greet", "data/responses/talk.yml", (EditableVariant("", "old"),))


@pytest.mark.parametrize(
    ("key", "variant", "text"),
    [
        (DEPOSIT, "", "Some ask for a deposit: {amo_down_payment_usd} at AMO, {faq_rotation_weeks} weeks ahead."),
        (COST, "career_stage=student", "I know no usual sum."),
    ],
)
def test_an_answer_may_keep_change_or_drop_the_facts_that_it_names(key: str, variant: str, text: str) -> None:
    assert workspace.problems((), EditAnswer(key, variant, text)) == []


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        (
            DEPOSIT,
            "It costs {price}, or $350.",
            [
                f"{DEPOSIT} names the fact price, which data/facts.csv has not",
                f"{DEPOSIT} says 350; name the fact that holds it by its key in braces",
            ],
        ),
        (
            LINE,
            "{amount} in {faq_rotation_weeks} weeks",
            ["The bot cannot fill in {faq_rotation_weeks}.", "{label} is missing; the bot fills it in."],
        ),
        ("utter_nothing", "Hello.", ["There is no such answer any more."]),
    ],
)
def test_what_an_edit_cannot_say_is_a_problem(key: str, text: str, said: list[str]) -> None:
    assert workspace.problems((), EditAnswer(key, "", text)) == said


@pytest.mark.parametrize(
    ("answer", "words", "said"),
    [
        (ASPECT, 14, "An answer of an aspect has 15 to 40 words; this one has 14."),
        (ASPECT, 15, ""),
        (ASPECT, 40, ""),
        (ASPECT, 41, "An answer of an aspect has 15 to 40 words; this one has 41."),
        (OVERVIEW, 14, "An answer of the FAQ has 15 to 70 words; this one has 14."),
        (OVERVIEW, 70, ""),
        (OVERVIEW, 71, "An answer of the FAQ has 15 to 70 words; this one has 71."),
        (OTHER, 3, ""),
    ],
)
def test_the_length_that_the_guide_recommends_is_advised(answer: EditableAnswer, words: int, said: str) -> None:
    assert workspace.advice(answer, "word " * words) == ([said] if said else [])


@pytest.mark.parametrize("answer", [OVERVIEW, ASPECT])
@pytest.mark.parametrize(
    ("mark", "is_shown"), [("{faq_rotation_weeks}", True), ("{ two words }", False), ("`a`", False)]
)
def test_a_fact_in_braces_is_no_mark_that_channels_do_not_know(
    answer: EditableAnswer, mark: str, is_shown: bool
) -> None:
    assert (workspace.advice(answer, f"{'word ' * 20}{mark}") == []) is is_shown


def test_a_bold_word_that_is_not_closed_is_pointed_out() -> None:
    assert workspace.advice(OTHER, "A **bold word.") == ["A bold word is opened with ** and not closed."]
