"""A yes presses the button of what was offered; what was said last is asked of another one; a figure is looked up."""

from __future__ import annotations

import pytest

from actions.dialogue.continuing import ActionContinue, ActionDefaultFallback
from actions.dialogue.talk import ActionCare, ActionHelp, ActionIntroduce, ActionThank
from actions.faq import ActionAnswerFaq
from bot.reply.parts import Programs, Reply
from tests.unit.extractor import asking

from .conftest import Talk, said
from .programs_talk import ProgramsTalk, slugs

RANKING = [{"intent_response_key": "care/visa_refused", "confidence": 0.9}]
REFUSED = {"response_selector": {"care": {"ranking": RANKING}}}
CARDS = ("observerships for graduates in Illinois", "search_programs")


@pytest.fixture
def talk(seeded_names: list[dict[str, object]]) -> ProgramsTalk:
    return ProgramsTalk(Talk(), seeded_names)


def kinds(reply: Reply) -> set[str]:
    return {card.kind for part in reply.parts if isinstance(part, Programs) for card in part.cards}


@pytest.mark.parametrize("text", ["yes please", "ok", "sure, go ahead", "show me some", "any examples?"])
def test_an_offer_is_taken_up_in_words(talk: ProgramsTalk, text: str) -> None:
    talk.talk.hear(ActionCare(), "my visa was refused, I cry all day", "care", **REFUSED)
    found = talk.talk.hear(ActionContinue(), text, "affirm")
    assert slugs(found)
    assert talk.talk.slots["query"]["rotation_types"] == ["telehealth"]


@pytest.mark.parametrize("action", [ActionDefaultFallback(), ActionThank(), ActionHelp()], ids=lambda item: item.name())
def test_whatever_a_yes_is_taken_for(talk: ProgramsTalk, action: object) -> None:
    talk.talk.hear(ActionIntroduce(), "I am a graduate from Kenya", "introduce")
    assert slugs(talk.talk.hear(action, "show me some", "help"))
    assert talk.talk.slots["query"]["rotation_types"] == ["observership"]


@pytest.mark.parametrize("text", ["which ones?", "such as?", "name a few please"])
def test_which_ones_after_an_answer_begins_a_search(talk: ProgramsTalk, text: str) -> None:
    talk.talk.hear(
        ActionAnswerFaq(), "is anything free", "faq_scholarships", **asking("faq_scholarships/free_rotation")
    )
    assert slugs(talk.talk.hear(ActionContinue(), text, "unsure"))
    assert talk.talk.slots["query"]["free"]


def test_which_ones_without_a_button_begins_a_search_too(talk: ProgramsTalk) -> None:
    talk.talk.hear(
        ActionAnswerFaq(), "is it possible without Step 1", "faq_usmle_needed", **asking("faq_usmle_needed/no_exam")
    )
    talk.talk.hear(ActionContinue(), "which ones?", "unsure")
    assert talk.talk.slots["task"] == "search"


def test_a_yes_to_nothing_asks_what_is_wanted(talk: ProgramsTalk) -> None:
    talk.talk.hear(ActionThank(), "thank you", "thank")
    assert not slugs(talk.talk.hear(ActionContinue(), "yes please", "affirm"))


def test_a_fact_beside_a_yes_is_no_yes_to_the_offer(talk: ProgramsTalk) -> None:
    talk.talk.hear(ActionIntroduce(), "I am a graduate from Kenya", "introduce")
    talk.talk.hear(ActionContinue(), "yes but I would rather do psychiatry in Ohio", "inform")
    assert talk.talk.slots["query"]["specialties"] == ["psychiatry"]


def test_the_figure_that_is_asked_about_is_looked_up_on_the_page(talk: ProgramsTalk) -> None:
    talk.say("tell me about Project IMG", "ask_program", "general")
    answer = said(talk.say("is the 350 on top?", "faq_cost", sure=0.2))
    assert "enrolment fee is credited" in answer


def test_a_figure_that_no_page_names_is_not_made_one(talk: ProgramsTalk) -> None:
    talk.say("tell me about Project IMG", "ask_program", "general")
    assert "enrolment fee" not in said(talk.say("is the 777 on top?", "faq_cost", "fee_includes", sure=0.8))


def test_money_back_is_quoted_from_the_page_that_speaks_of_it(talk: ProgramsTalk) -> None:
    talk.say("tell me about the BronxCare psychiatry observership", "ask_program", "general")
    assert "not refundable" in said(talk.say("and if I cancel, do they give the money back?", "faq_cost", "refund"))


@pytest.mark.parametrize("text", ["same for Yale?", "is it also so at Yale", "the same at Yale?"])
def test_what_was_asked_last_is_asked_of_another_place(talk: ProgramsTalk, text: str) -> None:
    talk.say("does Emory need TOEFL", "ask_program", "english")
    assert "English test" in said(talk.say(text, "ask_program", "places"))


def test_the_other_one_is_what_was_shown_before(talk: ProgramsTalk) -> None:
    first = slugs(talk.say("does Emory need TOEFL", "ask_program", "english"))
    talk.say("same for Yale?", "ask_program", "english")
    other = talk.say("and the other one?", "refine_search")
    assert set(slugs(other)) <= set(first)
    assert "English test" in said(other)


def test_one_place_is_asked_about_in_words_like_a_comparison(talk: ProgramsTalk) -> None:
    talk.say(*CARDS)
    ranking = {"ask_program": {"ranking": [{"intent_response_key": "ask_program/lead", "confidence": 0.5}]}}
    answer = talk.talk.hear(
        ProgramsTalk(talk.talk, talk.names)._action("compare_programs"),
        "I go back to those two. Emory, when do they open?",
        "compare_programs",
        names=talk.names,
        response_selector=ranking,
    )
    assert "When to apply" in said(answer)


@pytest.mark.parametrize(("weeks", "verdict"), [(6, "Yes, 6 weeks fit"), (30, "No, 30 weeks don't fit")])
def test_another_length_is_asked_of_the_one_program(talk: ProgramsTalk, weeks: int, verdict: str) -> None:
    talk.say("observerships for radiology in Boston", "search_programs")
    talk.say("when does the Brigham radiology observership want the papers?", "ask_program", "lead")
    assert verdict in said(talk.say(f"could it be {weeks} weeks instead?", "refine_search"))
    assert not talk.talk.slots["query"].get("weeks")


def test_who_offers_what_was_advised_is_a_search(talk: ProgramsTalk) -> None:
    talk.say(
        "I graduated in 2023, passed Step 1 and want hands-on work for residency, what suits me?", "recommend_rotation"
    )
    assert slugs(talk.say("ok who offers those", "nlu_fallback", sure=0.2))


def test_what_follows_the_cheapest_is_asked_of_it_alone(talk: ProgramsTalk) -> None:
    talk.say("psychiatry observership in New York for graduates", "search_programs")
    talk.say("which one is the cheapest", "refine_search")
    answer = said(talk.say("do they want step 1 there", "faq_usmle_needed", "step1_required"))
    assert "Icahn" not in answer


def test_who_says_yes_is_looked_for_after_a_no(talk: ProgramsTalk) -> None:
    talk.say("does Emory take graduates", "ask_program", "acceptance")
    answer = said(talk.say("ok, who does then?", "nlu_fallback", sure=0.2))
    assert "for graduates" in answer
    assert "Emory" not in answer


def test_any_that_do_not_ask_for_an_exam_are_looked_for(talk: ProgramsTalk) -> None:
    talk.say("does Emory need Step 1", "ask_program", "step1")
    assert "without Step 1" in said(talk.say("any that don't?", "nlu_fallback", sure=0.2))


def test_several_facts_in_a_few_words_are_asked_of_the_whole_list(talk: ProgramsTalk) -> None:
    talk.say("telehealth rotations for graduates", "search_programs")
    answer = said(talk.say("price and length?", "faq_cost", sure=0.6))
    assert "Fee" in answer
    assert "Length" in answer


def test_weeks_for_the_match_are_asked_of_no_one_place(talk: ProgramsTalk) -> None:
    talk.say("tell me about the BronxCare psychiatry observership", "ask_program", "general")
    answer = said(talk.say("how many weeks in total should I have for the match", "faq_duration"))
    assert "at least three days a week" not in answer


def test_a_house_called_by_everyday_words_is_found_on_the_screen(talk: ProgramsTalk) -> None:
    shown = slugs(talk.say("telehealth rotations for graduates", "search_programs"))
    assert "medical-student-rotation" in " ".join(shown)
    answer = said(talk.say("how much is the one of medical student rotation", "faq_cost", "school_fee", sure=0.6))
    assert "1,150" in answer


def test_the_only_yes_is_what_is_asked_about_next(talk: ProgramsTalk) -> None:
    talk.say("observerships in Pennsylvania for graduates", "search_programs")
    talk.say("which of them gives a letter for sure", "ask_program", "lor")
    assert len(talk.talk.slots["focus"] or ()) == 1


def test_weeks_in_a_specialty_that_somebody_wants_are_a_search(talk: ProgramsTalk) -> None:
    action = ActionIntroduce()
    found = talk.talk.hear(action, "eye doctor from Brazil, I want to see how they work, 1 month", "introduce")
    assert slugs(found)
    assert talk.talk.slots["query"]["specialties"] == ["ophthalmology"]


def test_a_place_that_takes_no_americans_says_no_to_one(talk: ProgramsTalk) -> None:
    talk.talk.hear(ActionContinue(), "I'm American but study medicine in Poland, 5th year", "inform")
    answer = said(talk.say("would Yale take me as an international student?", "ask_program", "acceptance"))
    assert "takes no US citizens" in answer
    assert "Yes" not in answer
    asked = said(talk.say("Yale maybe?", "ask_program", "acceptance"))
    assert "takes no US citizens" in asked
    assert "Yes" not in asked


def test_a_resident_pays_for_no_esta(talk: ProgramsTalk) -> None:
    talk.talk.hear(ActionContinue(), "I have a green card", "inform")
    talk.say("what does Project IMG cost for 4 weeks", "estimate_cost")
    assert talk.talk.slots["visa_status"] == "resident"
    assert "ESTA" not in said(talk.say("what does Project IMG cost for 8 weeks", "estimate_cost"))
