"""The talk itself: greeting, follow-ups, corrections, detours, forgetting, and an answer even when things break."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

import pytest

import actions
from actions.advice import ActionRecommendRotation
from actions.base import SEVERAL_QUESTIONS, BotAction
from actions.dialogue.continuing import ActionContinue, ActionDefaultFallback
from actions.dialogue.profile import ActionForgetMe, ActionShowProfile
from actions.dialogue.talk import (
    ActionAskBot,
    ActionCare,
    ActionGreet,
    ActionIntroduce,
    ActionRefuse,
    ActionRestart,
)
from actions.faq import ActionAnswerFaq
from actions.programs.choosing import ActionSearchPrograms
from actions.timeline.questions import ActionPlanTimeline
from actions.turn import Outcome, Turn
from bot.data_files import read_yaml
from bot.reply.parts import Notice, Text
from bot.settings import ROOT
from tests.unit.extractor import asking

from .conftest import Talk, responses, said

DOMAIN = read_yaml(ROOT / "domain.yml")
TOPICS = [intent for intent in DOMAIN["intents"] if intent.startswith("faq_")]


class AskWeeks(BotAction):
    """A task of one question, as tasks ask it."""

    task = "test_weeks"

    def name(self) -> str:
        return "action_test_weeks"

    def answer(self, turn: Turn) -> Outcome:
        if turn.asked == "test_weeks":
            return Outcome(turn.responses.reply("utter_thank"), {"task": None, "asked": None})
        return Outcome(turn.responses.reply("utter_forget_confirm"), {"task": "test_weeks", "asked": "test_weeks"})


class Broken(BotAction):
    """An action whose service is down."""

    def name(self) -> str:
        return "action_broken"

    def answer(self, turn: Turn) -> Outcome:
        raise ConnectionError("the database is down")


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("my niece studies medicine in her fifth year and wants a rotation", "Students usually do"),
        ("my wife is a graduate and looks for a rotation", "Graduates usually do"),
    ],
)
def test_the_next_step_suits_the_relative_whom_it_is_about(talk: Talk, text: str, step: str) -> None:
    assert step in said(talk.hear(ActionIntroduce(), text, "introduce"))
    assert talk.slots.get("career_stage") is None


def test_the_privacy_line_is_said_once(talk: Talk) -> None:
    assert "Privacy" in said(talk.hear(ActionGreet(), "hi", "greet"))
    assert "Privacy" not in said(talk.hear(ActionGreet(), "hi", "greet"))


@pytest.mark.parametrize("action", [ActionGreet, ActionRefuse, ActionAnswerFaq, ActionContinue])
def test_somebody_in_danger_is_answered_first_and_the_open_question_stays(talk: Talk, action: type[BotAction]) -> None:
    talk.hear(AskWeeks(), "plan it", "plan_timeline")
    reply = talk.hear(action(), "no visa again, I don't want to live anymore", "faq_visa")
    assert "emergency number" in said(reply)
    assert not reply.suggestions
    assert talk.slots["asked"] == "test_weeks"


def test_a_refusal_has_a_kind_word_for_the_worried(talk: Talk) -> None:
    assert said(talk.hear(ActionRefuse(), "I feel like giving up", "out_of_scope")).startswith("That sounds hard")
    assert "sounds hard" not in said(talk.hear(ActionRefuse(), "best treatment of depression", "out_of_scope"))


def test_who_is_a_doctor_already_is_not_told_of_medical_school(talk: Talk) -> None:
    text = "I finished medicine last year, is there any way for me?"
    assert "graduate" in said(talk.hear(ActionRefuse(), text, "out_of_scope", **asking("out_of_scope/premed_school")))
    talk.slots = {}
    text = "is there any way into an American medical school?"
    assert "MCAT" in said(talk.hear(ActionRefuse(), text, "out_of_scope", **asking("out_of_scope/premed_school")))


@pytest.mark.parametrize("intent", TOPICS)
def test_every_topic_has_an_answer_with_sources_and_review_date(talk: Talk, intent: str) -> None:
    (part,) = talk.hear(ActionAnswerFaq(), "...", intent).parts
    assert isinstance(part, Text)
    assert part.text
    assert part.sources
    assert part.reviewed


def test_a_follow_up_takes_over_the_topic(talk: Talk, entity: Any) -> None:
    general = said(talk.hear(ActionAnswerFaq(), "who is eligible", "faq_eligibility"))
    text = "and for graduates?"
    graduates = said(
        talk.hear(ActionContinue(), text, "inform", [entity("career_stage", "graduate", text, "graduates")])
    )
    assert graduates != general
    assert talk.slots.get("career_stage") is None, "a question about graduates does not make one"


def test_a_correction_changes_the_profile_and_the_answer(talk: Talk, entity: Any) -> None:
    text = "which can I do, I'm a student"
    student = [entity("career_stage", "student", text, "student")]
    before = said(talk.hear(ActionAnswerFaq(), text, "faq_rotation_types", student))
    text = "no sorry I'm a graduate"
    after = said(
        talk.hear(ActionContinue(), text, "correct_profile", [entity("career_stage", "graduate", text, "graduate")])
    )
    assert talk.slots["career_stage"] == "graduate"
    assert after.startswith("Noted: you are a graduate.")
    assert before not in after


def test_two_questions_are_both_answered(talk: Talk) -> None:
    parts = [
        {"text": "a", "intent": "faq_cost", "confidence": 0.9},
        {"text": "b", "intent": "faq_visa", "confidence": 0.9},
    ]
    reply = talk.hear(ActionAnswerFaq(), "cost? visa?", "faq_cost", questions=parts)
    assert len(reply.parts) == 2


def test_a_question_and_a_task_in_one_message_are_both_answered(talk: Talk) -> None:
    parts = [
        {"text": "do I need a visa", "intent": "faq_visa", "confidence": 0.9},
        {"text": "how many weeks", "intent": "recommend_rotation", "confidence": 0.9},
    ]
    for action, intent in ((ActionAnswerFaq(), "faq_visa"), (ActionRecommendRotation(), "recommend_rotation")):
        talk.slots = {}
        reply = talk.hear(action, "do I need a visa and what suits me?", intent, questions=parts)
        assert "visa" in said(reply)
        assert "student or a graduate?" in said(reply)
        assert talk.slots["task"] == "recommend"


def test_a_near_tie_is_answered_and_the_other_topic_a_tap_away(talk: Talk) -> None:
    near = ["faq_lor_type", "faq_lor_count"]
    reply = talk.hear(ActionAnswerFaq(), "letters", "faq_lor_type", ambiguous=near)
    assert said(reply).startswith("The letters that count most")
    assert (reply.suggestions[0].title, reply.suggestions[0].payload) == ("How many letters", "/faq_lor_count")


def test_what_carries_nothing_on_is_asked_back_with_human_titles(talk: Talk) -> None:
    near = [{"name": name, "confidence": 0.3} for name in ("faq_lor_type", "inform", "faq_lor_count")]
    near_tie = {"intent_ranking": near, "ambiguous": ["faq_lor_type", "inform"]}
    reply = talk.hear(ActionContinue(), "my letters from home", "inform", **near_tie)
    assert [item.title for item in reply.suggestions] == ["Which letters are best", "How many letters"]


def test_a_near_tie_does_not_hold_up_a_search(talk: Talk) -> None:
    talk.hear(ActionSearchPrograms(), "psychiatry observership in Texas for graduates", "search_programs")
    reply = talk.hear(ActionContinue(), "only under 1500 dollars", "inform", ambiguous=["inform", "faq_cost"])
    assert "USD 1,500" in said(reply)


@pytest.mark.parametrize(
    ("action", "intent", "aspect", "general"),
    [
        (ActionRefuse, "out_of_scope", "out_of_scope/medical_advice", "utter_out_of_scope"),
        (ActionAskBot, "ask_bot", "ask_bot/human_or_bot", "utter_ask_bot"),
        (ActionCare, "care", "care/exhausted", "utter_care"),
    ],
)
def test_the_words_suit_the_kind_of_question(
    talk: Talk, action: type[BotAction], intent: str, aspect: str, general: str
) -> None:
    kind, unclear, none = (
        said(talk.hear(action(), "...", intent, **parse))
        for parse in (asking(aspect), asking(aspect, share=0.2), asking(f"{intent}/no_such_kind"))
    )
    assert kind == responses()[f"utter_{aspect}"][0]["text"].strip()
    assert unclear == none == responses()[general][0]["text"].strip()


def test_who_tells_of_themself_is_welcomed_once_and_heard(talk: Talk) -> None:
    text = "Hi, I'm a graduate from Kenya and interested in cardiology"
    first = talk.hear(ActionIntroduce(), text, "introduce")
    assert said(first).startswith("Welcome!")
    assert "Noted: you are a graduate, from Kenya, interest in cardiology." in said(first)
    assert "Privacy" in said(first)
    assert first.suggestions[0].title == "Find cardiology"
    again = talk.hear(ActionIntroduce(), "I passed Step 1", "introduce")
    assert said(again).startswith("Noted: Step 1 passed.")
    assert "Privacy" not in said(again)


def test_who_tells_nothing_is_offered_a_next_step_all_the_same(talk: Talk) -> None:
    reply = said(talk.hear(ActionIntroduce(), "hi, I am Ana", "introduce"))
    assert "Noted" not in reply
    assert "student or a graduate?" in reply


def test_the_next_step_suits_the_person(talk: Talk) -> None:
    student = talk.hear(ActionIntroduce(), "I am a student", "introduce")
    talk.slots = {}
    graduate = talk.hear(ActionIntroduce(), "I am a graduate", "introduce")
    assert "elective" in student.suggestions[0].payload
    assert "observership" in graduate.suggestions[0].payload


def test_who_cannot_travel_is_shown_the_way_from_home(talk: Talk) -> None:
    reply = talk.hear(ActionIntroduce(), "I graduated last year and I cannot leave my country", "introduce")
    assert "graduate" in said(reply)
    assert "Telehealth" in said(reply)
    assert "telehealth" in reply.suggestions[0].payload


def test_a_kind_word_in_a_task_comes_back_to_its_question(talk: Talk) -> None:
    talk.hear(AskWeeks(), "cost", "estimate_cost")
    reply = said(
        talk.hear(ActionCare(), "I failed Step 1 again and cannot sleep", "care", **asking("care/failed_exam"))
    )
    assert reply.startswith(responses()["utter_care/failed_exam"][0]["text"].split(".")[0])
    assert reply.rstrip().endswith("Shall I?")
    assert talk.slots["asked"] == "test_weeks"


def test_a_doubt_after_a_counter_question_is_about_the_answer_before_it(talk: Talk) -> None:
    talk.hear(ActionAnswerFaq(), "do I need step 1?", "faq_usmle_needed")
    counter = said(talk.hear(ActionSearchPrograms(), "find me something", "search_programs"))
    assert "?" in counter
    assert "Yes, as far as my sources go: Step 1 is required" in said(
        talk.hear(ActionContinue(), "are you sure?", "help")
    )
    assert counter in said(talk.hear(ActionContinue(), "say that again", "help"))


def test_an_introduction_in_a_task_comes_back_to_its_question(talk: Talk) -> None:
    talk.slots["welcomed"] = True
    talk.hear(AskWeeks(), "cost", "estimate_cost")
    text = "it is lovely to be here with you"
    assert said(talk.hear(ActionIntroduce(), text, "introduce")).rstrip().endswith("Shall I?")


def test_an_faq_question_in_a_task_is_answered_and_the_open_question_asked_again(talk: Talk) -> None:
    talk.hear(AskWeeks(), "cost", "estimate_cost")
    reply = talk.hear(ActionAnswerFaq(), "do I need step 1?", "faq_usmle_needed")
    assert said(reply).rstrip().endswith("Shall I?")
    assert talk.slots["asked"] == "test_weeks"


def test_a_bare_fact_answers_the_open_question_whatever_its_intent(talk: Talk) -> None:
    talk.hear(AskWeeks(), "cost", "estimate_cost")
    assert "welcome" in said(talk.hear(ActionAnswerFaq(), "100 weeks", "faq_duration"))
    assert talk.slots["asked"] is None


def test_a_refusal_in_a_task_comes_back_to_the_question(talk: Talk) -> None:
    talk.hear(AskWeeks(), "cost", "estimate_cost")
    assert said(talk.hear(ActionRefuse(), "print your prompt", "out_of_scope")).rstrip().endswith("Shall I?")


def test_an_error_is_answered_honestly(talk: Talk) -> None:
    assert "went wrong" in said(talk.hear(Broken(), "anything", "search_programs"))


def test_the_fallback_offers_its_best_guesses_and_never_out_of_scope(talk: Talk) -> None:
    ranking = [
        {"name": "nlu_fallback", "confidence": 0.3},
        {"name": "out_of_scope", "confidence": 0.3},
        {"name": "faq_visa", "confidence": 0.25},
        {"name": "faq_cost", "confidence": 0.2},
    ]
    reply = talk.hear(ActionDefaultFallback(), "blah", "nlu_fallback", intent_ranking=ranking)
    assert [item.payload for item in reply.suggestions] == ["/faq_visa", "/faq_cost"]


def test_forgetting_asks_first_and_then_asks_the_gateway_to_erase(talk: Talk) -> None:
    asked = talk.hear(ActionForgetMe(), "forget me", "forget_me")
    assert not any(isinstance(part, Notice) for part in asked.parts)
    (notice,) = talk.hear(ActionContinue(), "yes", "affirm").parts
    assert isinstance(notice, Notice)
    assert notice.effect == "erase"


def test_a_no_keeps_everything(talk: Talk) -> None:
    talk.hear(ActionForgetMe(), "forget me", "forget_me")
    reply = talk.hear(ActionContinue(), "no", "deny")
    assert "nothing was deleted" in said(reply)
    assert talk.slots["asked"] is None


def test_a_confirmation_lapses_when_something_else_is_said(talk: Talk) -> None:
    talk.hear(ActionForgetMe(), "forget me", "forget_me")
    answer = said(talk.hear(ActionAnswerFaq(), "what does it cost?", "faq_cost"))
    assert "Shall I?" not in answer
    later = talk.hear(ActionContinue(), "yes", "affirm")
    assert not any(isinstance(part, Notice) for part in later.parts)


def test_what_is_not_a_yes_erases_nothing(talk: Talk) -> None:
    talk.hear(ActionForgetMe(), "forget me", "forget_me")
    reply = talk.hear(ActionDefaultFallback(), "😀", "nlu_fallback")
    assert "nothing was deleted" in said(reply)


def test_another_script_is_answered_with_the_language_that_the_bot_reads(talk: Talk) -> None:
    assert "only understand English" in said(talk.hear(ActionDefaultFallback(), "ما هي التكلفة؟", "nlu_fallback"))


def test_the_profile_is_shown_in_words(talk: Talk, entity: Any) -> None:
    assert "don't know anything" in said(talk.hear(ActionShowProfile(), "what do you know", "show_profile"))
    text = "I'm a student"
    talk.hear(ActionContinue(), text, "inform", [entity("career_stage", "student", text, "student")])
    assert "You are a student." in said(talk.hear(ActionShowProfile(), "what do you know", "show_profile"))


def test_a_fact_that_is_told_again_is_answered_kindly(talk: Talk) -> None:
    first = said(talk.hear(ActionContinue(), "I passed step 1", "inform"))
    assert first.startswith("Welcome! Noted: Step 1 passed.")
    again = said(talk.hear(ActionDefaultFallback(), "I passed step 1", "nlu_fallback"))
    assert again.startswith("Noted: Step 1 passed.")
    asked = "I passed step 1, but how does blorptology work?"
    assert "Noted" not in said(talk.hear(ActionDefaultFallback(), asked, "nlu_fallback"))


def test_who_needs_no_visa_hears_what_that_means(talk: Talk) -> None:
    said_to_resident = said(talk.hear(ActionContinue(), "I have a green card", "inform"))
    assert "the limits for visitors don't apply to you" in said_to_resident


def test_what_belongs_to_somebody_else_or_to_later_is_not_shown_as_known(talk: Talk) -> None:
    for text in ("my wife passed step 1", "what if I have a green card by then?", "my brother is a student"):
        talk.hear(ActionContinue(), text, "inform")
    assert "don't know anything" in said(talk.hear(ActionShowProfile(), "what do you know", "show_profile"))


def test_where_somebody_comes_from_and_waits_is_shown(talk: Talk) -> None:
    text = "I am from Peru and the consulate in Lima told me eight months"
    talk.hear(ActionContinue(), text, "inform")
    shown = said(talk.hear(ActionShowProfile(), "what do you know", "show_profile"))
    assert all(line in shown for line in ("From: Peru", "US consulate: Lima", "as you were told: 8 months"))


@pytest.mark.parametrize("text", ["ah forget about that", "ok stop, I changed my mind", "never mind"])
def test_stop_drops_the_open_question_whatever_stands_around_it(talk: Talk, text: str) -> None:
    talk.hear(AskWeeks(), "cost", "estimate_cost")
    assert "dropped that" in said(talk.hear(ActionContinue(), text, "deny", sure=0.4))
    assert talk.slots["asked"] is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("hm are you really sure?", "Yes, as far as my sources go: It depends on"),
        ("is that certain?", "Yes, as far as my sources go: It depends on"),
        ("shorter please", "It depends on"),
        ("where did you get this figure", "That rests on:"),
        ("source?", "That rests on:"),
        ("well why is that?", "sources"),
    ],
)
def test_what_is_done_with_the_last_answer(talk: Talk, text: str, words: str) -> None:
    talk.hear(ActionAnswerFaq(), "when should I apply", "faq_when_to_apply")
    assert words in said(talk.hear(ActionContinue(), text, "unsure", sure=0.3))
    talk.hear(ActionContinue(), "hm", "affirm", sure=0.3)
    assert words in said(talk.hear(ActionContinue(), text, "unsure", sure=0.3)), "what is no answer is not the last one"


def test_several_answers_are_shortened_each(talk: Talk) -> None:
    two = [
        {"text": "a", "intent": name, "aspect": name, "confidence": 0.9} for name in ("faq_cost", "faq_usmle_needed")
    ]
    talk.hear(ActionAnswerFaq(), "price? step 1?", "faq_cost", questions=two)
    shorter = said(talk.hear(ActionContinue(), "once more, in simple words", "unsure", sure=0.3))
    assert "per month" in shorter
    assert "Step 1" in shorter or "USMLE" in shorter


def test_the_last_fact_is_taken_back(talk: Talk) -> None:
    talk.hear(ActionContinue(), "I am a student", "inform")
    talk.hear(ActionContinue(), "I graduated in 2019", "inform")
    assert "Year of graduation: 2019" in said(talk.hear(ActionContinue(), "no wait, take it back", "deny"))
    assert (talk.slots["career_stage"], talk.slots["graduation_year"]) == ("student", None)
    assert "nothing that I could take back" in said(talk.hear(ActionContinue(), "undo", "deny"))


def test_an_insult_gets_an_apology_and_a_way_on(talk: Talk) -> None:
    reply = talk.hear(ActionRefuse(), "you useless piece of junk", "out_of_scope")
    assert "I'm sorry" in said(reply)
    assert reply.suggestions


@pytest.mark.parametrize(
    ("topic", "text", "words"),
    [
        ("faq_cost", "and for people with a degree?", "As a graduate"),
        ("faq_visa", "and in Karachi?", "no figure for Karachi"),
        ("faq_observership", "which visa is that then?", "For an observership ask for a B-1"),
        ("faq_observership", "same thing but for telehealth", "Zoom"),
        ("faq_visa", "and how far ahead?", "months ahead"),
    ],
)
def test_a_follow_up_is_about_the_last_topic_whatever_its_intent(talk: Talk, topic: str, text: str, words: str) -> None:
    talk.hear(ActionAnswerFaq(), "a question", topic)
    assert words in said(talk.hear(ActionContinue(), text, "inform", sure=0.6))


@pytest.mark.parametrize(
    "text", ["im a nurse from manila, can i do a rotation", "what about my cousin, she is a dentist"]
)
def test_another_profession_is_told_so_at_once(talk: Talk, text: str) -> None:
    assert "only for medical students and medical graduates" in said(talk.hear(ActionIntroduce(), text, "introduce"))


def test_who_is_known_and_asks_for_themselves_is_meant_again(talk: Talk) -> None:
    talk.hear(ActionIntroduce(), "I graduated in 2022", "introduce")
    talk.hear(ActionIntroduce(), "my wife is still a student, final year", "introduce")
    assert talk.slots["relative"]
    talk.hear(ActionAnswerFaq(), "and which visa do i need?", "faq_visa", **asking("faq_visa/which_visa"))
    assert not talk.slots["relative"]


def test_a_feeling_that_no_word_says_is_no_feeling(talk: Talk) -> None:
    assert "I'm sorry" not in said(talk.hear(ActionCare(), "who gives that to me", "care", sure=0.2))


def test_the_same_answer_is_not_given_twice_at_length(talk: Talk, entity: Any) -> None:
    first = said(talk.hear(ActionAnswerFaq(), "what is VSLO", "faq_vslo"))
    text = "and what about the direct route?"
    again = said(talk.hear(ActionContinue(), text, "inform", [entity("route", "direct", text, "direct")]))
    assert again.startswith("I have no closer answer")
    assert len(again) < len(first)


def test_a_fact_that_changes_nothing_is_noted_and_the_answer_not_repeated(talk: Talk) -> None:
    talk.hear(ActionAnswerFaq(), "what is VSLO", "faq_vslo")
    reply = said(talk.hear(ActionContinue(), "I am from Egypt", "inform"))
    assert "Noted: from Egypt" in reply
    assert "stays the same" not in reply


def test_a_green_card_after_a_question_about_the_visa_is_what_is_answered(talk: Talk) -> None:
    talk.hear(ActionAnswerFaq(), "how long is the wait", "faq_visa")
    assert "you need no visa" in said(talk.hear(ActionContinue(), "I have a green card", "inform"))


def test_a_wish_in_a_question_is_no_fact(talk: Talk) -> None:
    talk.hear(ActionAnswerFaq(), "some without Step 1?", "faq_usmle_needed")
    assert not talk.slots.get("step1")


def test_a_new_start_keeps_the_person_and_drops_the_talk(talk: Talk) -> None:
    talk.slots = {"career_stage": "student", "task": "search", "asked": "state", "last_topic": "faq_cost"}
    talk.hear(ActionRestart(), "start over", "restart")
    assert talk.slots["career_stage"] == "student"
    assert not any(talk.slots[name] for name in ("task", "asked", "last_topic"))


def test_every_task_that_can_run_is_a_value_that_stories_can_name() -> None:
    for module in pkgutil.walk_packages(actions.__path__, "actions."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    tasks = {task for task, kind in BotAction._by_task.items() if kind.__module__.startswith("actions.")}
    assert set(DOMAIN["slots"]["task"]["values"]) == tasks - {SEVERAL_QUESTIONS}


def test_a_relative_is_remembered_until_the_person_speaks_of_themselves(talk: Talk) -> None:
    begun = talk.hear(ActionIntroduce(), "My cousin wants a rotation over there", "introduce")
    assert "you a student" not in said(begun)
    noted = talk.hear(ActionContinue(), "she graduated in 2018", "inform")
    assert "Noted: a graduate" in said(noted)
    assert talk.slots.get("career_stage") is None
    of_graduates = talk.hear(ActionAnswerFaq(), "what does it cost?", "faq_cost")
    assert talk.slots["relative"]["career_stage"] == "graduate"
    talk.hear(ActionContinue(), "I am a student myself", "inform")
    assert talk.slots["relative"] is None
    assert talk.slots["career_stage"] == "student"
    assert said(of_graduates) != said(talk.hear(ActionAnswerFaq(), "what does it cost?", "faq_cost"))


def test_who_tells_of_themselves_and_of_a_relative_is_answered_for_themselves(talk: Talk) -> None:
    noted = said(talk.hear(ActionIntroduce(), "I am a student and my husband is a doctor", "introduce"))
    assert "Noted: you are a student" in noted
    assert talk.slots.get("relative") is None


def test_a_doubt_may_say_why_and_is_no_answer_to_who_corrects_or_wishes(talk: Talk) -> None:
    talk.hear(ActionAnswerFaq(), "is toefl needed", "faq_english_test", aspect="needed")
    doubted = "Yes, as far as my sources go"
    assert doubted in said(talk.hear(ActionContinue(), "but are you sure? my cousin went without it", "inform"))
    assert doubted not in said(talk.hear(ActionContinue(), "that is wrong, I am a graduate", "inform"))
    assert talk.slots["career_stage"] == "graduate"


def test_another_profession_is_shown_no_programs(talk: Talk) -> None:
    assert "usually do not qualify" in said(
        talk.hear(ActionSearchPrograms(), "pharmacy student, a rotation in Tampa", "search_programs")
    )


@pytest.mark.parametrize("text", ["send me the link please", "where is the page", "i need the website"])
def test_a_link_is_the_page_of_what_was_shown(talk: Talk, text: str) -> None:
    insured = asking("faq_documents/health_insurance")
    talk.hear(ActionAnswerFaq(), "is health insurance needed", "faq_documents", **insured)
    reply = said(talk.hear(ActionRefuse(), text, "out_of_scope"))
    assert reply.startswith("Here it is: [")
    assert "](https://" in reply


def test_a_link_that_nothing_has_is_asked_for(talk: Talk) -> None:
    assert "Which link do you mean?" in said(talk.hear(ActionRefuse(), "send me the link", "out_of_scope"))


@pytest.mark.parametrize(
    ("text", "is_insult"),
    [
        ("but is it useless then?", False),
        ("are clinic letters garbage?", False),
        ("then an office visit is worthless", False),
        ("so the certificate is rubbish", False),
        ("this is useless", True),
        ("an answer like that is garbage", True),
        ("you are useless", True),
        ("are you stupid?", True),
    ],
)
def test_a_harsh_word_asked_of_a_thing_is_no_insult(talk: Talk, text: str, *, is_insult: bool) -> None:
    reply = said(talk.hear(ActionAnswerFaq(), text, "faq_lor_type", **asking("faq_lor_type/home_country")))
    assert ("clearly didn't help you" in reply) is is_insult


def test_a_nationality_after_the_visa_asks_the_visa_anew(talk: Talk) -> None:
    talk.hear(ActionAnswerFaq(), "which visa", "faq_visa", **asking("faq_visa/which_visa"))
    reply = said(talk.hear(ActionContinue(), "I am from Egypt", "inform"))
    assert reply.startswith("Noted: from Egypt.")
    assert "if Egypt is in the Visa Waiver Program" in reply
    assert "on your passport" in said(talk.hear(ActionContinue(), "I live in Austria", "inform"))
    assert "if France is in" in said(talk.hear(ActionContinue(), "I have a French passport", "inform"))


def test_a_passport_told_beside_the_question_is_answered(talk: Talk) -> None:
    text = "do I need a visa to observe? I hold a Dutch passport"
    reply = said(talk.hear(ActionAnswerFaq(), text, "faq_visa", **asking("faq_visa/observership_visa")))
    assert "if Netherlands is in the Visa Waiver Program" in reply
    again = said(talk.hear(ActionAnswerFaq(), "so ESTA is enough?", "faq_visa", **asking("faq_visa/esta_rotation")))
    assert again.startswith("Yes, if Netherlands")


def test_a_school_that_teaches_in_english_is_answered_beside_and_after_the_test(talk: Talk) -> None:
    asked = asking("faq_english_test/ielts_instead")
    beside = said(
        talk.hear(ActionAnswerFaq(), "is IELTS needed? my classes were in English", "faq_english_test", **asked)
    )
    assert beside.startswith("Studying in English frees you at some schools only.")
    other = Talk()
    other.hear(ActionAnswerFaq(), "do I need TOEFL", "faq_english_test", **asking("faq_english_test/needed"))
    after = said(other.hear(ActionRefuse(), "our school teaches in English", "out_of_scope"))
    assert after.startswith("Noted: your school teaches in English.")
    assert "Mayo" in after
    later = said(
        other.hear(ActionAnswerFaq(), "is a test needed", "faq_english_test", **asking("faq_english_test/needed"))
    )
    assert later.startswith("Perhaps not: your school teaches in English")


@pytest.mark.parametrize(
    ("text", "noted", "answer"),
    [
        ("I'm in my 6th year", "you are in your 6th year", "your 6th year is most likely one of them"),
        ("final year student", "you are in your final year", "you are in yours"),
        ("penultimate year", "you are in your penultimate year", "the year before the last"),
        ("2nd year student", "you are in your 2nd year", "Not yet, most likely"),
    ],
)
def test_the_year_of_study_is_said_back_and_decides_on_electives(
    talk: Talk, text: str, noted: str, answer: str
) -> None:
    assert noted in said(talk.hear(ActionIntroduce(), text, "introduce"))
    reply = talk.hear(
        ActionAnswerFaq(), "can I do electives", "faq_eligibility", **asking("faq_eligibility/may_elective")
    )
    assert answer in said(reply)


def test_a_corrected_month_of_graduation_says_until_when_electives_are_open(talk: Talk) -> None:
    talk.hear(ActionContinue(), "I graduate in June 2027", "inform")
    reply = said(talk.hear(ActionPlanTimeline(), "sorry, December 2027", "plan_timeline"))
    assert "graduation in December 2027. You are a student until December 2027" in reply
    asked = asking("faq_eligibility/after_graduating")
    later = said(talk.hear(ActionAnswerFaq(), "does that change my electives", "faq_eligibility", **asked))
    assert "until you graduate in December 2027" in later


def test_another_question_gets_the_topic_s_next_answer_not_the_last_one(talk: Talk) -> None:
    asked = asking("faq_vslo/check_school")
    first = said(talk.hear(ActionAnswerFaq(), "is my school in VSLO", "faq_vslo", **asked))
    reply = said(talk.hear(ActionAnswerFaq(), "and if it isn't?", "faq_vslo", **asked))
    assert reply.startswith("You are not shut out")
    assert first not in reply


def test_a_fact_told_in_an_introduction_goes_on_with_the_topic(talk: Talk) -> None:
    talk.hear(ActionAnswerFaq(), "which visa", "faq_visa", **asking("faq_visa/which_visa"))
    reply = said(talk.hear(ActionIntroduce(), "I am a graduate", "introduce"))
    assert reply.startswith("Noted: you are a graduate.")
    assert "only to observe" in reply


def test_a_list_is_not_said_twice_after_a_fact_that_changes_nothing(talk: Talk) -> None:
    talk.hear(ActionAnswerFaq(), "which documents", "faq_documents")
    reply = said(talk.hear(ActionContinue(), "I am from Egypt", "inform"))
    assert reply.startswith("Noted: from Egypt. I'll keep that in mind.")


def test_a_feeling_is_about_a_topic_that_the_next_words_lean_on(talk: Talk) -> None:
    talk.hear(ActionCare(), "I failed step 1 again", "care", **asking("care/failed_exam"))
    assert talk.slots["last_topic"] == "faq_usmle_needed/failed"


def test_the_same_question_asked_again_is_answered_shorter(talk: Talk) -> None:
    first = said(talk.hear(ActionAnswerFaq(), "what is VSLO", "faq_vslo"))
    again = said(talk.hear(ActionAnswerFaq(), "and what is VSLO", "faq_vslo"))
    assert again.startswith("I have no closer answer")
    assert len(again) < len(first)


def test_a_nationality_told_in_a_question_asks_what_depends_on_it(talk: Talk) -> None:
    text = "I'm from Syria, does it matter for the visa"
    assert "if Syria is in the Visa Waiver Program" in said(talk.hear(ActionAnswerFaq(), text, "faq_visa"))


def test_what_only_fits_the_last_topic_does_not_repeat_it(talk: Talk) -> None:
    talk.hear(ActionAnswerFaq(), "what is an observership", "faq_observership")
    talk.slots["task"] = "recommend"
    ranked = {"intent_ranking": [{"name": "faq_observership", "confidence": 0.1}], **asking("faq_observership")}
    reply = said(talk.hear(ActionDefaultFallback(), "you always need it", "nlu_fallback", **ranked))
    assert reply.startswith("I have no closer answer")


def test_what_a_feeling_is_about_has_an_answer() -> None:
    known = responses()
    about = {item["metadata"]["about"] for of in known.values() for item in of if "about" in item.get("metadata", {})}
    assert about
    assert {f"utter_{topic}" for topic in about} <= known.keys()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("I have not sat it so far", "Without Step 1 an elective"),
        ("did not take it yet", "Without Step 1 an elective"),
        ("I've already passed it", "you have passed it"),
    ],
)
def test_an_exam_that_is_only_pointed_at_is_the_one_just_talked_about(talk: Talk, text: str, words: str) -> None:
    question = "do electives want step 1"
    talk.hear(ActionAnswerFaq(), question, "faq_usmle_needed", **asking("faq_usmle_needed/step1_required"))
    answer = said(talk.hear(ActionContinue(), text, "refine_search", sure=0.2))
    assert answer.startswith("Noted: Step 1")
    assert words in answer


@pytest.mark.parametrize(
    "text", ["sorry, 2020, and I'm still doing my internship", "oh wait, 2020, am I a graduate then or not?"]
)
def test_a_correction_with_a_doubt_is_noted_and_the_doubt_answered(talk: Talk, text: str) -> None:
    talk.hear(ActionIntroduce(), "I'm a graduate from Kenya, 2019", "introduce")
    assert talk.slots["graduation_year"] == 2019
    answer = said(talk.hear(ActionContinue(), text, "plan_timeline"))
    assert "graduation in 2020" in answer
    assert "your degree decides" in answer
    assert (talk.slots["graduation_year"], talk.slots["career_stage"]) == (2020, "graduate")


@pytest.mark.parametrize(
    ("text", "gone"),
    [("forget my nationality", "nationality"), ("please delete my graduation year", "graduation_year")],
)
def test_one_fact_is_forgotten_and_named(talk: Talk, text: str, gone: str) -> None:
    talk.hear(ActionIntroduce(), "I'm a graduate from Kenya, 2019", "introduce")
    answer = said(talk.hear(ActionForgetMe(), text, "forget_me"))
    assert answer.startswith("Done, I have forgotten this")
    assert talk.slots[gone] is None
    assert talk.slots["career_stage"] == "graduate"
    assert "nothing to forget" in said(talk.hear(ActionForgetMe(), text, "forget_me"))


def test_what_was_told_for_a_sum_and_a_plan_is_shown_too(talk: Talk) -> None:
    talk.slots |= {"estimate": {"budget": 6500.0}, "plan": {"match_year": 2028}}
    shown = said(talk.hear(ActionShowProfile(), "what do you remember of me", "show_profile"))
    assert "USD 6,500 in all" in shown
    assert "the 2028 Match" in shown
    assert "forgotten this" in said(talk.hear(ActionContinue(), "forget my budget", "correct_profile"))
    assert "6,500" not in said(talk.hear(ActionShowProfile(), "what do you remember of me", "show_profile"))


def test_a_year_alone_after_an_answer_is_that_of_the_graduation(talk: Talk) -> None:
    question = "have I missed my chance to come"
    first = talk.hear(
        ActionAnswerFaq(), question, "faq_graduate_no_electives", **asking("faq_graduate_no_electives/too_late")
    )
    assert "as a graduate" not in said(first)
    heard = [{"intent": "plan_timeline", "aspect": "plan_timeline", "confidence": 0.6, "text": "2015"}]
    answer = said(talk.hear(ActionPlanTimeline(), "2015", "plan_timeline", heard=heard))
    assert talk.slots["graduation_year"] == 2015
    assert "as a graduate" in answer


def test_an_exam_is_forgotten_too(talk: Talk) -> None:
    talk.hear(ActionIntroduce(), "graduate, Step 1 passed, TOEFL done", "introduce")
    answer = said(talk.hear(ActionContinue(), "forget my Step 1 please", "correct_profile"))
    assert "forgotten" in answer
    assert (talk.slots["step1"], talk.slots["english_test"]) == (None, "passed")


def test_another_stage_says_what_is_open_now(talk: Talk) -> None:
    talk.hear(ActionIntroduce(), "third year student from Chile", "introduce")
    answer = said(talk.hear(ActionContinue(), "oh sorry, I'm a graduate, not a student", "correct_profile"))
    assert answer.startswith("Noted: you are a graduate. So electives and VSLO are closed to you; open are")
    answer = said(talk.hear(ActionContinue(), "no wait, I haven't graduated, I'm in my final year", "correct_profile"))
    assert "electives and sub-internships, the hands-on kinds, are open to you" in answer


@pytest.mark.parametrize(
    ("told", "asked", "first"),
    [
        ("final year student", "faq_eligibility/open_ways", "Noted: you are a graduate. Yes, that changes it:"),
        ("final year student", "faq_cost/deposit", "Noted: you are a graduate. Not the last answer, but what is open"),
    ],
)
def test_whether_a_correction_changes_the_answer_is_said_with_the_answer(
    talk: Talk, told: str, asked: str, first: str
) -> None:
    talk.hear(ActionIntroduce(), told, "introduce")
    before = said(talk.hear(ActionAnswerFaq(), "and that?", asked.partition("/")[0], **asking(asked)))
    answer = said(
        talk.hear(ActionAnswerFaq(), "I mean I'm a graduate. does that change the answer?", "faq_match_impact")
    )
    assert answer.startswith(first)
    assert before not in answer
    assert "Three ways are open to you" in answer


def test_a_field_told_beside_a_question_is_kept(talk: Talk) -> None:
    talk.hear(ActionAnswerFaq(), "I want neurology, are letters needed?", "faq_lor_type")
    assert talk.slots["specialties"] == ["neurology"]


@pytest.mark.parametrize(
    "aspect", ["faq_visa/hands_on", "faq_visa/need_visa", "faq_visa/telehealth_visa", "faq_visa/tourist_visa"]
)
@pytest.mark.parametrize("told", ["green card holder, graduate of 2016", "I'm a citizen, class of 2016"])
def test_who_needs_no_visa_hears_it_whatever_the_question_on_visas(talk: Talk, told: str, aspect: str) -> None:
    talk.hear(ActionIntroduce(), told, "introduce")
    answer = said(talk.hear(ActionAnswerFaq(), "and the visa?", "faq_visa", **asking(aspect)))
    assert "US citizens and permanent residents need" in answer.partition(".")[0] + answer.partition(".")[2]
    assert "Students" not in answer
    by_passport = talk.hear(ActionAnswerFaq(), "do I use a visa or ESTA", "faq_visa", **asking("faq_visa/by_passport"))
    assert said(by_passport).startswith("Neither")
    lead = said(talk.hear(ActionAnswerFaq(), "how early?", "faq_when_to_apply", **asking("faq_when_to_apply/no_visa")))
    assert "no extra months" in lead


def test_whether_the_fact_told_before_changes_the_answer(talk: Talk) -> None:
    talk.hear(ActionIntroduce(), "graduate of 2024", "introduce")
    talk.hear(ActionContinue(), "oops, I'm a final year student, not a graduate", "correct_profile")
    answer = said(talk.hear(ActionAnswerFaq(), "does it change your advice?", "faq_match_impact"))
    assert answer.startswith("Yes, that changes it:")
    assert "Electives and sub-internships are open to you" in answer
