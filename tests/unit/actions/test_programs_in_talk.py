"""What is shown and searched stays in mind: few questions, names for "which", and a search that keeps what was told."""

from __future__ import annotations

import pytest

from actions.dialogue.continuing import ActionContinue
from actions.dialogue.talk import ActionIntroduce
from actions.faq import ActionAnswerFaq
from actions.handoff import ActionRequestHuman
from actions.programs.choosing import ActionComparePrograms, ActionSearchPrograms
from bot.db.base import Database
from bot.programs import service
from bot.programs.pricing import price_for_four_weeks
from bot.programs.program import Program
from tests.unit.extractor import asking

from .conftest import Talk, said
from .programs_talk import ProgramsTalk, slugs, table

WHICH_SPECIALTY = "Which specialty would you like?"


@pytest.fixture
def talk(seeded_names: list[dict[str, object]]) -> ProgramsTalk:
    return ProgramsTalk(Talk(), seeded_names)


@pytest.fixture(scope="module")
def known(seeded: Database) -> dict[str, Program]:
    with seeded.unit() as session:
        return dict(service.shelves(session).catalog.by_slug)


def test_the_specialty_is_asked_for_once_in_a_search(talk: ProgramsTalk) -> None:
    assert WHICH_SPECIALTY in said(talk.say("observerships for graduates in Illinois", "search_programs"))
    assert WHICH_SPECIALTY not in said(talk.say("show me cheaper ones", "refine_search"))
    assert WHICH_SPECIALTY not in said(talk.say("and without toefl", "refine_search"))


def test_no_question_of_the_search_stands_below_an_answer_about_a_result(talk: ProgramsTalk) -> None:
    talk.say("observerships for graduates in Illinois", "search_programs")
    assert WHICH_SPECIALTY not in said(talk.say("the first one, do they ask for toefl?", "ask_program", "english"))
    second = said(talk.say("what is the price of the second", "ask_program", "fee"))
    assert "Fee" in second
    assert WHICH_SPECIALTY not in second
    assert slugs(talk.say("neurology")), "a word alone still answers it"
    assert talk.talk.slots["query"]["specialties"] == ["neurology"]


def test_a_result_that_was_not_shown_alone_is_named_in_its_answer(
    talk: ProgramsTalk, known: dict[str, Program]
) -> None:
    listed = slugs(talk.say("observerships for graduates in Illinois", "search_programs"))
    talk.say("the first one, do they ask for toefl?", "ask_program", "english")
    assert known[listed[1]].institution in said(talk.say("what is the price of the second", "ask_program", "fee"))


@pytest.mark.parametrize(
    "text", ["observerships in Illinois for graduates, no matter which specialty", "any specialty"]
)
def test_a_specialty_that_was_declined_is_not_asked_for_again(talk: ProgramsTalk, text: str) -> None:
    talk.say("observerships for students in Ohio", "search_programs")
    talk.say(text, "refine_search")
    talk.say("externships for graduates in Illinois", "search_programs")
    assert "specialties" not in talk.talk.slots["query"]
    assert talk.talk.slots["asked"] != "specialties"


def test_a_specialty_told_at_the_opening_is_searched_whatever_came_between(talk: ProgramsTalk) -> None:
    told = "hello, I graduated in 2021 and I love neurology"
    talk.talk.hear(ActionIntroduce(), told, "introduce", names=talk.names)
    talk.say("what would three weeks cost me", "estimate_cost")
    talk.talk.hear(ActionSearchPrograms(), "too much for me, any free ones?", "refine_search")
    query = talk.talk.slots["query"]
    assert (query["specialties"], query["free"]) == (["neurology"], True)
    talk.say("observerships in Ohio", "search_programs")
    assert talk.talk.slots["query"]["specialties"] == ["neurology"]
    talk.say("observerships in cardiology in Ohio", "search_programs")
    assert talk.talk.slots["query"]["specialties"] == ["cardiology"]


def test_whom_to_write_to_is_asked_of_what_is_shown(talk: ProgramsTalk) -> None:
    human = said(talk.talk.hear(ActionRequestHuman(), "whom can I write to", "request_human"))
    talk.say("tell me about the GME observership at Baylor", "ask_program", "general")
    reply = talk.talk.hear(ActionRequestHuman(), "whom can I write to", "request_human")
    assert said(reply) != human
    assert "its page" in said(reply)
    talk.say("observerships for graduates in Illinois", "search_programs")
    assert "its page" in said(talk.talk.hear(ActionRequestHuman(), "contact details?", "request_human"))


@pytest.mark.parametrize(("word", "label"), [("visa", "Visa"), ("length", "Length"), ("the deadline", "When to apply")])
def test_a_bare_word_asks_for_its_column_of_the_program_shown(talk: ProgramsTalk, word: str, label: str) -> None:
    talk.say("tell me about the GME observership at Baylor", "ask_program", "general")
    reply = talk.say(word)
    assert said(reply).startswith(f"{label}:")
    assert not slugs(reply)


@pytest.mark.parametrize("before", ["find a program", "observerships for graduates in Illinois"])
def test_a_bare_word_without_one_program_is_a_question_of_the_faq(talk: ProgramsTalk, before: str) -> None:
    talk.say(before, "search_programs")
    reply = talk.say("and the visa?")
    assert "B-1" in said(reply)
    assert not slugs(reply)


def test_a_bare_word_at_the_beginning_is_a_question_of_the_faq(talk: ProgramsTalk) -> None:
    assert "B-1" in said(talk.talk.hear(ActionContinue(), "and the visa?", "inform"))


def test_which_of_several_is_answered_by_name(talk: ProgramsTalk) -> None:
    talk.say("compare Yale, Tufts and Mayo Clinic", "compare_programs")
    reply = talk.say("which of them accept graduates", "compare_programs")
    assert table(reply) is None
    lines = said(reply).split("\n")
    assert lines[0].startswith("- **Only for some**: Tufts")
    assert lines[1] == "- **No**: Yale School of Medicine."


def test_which_of_a_list_need_no_exam_is_answered_by_name(talk: ProgramsTalk, known: dict[str, Program]) -> None:
    listed = slugs(talk.say("internal medicine observerships for graduates in Texas", "search_programs"))
    reply = talk.say("which ones want no step 1", "refine_search")
    needing = [known[slug].institution for slug in listed if known[slug].step1 == "required"]
    assert needing
    no = next(line for line in said(reply).split("\n") if "**No**" in line)
    assert all(name in no for name in needing)
    assert "**Not stated**" in said(reply)
    assert not slugs(reply)


def test_which_of_them_is_the_whole_list_though_one_was_asked_about_last(talk: ProgramsTalk) -> None:
    listed = slugs(talk.say("internal medicine observerships for graduates in Texas", "search_programs"))
    talk.say("the second one, do they ask for toefl?", "ask_program", "english")
    reply = talk.say("does any of them write a letter", "ask_program", "lor")
    assert said(reply).count(";") >= len(listed) - 1


def test_an_offer_that_is_only_named_asks_for_no_free_place(talk: ProgramsTalk) -> None:
    assert "which places are free" not in said(talk.say("electives at Baylor", "ask_program", "places"))
    assert "which places are free" in said(talk.say("is a spot left at Baylor", "ask_program", "places"))


def test_a_wish_that_no_longer_matters_is_taken_out_of_the_search(talk: ProgramsTalk) -> None:
    talk.say("externships for graduates with a letter of recommendation", "search_programs")
    reply = talk.talk.hear(ActionAnswerFaq(), "letters don't matter", "faq_lor_type")
    assert "letter" not in talk.talk.slots["query"]
    assert slugs(reply)


def test_who_may_come_alone_begins_no_search_anew(talk: ProgramsTalk) -> None:
    talk.say("observerships in Chicago for students", "search_programs")
    talk.say("which hospitals accept graduates", "search_programs")
    query = talk.talk.slots["query"]
    assert (query["cities"], query["audience"]) == (["Chicago"], "graduates")


def test_no_verdict_is_passed_on_what_is_better_but_the_differences_are_named(talk: ProgramsTalk) -> None:
    talk.say("compare Yale and Mayo Clinic", "compare_programs")
    reply = talk.talk.hear(ActionContinue(), "which one is better", "unsure", sure=0.4)
    assert said(reply).startswith("I can't say which is better")
    assert "**Type**: elective (Yale School of Medicine)" in said(reply)
    assert table(reply) is None


def test_offerings_of_one_institution_are_told_apart_by_their_own_names(talk: ProgramsTalk) -> None:
    talk.say("tell me about Yale", "ask_program", "general")
    answer = said(talk.talk.hear(ActionContinue(), "which one would you choose", "unsure", sure=0.4))
    assert "elective (Visiting International Student Elective Program)" in answer


def test_who_asks_for_the_better_of_two_names_gets_no_verdict_above_the_table(talk: ProgramsTalk) -> None:
    reply = talk.say("would Tufts be better than Mayo Clinic", "compare_programs")
    assert said(reply).startswith("I can't say which is better")
    assert table(reply) is not None


def test_which_of_two_names_is_answered_above_the_table(talk: ProgramsTalk) -> None:
    reply = talk.say("Yale or Cleveland Clinic, which of them takes graduates?", "compare_programs")
    assert table(reply)
    assert "Yale" in said(reply)
    assert "Side by side" not in said(reply)


def test_a_name_alone_is_no_comparison(talk: ProgramsTalk) -> None:
    talk.say("compare Yale with Cleveland Clinic", "compare_programs")
    assert "Which other institution" not in said(talk.say("hm, Yale takes nobody from abroad", "compare_programs"))


@pytest.mark.parametrize("text", ["which is better: an observership or an externship", "is surgery better than peds"])
def test_what_is_better_in_general_is_no_question_on_the_screen(talk: ProgramsTalk, text: str) -> None:
    talk.say("compare Yale and Mayo Clinic", "compare_programs")
    reply = talk.talk.hear(ActionAnswerFaq(), text, "faq_rotation_types")
    assert "can't say which is better" not in said(reply)


def test_anywhere_declines_the_place_whatever_was_asked(talk: ProgramsTalk) -> None:
    talk.say("observerships for graduates", "search_programs")
    assert talk.talk.slots["asked"] == "specialties"
    talk.say("anywhere", "refine_search")
    assert talk.talk.slots["query"]["skipped"] == ["states"]


def test_a_cheaper_state_gives_the_state_up_and_sorts_by_price(talk: ProgramsTalk) -> None:
    talk.say("psychiatry observerships for graduates in New York", "search_programs")
    reply = talk.say("is any other state cheaper", "compare_programs")
    query = talk.talk.slots["query"]
    assert "without the wish “in New York”" in said(reply)
    assert (query.get("states"), query["sort"], query["specialties"]) == (None, "price", ["psychiatry"])
    assert slugs(reply)


def test_how_many_narrows_the_running_search(talk: ProgramsTalk) -> None:
    talk.say("electives for students in California", "search_programs")
    reply = talk.talk.hear(
        ActionAnswerFaq(), "how many of these need no step 1", "faq_usmle_needed", **asking("faq_usmle_needed/no_exam")
    )
    assert talk.talk.slots["query"]["no_step1"]
    assert "in California, for students, without Step 1" in said(reply)


def test_a_search_without_any_wish_asks_for_one(talk: ProgramsTalk) -> None:
    talk.say("find me something", "search_programs")
    reply = talk.say("I am a graduate")
    assert "a specialty, a place, or a type" in said(reply)
    assert not slugs(reply)
    assert slugs(talk.say("in Ohio"))


@pytest.mark.parametrize("text", ["only with a letter of recommendation", "just those that give letters"])
def test_a_letter_is_a_wish_of_a_search(talk: ProgramsTalk, text: str) -> None:
    talk.say("externships for graduates", "search_programs")
    reply = talk.say(text, "refine_search")
    assert "with a letter of recommendation" in said(reply)
    assert talk.talk.slots["query"]["letter"]


@pytest.mark.parametrize(
    ("question", "column", "start"),
    [
        ("does Larkin run observerships", "specialties", "No observership at"),
        ("are there observerships at Yale", "places", "No. It is closed to international applicants."),
        ("does Yale offer electives", "specialties", "Yes: elective at"),
        ("does Stanford accept graduates", "acceptance", "- **Yes**, for graduates:"),
        ("what would an elective at Harvard cost", "fee", "Fee: not stated on its page; ask them."),
        ("is step 1 needed at UCSF", "step1", "**University of California, San Francisco School of Medicine"),
        ("deadline at Stanford for visiting students", "lead", "**Stanford University School of Medicine:"),
    ],
)
def test_a_question_on_a_named_hospital_begins_with_its_answer(
    talk: ProgramsTalk, question: str, column: str, start: str
) -> None:
    assert said(talk.say(question, "ask_program", column)).startswith(start)


def test_that_a_program_is_closed_for_now_is_never_cut(talk: ProgramsTalk) -> None:
    reply = talk.say("what would an elective at Harvard cost", "ask_program", "fee")
    assert "currently not open to international students" in said(reply)


def test_a_search_for_a_relative_knows_what_was_told_of_them(talk: ProgramsTalk) -> None:
    talk.talk.hear(ActionIntroduce(), "my cousin is a medical student and has not taken step 1", "introduce")
    talk.say("anything in Illinois?", "search_programs")
    query = talk.talk.slots["query"]
    assert (query["audience"], query["no_step1"], query["for_other"]) == ("students", True, True)
    assert not talk.talk.slots.get("career_stage")


def test_a_search_goes_on_for_somebody_else_and_back_with_each_ones_exams(talk: ProgramsTalk) -> None:
    talk.say("observerships for a student in Texas", "search_programs")
    talk.say("and for my brother? he has graduated and has no Step 1", "refine_search")
    query = talk.talk.slots["query"]
    assert (query["audience"], query["no_step1"], query["states"]) == ("graduates", True, ["TX"])
    talk.say("and for me? I am a student", "refine_search")
    query = talk.talk.slots["query"]
    assert (query["audience"], query["states"]) == ("students", ["TX"])
    assert not query.get("no_step1")
    assert not query.get("for_other")


def test_a_comparison_begins_with_what_was_asked(talk: ProgramsTalk) -> None:
    reply = talk.say("Emory or Johns Hopkins for an elective, which is easier to get into?", "compare_programs")
    assert said(reply).startswith("No page says how hard it is to get in, only who may apply:")
    assert "- **Yes**, for international applicants: Emory" in said(reply)
    assert "- **Only for some**: Johns Hopkins" in said(reply)
    reply = talk.say("compare Emory and Johns Hopkins", "compare_programs")
    assert said(reply).startswith("Side by side, they differ in:")
    reply = talk.say("Emory or Johns Hopkins for an elective, who charges less?", "compare_programs")
    assert said(reply).startswith("**Emory")


def test_a_price_that_neither_page_prints_is_said_in_a_sentence(talk: ProgramsTalk) -> None:
    talk.say("compare Mayo Clinic and Cleveland Clinic", "compare_programs")
    assert said(talk.say("what do they charge?", "faq_cost")).startswith("**Neither page prints a price**")


def test_the_first_of_a_list_is_set_beside_a_named_one_whatever_topic_it_looks_like(talk: ProgramsTalk) -> None:
    first = slugs(talk.say("observerships for graduates in Ohio", "search_programs"))[0]
    reply = talk.say("compare the first one with AMO", "faq_amo", "better")
    shown = table(reply)
    assert shown is not None
    assert talk.talk.slots["last_results"][0] == first
    assert "Telerotation" not in shown.columns[1]
    assert shown.columns[1].startswith("AMOpportunities")


def test_programs_compared_are_for_the_same_people_where_there_are_any(
    talk: ProgramsTalk, known: dict[str, Program]
) -> None:
    talk.say("compare Emory and AMO", "compare_programs")
    one, two = (known[slug] for slug in talk.talk.slots["last_results"])
    assert set(one.audience) & set(two.audience)
    assert two.rotation_types == ("elective",)


def test_a_company_beside_the_portal_is_a_question_of_prices(talk: ProgramsTalk) -> None:
    reply = talk.say("VSLO or AMO, compare them: which is cheaper?", "faq_vslo", "official")
    assert table(reply) is None
    assert "$15" in said(reply)
    assert "$3,000\u2013$5,000" in said(reply)
    assert "$2,000\u2013$3,500" in said(reply)


def test_applying_oneself_is_set_beside_the_company_too(talk: ProgramsTalk) -> None:
    reply = talk.say("whats cheaper, applying to the hospital myself or going with AMO", "faq_amo", "setting")
    assert "3,000" in said(reply)
    assert "2,000" in said(reply)


@pytest.mark.parametrize("intent", ["ask_program", "faq_cost"])
def test_the_price_of_a_kind_somewhere_is_no_search(talk: ProgramsTalk, intent: str) -> None:
    aspect = "fee" if intent == "ask_program" else "observership_price"
    reply = talk.say("what is the price of an observership in newyork", intent, aspect)
    assert not slugs(reply)
    assert "sometimes" in said(reply).lower() or "some observerships are free" in said(reply).lower()
    assert "In New York these print a price" in said(reply)


def test_the_price_of_a_kind_alone_is_the_answer_of_the_faq(talk: ProgramsTalk) -> None:
    reply = talk.say("externship price?", "ask_program", "fee")
    assert not slugs(reply)
    assert "$" in said(reply)


def test_whether_a_place_takes_observers_is_a_yes_or_for_whom(talk: ProgramsTalk) -> None:
    reply = talk.say("Does Houston Methodist take observers?", "ask_program", "lor")
    assert said(reply).startswith("**For some only:** observership at **Houston Methodist**.")
    assert slugs(reply)
    reply = talk.say("Does Griffin Hospital accept observers?", "ask_program", "acceptance")
    assert said(reply).startswith("Yes: observership at")


def test_which_of_the_compared_is_easier_is_said_of_who_may_apply(talk: ProgramsTalk) -> None:
    talk.say("compare Emory and Johns Hopkins", "compare_programs")
    reply = talk.say("and which one is easier?", "faq_rotation_types", "harder")
    assert said(reply).startswith("No page says how hard it is to get in")
    assert table(reply) is None


def test_what_each_of_the_compared_charges_is_a_sentence(talk: ProgramsTalk) -> None:
    talk.say("compare Mayo Clinic and Cleveland Clinic", "compare_programs")
    reply = talk.say("and how much do the two charge?", "compare_programs")
    assert said(reply).startswith("**Neither page prints a price**")


def test_several_offerings_say_which_take_whom_the_talk_is_about(talk: ProgramsTalk) -> None:
    talk.say("I am a graduate")
    reply = talk.say("what about Massachusetts General Hospital?", "ask_program", "general")
    assert "- **Yes**, for graduates:" in said(reply)
    assert "- **Only for some**:" in said(reply)
    assert "look at the right one" not in said(reply)


def test_two_weeks_for_a_price_of_two_weeks_are_two_of_four(known: dict[str, Program]) -> None:
    price = price_for_four_weeks(known["stanford-international-visiting-student"])
    assert price is not None
    assert (price.low, price.high) == (6200, 6200)


def test_what_is_asked_beside_a_kind_is_answered_below_the_yes(talk: ProgramsTalk) -> None:
    reply = talk.say("Does Houston Methodist take observers and what do they ask for?", "ask_program", "specialties")
    assert said(reply).startswith("**For some only:**")
    assert "Documents: " in said(reply)
    assert "Specialties" not in said(reply)


def test_the_two_are_the_last_two_places_shown(talk: ProgramsTalk) -> None:
    talk.say("tell me about Emory", "ask_program", "general")
    talk.say("and Mayo Clinic observerships?", "ask_program", "general")
    compared = table(talk.say("compare the two, cheaper?", "compare_programs"))
    assert compared is not None
    assert [name.split(" ")[0] for name in compared.columns] == ["Emory", "Mayo"]


def test_a_year_of_graduation_told_after_a_list_narrows_it(talk: ProgramsTalk) -> None:
    talk.say("observerships in Illinois", "search_programs")
    reply = talk.say("IMG, YOG 2021, step 1 passed", "introduce")
    assert "for graduates" in said(reply)
    assert "Are you a student" not in said(reply)
    assert talk.talk.slots["query"]["audience"] == "graduates"


def test_a_stage_told_where_no_question_is_open_narrows_the_list(talk: ProgramsTalk) -> None:
    talk.say("observerships in Illinois", "search_programs")
    talk.talk.slots["asked"] = None
    told = "hi, I am an IMG, class of 2021"
    assert "for graduates" in said(talk.talk.hear(ActionIntroduce(), told, "introduce", names=talk.names))


def test_who_graduated_is_told_whether_the_program_on_the_card_takes_them(talk: ProgramsTalk) -> None:
    talk.say("electives at Emory", "ask_program")
    reply = said(talk.say("I graduated in 2021 btw", "inform"))
    assert reply.startswith("Noted: you are a graduate, graduation in 2021.")
    assert "for students only" in reply


def test_a_fact_told_after_a_card_shows_no_card_again(talk: ProgramsTalk) -> None:
    talk.say("tell me about Emory", "ask_program", "general")
    reply = talk.say("i have a german passport", "inform")
    assert not slugs(reply)
    assert "Germany" in said(reply)


def test_what_names_no_program_is_not_asked_for_twice(talk: ProgramsTalk) -> None:
    first = said(talk.say("what do you know about it", "ask_program", "general"))
    assert first.startswith("Which institution")
    assert not said(talk.say("is this realistic", "ask_program", "acceptance_rate", sure=0.2)).startswith("Which inst")
    assert not said(talk.say("what then", "ask_program", "general")).startswith("Which institution")


def test_one_card_is_compared_with_a_place_that_is_named(talk: ProgramsTalk) -> None:
    talk.say("tell me about MedClerkships", "ask_program", "general")
    assert table(talk.say("compare it with Project IMG", "faq_amo")) is not None


def test_something_similar_is_of_the_field_and_the_type_of_the_card(talk: ProgramsTalk) -> None:
    talk.say("tell me about the Columbia neurology observership", "ask_program", "general")
    talk.say("anything similar in Texas?", "search_programs")
    query = talk.talk.slots["query"]
    assert (query["specialties"], query["rotation_types"]) == (["neurology"], ["observership"])
    assert query["states"] == ["TX"]


def test_a_bare_question_after_two_compared_is_asked_of_both(talk: ProgramsTalk) -> None:
    talk.say("compare Mayo Clinic and Cleveland Clinic", "compare_programs")
    answer = said(talk.say("is there a deadline?", "ask_program", "lead", sure=0.5))
    assert "Mayo Clinic" in answer
    assert "Cleveland Clinic" in answer


def test_a_place_without_programs_does_not_show_all_there_are(talk: ProgramsTalk) -> None:
    reply = talk.say("anything in Queens", "search_programs")
    assert not slugs(reply)
    assert "in Queens" in said(reply)
    assert slugs(talk.say("observerships in Queens", "search_programs"))


def test_which_of_the_two_is_cheaper_compares_their_prices(talk: ProgramsTalk) -> None:
    talk.say("does Cleveland Clinic take students for electives", "ask_program", "acceptance")
    talk.say("and Mayo Clinic?", "ask_program", "acceptance")
    worth = {"ranking": [{"intent_response_key": "ask_program/worth", "confidence": 0.74}]}
    question = ("which of the two is cheaper", "compare_programs")
    parse = {"response_selector": {"ask_program": worth}}
    answer = said(talk.talk.hear(ActionComparePrograms(), *question, names=talk.names, sure=0.9, **parse))
    assert answer.startswith("**Neither page prints a price**")


@pytest.mark.parametrize("text", ["can I go there in June", "when should I apply there for June"])
def test_a_month_at_the_place_on_the_screen_is_planned(talk: ProgramsTalk, text: str) -> None:
    talk.say("tell me about Griffin Hospital", "ask_program", "general")
    answer = said(talk.say(text, "ask_program", "places", sure=0.46))
    assert "June" in answer
    assert talk.talk.slots["task"] == "timeline"


def test_how_to_apply_to_it_after_two_compared_is_asked_of_both(talk: ProgramsTalk) -> None:
    talk.say("compare Mayo Clinic and Cleveland Clinic", "compare_programs")
    answer = said(talk.say("how do I apply to it", "ask_program", "route", sure=0.5))
    assert "Mayo Clinic" in answer
    assert "Cleveland Clinic" in answer


def test_something_cheaper_nearby_is_in_the_state_of_the_card(talk: ProgramsTalk) -> None:
    talk.say("tell me about the Columbia neurology observership", "ask_program", "general")
    talk.say("too expensive, anything cheaper nearby?", "refine_search", sure=0.43)
    query = talk.talk.slots["query"]
    assert (query["states"], query["sort"]) == (["NY"], "price")


def test_one_of_a_list_is_known_by_what_was_wished_for(talk: ProgramsTalk) -> None:
    talk.say("hands-on electives in surgery without Step 1, I am a student", "search_programs")
    talk.say("the first one", "refine_search")
    talk.say("and similar ones in Texas", "refine_search")
    query = talk.talk.slots["query"]
    assert (query["specialties"], query["rotation_types"]) == (["surgery"], ["elective"])
    assert (query["states"], query["no_step1"]) == (["TX"], True)


def test_the_shortest_of_a_list_is_named_and_talked_about(talk: ProgramsTalk) -> None:
    talk.say("psychiatry in California", "search_programs")
    assert "2 to 4 weeks" in said(talk.say("which is the shortest?", "refine_search"))
    answer = said(talk.say("and the longest of them", "refine_search"))
    assert answer.startswith("The longest among these:")
    assert "UCLA" in answer
    assert "750 USD" in said(talk.say("and the fee?", "ask_program", "fee"))


def test_a_field_named_after_a_card_is_asked_of_it(talk: ProgramsTalk) -> None:
    talk.say("does Cleveland Clinic Florida take students", "ask_program", "acceptance")
    answer = said(talk.say("and for cardiology", "inform", sure=0.5))
    assert "cardiology" in answer.lower()
    assert not talk.talk.slots.get("query")


def test_a_program_keeps_its_place_behind_the_question_of_a_plan(talk: ProgramsTalk) -> None:
    talk.say("tell me about Griffin Hospital", "ask_program", "general")
    talk.talk.slots |= {"task": "timeline", "asked": "visa"}
    answer = said(talk.say("what would a month there cost me all in", "estimate_cost"))
    assert "Griffin Hospital" in answer


def test_where_a_student_comes_from_is_no_filter(talk: ProgramsTalk) -> None:
    answer = said(talk.say("final year student from Pakistan, I need electives in surgery", "search_programs"))
    assert "nationality" not in answer
    assert "nationality" in said(talk.say("observerships open to Pakistani doctors", "search_programs"))


def test_how_something_is_paid_is_not_the_sum_again(talk: ProgramsTalk) -> None:
    talk.say("8 weeks with an agency", "estimate_cost")
    answer = said(talk.say("how do I pay them, installments?", "faq_cost", "installments"))
    assert "That does not change the sum" not in answer


def test_nothing_else_turns_the_page(talk: ProgramsTalk) -> None:
    first = slugs(talk.say("observerships for graduates in Illinois", "search_programs"))
    assert not set(first) & set(slugs(talk.say("nothing else?", "deny")))


def test_two_named_places_are_both_named_above_their_cards(talk: ProgramsTalk) -> None:
    reply = talk.say("observerships at Mayo Clinic or Cleveland Clinic", "ask_program", "general")
    assert said(reply).startswith("Here is what I know about each: **Mayo Clinic")


def test_what_about_graduates_is_about_the_place_on_the_screen(talk: ProgramsTalk) -> None:
    talk.say("does Duke accept foreign students", "ask_program", "acceptance")
    reply = talk.say("what about graduates", "refine_search")
    assert said(reply).startswith("**Duke")
    assert "Yes, it takes international" in said(reply)


def test_two_names_and_the_price_are_a_comparison_alone(talk: ProgramsTalk) -> None:
    reply = talk.say("Baylor or MD Anderson observership, who charges less?", "faq_observership")
    assert table(reply) is not None
    assert "is cheaper" in said(reply).split("\n")[0]


def test_a_card_is_called_by_its_place(talk: ProgramsTalk, known: dict[str, Program]) -> None:
    shown = slugs(talk.say("psychiatry observerships for graduates in New York or Massachusetts", "search_programs"))
    there = {known[slug].institution for slug in shown if known[slug].state == "MA"}
    others = {known[slug].institution for slug in shown} - there
    reply = said(talk.say("the one in Massachusetts, what is its fee?", "ask_program", "fee"))
    assert there
    assert others
    assert not any(name in reply for name in others)


def test_which_hospitals_take_somebody_is_a_search(talk: ProgramsTalk) -> None:
    assert slugs(talk.say("which departments take observers in Texas?", "faq_observership"))


def test_a_fact_that_changes_nothing_in_a_search_is_noted_and_the_list_not_said_again(talk: ProgramsTalk) -> None:
    talk.say("observerships for graduates in Texas", "search_programs")
    reply = talk.say("I passed Step 1", "inform")
    assert "Noted" in said(reply)
    assert not slugs(reply)


def test_the_cheapest_after_a_list_is_about_the_list_whatever_is_told_beside_it(talk: ProgramsTalk) -> None:
    talk.say("radiology observerships in Massachusetts", "search_programs")
    talk.say("I'm still a student by the way. Cheapest?", "faq_cost")
    assert talk.talk.slots["task"] == "search"
    assert talk.talk.slots["query"]["sort"] == "price"


def test_which_of_two_is_judged_by_what_the_person_told(talk: ProgramsTalk) -> None:
    text = (
        "I graduated in 2024, Step 1 is passed, Step 2 CK not yet. "
        "Griffin Memorial or BronxCare for psychiatry: which one can I really get?"
    )
    answer = said(talk.say(text, "compare_programs"))
    assert "**BronxCare Health System" in answer.split("\n")[0]
    assert "Griffin Memorial Hospital" in answer
    assert "asks for Step 2 CK, which you do not have" in answer
    assert "can't say which is better" not in answer


def test_of_a_house_with_departments_the_one_of_the_field_is_compared(talk: ProgramsTalk) -> None:
    text = (
        "I graduated in 2024, Step 1 passed, Step 2 CK not yet. The observership in pathology at Indiana University "
        "or that at University of Washington: which one would you go for in my position?"
    )
    answer = said(talk.say(text, "compare_programs"))
    assert "Indiana" in answer
    assert "asks for Step 2 CK, which you do not have" in answer
    assert "at the momentand" not in answer


NEUROLOGY = "neurology observerships for graduates"


def test_a_place_stands_for_the_one_program_there_whatever_came_between(talk: ProgramsTalk) -> None:
    talk.say(NEUROLOGY, "search_programs")
    talk.say("how many letters do they want for the match", "faq_lor_count")
    shown = talk.say("and the Omaha one, what is the fee", "ask_program", "fee")
    assert len(slugs(shown)) == 1
    assert "1,500" in said(shown)


def test_what_was_talked_about_is_meant_when_its_house_is_named_again(
    talk: ProgramsTalk, known: dict[str, Program]
) -> None:
    house = "Beth Israel Deaconess Medical Center, Department of Radiology"
    talk.say("observerships in interventional radiology in Boston for graduates", "search_programs")
    one = slugs(talk.say("the radiology observerships of Beth Israel radiology, the fee?", "ask_program", "fee"))
    talk.say("how long does a visa take", "faq_visa")
    again = slugs(talk.say("and beth israel, do they give a letter?", "ask_program", "lor"))
    assert set(again) <= set(one)
    assert {known[slug].institution for slug in again} == {house}


def test_who_asks_whether_they_fit_hears_what_they_lack(talk: ProgramsTalk) -> None:
    talk.say("I graduated in 2022, step 1 passed, no step 2 ck", "introduce")
    no = said(talk.say("Griffin Memorial psychiatry observership, do I qualify?", "ask_program", "general"))
    assert "asks for Step 2 CK, which you do not have" in no


def test_what_no_column_answers_is_answered_in_general_beside_the_others(talk: ProgramsTalk) -> None:
    text = "Yale: the fee, and is telehealth counted by programs?"
    ranking = [
        {"intent_response_key": name, "confidence": 0.9} for name in ("ask_program/fee", "faq_telehealth/counts_usce")
    ]
    heard = talk.talk.hear(
        talk._action("ask_program"),
        text,
        "ask_program",
        names=talk.names,
        response_selector={"ask_program": {"ranking": ranking}},
    )
    assert "4,775" in said(heard)
    assert "elehealth" in said(heard)


def test_two_houses_in_one_question_are_both_answered(talk: ProgramsTalk) -> None:
    both = said(talk.say("does Ohio State take foreigners, or the Cleveland Clinic?", "ask_program", "acceptance"))
    assert "Ohio State" in both
    assert "Cleveland Clinic" in both


def test_who_is_refused_for_their_stage_hears_what_is_open(talk: ProgramsTalk) -> None:
    assert "Open to graduates" in said(talk.say("does FIU take graduates?", "ask_program", "acceptance"))


def test_a_house_that_is_given_up_is_not_answered(talk: ProgramsTalk) -> None:
    shown = talk.say("no, forget Yale, I'd go to Cornell, what is the fee?", "ask_program", "fee")
    assert slugs(shown) == ["weill-cornell-international-electives"]


def test_a_place_that_is_left_out_keeps_its_state(talk: ProgramsTalk) -> None:
    talk.say("observerships in Houston for graduates", "search_programs")
    talk.say("something outside Houston in the same state", "refine_search")
    query = talk.talk.slots["query"]
    assert query["states"] == ["TX"]
    assert query["excluded_places"] == ["Houston"]
    assert not query.get("cities")


def test_somewhere_else_in_that_state_leaves_the_city_out(talk: ProgramsTalk) -> None:
    talk.say("observerships in Houston for graduates", "search_programs")
    talk.say("anywhere else in that state?", "refine_search")
    assert talk.talk.slots["query"]["excluded_places"] == ["Houston"]
    assert talk.talk.slots["query"]["states"] == ["TX"]


@pytest.mark.parametrize(("text", "budget"), [("make it 2800, anywhere in the south", 2800), ("make it 2000", 2000)])
def test_a_number_after_make_it_is_the_budget_where_one_is_set(talk: ProgramsTalk, text: str, budget: float) -> None:
    talk.say("surgery electives in Ohio for students under 1500", "search_programs")
    talk.say(text, "refine_search")
    assert talk.talk.slots["query"]["budget_usd"] == budget
    assert not talk.talk.slots["query"].get("start_month")


def test_the_south_is_a_region_without_its_article(talk: ProgramsTalk) -> None:
    talk.say("surgery electives in Ohio for students", "search_programs")
    talk.say("rather in south", "refine_search")
    assert talk.talk.slots["query"]["regions"] == ["south"]


def test_a_search_takes_over_what_the_question_before_it_named(talk: ProgramsTalk) -> None:
    talk.say("is an observership free for graduates?", "faq_scholarships", "free_rotation")
    talk.say("neurology")
    query = talk.talk.slots["query"]
    assert query["specialties"] == ["neurology"]
    assert query["rotation_types"] == ["observership"]
    assert query["audience"] == "graduates"
    assert query["free"] is True


def test_kinds_that_were_set_beside_each_other_are_no_wish(talk: ProgramsTalk) -> None:
    talk.say("is an elective better than an observership?", "faq_rotation_types")
    talk.say("neurology")
    assert not talk.talk.slots["query"].get("rotation_types")


def test_how_long_one_may_stay_is_asked_of_the_offerings_on_the_screen(talk: ProgramsTalk) -> None:
    talk.say("does Cleveland Clinic take graduates for observerships", "ask_program", "acceptance")
    answer = said(talk.say("for how long do they let you stay?", "faq_duration", "max_weeks"))
    assert "Length" in answer
    assert "In general:" in answer


def test_the_one_in_a_state_is_among_the_offerings_on_the_screen(talk: ProgramsTalk) -> None:
    talk.say("does Cleveland Clinic take graduates for observerships", "ask_program", "acceptance")
    shown = talk.say("the main one in Ohio, no Florida please", "refine_search")
    assert slugs(shown)
    assert all(slug.startswith("cleveland-clinic") for slug in slugs(shown))
    assert not talk.talk.slots.get("query")


def test_the_one_in_another_state_is_another_offering_of_the_house(talk: ProgramsTalk) -> None:
    talk.say("electives at Cleveland Clinic for international students", "ask_program", "general")
    shown = talk.say("the one in Florida, not Ohio", "refine_search")
    assert slugs(shown)
    assert all("florida" in slug for slug in slugs(shown))


@pytest.mark.parametrize("text", ["Cleveland or Mayo", "what is cheaper, Mayo or Cleveland"])
def test_a_word_of_a_name_calls_what_was_shown_before(talk: ProgramsTalk, text: str) -> None:
    talk.say("does Cleveland Clinic take graduates for observerships", "ask_program", "acceptance")
    compared = table(talk.say(text, "compare_programs"))
    assert compared is not None
    assert [column.partition(" ")[0] for column in compared.columns] == ["Cleveland", "Mayo"]


def test_what_a_note_says_of_a_fee_counts_in_which_is_cheaper(talk: ProgramsTalk) -> None:
    talk.say("electives at Cleveland Clinic for international students", "ask_program", "general")
    talk.say("compare it with Mayo", "compare_programs")
    answer = said(talk.say("which is cheaper?", "compare_programs"))
    assert "Only a note speaks of one" in answer
    assert "400" in answer
    assert "400" in said(talk.say("you said 400 earlier", "give_feedback"))


def test_an_exam_asked_beside_a_told_fact_is_answered_for_it(talk: ProgramsTalk) -> None:
    talk.say("electives at Cleveland Clinic for international students", "ask_program", "general")
    answer = said(talk.say("and ielts, my university teaches in English", "inform"))
    assert answer.startswith("English test: not stated")
    assert "Studying in English" in answer


def test_the_cheapest_anywhere_is_the_running_search_without_its_place(talk: ProgramsTalk) -> None:
    talk.say("observerships in neurology in Illinois for graduates", "search_programs")
    talk.say("is a gap a problem", "faq_eligibility", "gap")
    answer = said(talk.say("what is the cheapest you know, any place", "faq_cost", "for_little_money"))
    assert "The lowest published price" in answer
    assert talk.talk.slots["query"]["specialties"] == ["neurology"]
    assert not talk.talk.slots["query"].get("states")


def test_who_is_refused_hears_what_the_same_house_has_for_them(talk: ProgramsTalk) -> None:
    talk.say("does Johns Hopkins have an observership for graduates", "ask_program", "acceptance")
    answer = said(talk.say("and as a student?", "inform"))
    assert answer.startswith("No, it is for graduates only.")
    assert "Known there for students: Johns Hopkins University School of Medicine" in answer


def test_a_correction_opens_the_kind_at_the_house_that_is_meant(talk: ProgramsTalk) -> None:
    talk.say("cardiology in Florida, I am a final year student", "search_programs")
    answer = talk.say("sorry, it's an elective at the University of Miami", "ask_program", "hands_on")
    assert "offerings of **University of Miami Miller School of Medicine**" in said(answer)
    assert "Hands-on" not in said(answer)


def test_a_rare_type_gives_way_to_the_nearest_before_the_place_does(talk: ProgramsTalk) -> None:
    shown = talk.say("surgery sub-internship in Texas for students", "search_programs")
    assert "the nearest type **there**: elective" in said(shown)
    assert slugs(shown)


def test_what_is_told_beside_a_search_is_no_question(talk: ProgramsTalk) -> None:
    text = "surgery elective in Ohio, toefl done"
    parts = [
        {"text": "surgery elective in Ohio", "intent": "search_programs", "confidence": 0.8},
        {"text": "toefl done", "intent": "faq_english_test", "aspect": "faq_english_test/needed", "confidence": 0.7},
    ]
    answer = talk.talk.hear(ActionAnswerFaq(), text, "search_programs", names=talk.names, questions=parts)
    assert "TOEFL" not in said(answer).split("elective")[0]
    assert slugs(answer)


def test_whom_to_write_to_is_said_without_the_rest_of_the_note(talk: ProgramsTalk) -> None:
    talk.say("electives at Wyckoff", "ask_program", "general")
    answer = said(talk.say("who to contact?", "faq_how_to_apply", "who_to_contact"))
    assert answer.startswith("I have no contact names")
    assert answer.endswith("What its page says: by e-mail to the coordinator.")


def test_another_wish_after_make_it_changes_the_search_whatever_topic_it_looks_like(talk: ProgramsTalk) -> None:
    talk.say("observerships in neurology in Ohio for graduates", "search_programs")
    shown = talk.say("make it externships please", "faq_telehealth", "instead")
    assert slugs(shown)
    assert talk.talk.slots["query"]["rotation_types"] == ["externship"]


@pytest.mark.parametrize("text", ["is there one without a fee?", "something that costs nothing"])
def test_one_wish_more_of_the_kind_looked_for_narrows_the_search(talk: ProgramsTalk, text: str) -> None:
    talk.say("psychiatry observerships in Texas for graduates", "search_programs")
    shown = talk.say(text, "faq_scholarships", "free_rotation", sure=0.5)
    assert slugs(shown)
    assert talk.talk.slots["query"]["free"]
    assert talk.talk.slots["query"]["states"] == ["TX"]


def test_the_whole_state_is_that_of_the_city_that_was_looked_in(talk: ProgramsTalk) -> None:
    talk.say("psychiatry observerships in Houston for graduates", "search_programs")
    talk.say("in the entire state then", "refine_search")
    assert talk.talk.slots["query"]["states"] == ["TX"]
    assert not talk.talk.slots["query"].get("cities")


def test_the_same_questions_are_asked_of_another_house(talk: ProgramsTalk) -> None:
    talk.say("does Emory take international students", "ask_program", "acceptance")
    talk.say("what does it cost", "ask_program", "fee")
    talk.say("do they want step 1", "ask_program", "step1")
    answer = said(talk.say("same questions for Duke", "ask_program", "general", sure=0.4))
    assert all(asked in answer for asked in ("not every international applicant", "Fee:", "Step 1:"))
    alone = said(talk.say("and Yale?", "ask_program", "general", sure=0.4))
    assert "Step 1" not in alone, "what was asked last, not all of it"


def test_whom_it_was_asked_for_goes_on_with_the_question(talk: ProgramsTalk) -> None:
    talk.say("can graduates come to Johns Hopkins?", "ask_program", "audience")
    assert "takes international students" not in said(talk.say("and at Stanford?", "ask_program", "general", sure=0.4))


def test_who_takes_somebody_in_a_state_is_looked_for(talk: ProgramsTalk) -> None:
    shown = talk.say("who in Ohio does take IMGs then", "faq_hands_on", "state_law", sure=0.4)
    assert slugs(shown)
    assert talk.talk.slots["query"]["audience"] == "graduates"


def test_a_named_wish_is_dropped_from_the_search(talk: ProgramsTalk) -> None:
    talk.say("neurology electives in Ohio for students without toefl", "search_programs")
    talk.say("never mind Ohio", "refine_search")
    talk.say("and drop the english exam", "refine_search")
    query = talk.talk.slots["query"]
    assert not query.get("states")
    assert not query.get("excluded_places")
    assert not query.get("no_english_test")
    talk.say("drop Nevada", "refine_search")
    assert talk.talk.slots["query"]["excluded_places"] == ["NV"], "what was not wished for is left out"


def test_a_house_that_is_named_beside_a_place_is_left_out(talk: ProgramsTalk, known: dict[str, Program]) -> None:
    talk.say("what does the observership at Cleveland Clinic cost", "ask_program", "fee")
    listed = slugs(talk.say("anything in Ohio apart from Cleveland Clinic?", "ask_program", "places"))
    assert listed
    assert not any("Cleveland Clinic" in known[slug].institution for slug in listed)
    assert talk.talk.slots["query"]["rotation_types"] == ["observership"]


def test_somewhere_else_leaves_out_the_house_just_talked_about(talk: ProgramsTalk, known: dict[str, Program]) -> None:
    talk.say("does the observership at Cleveland Clinic come with a letter", "ask_program", "lor")
    listed = slugs(talk.say("so where in Ohio could I get one", "search_programs"))
    assert listed
    assert not any("Cleveland Clinic" in known[slug].institution for slug in listed)
    query = talk.talk.slots["query"]
    assert query["rotation_types"] == ["observership"]
    assert query["letter"]


def test_a_search_for_those_without_an_exam_knows_who_asks(talk: ProgramsTalk) -> None:
    talk.say("I am in my final year in Ghana", "inform")
    talk.say("does the elective at Mayo need Step 1", "ask_program", "step1")
    talk.say("which schools take me without it", "refine_search")
    query = talk.talk.slots["query"]
    assert query["no_step1"]
    assert query["audience"] == "students"


def test_a_program_of_the_talk_is_called_by_a_word_of_its_name(talk: ProgramsTalk, known: dict[str, Program]) -> None:
    first = slugs(talk.say("pediatrics observerships in Texas for graduates", "search_programs"))
    talk.say("pediatrics observerships in Ohio for graduates", "search_programs")
    shown = slugs(talk.say("the Texas children's one, is it hands-on?", "ask_program", "hands_on"))
    assert shown == [slug for slug in first if known[slug].institution == "Texas Children's Hospital"]
    shown = slugs(talk.say("is the childrens hospital one for students", "faq_hands_on"))
    assert shown
    assert all("Children's" in known[slug].institution for slug in shown)


def test_a_place_of_an_earlier_list_is_pointed_at(talk: ProgramsTalk, known: dict[str, Program]) -> None:
    first = slugs(talk.say("observerships in Houston for graduates", "search_programs"))
    talk.say("observerships in Ohio for graduates", "search_programs")
    shown = slugs(talk.say("and the Houston one, does it need toefl", "search_programs"))
    assert shown
    assert {known[slug].city for slug in shown} == {"Houston"}
    assert set(shown) <= set(first)
    assert talk.talk.slots["query"]["states"] == ["OH"], "nothing is looked for anew"


def test_the_same_question_at_another_house_is_about_the_same_kind(
    talk: ProgramsTalk, known: dict[str, Program]
) -> None:
    talk.say("does the elective at Cleveland Clinic need Step 1", "ask_program", "step1")
    (shown,) = slugs(talk.say("and Mayo Clinic?", "ask_program", "general"))
    assert known[shown].rotation_types == ("elective",)


def test_a_kind_is_asked_at_both_houses(talk: ProgramsTalk) -> None:
    talk.say("compare the electives of Emory and Stanford", "compare_programs")
    text = said(talk.say("any observerships at both?", "compare_programs"))
    assert "Emory University School of Medicine" in text
    assert "Stanford University School of Medicine" in text
    assert "bservership" in text


def test_who_is_sent_to_other_programs_of_the_house_hears_of_those(talk: ProgramsTalk) -> None:
    talk.say("does Cleveland Clinic take foreign students for electives", "ask_program", "acceptance")
    talk.say("what about graduates", "ask_program", "acceptance")
    text = said(talk.say("and the application fee?", "ask_program", "application_fee"))
    assert "International Physician Observership Program**: Application fee: USD 200" in text
    assert "Elective Program (main campus)**: Application fee: USD 120" in text


def test_which_closes_first_has_a_winner_and_is_talked_about(talk: ProgramsTalk, known: dict[str, Program]) -> None:
    talk.say("observerships in Chicago for graduates", "search_programs")
    text = said(talk.say("which one closes first", "faq_when_to_apply"))
    assert text.startswith("**University of Chicago")
    assert "closes first: at least 16 weeks" in text
    (focus,) = talk.talk.slots["focus"]
    assert "directly" in said(talk.say("how do I apply to it", "ask_program", "route"))
    assert known[focus].apply_months_before_min == 3.7


def test_a_length_asked_of_a_list_is_a_yes_or_no_by_name(talk: ProgramsTalk) -> None:
    talk.say("electives in Houston for students", "search_programs")
    text = said(talk.say("does any of them take me for 8 weeks", "ask_program", "duration"))
    assert text.startswith("- **Yes**, for 8 weeks: ")
    assert "**Their pages name only other stays**: " in text


def test_the_last_day_for_a_month_is_counted_from_the_lead_time(talk: ProgramsTalk) -> None:
    text = said(talk.say("when must I apply at Yale for an elective in September 2027", "ask_program", "lead"))
    assert text.startswith("Apply by **May 1, 2027** for a start in September 2027, better by March 1, 2027")


def test_a_list_of_visas_is_no_sponsor(talk: ProgramsTalk) -> None:
    talk.say("tell me about the electives at Yale", "ask_program", "general")
    assert "does not say that it sponsors" in said(talk.say("will they sponsor my visa", "ask_program", "visa"))


def test_an_application_fee_counts_where_no_other_price_is_printed(talk: ProgramsTalk) -> None:
    talk.say("compare the electives of Cleveland Clinic and Mayo Clinic", "compare_programs")
    assert "Cleveland Clinic Lerner College of Medicine**: USD 120" in said(
        talk.say("which of the two is cheaper", "compare_programs")
    )


def test_companies_without_a_place_are_told_where_a_place_is_given_up(talk: ProgramsTalk) -> None:
    text = said(talk.say("general surgery externship hands on in New Jersey for graduates", "search_programs"))
    assert "several sites and name no places, so ask them about New Jersey" in text


def test_which_of_two_houses_shown_costs_less_is_no_search(talk: ProgramsTalk) -> None:
    talk.say("does the elective at Yale need Step 1", "ask_program", "step1")
    talk.say("and Emory?", "ask_program", "general")
    text = said(talk.say("which of these is less expensive", "refine_search"))
    assert text.startswith("**Yale School of Medicine** is cheaper: USD 4,775")
    assert "Emory University School of Medicine: USD 4,500 per rotation (2026), application fee USD 525" in text


def test_a_length_at_a_named_house_is_a_yes_or_no(talk: ProgramsTalk) -> None:
    assert said(talk.say("can I do 12 weeks at Emory", "ask_program", "duration")).startswith("No, 12 weeks don't fit")


def test_the_month_told_before_counts_for_the_next_house(talk: ProgramsTalk) -> None:
    talk.say("when must I apply at Hopkins for an elective in September 2027", "ask_program", "lead")
    text = said(talk.say("and Yale?", "ask_program", "general"))
    assert text.startswith("Apply by **May 1, 2027** for a start in September 2027")


def test_somewhere_else_for_graduates_asks_for_no_elective(talk: ProgramsTalk) -> None:
    talk.say("does the elective at Weill Cornell take graduates", "ask_program", "acceptance")
    talk.say("so where else in New York can I go", "search_programs")
    query = talk.talk.slots["query"]
    assert query["audience"] == "graduates"
    assert not query.get("rotation_types")


def test_those_two_are_both_though_one_was_named_last(talk: ProgramsTalk) -> None:
    talk.say("compare the electives of Emory and Yale", "compare_programs")
    talk.say("which one is longer", "refine_search")
    text = said(talk.say("any telehealth at those two?", "compare_programs"))
    assert "No telehealth rotation at **Emory" in text or "No telehealth at **Emory" in text
    assert "**Yale School of Medicine** that I know of" in text


def test_a_house_without_the_kind_asked_about_says_so(talk: ProgramsTalk) -> None:
    talk.say("what does the observership at Cleveland Clinic cost", "ask_program", "fee")
    assert said(talk.say("and Emory?", "ask_program", "general")).startswith("No observership at **Emory")


def test_which_of_two_houses_shown_closes_first(talk: ProgramsTalk) -> None:
    talk.say("does the elective at Hopkins need Step 1", "ask_program", "step1")
    talk.say("and Yale?", "ask_program", "general")
    text = said(talk.say("who closes first", "faq_when_to_apply"))
    assert text.startswith("**Yale School of Medicine** closes first: at least 4 months")
