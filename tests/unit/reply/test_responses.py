"""The variant that fits a person best is said; what it leaves out comes from the general one."""

import pytest

from bot.reply.parts import Source, Suggestion
from bot.reply.responses import Responses, UnknownResponseError, answer_of, asked_by, placeholders

STUDENT = {"type": "slot", "name": "career_stage", "value": "student"}
VISA = {"type": "slot", "name": "visa_status", "value": "has"}
RESPONSES = {
    "utter_a": [
        {
            "text": "general",
            "buttons": [{"title": "T", "payload": "/p"}],
            "metadata": {"sources": [{"title": "S", "url": "https://s"}], "reviewed": "2026-11-23"},
        },
        {"condition": [STUDENT], "text": "student"},
        {"condition": [STUDENT, VISA], "text": "student with visa", "buttons": [{"title": "V", "payload": "/v"}]},
    ],
    "utter_b": [{"condition": [STUDENT], "text": "only students"}],
    "utter_c": [{"text": "{name} costs {amount}", "buttons": [{"title": "{name}", "payload": "/x"}]}],
    "utter_faq_a/b": [
        {"text": "short", "metadata": {"title": "T", "asks": "fee", "reviewed": "2026-11-23"}},
        {"condition": [STUDENT], "text": "for {whom}", "metadata": {"reviewed": "2026-12-01"}},
    ],
}


@pytest.mark.parametrize(
    ("slots", "said"),
    [
        ({}, "general"),
        ({"career_stage": "graduate"}, "general"),
        ({"career_stage": "student"}, "student"),
        ({"career_stage": "student", "visa_status": "needs"}, "student"),
        ({"career_stage": "student", "visa_status": "has"}, "student with visa"),
    ],
)
def test_the_most_fitting_variant_is_chosen(slots: dict[str, str], said: str) -> None:
    assert Responses(RESPONSES, slots).text("utter_a") == said


def test_a_variant_without_buttons_and_sources_takes_those_of_the_general_one() -> None:
    chosen = Responses(RESPONSES, {"career_stage": "student"}).choose("utter_a")
    assert chosen.buttons == (Suggestion("T", "/p"),)
    assert chosen.sources == (Source("S", "https://s"),)
    assert chosen.reviewed == "2026-11-23"


def test_a_variant_keeps_the_title_of_its_aspect_whatever_else_it_says_of_itself() -> None:
    chosen = Responses(RESPONSES).choose("utter_faq_a/b", {"career_stage": "student"})
    assert (chosen.text, chosen.title, chosen.asks, chosen.reviewed) == ("for {whom}", "T", "fee", "2026-12-01")


def test_a_response_without_a_title_has_none() -> None:
    chosen = Responses(RESPONSES).choose("utter_a")
    assert (chosen.title, chosen.asks) == ("", "")


def test_a_variant_with_buttons_keeps_its_own() -> None:
    chosen = Responses(RESPONSES).choose("utter_a", {"career_stage": "student", "visa_status": "has"})
    assert chosen.buttons == (Suggestion("V", "/v"),)


@pytest.mark.parametrize("key", ["utter_b", "utter_missing"])
def test_no_fitting_variant_is_an_error(key: str) -> None:
    with pytest.raises(UnknownResponseError):
        Responses(RESPONSES).text(key)


def test_known_placeholders_are_filled_and_unknown_ones_stay() -> None:
    words = Responses(RESPONSES)
    assert words.text("utter_c", name="X {amount}") == "X {amount} costs {amount}"
    assert words.buttons("utter_c", name="X") == (Suggestion("X", "/x"),)


@pytest.mark.parametrize("aspect", ["faq_cost", "faq_cost/deposit", "out_of_scope/weather"])
def test_an_answer_is_found_by_what_it_answers(aspect: str) -> None:
    assert answer_of(aspect) == f"utter_{aspect}"
    assert asked_by(answer_of(aspect)) == aspect


def test_what_texts_want_filled_in_is_known() -> None:
    assert placeholders("{a} and {b_2}, not {B}, {} or { c }") == {"a", "b_2"}
    assert Responses(RESPONSES).placeholders() == {"name", "amount", "whom"}
    assert Responses({}).placeholders() == set()
