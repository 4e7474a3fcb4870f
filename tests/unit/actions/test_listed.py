"""What is asked of a list: a verdict on each of its programs, who is on it, and why."""

from __future__ import annotations

import pytest

from .conftest import Talk, said
from .programs_talk import ProgramsTalk, slugs


@pytest.fixture
def talk(seeded_names: list[dict[str, object]]) -> ProgramsTalk:
    return ProgramsTalk(Talk(), seeded_names)


@pytest.mark.parametrize(
    "text", ["is any of those free of charge?", "are any of them free", "none of these free?", "so nothing free?"]
)
def test_what_is_free_of_a_list_is_said_by_name_and_filters_nothing(talk: ProgramsTalk, text: str) -> None:
    talk.say("surgery observerships in Texas for graduates", "search_programs")
    before = talk.talk.slots["query"]
    answer = said(talk.say(text, "refine_search"))
    assert "**Not stated**" in answer
    assert "Houston" in answer
    assert talk.talk.slots["query"] == before
    talk.say("and in Ohio?", "refine_search")
    assert "free" not in talk.talk.slots["query"]


@pytest.mark.parametrize("text", ["none of those hands-on?", "so nothing hands on"])
def test_what_is_hands_on_of_a_list_is_said_by_name(talk: ProgramsTalk, text: str) -> None:
    talk.say("externships in psychiatry for graduates", "search_programs")
    answer = said(talk.say(text, "faq_hands_on", "which_types"))
    assert "**Yes**, hands-on: " in answer
    assert talk.talk.slots["query"].get("hands_on") is None


def test_a_length_is_judged_for_each_of_a_list(talk: ProgramsTalk) -> None:
    talk.say("electives in Boston for students", "search_programs")
    answer = said(talk.say("do any of those take people for 3 weeks", "refine_search"))
    assert "**No**: Harvard Medical School" in answer
    assert not talk.talk.slots["query"].get("weeks")


def test_who_is_on_the_list_is_a_yes_or_a_no_with_what_is_known(talk: ProgramsTalk) -> None:
    talk.say("electives in Boston for students", "search_programs")
    no = talk.say("is Emory part of that list?", "ask_program", "specialties")
    assert said(no).startswith("**No**, Emory University School of Medicine is not on this list.")
    assert slugs(no)
    talk.say("electives in Boston for students", "search_programs")
    yes = said(talk.say("is Harvard among those?", "ask_program", "acceptance"))
    assert yes.startswith("**Yes**, it is on the list: Harvard Medical School")


def test_a_program_for_the_other_stage_is_taken_out_with_a_word(talk: ProgramsTalk) -> None:
    talk.say("electives in Florida", "search_programs")
    answer = said(talk.say("why did you list that one? it is for students", "give_feedback"))
    assert answer.startswith("Sorry, you are right")
    assert talk.talk.slots["query"]["audience"] == "graduates"
    assert talk.talk.slots["career_stage"] == "graduate"


def test_kinds_of_the_other_stage_go_with_it_and_no_question_stays_open(talk: ProgramsTalk) -> None:
    assert "specialty" in said(talk.say("electives in Boston", "search_programs"))
    answer = talk.say("why is the first one on it, that says students only", "give_feedback")
    assert "don't know that as a specialty" not in said(answer)
    assert slugs(answer)
    assert not talk.talk.slots["query"].get("rotation_types")


def test_why_a_program_is_listed_says_what_fits_and_what_is_open(talk: ProgramsTalk) -> None:
    talk.say("cardiology observerships in Illinois for graduates", "search_programs")
    answer = said(talk.say("how come the first one is listed", "ask_program", "general"))
    assert "fits: for graduates" in answer
    assert "Not stated: Specialty" in answer
