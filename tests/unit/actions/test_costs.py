"""Costs in conversation: one question at a time, odd answers taken kindly, what is not included always said."""

from __future__ import annotations

import pytest

from bot.costs.estimate import Inquiry, is_a_sum, is_about_the_sum
from bot.dialogue.slots import from_slot
from tests.unit.extractor import message

from .conftest import Talk, said
from .programs_talk import ProgramsTalk


@pytest.fixture
def talk(seeded_names: list[dict[str, object]]) -> ProgramsTalk:
    return ProgramsTalk(Talk(), seeded_names)


def test_the_weeks_are_asked_and_odd_answers_are_taken_kindly(talk: ProgramsTalk) -> None:
    first = said(talk.say("what will I have to pay", "estimate_cost"))
    assert "USD 3,000 to 5,000" in first
    assert "USD 2,000 to 3,500" in first
    assert "How many weeks" in first
    assert "unusually long" in said(talk.say("80 weeks"))
    assert "above zero" in said(talk.say("-2"))
    answer = said(talk.say("two and a half months"))
    assert "USD 7,500 to 12,500" in answer
    assert "USD 5,000 to 8,750" in answer
    assert "Not included" in answer
    assert talk.talk.slots["asked"] is None


@pytest.mark.parametrize(("text", "is_sum"), [("is that enough for 4 weeks?", True), ("is 4 weeks enough?", False)])
def test_whether_the_money_told_is_enough_for_a_stay_is_a_sum(talk: ProgramsTalk, text: str, is_sum: bool) -> None:
    talk.say("surgery programs for graduates", "search_programs")
    talk.say("my parents can give 3000")
    answer = said(talk.say(text, "faq_duration", sure=0.4))
    assert ("whether USD 3,000 is enough for 4 weeks" in answer) is is_sum


def test_the_question_can_be_skipped(talk: ProgramsTalk) -> None:
    talk.say("cost please", "estimate_cost")
    assert "this is for 4 weeks" in said(talk.say("no idea", "unsure"))


def test_a_program_is_calculated_from_its_row(talk: ProgramsTalk) -> None:
    answer = said(talk.say("4 weeks at texas tech", "estimate_cost"))
    assert "USD 2,250" in answer
    assert "application fee: USD 250" in answer
    assert "visitor visa (USD 185)" in answer


def test_a_program_without_a_fee_gets_no_invented_total(talk: ProgramsTalk) -> None:
    answer = said(talk.say("how much is a month at Cook County", "estimate_cost"))
    assert "prints no program fee" in answer
    assert "usual range" in answer


def test_per_month_or_in_all_is_answered_from_the_sum(talk: ProgramsTalk) -> None:
    talk.say("ten weeks with an agency, what would that be", "estimate_cost")
    answer = said(talk.say("is that the monthly price?", "faq_cost"))
    assert answer.startswith("**In all:** 10 weeks with a third-party provider cost USD 5,000 to 8,750;")
    assert "USD 2,000 to 3,500" in answer


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("and if I were to stay six?", "6 weeks at Texas Tech"),
        ("and two more?", "6 weeks at Texas Tech"),
        ("and at Cook County?", "4 weeks at Cook County"),
    ],
)
def test_a_follow_up_changes_the_sum_whatever_its_topic_looks_like(talk: ProgramsTalk, text: str, words: str) -> None:
    talk.say("4 weeks at texas tech", "estimate_cost")
    assert words in said(talk.say(text, "refine_search"))


def test_a_visa_told_after_a_sum_is_confirmed_and_changes_it(talk: ProgramsTalk) -> None:
    assert "visitor visa" in said(talk.say("what do 8 weeks cost", "estimate_cost"))
    reply = said(talk.say("hold on, I already have a B1/B2 until 2030", "inform"))
    assert reply.startswith("Noted: you have a US visa.")
    assert "visitor visa" not in reply


def test_several_stays_are_one_sum(talk: ProgramsTalk) -> None:
    answer = said(talk.say("4 weeks at texas tech plus 4 weeks at Cook County, total?", "ask_program"))
    assert answer.startswith("**8 weeks in all")
    answer = said(talk.say("two placements with an agency, four weeks apiece", "estimate_cost"))
    assert answer.startswith("**8 weeks with a third-party provider")


def test_a_budget_becomes_weeks(talk: ProgramsTalk) -> None:
    answer = said(talk.say("with 4000 dollars how many weeks can I stay", "estimate_cost"))
    assert "3 to 5 weeks" in answer
    assert "4 to 8 weeks" in answer


def test_costs_outside_the_database_are_named_first(talk: ProgramsTalk) -> None:
    answer = said(talk.say("does the price for 4 weeks cover flights and insurance", "estimate_cost"))
    assert "Flights, insurance: not included" in answer
    assert "USD 50,000" in answer


def test_what_a_budget_must_pay_beside_the_rotation_is_counted_in(talk: ProgramsTalk) -> None:
    """A month of a company is 2,000 to 3,500, its rent 600 to 1,500, the visa 185 once, the code takes 250 off."""
    assert "4 to 6 weeks" in said(
        talk.say("how many weeks do 5000 dollars pay for at a medical school?", "estimate_cost")
    )
    with_room = said(talk.say("and with rent and the flight?", sure=0.3))
    assert "3 to 5 weeks" in with_room
    assert "USD 600 to 1,500" in with_room
    assert "Flights: not included" in with_room
    assert with_room.startswith("**Not yet:**")
    assert "same everywhere" in said(talk.say("and in a cheaper town?", sure=0.3))


def test_a_budget_for_everything_pays_the_room_and_the_visa_too(talk: ProgramsTalk) -> None:
    answer = said(
        talk.say("I have 5000 dollars for everything, how long does it last with a company?", "estimate_cost")
    )
    assert "3 to 7 weeks" in answer
    assert "USD 185 once" in answer
    discounted = said(talk.say("and with the code?", sure=0.3))
    assert "4 to 7 weeks" in discounted
    assert "USD 250 off" in discounted


def test_another_currency_and_a_negative_budget_are_refused_kindly(talk: ProgramsTalk) -> None:
    assert "US dollars" in said(talk.say("I have 2000 euros, how long can I stay", "estimate_cost"))
    assert "above zero" in said(talk.say("my budget is -50 dollars", "estimate_cost"))


def first_line(talk: ProgramsTalk, text: str, intent: str = "inform") -> str:
    """The first line of the answer, without its bold signs."""
    return said(talk.say(text, intent)).partition("\n")[0].replace("**", "")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("two rotations of 4 weeks each with an agency", "8 weeks with a third-party provider: USD 4,000 to 7,000"),
        ("3 x 4 weeks through a provider", "12 weeks with a third-party provider: USD 6,000 to 10,500"),
        ("4 weeks at a university and then 8 weeks with an agency", "12 weeks in all"),
        ("a month with an agency and the visa fee", "4 weeks with a third-party provider: USD 2,185 to 3,685"),
        ("8 weeks with an agency minus the discount code", "with a third-party provider: USD 3,750 to 6,750"),
        ("6 weeks with AMO less the promo code", "6 weeks at AMOpportunities (AMO): USD 2,750 to 5,000"),
        ("three electives, how much are the VSLO fees", "USD 45: VSLO takes USD 15 for each of the 3 electives"),
        ("application fee of 120 dollars times 6 electives", "USD 720: 6 application fees of USD 120"),
        ("is 8000 dollars enough for 8 weeks with an agency", "Yes, USD 8,000 is enough"),
        ("is 5000 dollars enough for 8 weeks with an agency", "Yes, but only at the cheaper end"),
        ("is 3000 dollars enough for 8 weeks with an agency", "No, USD 3,000 is not enough"),
        ("is 5000 dollars enough for 8 weeks", "It depends on the way whether USD 5,000 is enough"),
        ("how many weeks do I get for 7000 dollars at a university", "USD 7,000 pays for 5 to 9 weeks"),
        ("I have 5 lakh rupees, is that enough for 8 weeks with an agency", "I can't convert 500,000 rupees"),
        ("2 rotations of 4 weeks at a school, in euros", "I can't convert euros"),
    ],
)
def test_the_total_or_the_verdict_comes_first(talk: ProgramsTalk, text: str, words: str) -> None:
    assert words in first_line(talk, text, "estimate_cost")


def test_stays_by_two_ways_are_added_up_and_fees_counted_once(talk: ProgramsTalk) -> None:
    answer = said(talk.say("4 weeks at a university and 8 weeks with an agency, with the visa fee", "estimate_cost"))
    assert "USD 7,185 to 12,185" in answer
    assert answer.count("USD 185") == 1


def test_a_code_is_taken_off_once_and_only_from_a_company(talk: ProgramsTalk) -> None:
    answer = said(talk.say("two rotations of 4 weeks each with an agency minus the code", "estimate_cost"))
    assert "USD 3,750 to 6,750" in answer
    assert "the offer changes" in answer
    assert "works at AMO only" in said(talk.say("and directly at a university"))


def test_another_currency_gets_the_range_in_dollars(talk: ProgramsTalk) -> None:
    answer = said(talk.say("budget of 6000 euros for 8 weeks with an agency", "estimate_cost"))
    assert "no exchange rate that I may rely on" in answer
    assert "USD 4,000 to 7,000" in answer


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("and twice as long?", "16 weeks with a third-party provider: USD 8,000 to 14,000"),
        ("half of that", "4 weeks with a third-party provider: USD 2,000 to 3,500"),
        ("and 12?", "12 weeks with a third-party provider"),
        ("what about through a school?", "8 weeks directly at a US medical school: USD 6,000 to 10,000"),
        ("are the flights in it?", "No: the USD 4,000 to 7,000 leave out the flights"),
        ("is housing included?", "add about USD 1,200 to 3,000: USD 5,200 to 10,000 in all"),
        ("is the visa fee in there?", "With it, USD 185 come on top: USD 4,185 to 7,185 in all"),
        ("and in pounds?", "I can't convert pounds"),
        ("with 9000 dollars, is that enough?", "Yes, USD 9,000 is enough"),
        ("and minus the promo code?", "USD 3,750 to 6,750"),
    ],
)
def test_a_short_message_after_a_sum_asks_about_it_or_changes_it(talk: ProgramsTalk, text: str, words: str) -> None:
    talk.say("8 weeks with an agency", "estimate_cost")
    assert words in first_line(talk, text)


@pytest.mark.parametrize(
    "text",
    [
        *("what is a third party?", "find observerships in Texas", "thank you", "4 weeks at Yale"),
        "would that be enough to get a letter?",
    ],
)
def test_what_is_about_something_else_is_left_alone(talk: ProgramsTalk, text: str) -> None:
    talk.say("8 weeks with an agency", "estimate_cost")
    read = message(text, "faq_direct_vs_third_party", names=talk.names)
    assert not is_about_the_sum(read, from_slot(Inquiry, talk.talk.slots["estimate"]))


@pytest.mark.parametrize(
    ("text", "intent", "is_sum"),
    [
        ("8 weeks at AMO with the discount code", "faq_discount_code", True),
        ("is the discount code still valid", "faq_discount_code", False),
        ("how long does 10000 usd last with vslo", "faq_vslo", True),
        ("what does a month at Yale cost", "ask_program", False),
        ("vslo fees for 4 electives", "faq_vslo", True),
    ],
)
def test_a_sum_is_recognized_whatever_its_intent(talk: ProgramsTalk, text: str, intent: str, is_sum: bool) -> None:
    assert is_a_sum(message(text, intent, names=talk.names)) == is_sum


def test_a_long_stay_is_confirmed_with_its_own_number_too(talk: ProgramsTalk) -> None:
    talk.say("what would 30 weeks cost me", "estimate_cost")
    assert "30 weeks" in said(talk.say("yes, 30 weeks", "affirm"))
    assert talk.talk.slots["asked"] is None


def test_the_price_of_a_month_can_be_tripled_by_its_way(talk: ProgramsTalk) -> None:
    talk.say("what does a company ask for a month", "faq_cost", "company_price")
    answer = said(talk.say("times three then", "inform"))
    assert "USD 6,000 to 10,500" in answer
    assert "15,000" not in answer


def test_a_sum_says_what_a_room_and_the_visa_make_of_it(talk: ProgramsTalk) -> None:
    answer = said(talk.say("8 weeks through an agency", "estimate_cost"))
    assert "With a room (USD 600 to 1,500 a month" in answer
    assert "USD 5,385 to 10,185" in answer
    assert "rent" not in answer.partition("Not included")[2], "what is counted is not left out"


def test_everything_included_counts_the_room_and_the_visa(talk: ProgramsTalk) -> None:
    answer = said(talk.say("4 weeks through an agency, everything included", "estimate_cost"))
    assert "USD 2,785 to 5,185" in answer
    assert "With a room" not in answer


def test_the_code_comes_off_a_told_price(talk: ProgramsTalk) -> None:
    assert "USD 1,650" in said(talk.say("I was told 1900 USD, what is it with the discount code?", "estimate_cost"))


def test_more_weeks_are_added(talk: ProgramsTalk) -> None:
    talk.say("4 weeks through an agency", "estimate_cost")
    assert "6 weeks" in said(talk.say("add another 2 weeks", "estimate_cost"))


def test_a_way_alone_or_supposed_after_a_sum_is_that_sum_by_the_way(talk: ProgramsTalk) -> None:
    talk.say("6 weeks directly at a school, how much is that", "estimate_cost")
    for text in ("via an agency?", "if I go through a company?"):
        assert "USD 3,000 to 5,250" in said(talk.say(text, "faq_direct_vs_third_party"))


def test_a_week_of_a_months_price_is_a_quarter_of_it(talk: ProgramsTalk) -> None:
    talk.say("a month with an agency, what would that be", "estimate_cost")
    assert "USD 500 to 875" in said(talk.say("per week?", "faq_duration"))


def test_a_length_there_asks_for_a_sum(talk: ProgramsTalk) -> None:
    assert is_a_sum(message("two months there would be how much", "refine_search"))
    assert not is_a_sum(message("two months there", "refine_search"))


def test_a_program_is_calculated_at_once_for_the_usual_weeks(talk: ProgramsTalk) -> None:
    answer = said(talk.say("what would Emory cost all together", "estimate_cost"))
    assert "USD 5,025" in answer
    assert "4 weeks" in answer


def test_a_place_after_a_list_is_the_program_there(talk: ProgramsTalk) -> None:
    talk.say("neurology observerships for graduates", "search_programs")
    assert "8 weeks at University of Nebraska" in said(talk.say("Omaha for 8 weeks, the total?", "estimate_cost"))


def test_a_way_that_is_named_is_summed_up_though_programs_are_compared(talk: ProgramsTalk) -> None:
    talk.say("compare Emory and Yale", "compare_programs")
    assert "Emory" in said(talk.say("4 weeks at Emory, what is the total?", "estimate_cost"))
    talk.say("compare Emory and Yale", "compare_programs")
    agency = said(talk.say("and an agency for a month, what is the total?", "estimate_cost"))
    assert "third-party provider" in agency
    assert "Emory" not in agency


def test_a_budget_that_was_told_decides_whether_a_program_can_be_paid(talk: ProgramsTalk) -> None:
    talk.say("I have 3000 usd in total", "inform")
    assert "not enough" in said(talk.say("is my budget enough for Yale?", "ask_program", "worth"))


@pytest.mark.parametrize(
    ("text", "head", "line"),
    [
        (
            "5200 dollars with the plane ticket in it, is that enough for 4 weeks?",
            "**It depends on your flight whether USD 5,200 is enough for 4 weeks.** This is left for",
            "directly at a US medical school: **USD 200 to 2,200** (the rotation takes USD 3,000 to 5,000)",
        ),
        (
            "I own 2400 dollars, flight included. enough for four weeks?",
            "**It depends on your flight whether USD 2,400",
            "directly at a US medical school: **nothing**, at least USD 600 are missing",
        ),
        (
            "my 1500 dollars incl. flights, enough for 4 weeks?",
            "**No, USD 1,500 is not enough for 4 weeks**",
            "missing",
        ),
    ],
)
def test_a_budget_that_pays_the_flight_says_what_each_way_leaves_for_it(
    talk: ProgramsTalk, text: str, head: str, line: str
) -> None:
    answer = said(talk.say(text, "estimate_cost"))
    assert answer.startswith(head)
    assert line in answer
    assert "not included" not in answer
    assert "for flights and living" in said(talk.say("9000 for 8 weeks then", "estimate_cost"))


def test_a_budget_that_turns_out_to_be_monthly_is_counted_by_the_month(talk: ProgramsTalk) -> None:
    before = said(talk.say("what do 3200 dollars pay for, how long do they last?", "estimate_cost"))
    answer = said(talk.say("sorry, I mean per month", "inform"))
    assert answer != before
    assert "USD 3,200 is enough for 4 weeks" in answer
    assert "does not change the sum" in said(talk.say("each month, not in total", "inform"))
    assert "USD 6,400 (USD 3,200 a month) is enough for 8 weeks" in said(talk.say("and for 8 weeks?", "estimate_cost"))
    assert "USD 3,600 to 6,500" not in said(talk.say("is the rent in it?", "inform"))
    assert talk.talk.slots["estimate"]["counted"] == ["housing"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "an agency for 8 weeks plus 4 weeks of telehealth, what is the total?",
            "**12 weeks in all (8 weeks with a third-party provider, 4 weeks by telehealth): USD 5,150 to 8,350**",
        ),
        (
            "what do five weeks in Boston and one virtual rotation cost",
            "**9 weeks in all (5 weeks with a third-party provider, 4 weeks by telehealth): USD 3,650 to 5,725**",
        ),
    ],
)
def test_a_stay_by_telehealth_is_a_leg_of_a_sum(talk: ProgramsTalk, text: str, words: str) -> None:
    answer = said(talk.say(text, "estimate_cost"))
    assert words in answer
    assert "by telehealth (USD 1,150 to 1,350 a month at one company)" in answer
    talk.talk.slots["visa_status"] = "needs"
    rent = said(talk.say("everything included?", "estimate_cost"))
    assert ("USD 1,200 to 3,000" if "12 weeks" in words else "USD 750 to 1,875") in rent


@pytest.mark.parametrize("text", ["what do 8 weeks of telehealth cost", "is telehealth cheaper than 4 weeks in Boston"])
def test_telehealth_alone_or_set_beside_a_stay_is_no_sum_of_two(talk: ProgramsTalk, text: str) -> None:
    assert "weeks in all" not in said(talk.say(text, "estimate_cost"))


def test_a_monthly_limit_told_outside_a_task_is_noted_in_words(talk: ProgramsTalk) -> None:
    talk.say("do I need a visa?", "faq_visa")
    answer = said(talk.say("not above 2300 a month", "inform"))
    assert answer.startswith("Noted: up to USD 2,300 a month.")


def test_a_search_by_the_month_is_not_listed_again_for_being_monthly(talk: ProgramsTalk) -> None:
    before = said(talk.say("cardiology for graduates under 3000 dollars", "search_programs"))
    answer = said(talk.say("per month, not in total", "inform"))
    assert answer != before
    assert "up to USD 3,000 for 4 weeks" in answer


@pytest.mark.parametrize("text", ["is this sum for an agency or for a school?", "is that through AMO or direct?"])
def test_by_which_way_a_sum_is_counted_is_said(talk: ProgramsTalk, text: str) -> None:
    talk.say("what do 6 weeks cost with the rent", "estimate_cost")
    assert said(talk.say(text, "faq_direct_vs_third_party")).startswith("**Both are in it:**")
    talk.say("and only with an agency", "inform")
    assert "with a third-party provider" in said(talk.say(text, "faq_direct_vs_third_party"))


def test_a_budget_after_a_sum_is_held_against_it_also_after_a_question_in_between(talk: ProgramsTalk) -> None:
    talk.say("what do 6 weeks cost with the rent", "estimate_cost")
    talk.say("which visa do I need", "faq_visa")
    assert "whether USD 5,500 is enough for 6 weeks" in said(talk.say("I have 5500 in total", "inform"))
    assert said(talk.say("which part can be cut?", "faq_documents")).startswith("**Yes, it can be lower")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("what is the least I could pay", "**USD 2,600 at the least** for 4 weeks with a third-party provider"),
        ("without rent", "**Right, without rent:** **USD 2,000 to 3,500** for 4 weeks with a third-party"),
        ("and per week?", "**In all:** 4 weeks with a third-party provider cost USD 2,600 to 5,000; that is **USD 650"),
        ("is the flight in it?", "**No:** the USD 2,600 to 5,000 leave out the flights."),
    ],
)
def test_a_question_about_a_sum_is_answered_in_a_line(talk: ProgramsTalk, text: str, first: str) -> None:
    talk.say("4 weeks with an agency and rent, what would that be", "estimate_cost")
    answer = said(talk.say(text, "faq_cost"))
    assert answer.startswith(first)
    assert "Not included" not in answer


def test_another_length_is_held_against_the_budget_that_was_told(talk: ProgramsTalk) -> None:
    talk.say("12 weeks with an agency, what would that be", "estimate_cost")
    talk.say("I only have 5000 dollars")
    assert said(talk.say("could six weeks work?", "faq_duration")).startswith("**Yes, but only at the cheaper end:** 6")
    assert said(talk.say("and do 4 weeks fit in 1500?", "estimate_cost")).startswith("**No, USD 1,500 is not enough**")


def test_the_stays_of_a_question_before_are_those_of_the_sum(talk: ProgramsTalk) -> None:
    talk.say("may I do two rotations of four weeks each in a row?", "faq_duration")
    answer = said(talk.say("what would both come to?", "faq_cost"))
    assert "8 weeks" in answer.partition("\n")[0]
    talk.say("do letters count?", "faq_lor_type")
    assert "8 weeks" not in said(talk.say("what would both come to?", "faq_cost"))
