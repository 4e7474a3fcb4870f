"""Talks about dates, with the actions alone. Today is 23 November 2026."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from actions import base
from actions.dialogue.continuing import ActionContinue
from actions.faq import ActionAnswerFaq
from actions.timeline.questions import ActionPlanTimeline
from actions.turn import Outcome, Turn
from bot.bootstrap import Container
from bot.db.base import Database
from bot.delivery.files import find_file
from bot.reply.parts import Reply, Text, Timeline
from bot.settings import Settings
from tests.unit.actions.conftest import Talk
from tests.unit.actions.conftest import said as said_first

NAMES = ({"value": "Yale School of Medicine", "terms": ("Yale",)},)


@pytest.fixture
def talk(seeded: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Talk]:
    from bot.timeline.store import drop_plans

    settings = Settings(var=tmp_path, bot_today="2026-11-23")  # type: ignore[call-arg]
    monkeypatch.setattr(base, "container", lambda: Container(settings, seeded))
    yield Talk()
    with seeded.unit() as session:
        drop_plans(session, "web:test")


def say(talk: Talk, text: str, intent: str = "plan_timeline", *, channel: str = "web") -> Reply:
    """What the bot says."""
    return talk.hear(ActionPlanTimeline(), text, intent, names=NAMES, metadata={"channel": channel})


def said(reply: Reply) -> str:
    """All words of a reply, what is folded behind them included."""
    more = [part.more for part in reply.parts if isinstance(part, Text) and part.more]
    return "\n".join([said_first(reply), *more])


def first_line(reply: Reply) -> str:
    """The first line without its bold signs."""
    return said_first(reply).partition("\n")[0].replace("**", "")


def chart(reply: Reply) -> Timeline:
    (found,) = (part for part in reply.parts if isinstance(part, Timeline))
    return found


def test_a_season_is_answered_with_days_for_each_way_and_the_question_for_one(talk: Talk) -> None:
    reply = say(talk, "thinking of a rotation in summer 2027")
    assert "between June and August 2027" in said(reply)
    assert "March 1, 2027" in said(reply)
    assert "December 1, 2026" in said(reply)
    assert talk.slots["asked"] == "route"


def test_a_plan_takes_one_question_at_a_time_and_then_stands(talk: Talk) -> None:
    say(talk, "I want to come in September 2027")
    say(talk, "third party", "inform")
    assert talk.slots["asked"] == "visa_status"
    reply = say(talk, "no", "deny")
    assert talk.slots["asked"] is None
    assert "Apply by **March 1, 2027**" in said(reply)
    assert "6 months" in said(reply)
    assert chart(reply).verdict == "feasible"
    assert chart(reply).computed == "2026-11-23"


def test_an_end_of_season_has_its_own_last_day_to_apply(talk: Talk) -> None:
    say(talk, "a rotation in summer 2027, agency")
    reply = say(talk, "no visa so far", "inform")
    assert "Apply between **December 1, 2026** and **February 28, 2027**" in said(reply)


def test_too_early_says_when_and_what_instead_and_asks_no_more(talk: Talk) -> None:
    say(talk, "can I begin in 4 months")
    reply = say(talk, "direct at a school, I'm a student with a visa", "inform")
    assert talk.slots["asked"] is None
    assert "too late" in said(reply)
    assert "May 23, 2027" in said(reply)
    assert "third-party provider" in said(reply)
    assert chart(reply).verdict == "impossible"
    assert not chart(reply).ics
    assert "Third-party provider" in [button.title for button in reply.suggestions]


def test_a_tight_plan_says_what_is_overdue(talk: Talk) -> None:
    reply = say(talk, "agency, visa in hand, 5 february 2027")
    assert "tight" in said(reply)
    assert "now (advised by November 5, 2026)" in said(reply)
    assert "February 23, 2027" in said(reply)


@pytest.mark.parametrize("month", ["february", "march", "april"])
def test_less_than_the_six_months_without_a_visa_is_too_soon_and_never_tight(talk: Talk, month: str) -> None:
    answer = said(say(talk, f"agency, no visa, {month} 2027"))
    assert "too soon without a visa" in first_line(say(talk, f"agency, no visa, {month} 2027"))
    assert "6 months ahead" in answer
    assert "can start from **May 23, 2027**" in answer
    assert "tight" not in answer
    assert "with luck" not in answer


def test_a_change_of_mind_changes_the_plan(talk: Talk) -> None:
    say(talk, "agency, no visa, april 2027")
    reply = say(talk, "then rather november 2027", "inform")
    assert "Apply by **May 1, 2027**" in said(reply)
    reply = say(talk, "oh, I do have a visa", "correct_profile")
    assert "Apply by **August 1, 2027**" in said(reply)
    assert "visa_booking" not in [milestone.id for milestone in chart(reply).milestones]


def test_a_change_says_the_day_of_before_and_why(talk: Talk) -> None:
    say(talk, "agency, no visa, september 2027")
    assert "**June 1, 2027 now instead of March 1, 2027** because of the visa" in said(
        say(talk, "what if I get the visa sooner?", "faq_visa")
    )
    assert "The last day" not in said(say(talk, "can you push it back by a month", "refine_search"))
    assert "because the start has moved" in said(say(talk, "no, make it november 2027", "inform"))


def test_the_deadline_and_a_plan_b_are_those_of_the_open_plan(talk: Talk) -> None:
    say(talk, "agency, no visa, september 2027")
    assert said(say(talk, "so what is the deadline now?", "faq_when_to_apply")).startswith(
        "**Apply for the rotation: by March 1, 2027.**"
    )
    reply = said(say(talk, "plan B?", "nlu_fallback"))
    assert "A later start: from October 1, 2027" in reply
    assert "telehealth" in reply


def test_a_graduate_is_not_asked_for_a_way_that_is_closed(talk: Talk) -> None:
    reply = say(talk, "I'm a graduate and want to start in August 2027")
    assert talk.slots["asked"] == "visa_status"
    assert "Directly to a school" not in [button.title for button in reply.suggestions]


def test_a_match_that_is_asked_about_gets_its_verdict_at_once(talk: Talk) -> None:
    reply = said(say(talk, "can I still make the 2028 match?"))
    assert reply.startswith("**Yes.**")
    assert "a third-party provider, the quickest way" in reply


def test_a_visa_that_ends_too_early_is_said_before_the_way_is_asked_for(talk: Talk) -> None:
    reply = said(say(talk, "my visa will run out in June 2027 and I'd rotate in August 2027, is that a problem?"))
    assert reply.startswith("**Yes, you need a new visa for a start in August 2027:** yours ends on June 1, 2027.")
    assert "with a valid visa" not in reply


def test_who_names_a_consulate_needs_a_visa(talk: Talk) -> None:
    reply = said(say(talk, "my interview would be in Mumbai, agency, start in July 2027, will that work?"))
    assert talk.slots["asked"] is None
    assert "hardly work without a visa in hand" in reply
    assert "9.5 months" in reply


def test_a_start_told_with_the_way_is_planned_whatever_the_intent(talk: Talk) -> None:
    reply = said(talk.hear(AnotherAction(), "agency, visa valid, start in May 2027", "inform"))
    assert "Apply by **February 1, 2027**" in reply
    talk.slots.update({"task": None, "asked": None})
    assert said(talk.hear(AnotherAction(), "agency, surgery in Texas from May 2027", "inform")) == "not the plan"


def test_a_time_alone_begins_a_plan(talk: Talk) -> None:
    assert "March 2027" in said(talk.hear(ActionContinue(), "march", "inform"))
    assert talk.slots["task"] == "timeline"
    talk.hear(ActionContinue(), "visa no", "inform")
    assert talk.slots["visa_status"] == "needs"


def test_a_time_after_a_topic_begins_a_plan_too(talk: Talk) -> None:
    talk.hear(ActionAnswerFaq(), "how early must one apply?", "faq_when_to_apply")
    assert "March 2027" in said(talk.hear(ActionContinue(), "starting march", "inform"))


def test_through_vslo_its_opening_is_named(talk: Talk) -> None:
    reply = said(say(talk, "student, through VSLO in October 2027, when do I apply?"))
    assert "February-March" in reply


def test_not_knowing_is_answered_with_a_stated_assumption(talk: Talk) -> None:
    say(talk, "in october 2027")
    say(talk, "no idea", "unsure")
    reply = say(talk, "I don't know", "unsure")
    assert "a third-party provider, the quickest way" in said(reply)
    assert "you still need a visa" in said(reply)
    assert "Apply by **April 1, 2027**" in said(reply)


def test_a_doubtful_date_is_asked_about_with_both_days_as_buttons(talk: Talk) -> None:
    reply = say(talk, "from 08/05/2027")
    assert [button.title for button in reply.suggestions] == ["May 8, 2027", "August 5, 2027"]
    assert talk.slots["asked"] == "start_choice"
    say(talk, reply.suggestions[1].payload, "inform")
    assert talk.slots["plan"]["first"] == "2027-08-05"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sometime after eid", "after eid"),
        ("31 April 2027", "31 April 2027"),
        ("may 2026", "May 2026 is already over (today is November 23, 2026)"),
        ("june 2039", "June 2039 is too far away"),
        ("next year", "Which month of 2027?"),
    ],
)
def test_a_date_that_cannot_be_used_is_asked_for_again(talk: Talk, text: str, words: str) -> None:
    assert words in said(say(talk, text))
    assert talk.slots["asked"] == "start"


def test_after_a_plan_what_if_by_another_way_makes_a_new_plan(talk: Talk) -> None:
    say(talk, "a rotation in March 2027, directly, I'm a student")
    assert "too late" in said(say(talk, "no visa", "inform"))
    message = {"entity": "route", "value": "third_party"}
    reply = talk.hear(ActionAnswerFaq(), "what if i go with an agency", "faq_direct_vs_third_party", [message])
    assert "can start from **May 23, 2027**" in said(reply)
    assert talk.slots["route"] == "third_party"
    general = talk.hear(
        ActionAnswerFaq(), "what about agencies, are they legit", "faq_direct_vs_third_party", [message]
    )
    assert "March 2027" not in said(general)


def test_a_question_that_is_not_answered_is_not_put_again(talk: Talk) -> None:
    assert "letters should be uploaded" in said(say(talk, "I want to match in 2028"))
    assert talk.slots["asked"] == "route"
    reply = say(talk, "I'm a final year student", "inform")
    assert "letters should be uploaded" not in said(reply)
    assert talk.slots["asked"] == "visa_status"


def test_who_asks_for_the_plan_instead_of_answering_gets_it_with_what_it_assumes(talk: Talk) -> None:
    say(talk, "I want to match in 2029")
    reply = say(talk, "make me a plan")
    assert talk.slots["asked"] is None
    assert talk.slots["plan"]["planned"]
    assert "I assume" in said(reply)


def test_a_question_in_between_returns_to_the_open_one(talk: Talk) -> None:
    say(talk, "I want to come in September 2027")
    detour = talk.hear(ActionAnswerFaq(), "what does it cost?", "faq_cost")
    assert "Which way would you go?" in said(detour)
    say(talk, "through an agency", "inform")
    assert talk.slots["plan"]["first"] == "2027-09-01"
    assert talk.slots["asked"] == "visa_status"


def test_lead_times_are_told_before_the_date_is_asked_for(talk: Talk) -> None:
    reply = say(talk, "how long ahead with an agency")
    assert "**2-3 months** ahead is typically enough" in said(reply)
    reply = say(talk, "and directly, by myself")
    assert "**6-12 months**" in said(reply)
    assert "does not shorten" in said(reply)
    assert talk.slots["asked"] == "start"


def test_the_first_steps_are_those_of_the_plan(talk: Talk) -> None:
    say(talk, "agency, no visa, september 2027")
    reply = say(talk, "ok, what do I do first?")
    assert said(reply).startswith("**First:** Check your passport: by March 1, 2027.")
    assert "**Then:** Apply for the rotation: by March 1, 2027" in said(reply)


def test_after_a_plan_the_first_step_and_another_date_are_about_it_whatever_the_intent(talk: Talk) -> None:
    say(talk, "agency, no visa, september 2027")
    first = talk.hear(AnotherAction(), "great, what do I do first?", "recommend_rotation")
    assert "**First:** Check your passport: by March 1, 2027" in said(first)
    moved = talk.hear(AnotherAction(), "then rather november 2027", "search_programs")
    assert "Apply by **May 1, 2027**" in said(moved)
    assert said(talk.hear(AnotherAction(), "do you have programs in texas?", "search_programs")) == "not the plan"


class AnotherAction(base.BotAction):
    """Another action, to see which messages it gets."""

    def name(self) -> str:
        return "action_another"

    def answer(self, turn: Turn) -> Outcome:
        return Outcome(Reply((Text("not the plan"),)))


def test_the_last_plan_is_shown_again_with_its_day(
    talk: Talk, seeded: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = say(talk, "agency, no visa, september 2027")
    later = Settings(var=Path("/nowhere"), bot_today="2026-12-24")  # type: ignore[call-arg]
    monkeypatch.setattr(base, "container", lambda: Container(later, seeded))
    again = say(talk, "/plan_timeline")
    assert "November 23, 2026" in said(again)
    assert chart(again).milestones == chart(first).milestones
    assert chart(again).computed == "2026-11-23"


def test_without_a_plan_the_command_begins_one(talk: Talk) -> None:
    assert "When would you like to start" in said(say(talk, "/plan_timeline"))


def test_a_match_is_planned_with_estimated_days(talk: Talk) -> None:
    say(talk, "for the 2028 match, agency")
    say(talk, "yes I have one", "affirm")
    assert talk.slots["asked"] == "exams_match"
    reply = say(talk, "both", "inform")
    assert (talk.slots["step2ck"], talk.slots.get("english_test")) == ("passed", None)
    assert "**The 2028 Match works**" in said(reply)
    assert "September 8, 2027" in said(reply)
    assert any(milestone.estimated for milestone in chart(reply).milestones)
    assert "estimated" in said(reply)


def test_a_match_that_is_over_is_refused_at_once_and_the_next_is_offered(talk: Talk) -> None:
    reply = say(talk, "I want to be in the 2027 match")
    assert "can't be reached any more" in said(reply)
    assert "2028 Match" in [button.title for button in reply.suggestions]


def test_a_consulate_with_a_known_wait_decides(talk: Talk) -> None:
    reply = say(talk, "agency in march 2027, no visa, I live in Mumbai")
    assert "9.5 months" in said(reply)
    assert "September 22, 2027" in said(reply)


def test_a_named_program_brings_its_route_and_its_lead_time(talk: Talk) -> None:
    reply = say(talk, "Yale elective in november 2027, I'm a student with a valid visa")
    assert talk.slots["route"] == "vslo"
    assert "4 to 6 months" in said(reply)
    assert "Apply by **May 1, 2027**" in said(reply)


def on_screen(talk: Talk, slug: str) -> None:
    talk.slots |= {"task": "program", "focus": [slug], "last_results": [slug]}


def test_after_a_card_the_page_of_the_program_is_quoted_on_its_dates(talk: Talk) -> None:
    on_screen(talk, "mount-sinai-miami-international-observership")
    reply = say(talk, "if I start in august 2027, when is the last day to apply?")
    assert "page says" in said_first(reply)
    assert "3 months before" in said_first(reply)
    assert reply.parts[0].sources[0].url  # type: ignore[union-attr]


def test_of_two_programs_of_a_house_the_one_on_the_screen_counts(talk: Talk) -> None:
    on_screen(talk, "uchicago-visiting-resident-observer")
    first = say(talk, "if I start in august 2027, when must I apply?").parts[0]
    assert isinstance(first, Text)
    assert "page says" in first.text
    assert "Visiting Resident/Fellow Observer" in first.sources[0].title


def test_a_page_without_a_lead_time_is_called_silent_and_the_usual_ones_are_said(talk: Talk) -> None:
    on_screen(talk, "lsu-new-orleans-visiting-closed")
    assert "gives no lead time" in said_first(say(talk, "when must I apply for august 2027?"))
    on_screen(talk, "rochester-visiting-international")
    reply = say(talk, "and here, if I begin in august 2027, by when must I apply?")
    assert "does not say how far ahead to apply" in said_first(reply)
    assert "6-12 months" in said_first(reply)


def test_a_month_that_the_page_closes_is_refused_and_the_next_one_is_offered(talk: Talk) -> None:
    on_screen(talk, "weill-cornell-international-electives")
    reply = say(talk, "can I come in july 2027?")
    assert "takes nobody in July" in said(reply)
    assert "no placements June-August" in said(reply)
    assert [button.payload for button in reply.suggestions] == ['/plan_timeline{"date": "2027-09"}']
    assert talk.slots["asked"] == "start"
    assert "September 2027" in said(say(talk, '/plan_timeline{"date": "2027-09"}'))


@pytest.mark.parametrize("asked", ["what is the earliest that is realistic?", "how soon could I begin then?"])
def test_the_earliest_start_is_asked_of_a_plan(talk: Talk, asked: str) -> None:
    say(talk, "agency, no visa, start in june 2027")
    reply = talk.hear(ActionAnswerFaq(), asked, "faq_when_to_apply", names=NAMES)
    assert "first comfortable start is May 23, 2027" in first_line(reply)
    talk.slots["task"] = None  # after a detour
    assert "first comfortable" in said(talk.hear(ActionAnswerFaq(), asked, "faq_when_to_apply", names=NAMES))


def test_a_sum_and_a_plan_in_one_message_are_both_answered(talk: Talk) -> None:
    asked = ("how much for 4 weeks", "estimate_cost"), ("when do i apply for june 2027", "plan_timeline")
    questions = [{"text": text, "intent": intent, "aspect": intent, "confidence": 0.9} for text, intent in asked]
    text = "1) how much for 4 weeks 2) when do i apply for june 2027"
    reply = talk.hear(ActionAnswerFaq(), text, "plan_timeline", names=NAMES, questions=questions)
    assert "2,000 to 3,500" in said(reply)
    assert "start in June 2027" in said(reply)


def test_an_inverted_what_if_of_the_visa_changes_the_plan(talk: Talk) -> None:
    say(talk, "agency, no visa, start in june 2027")
    assert "March 1, 2027 now instead of December 1, 2026" in first_line(
        say(talk, "had I the visa already?", "faq_visa")
    )
    assert talk.slots["visa_status"] == "needs"


def test_a_year_that_is_corrected_alone_moves_the_plan_and_the_match(talk: Talk) -> None:
    say(talk, "agency, valid visa, start in june 2027")
    assert "June 2028" in first_line(say(talk, "typo, 2028 not 2027", "correct_profile"))
    say(talk, "match 2028, no visa")
    assert "2029 Match" in said(say(talk, "I meant 2029, not 2028", "correct_profile"))


def test_a_corrected_year_of_graduation_leaves_the_start_of_a_plan(talk: Talk) -> None:
    say(talk, "I graduated in 2020, agency, no visa, start in june 2027")
    reply = say(talk, "typo, 2022 not 2020", "correct_profile")
    assert talk.slots["graduation_year"] == 2022
    assert first_line(reply) == (
        "Noted: you are a graduate, graduation in 2022. That does not change your plan; its next step is still: "
        "Check your passport: by December 1, 2026."
    )


def test_a_long_plan_says_verdict_and_steps_and_folds_the_rest(talk: Talk) -> None:
    reply = say(talk, "I start in July 2027 at a school, no visa. how?")
    if talk.slots["asked"]:
        reply = say(talk, "student", "inform")
    first = reply.parts[0]
    assert isinstance(first, Text)
    assert "Your next steps" in first.text
    assert len(first.text.split()) <= 120
    assert "I assume" in f"{first.text} {first.more}"


def test_an_elective_after_graduation_is_refused(talk: Talk) -> None:
    reply = say(talk, "an elective in october 2027, I graduate in june 2027")
    assert "electives and sub-internships are for students" in said(reply)
    assert not any(isinstance(part, Timeline) for part in reply.parts)


def test_whether_a_rotation_ends_in_time_for_the_letters(talk: Talk) -> None:
    reply = say(talk, "my externship is over on 20 august 2027, still good for eras?")
    assert "in time for the 2028 Match, but tight" in said(reply)
    assert "September 8, 2027" in said(reply)
    reply = say(talk, "and if it ends in mid september 2027, also for eras?")
    assert "too late for the 2028 Match" in said(reply)
    assert "2029 Match" in said(reply)


def test_free_months_are_a_window_in_which_the_rotation_has_to_end(talk: Talk) -> None:
    say(talk, "I have only April and May 2027 free. Is it already too late?")
    reply = say(talk, "third party, and I have a valid visa", "inform")
    assert "between April and May 2027" in said(reply)
    assert "Apply between **January 1, 2027** and **February 4, 2027**" in said(reply)
    assert "over by May 31, 2027" in said(reply)


def test_a_rotation_that_has_to_be_over_by_a_day_begins_before_it(talk: Talk) -> None:
    say(talk, "my rotation must end by August 1 2027, with an agency")
    reply = say(talk, "I have a visa", "inform")
    assert "July 5, 2027" in said(reply)
    assert "over by August 1, 2027" in said(reply)


def test_a_graduate_who_starts_in_june_does_not_graduate_in_june(talk: Talk) -> None:
    reply = say(talk, "I'm a graduate starting june 2027")
    assert "June 30" not in said(reply)
    assert talk.slots["plan"].get("graduation") is None


def test_the_end_of_exams_is_not_the_end_of_a_rotation(talk: Talk) -> None:
    reply = say(talk, "my exams end in june 2027, can i still match")
    assert "Your rotation ends" not in said(reply)
    assert "in time for" not in said(reply)


def test_an_answer_about_somebody_else_is_none(talk: Talk) -> None:
    say(talk, "for the 2028 match, agency")
    say(talk, "yes I have one", "affirm")
    assert talk.slots["asked"] == "exams_match"
    say(talk, "no, she is free only in August", "deny")
    assert (talk.slots.get("step1"), talk.slots.get("step2ck")) == (None, None)


def test_the_eras_season_of_a_year_is_the_match_after_it(talk: Talk) -> None:
    say(talk, "I apply for ERAS in September 2027, with an agency")
    assert talk.slots["plan"]["match_year"] == 2028


def test_both_steps_in_an_answer_are_not_planned_again(talk: Talk) -> None:
    say(talk, "for the 2028 match, agency")
    say(talk, "yes I have one", "affirm")
    reply = say(talk, "both steps are behind me", "inform")
    assert "Sit Step" not in said(reply)


def test_the_wait_that_a_consulate_named_counts(talk: Talk) -> None:
    say(talk, "agency, no visa, september 2027")
    before = said(say(talk, "the consulate in Lima told me eight months", "inform"))
    assert "You were told to wait 8 months" in before
    assert "can't" not in before
    reply = say(talk, "now the consulate in Lima says it takes 14 months", "inform")
    assert "February 6, 2028" in said(reply)
    assert chart(reply).verdict == "impossible"


def test_a_visa_that_is_only_supposed_is_planned_with(talk: Talk) -> None:
    say(talk, "agency, september 2027")
    reply = say(talk, "what if I have a green card by then?")
    assert "visa_booking" not in [milestone.id for milestone in chart(reply).milestones]
    assert talk.slots.get("visa_status") is None


def test_both_steps_that_were_told_are_not_planned_again(talk: Talk) -> None:
    say(talk, "I passed both steps and want to be in the 2028 match, with an agency")
    reply = say(talk, "yes I have a valid visa", "affirm")
    assert "The 2028 Match works" in said(reply)
    assert "Step 1" not in said(reply)


def test_only_a_channel_that_draws_no_plan_gets_a_picture(talk: Talk, seeded: Database) -> None:
    assert not chart(say(talk, "agency with a valid visa in september 2027", channel="web")).picture
    reply = say(talk, "agency with a valid visa in september 2027", channel="telegram")
    from datetime import UTC, datetime

    with seeded.unit() as session:
        found = find_file(session, chart(reply).picture.rsplit("/", 1)[-1], now=datetime.now(UTC))
        assert found is not None
        assert found.mime == "image/png"


def test_a_reply_with_a_plan_survives_the_way_through_rasa(talk: Talk) -> None:
    reply = say(talk, "agency with a valid visa in september 2027")
    assert Reply.from_dict(reply.to_dict()) == reply
    assert all(date.fromisoformat(milestone.latest) for milestone in chart(reply).milestones)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("is march 2027 still possible with an agency, my visa is valid", "Yes, a start in March 2027 works: apply by"),
        ("is june 2027 at a university still possible, valid visa, student", "Yes, but it is tight: apply now"),
        ("is january still possible with an agency, I need a visa", "No, it is too late for a start in January 2027"),
        ("with a B1/B2 good till 2030, agency, august 2027, by when do I apply", "Apply by May 1, 2027"),
        ("agency, no visa, september 2027, what do I do first", "First: Check your passport: by March 1, 2027."),
        (
            "visa valid till 1 October 2027, agency, 8 weeks from 6 September 2027",
            "Careful: your visa ends on October 1",
        ),
        ("my visa expires in May 2027, agency, start in July 2027", "Your visa ends on May 1, 2027, before the start"),
        ("can I still make the 2027 match", "No. The 2027 Match can't be reached any more."),
        ("when is match day", "Match Day 2027 is on Friday, March 19, 2027."),
        ("when is match day 2026", "Match Day 2026 is on Friday, March 20, 2026."),
        ("when do rank lists lock for eras 2028", "Rank lists for the 2029 Match lock on Wednesday"),
        ("when does eras open for the 2027 match", "ERAS opens on Wednesday, June 3, 2026 for the 2027 Match"),
        ("what's the latest I can sit step 2 ck for the 2028 match", "Sit USMLE Step 2 CK by July 7, 2027"),
        (
            "hep b series from january 2027, when may I rotate",
            "The standard series begun in January 2027 is complete by",
        ),
        ("the fast hep b series from january 2027", "The fast series (two doses four weeks apart) begun in January"),
        (
            "hep b series from january 2027, rotation in may 2027 ok?",
            "With the standard series no, with the fast one yes",
        ),
        ("is april 2027 too late", "A start in April 2027 still works, but not by every way:"),
    ],
)
def test_the_verdict_and_the_day_come_first(talk: Talk, text: str, words: str) -> None:
    assert words in first_line(say(talk, text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("three weeks later", "a start on October 22, 2027 works"),
        ("two months later than that", "a start in December 2027 works"),
        ("a month earlier", "a start in September 2027 works"),
        ("and in march?", "a start in March 2028 works"),
        ("and at a university?", "Apply by January 1, 2027"),
        ("and without a visa?", "Apply by April 1, 2027"),
        ("what about in january 2028", "a start in January 2028 works"),
    ],
)
def test_after_a_plan_a_few_words_change_it_and_nothing_is_asked(talk: Talk, text: str, words: str) -> None:
    say(talk, "agency, valid visa, october 2027")
    assert words in first_line(talk.hear(AnotherAction(), text, "inform", names=NAMES))
    assert talk.slots["asked"] is None


def test_a_year_later_is_the_next_match(talk: Talk) -> None:
    say(talk, "for the 2028 match, agency, valid visa, both steps passed")
    assert "The 2029 Match works" in said(say(talk, "a year later", "inform"))


def test_another_exam_is_asked_about_in_a_few_words(talk: Talk) -> None:
    say(talk, "latest day for step 2 ck before the 2028 match")
    assert "Sit USMLE Step 1 by July 28, 2027" in first_line(talk.hear(AnotherAction(), "and for step 1?", "inform"))


def test_a_consulate_that_was_told_before_is_not_asked_for_again(talk: Talk) -> None:
    talk.slots |= {"consulate": "Hyderabad", "visa_status": "needs", "route": "third_party"}
    reply = say(talk, "a start in january 2028")
    assert "At your consulate (Hyderabad) the wait for an interview was 9.5 months (June 2026)" in said(reply)


@pytest.mark.parametrize("intent", ["faq_when_to_apply", "plan_timeline"])
def test_a_date_with_a_way_is_planned_whatever_its_intent(talk: Talk, intent: str) -> None:
    selected = {
        "response_selector": {intent: {"ranking": [{"intent_response_key": f"{intent}/no_visa", "confidence": 0.9}]}}
    }
    text = "agency, valid visa, september 2027, by when must I apply?"
    assert (
        "Apply by June 1, 2027" in first_line(talk.hear(AnotherAction(), text, intent, **selected))
        or intent == "plan_timeline"
    )


@pytest.mark.parametrize(
    "text", ["what does it cost?", "do you have programs in texas?", "what about agencies, are they legit"]
)
def test_after_a_plan_other_questions_are_left_alone(talk: Talk, text: str) -> None:
    say(talk, "agency, valid visa, october 2027")
    assert said(talk.hear(AnotherAction(), text, "faq_cost")) == "not the plan"


def test_whether_it_works_is_said_before_the_visa_is_asked_for(talk: Talk) -> None:
    reply = say(talk, "september 2027 with an agency, is that still possible?")
    assert first_line(reply).startswith("Yes, a start in September 2027 is still possible")
    assert "without a valid visa: **yes**, apply by March 1, 2027" in said(reply)
    assert talk.slots["asked"] == "visa_status"


def tell(talk: Talk, text: str, intent: str = "inform") -> Reply:
    """What the bot says to a message that looks like no talk about dates."""
    action = ActionAnswerFaq() if intent.startswith("faq_") else ActionContinue()
    return talk.hear(action, text, intent, names=NAMES)


MATCH_WITH_DATES = (
    "Graduate of 2021 here. Step 1 passed, Step 2 CK on 12 April 2027, applying in the Match in September 2027. "
    "When should I do my rotations?"
)


def test_a_match_told_with_dates_is_planned_for_and_not_asked_again(talk: Talk) -> None:
    reply = say(talk, MATCH_WITH_DATES)
    assert first_line(reply).startswith("The 2028 Match")
    assert "which Match" not in said(reply)
    assert "USMLE Step 2 CK on April 12, 2027 is in time for the 2028 Match" in said(reply)
    assert {item.id: item.earliest for item in chart(reply).milestones}["step2ck_exam"] == "2027-04-12"
    assert talk.slots["step2ck"] == "not_taken"


def test_rotations_for_a_match_begin_after_a_booked_exam(talk: Talk) -> None:
    reply = say(talk, "2028 Match, agency, I have a visa, graduate, Step 1 passed, Step 2 CK on 3 May 2027")
    assert chart(reply).verdict != "impossible"
    assert {item.id: item.earliest for item in chart(reply).milestones}["rotation"] > "2027-05-03"


def test_a_time_off_holds_as_many_rotations_for_the_match_as_fit(talk: Talk) -> None:
    say(talk, MATCH_WITH_DATES)
    reply = tell(talk, "my leave is from 3 May to 18 July 2027")
    assert "with 2 rotations" in said(reply)
    assert "from May 23, 2027 until July 18, 2027 there is room for 2 rotations" in said(reply)
    assert "so I kept it" not in said(reply)


def test_another_day_for_an_exam_says_what_it_means_and_what_stays(talk: Talk) -> None:
    say(talk, MATCH_WITH_DATES)
    reply = tell(talk, "Step 2 CK has been postponed to 9 June 2027", "correct_profile")
    assert first_line(reply).startswith("USMLE Step 2 CK on June 9, 2027 is in time for the 2028 Match")
    assert {item.id: item.earliest for item in chart(reply).milestones}["rotation"] > "2027-06-09"
    tell(talk, "my leave is from 3 May to 18 July 2027")
    reply = tell(talk, "Step 2 CK was moved to 16 June 2027", "correct_profile")
    assert "falls into your time in the US" in said(reply)
    assert "does not change the last day to apply" in said(reply)
    reply = tell(talk, "and if I take Step 2 CK only in September 2027?", "inform")
    assert first_line(reply).startswith("USMLE Step 2 CK in September 2027 is too late for its result")
    assert "can't be reached" not in said(reply)


def test_an_exam_that_no_step_waits_for_leaves_a_start_as_it_is(talk: Talk) -> None:
    say(talk, "agency, I have a visa, start in September 2027")
    reply = tell(talk, "what if I sit Step 2 only in August 2027?")
    assert first_line(reply).startswith("USMLE Step 2 CK in August 2027 does not move your start")
    assert "stays June 1, 2027" in said(reply)


def test_a_booked_exam_of_a_school_moves_the_application(talk: Talk) -> None:
    say(talk, "directly at a school, student, I have a visa, start in January 2028")
    reply = tell(talk, "my Step 1 is on 20 March 2027", "inform")
    assert "USMLE Step 1 on March 20, 2027 comes first" in said(reply)
    assert {item.id: item.earliest for item in chart(reply).milestones}["step1_exam"] == "2027-03-20"


def test_a_start_that_is_late_by_every_way_names_the_next_ones(talk: Talk) -> None:
    reply = say(talk, "I hope to start in January 2027")
    assert first_line(reply) == "It is tight: with luck from January 23, 2027, if you apply now."
    assert "can start from **May 23, 2027**" in said(reply)
    assert talk.slots["asked"] == "route"
    reply = tell(talk, "agency")
    assert "without a valid visa: **no**; who applies now can start from **May 23, 2027**" in said(reply)
    assert talk.slots["asked"] == "visa_status"


def test_a_month_behind_the_graduation_is_planned_for_a_graduate(talk: Talk) -> None:
    tell(talk, "I graduate in June 2027")
    reply = tell(talk, "could I come in September?", "faq_eligibility")
    assert "have graduated" in first_line(reply)
    assert "electives are closed" in first_line(reply)
    assert talk.slots["asked"] == "visa_status"


def test_an_elective_behind_the_graduation_is_refused(talk: Talk) -> None:
    tell(talk, "I graduate in June 2027")
    reply = tell(talk, "is an elective possible in October?", "faq_hands_on")
    assert first_line(reply).startswith("That does not fit")


def test_a_graduation_told_in_passing_is_kept_but_none_that_is_asked(talk: Talk) -> None:
    tell(talk, "what if I graduate in June 2027?", "faq_eligibility")
    assert not talk.slots.get("plan")
    tell(talk, "I graduate in June 2027")
    assert talk.slots["plan"]["graduation"] == "2027-06-30"


def test_two_plans_in_a_row_assume_the_same_of_exams(talk: Talk) -> None:
    for text in ("directly at a school, visa in hand, student", "start in January 2028"):
        reply = say(talk, text)
    reply = tell(talk, "I don't know", "unsure") if talk.slots["asked"] else reply
    before = talk.slots["plan"].get("exams")
    reply = tell(talk, "and in February 2028?")
    assert before
    assert talk.slots["plan"]["exams"] == before


def test_the_dates_of_somebody_else_are_planned_for_them(talk: Talk) -> None:
    tell(talk, "My nephew is a student and needs a rotation")
    reply = say(talk, "when must he apply for a start in May?")
    assert first_line(reply).startswith("For your nephew")
    assert "in May 2027" in said(reply)
    reply = tell(talk, "no visa")
    assert talk.slots.get("visa_status") is None
    assert talk.slots["relative"]["visa_status"] == "needs"
    assert "May 23, 2027" in said(reply)


def test_own_facts_beside_a_question_for_somebody_else_keep_them(talk: Talk) -> None:
    tell(talk, "My nephew is a student and graduates in June 2027")
    tell(talk, "does he need his own visa? I have a B1 visa", "faq_visa")
    assert talk.slots["relative"]["career_stage"] == "student"
    assert talk.slots["plan"]["graduation"] == "2027-06-30"


def test_free_from_a_month_on_has_no_end(talk: Talk) -> None:
    reply = say(talk, "agency, I have a visa, I am free from May on")
    assert "in May 2027" in said(reply)
    assert "over by" not in said(reply)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("how many rotations fit between 3 May and 18 July 2027?", "2 rotations of four weeks fit between May 3, 2027"),
        ("how many electives can I do from 1 June to 10 July 2027?", "One rotation of four weeks fits"),
        ("how many observerships fit from 1 June to 20 June 2027?", "None of four weeks fits"),
        ("how many rotations of four weeks can I do in three months?", "3 rotations of four weeks fit into that time"),
        ("how many rotations fit into 6 weeks?", "One rotation of four weeks fits into that time"),
    ],
)
def test_how_many_rotations_fit_into_a_time(talk: Talk, text: str, answer: str) -> None:
    assert first_line(tell(talk, text, "faq_duration")).startswith(answer)


def test_how_many_fit_into_the_time_told_before(talk: Talk) -> None:
    say(talk, "agency, no visa, I can only come from 3 May to 10 July 2027")
    reply = tell(talk, "how many rotations fit in there?", "faq_duration")
    assert first_line(reply) == (
        "2 rotations of four weeks fit between May 3, 2027 and July 10, 2027: that is 9 weeks and 6 days. "
        "By your plan, which begins on May 23, 2027, it is 1."
    )


def test_letters_of_the_plan_are_in_time_for_its_match(talk: Talk) -> None:
    say(talk, MATCH_WITH_DATES)
    reply = tell(talk, "will the letters be there in time?", "faq_lor_count")
    assert first_line(reply).startswith("Yes, that is in time for the 2028 Match.")
    assert "The rotation ends on July" in said(reply)


def test_what_to_do_first_is_asked_of_the_plan_after_something_else(talk: Talk) -> None:
    say(talk, "agency, no visa, start in September 2027")
    talk.slots |= {"task": "search", "asked": "specialties"}
    assert first_line(tell(talk, "so what should I do first?", "faq_how_to_apply")).startswith(
        "First: Check your passport"
    )


def test_a_match_is_rather_tight_than_short_of_rotations(talk: Talk) -> None:
    say(talk, "2028 Match, agency, a valid visa, graduate, both Steps passed")
    reply = tell(talk, "I am only free from 1 February to 12 April 2027")
    assert "with 2 rotations of four weeks: the first from **February 1, 2027**" in said(reply)
    assert chart(reply).verdict == "tight"
    reply = tell(talk, "I am only free from 1 February to 10 March 2027")
    assert "one rotation of four weeks" in said(reply)


def test_a_month_within_a_season_says_which_one(talk: Talk) -> None:
    tell(talk, "I graduate in June 2027")
    reply = tell(talk, "can I come in my summer break, in August?", "faq_when_to_apply")
    assert "in August 2027" in first_line(reply)


def test_a_time_off_for_a_known_match_says_how_many_rotations_fit(talk: Talk) -> None:
    reply = say(talk, "I graduated in 2024 and go for the 2028 Match")
    assert "letters should be uploaded by **September 8, 2027**" in said(reply)
    reply = tell(talk, "my leave is from 3 May to 18 July 2027")
    assert first_line(reply).startswith("2 rotations of four weeks fit")
    reply = tell(talk, "in which months should I do my rotations?", "faq_match_rotations")
    assert first_line(reply).startswith("The 2028 Match")


def test_what_to_do_first_for_a_known_start_is_a_plan_at_once(talk: Talk) -> None:
    tell(talk, "My nephew is a student and needs a rotation")
    say(talk, "could he come in September 2027?")
    assert talk.slots["asked"]
    reply = tell(talk, "what should he do first?", "faq_how_to_apply")
    assert "First: Check your passport" in said(reply).replace("**", "")
    assert talk.slots["asked"] is None


def test_the_match_of_the_plan_named_anew_changes_nothing(talk: Talk) -> None:
    say(talk, MATCH_WITH_DATES)
    before = tell(talk, "my leave is from 3 May to 18 July 2027")
    reply = say(talk, "would the 2028 Match be better?")
    assert first_line(reply).startswith("The 2028 Match is the one that your plan is for")
    assert [item.latest for item in chart(reply).milestones] == [item.latest for item in chart(before).milestones]
    assert "is in time for" not in said_first(reply), "it was said with the first plan"


def test_waiting_until_a_month_is_a_start_near_the_plan(talk: Talk) -> None:
    say(talk, "agency, no visa, start in February 2028")
    reply = tell(talk, "what if I wait until April?", "plan_timeline")
    assert "in April 2028" in said(reply)


def test_a_company_with_several_programs_is_planned_without_an_exam_first(talk: Talk) -> None:
    names = ({"value": "AMOpportunities (AMO)", "terms": ("AMO",)},)
    reply = talk.hear(
        ActionPlanTimeline(), "latest day to apply at AMO for July 2027, no visa", "plan_timeline", names=names
    )
    assert "Step 1" not in said(reply)


def test_a_start_of_somebody_else_begins_their_plan(talk: Talk) -> None:
    reply = tell(talk, "My cousin wants to start in September 2027")
    assert first_line(reply).startswith("For your cousin")
    reply = tell(talk, "directly")
    assert talk.slots["relative"]["route"] == "direct"
    assert not talk.slots.get("route")


def test_whether_an_exam_is_too_late_is_answered_by_its_day(talk: Talk) -> None:
    reply = say(talk, "2028 Match, agency. Step 2 CK is on 30 August 2027, is that too late?")
    assert first_line(reply).startswith("USMLE Step 2 CK on August 30, 2027 is too late for its result")
    assert "not too late" not in said(reply)


def test_a_booked_exam_is_no_task_that_was_due(talk: Talk) -> None:
    say(talk, "directly at a school, student, I have a visa, start in June 2027")
    reply = tell(talk, "my Step 1 is on 20 February 2027")
    assert chart(reply).verdict == "impossible"
    assert "sit usmle" not in said(reply)


def test_who_has_a_place_is_asked_for_no_way_to_apply_and_hears_what_is_left(talk: Talk) -> None:
    reply = say(talk, "I was accepted for a rotation that starts on May 3, 2027, is that enough time?")
    assert talk.slots["asked"] == "visa_status"
    assert said(reply).startswith("You have the place")
    reply = say(talk, "I have a valid visa", "inform")
    assert first_line(reply).startswith("You have the place, and a start on May 3, 2027 works.")
    assert "apply" not in {step.id for step in chart(reply).milestones}
    assert "third-party" not in said(reply)


def test_a_booked_interview_says_how_many_days_are_left_before_the_start(talk: Talk) -> None:
    say(talk, "I got the place, my visa interview is on 14 January 2027", "care")
    reply = say(talk, "my rotation starts on 1 February 2027, is that enough time?")
    assert "18 days" in said(reply)
    assert chart(reply).verdict == "tight"
    assert "visa_booking" not in {step.id for step in chart(reply).milestones}
    assert "Visa interview: on January 14, 2027" in said(say(talk, "and if it starts on 1 June 2027?"))


def test_a_place_told_in_another_talk_stands_in_the_plan(talk: Talk) -> None:
    talk.hear(ActionAnswerFaq(), "Yale accepted me for June 2027! Do I need insurance?", "faq_documents", names=NAMES)
    reply = say(talk, "what should I do first?")
    assert "You have the place" in said(reply)


def test_a_missing_vaccine_is_counted_to_the_start_and_again_when_it_shifts(talk: Talk) -> None:
    reply = say(talk, "never had a hepatitis B shot, the rotation starts on 1 March 2027, is there still time?")
    assert first_line(reply).startswith("With the standard series no, with the fast one yes, for a rotation on March 1")
    assert first_line(say(talk, "and in August 2027?")).startswith("Yes, in time for a rotation in August 2027")


def test_a_place_that_is_lost_is_applied_for_again(talk: Talk) -> None:
    say(talk, "I was accepted for a rotation that starts on May 3, 2027, I have a visa")
    reply = say(talk, "I was not accepted after all, third party, what should I do first?")
    assert "You have the place" not in said(reply)


def test_the_day_of_an_acceptance_is_no_start(talk: Talk) -> None:
    talk.hear(ActionAnswerFaq(), "I was accepted today! Do I need insurance?", "faq_documents")
    assert "first" not in (talk.slots.get("plan") or {})


def test_a_start_at_a_school_is_planned_at_once_with_what_is_assumed(talk: Talk) -> None:
    answer = said(say(talk, "I apply alone to a university, the elective starts in October 2027. When must that be?"))
    assert "October 2027" in answer
    assert "student" in answer
    assert talk.slots["asked"] is None
    assert "Step 1" in answer


def test_a_way_alone_changes_the_plan(talk: Talk) -> None:
    say(talk, "through an agency, start in October 2027, I have a visa")
    assert "plan" in talk.slots
    talk.hear(ActionContinue(), "directly at a school?", "faq_direct_vs_third_party")
    assert talk.slots["route"] == "direct"


def test_another_specialty_after_a_plan_begins_a_search(talk: Talk) -> None:
    say(talk, "through an agency, start in October 2027, I have a visa")
    talk.hear(ActionContinue(), "forget neurology, I'd rather do psychiatry", "inform")
    assert talk.slots["task"] == "search"
    assert talk.slots["specialties"] == ["psychiatry"]


STANDING = "agency, no visa, graduate, start in June 2027"


def has_list(reply: Reply) -> bool:
    return any(isinstance(part, Timeline) for part in reply.parts)


@pytest.mark.parametrize(
    ("told", "noted"),
    [
        ("none of the exams done", "Step 1 not passed yet"),
        ("I can spend 3500 dollars in all", "does not change your plan"),
        ("I'm from Jordan", "Jordan"),
        ("Step 2 CK is in March", "does not move your start"),
        ("I passed Step 1", "Step 1 passed"),
    ],
)
def test_a_fact_that_changes_nothing_is_taken_in_with_one_line(talk: Talk, told: str, noted: str) -> None:
    say(talk, STANDING)
    reply = tell(talk, told, "inform")
    assert noted in said_first(reply)
    assert len(said_first(reply).split()) <= 40
    assert not has_list(reply)
    assert talk.slots["task"] == "timeline"


def test_a_fact_that_changes_the_plan_says_what_and_folds_the_steps(talk: Talk) -> None:
    say(talk, STANDING)
    reply = tell(talk, "good news, I do have a visa", "correct_profile")
    assert "**March 1, 2027 now instead of December 1, 2026** because of the visa" in said_first(reply)
    assert "Your next steps" not in said_first(reply)
    assert "Your next steps" in said(reply)


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        ("when do I have to book the flight?", "Fees, housing, insurance and travel"),
        ("how early should I book?", "Fees, housing, insurance and travel"),
        ("by when do I need the TB test", "TB test"),
        ("when is the visa interview due?", "Visa interview"),
        ("when should my papers be ready", "Collect your documents: by December 1, 2026"),
        ("when does my rotation end", "Last day; ask for your letter before it: on June 28, 2027"),
        ("when must I have Step 2 by", "Sit USMLE Step 2 CK by"),
    ],
)
def test_a_question_for_one_step_is_answered_by_the_plan(talk: Talk, asked: str, line: str) -> None:
    say(talk, STANDING)
    reply = tell(talk, asked, "faq_when_to_apply")
    assert line in first_line(reply)
    assert not has_list(reply)


def test_a_step_that_the_plan_has_not_got_is_said_to_be_none(talk: Talk) -> None:
    say(talk, "agency, I have a visa, graduate, start in June 2027")
    assert "has no step for that" in first_line(tell(talk, "when is the visa interview due?", "faq_visa"))


def test_without_a_plan_a_step_is_a_question_of_the_faq(talk: Talk) -> None:
    reply = talk.hear(ActionAnswerFaq(), "when do I need the TB test", "faq_documents")
    assert "plan" not in first_line(reply).lower()


def test_what_comes_after_a_step_is_the_next_one(talk: Talk) -> None:
    say(talk, STANDING)
    assert first_line(tell(talk, "what should I do this week?", "faq_how_to_apply")).startswith("First: Check your")
    after = first_line(tell(talk, "ok and after that?", "goodbye"))
    assert "Check your passport" not in after
    assert after.startswith("Then:")
    tell(talk, "when should my papers be ready?", "faq_documents")
    assert first_line(tell(talk, "and once that is done?", "goodbye")).startswith("Then: Apply for the rotation")
    tell(talk, "when do I book the flight?", "faq_visa")
    assert "the last step" in first_line(tell(talk, "and after that?", "goodbye"))


@pytest.mark.parametrize(
    ("told", "answer"),
    [
        ("I can't travel in August", "does not change your plan"),
        ("June doesn't work for me", "**June 2027 falls into your rotation**"),
        ("I cannot come during ramadan", "into a calendar"),
        ("I can't fly over christmas", "into a calendar"),
    ],
)
def test_a_time_to_leave_out_is_held_against_the_plan(talk: Talk, told: str, answer: str) -> None:
    say(talk, STANDING)
    reply = tell(talk, told, "out_of_scope")
    assert answer in said_first(reply)
    assert "June 28, 2027" in said_first(reply)


@pytest.mark.parametrize(
    ("told", "starts"),
    [
        ("only two of them", ["rotation", "rotation_2"]),
        ("skip the third rotation", ["rotation", "rotation_2"]),
        ("leave out the last one", ["rotation", "rotation_2"]),
        ("just 1, not three", ["rotation"]),
        ("two are enough", ["rotation", "rotation_2"]),
    ],
)
def test_the_number_of_rotations_is_changed(talk: Talk, told: str, starts: list[str]) -> None:
    say(talk, "2028 Match, agency, I have a visa, graduate, both Steps passed")
    reply = tell(talk, told, "refine_search")
    assert [item.id for item in chart(reply).milestones if item.id.startswith("rotation")] == starts


def test_a_step_that_is_put_right_is_ahead_and_no_start(talk: Talk) -> None:
    say(talk, "2028 Match, agency, I have a visa, graduate, step 1 and 2 passed")
    start = talk.slots["plan"]["planned"]
    reply = tell(talk, "sorry, I was wrong, 2 is in February, not done", "correct_profile")
    assert "USMLE Step 2 CK in February 2027 is in time" in said_first(reply)
    assert (talk.slots["step1"], talk.slots["step2ck"]) == ("passed", "not_taken")
    assert talk.slots["plan"]["planned"] == start
    assert not talk.slots.get("start_month")


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("if my last rotation ends in July 2027, will the letter be in on time?", "Yes, that is in time"),
        ("my rotation is over at the end of August 2027, is a letter still in time?", "2028 Match, but tight"),
        ("my elective ends in September 2027, can the letters still make it?", "That is too late for the 2028 Match"),
    ],
)
def test_the_end_of_a_rotation_is_held_against_the_season(talk: Talk, asked: str, first: str) -> None:
    assert first in first_line(say(talk, asked))
    assert "Yes, that is in time" in first_line(tell(talk, "June?", "inform"))
    assert "too late for the 2028 Match" in first_line(tell(talk, "and if it is September then?", "inform"))


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("too late for a rotation in January?", "It is tight: with luck from January 23, 2027, if you apply now."),
        ("is it too late for December?", "Yes, it is too late for a start in December 2026."),
        ("can I still come in February or March?", "Yes, from February 23, 2027, if you apply now."),
        ("am I too late for february-march 2027", "No, it is not too late: from February 23, 2027, if you apply now."),
    ],
)
def test_a_late_month_begins_with_what_is_possible_in_it(talk: Talk, asked: str, first: str) -> None:
    reply = say(talk, asked)
    assert first_line(reply) == first
    assert "who applies now can start from **May 23, 2027**" in said_first(reply)
    assert "with luck from March" not in said_first(reply)
    assert "in September 2027" in first_line(tell(talk, "September then?", "inform"))


def test_a_plan_for_a_part_of_a_month_names_the_part(talk: Talk) -> None:
    reply = say(talk, "agency, I have a visa, can I still start in January 2027?")
    assert first_line(reply).startswith("Yes, but it is tight: apply now for a start from January 23, 2027 on (")


PLANNED = "agency, no visa, september 2027"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("my stay is ten weeks now, please list all those dates", "10 weeks end on November 9, 2027."),
        ("I have a visa by now, when do I have to do what", "**June 1, 2027 now instead of March 1, 2027**"),
        ("give me the full list of dates, but directly at a school", "because of the other way"),
    ],
)
def test_a_change_that_asks_for_the_dates_gives_the_new_ones(talk: Talk, text: str, first: str) -> None:
    say(talk, PLANNED)
    reply = say(talk, text)
    assert first in said_first(reply)
    assert "Your next steps" in said_first(reply)
    assert chart(reply).milestones


def test_the_dates_without_a_change_are_those_of_the_plan(talk: Talk) -> None:
    say(talk, PLANNED)
    assert "I worked out on November 23, 2026" in said_first(say(talk, "could you list all my dates again"))


def test_a_time_off_that_begins_earlier_ends_as_before(talk: Talk) -> None:
    say(talk, "agency, visa in hand, free from August to October 2027")
    assert "because the start has moved" in said(say(talk, "I'd be off from June on already", "inform"))
    assert (talk.slots["plan"]["first"], talk.slots["plan"]["last"]) == ("2027-06-01", "2027-10-31")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("suppose the embassy has an appointment only in July", "**Your start on September 1, 2027 can hold"),
        ("what if my visa interview isn't before August?", "holds only with an early day in August 2027"),
        ("the consulate has no appointment before August", "holds only with an early day in August 2027"),
        (
            "and if the consulate gives me a date only in October?",
            "**Then your start on September 1, 2027 does not hold",
        ),
    ],
)
def test_a_late_interview_is_held_against_the_start_of_the_plan(talk: Talk, text: str, words: str) -> None:
    say(talk, PLANNED)
    assert words in said_first(tell(talk, text, "faq_visa"))
    assert not talk.slots["plan"].get("interview")


def test_a_missed_first_day_says_how_long_the_start_holds_and_where_it_moves(talk: Talk) -> None:
    say(talk, PLANNED)
    answer = said_first(tell(talk, "and if I can't keep the first deadline?", "faq_duration"))
    assert answer.startswith("**Then your start on September 1, 2027 moves:**")
    assert "Who begins on April 1, 2027 can start from October 1, 2027" in answer
    say(talk, "I have a visa by now", "inform")
    answer = said_first(tell(talk, "what happens when I miss the next date?", "faq_duration"))
    assert answer.startswith("**Until July 1, 2027 your start on September 1, 2027 can still hold**")


def test_a_month_that_was_looked_for_is_the_start_of_what_is_to_be_done(talk: Talk) -> None:
    talk.slots |= {"start_month": "2028-02", "career_stage": "graduate", "visa_status": "has"}
    assert "a start in February 2028 works" in said_first(say(talk, "and what should I be doing this month?"))


def test_a_month_that_is_over_is_no_start(talk: Talk) -> None:
    talk.slots |= {"start_month": "2026-10"}
    say(talk, "what should I prepare this month?")
    assert talk.slots["asked"] == "start"


@pytest.mark.parametrize(
    "text", ["ok direct. what is the last day to apply for May 2028", "direct then, by when for May 2028?"]
)
def test_direct_alone_in_a_first_clause_is_the_way(talk: Talk, text: str) -> None:
    assert "Which way would you go" not in said(say(talk, text))
    assert talk.slots["route"] == "direct"


def test_a_plan_that_is_declined_is_dropped(talk: Talk) -> None:
    say(talk, "I want to come in May 2028")
    assert talk.slots["asked"] == "route"
    assert "Which way" not in said(
        talk.hear(ActionAnswerFaq(), "no plan for now, is it over for me?", "faq_eligibility")
    )
    assert (talk.slots["task"], talk.slots["asked"]) == (None, None)
    assert "dropped that" in said(say(talk, "thanks, no plan please"))


@pytest.mark.parametrize(
    ("length", "words"),
    [
        ("7 weeks off, only free from 1 March to 18 April 2027", "apply 6 months ahead, that was by"),
        ("a six week stay, only free from 10 May to 1 July 2027", "(which leaves 5 weeks until July 1, 2027)"),
    ],
)
def test_a_first_start_within_a_time_off_says_what_it_rests_on_and_what_fits(
    talk: Talk, length: str, words: str
) -> None:
    answer = said_first(say(talk, f"{length}, no visa, graduate. doable?"))
    assert "May 23, 2027" in answer
    assert words in answer


NO_VISA_2028 = "graduate of 2019, 2028 Match, agency, no visa yet, nothing taken so far"


@pytest.mark.parametrize(
    ("window", "stays", "last"),
    [
        ("I can be there from April to June 2027", "one rotation", date(2027, 6, 30)),
        ("make it June to July 2027", "2 rotations", date(2027, 7, 31)),
    ],
)
def test_a_plan_never_goes_on_past_the_time_that_was_named(talk: Talk, window: str, stays: str, last: date) -> None:
    say(talk, NO_VISA_2028)
    reply = tell(talk, window)
    starts = [date.fromisoformat(item.latest) for item in chart(reply).milestones if item.id.startswith("rotation")]
    assert (max(starts) - last).days <= -27
    assert stays in said(reply)


def test_a_time_in_which_nothing_can_start_leaves_the_match_open(talk: Talk) -> None:
    say(talk, NO_VISA_2028)
    answer = said(tell(talk, "actually December to January"))
    assert answer.startswith("**No rotation of four weeks fits")
    assert "The 2028 Match stays open" in answer


def test_the_earliest_start_makes_no_last_day_and_open_steps_are_not_taken_for_undone(talk: Talk) -> None:
    answer = said(say(talk, "graduate of 2019, 2028 Match, agency, no visa yet, plan my dates"))
    assert "as soon as you can" in answer
    assert "November 24" not in answer
    assert "Sit USMLE Step 1 (if you have not taken it yet)" in answer
    assert "if you have not" not in said(say(talk, "I have not taken Step 1 or Step 2 CK, lay it all out", "inform"))


@pytest.mark.parametrize(
    ("told", "start"),
    [("no visa yet", "**Hardly:"), ("I have a visa", "**Your visa is there already**")],
)
def test_whether_a_start_is_too_soon_for_a_visa_is_answered_by_six_months(talk: Talk, told: str, start: str) -> None:
    say(talk, f"graduate, agency, {told}, I start on 1 April 2027")
    answer = said(tell(talk, "is there enough time for a visa?"))
    assert answer.startswith(start)
    assert ("6 months ahead are advised, which was October 1, 2026" in answer) is (told == "no visa yet")


def test_days_of_eras_are_those_of_the_plan(talk: Talk) -> None:
    say(talk, NO_VISA_2028.replace("2028", "2029"))
    answer = said(tell(talk, "and what is the ERAS date then?"))
    assert "for the 2029 Match" in answer
    assert "2027" not in answer


def test_a_field_told_after_a_plan_is_noted_with_what_it_means(talk: Talk) -> None:
    say(talk, NO_VISA_2028)
    answer = said(talk.hear(ActionContinue(), "family medicine", "inform"))
    assert answer.startswith("Noted: interest in family medicine")
    assert "rotations in family medicine" in answer
    assert talk.slots["specialties"] == ["family medicine"]


@pytest.mark.parametrize(
    ("text", "intent", "first"),
    [
        ("what month do you recommend", "faq_when_to_apply", "Keep your plan, a start on September 1, 2027:"),
        ("how reliable are these dates?", "faq_when_to_apply", "The dates are typical and no promise."),
        ("what if my visa runs out in september", "inform", "That is a conflict: your visa ends in September 2027"),
        ("and if my visa expires in august", "inform", "That is a conflict: your visa ends in August 2027, before"),
        ("and if my visa ends in january 2028", "inform", "Your visa covers it: it ends in January 2028"),
        ("will my letters be in time for ERAS?", "faq_lor_type", "Yes, that is in time for the 2029 Match"),
        ("can I begin two weeks sooner", "faq_duration", "Apply by May 18, 2027: a start on August 18, 2027 works."),
        ("what if I do just 2 weeks", "faq_duration", "2 weeks end on September 14, 2027."),
        ("what is the very last day on which I may send them my application", "faq_when_to_apply", "Apply for the"),
        ("and with Yale instead", "faq_amo", "Yale School of Medicine"),
        ("my finals moved, so now I can only come mid october", "refine_search", "Apply by"),
        (
            "is it already too late for direct schools?",
            "faq_when_to_apply",
            "No, directly at a US medical school it is in time",
        ),
    ],
)
def test_a_question_after_a_plan_is_answered_from_it(talk: Talk, text: str, intent: str, first: str) -> None:
    say(talk, "agency, a valid visa, graduate, september 2027")
    answer = said_first(tell(talk, text, intent)).replace("**", "")
    assert first in answer.partition("\n\n")[0]
    assert len(answer.split()) < 90


@pytest.mark.parametrize("text", ["which month would you propose", "what time would you pick then"])
def test_the_month_for_a_plan_that_does_not_work_is_the_first_that_does(talk: Talk, text: str) -> None:
    say(talk, "agency, no visa, february 2027")
    assert "May 2027, from May 23, 2027 on" in first_line(tell(talk, text, "faq_when_to_apply"))


def test_a_try_for_a_visa_in_a_season_is_no_start(talk: Talk) -> None:
    text = "they refused my visa. I will apply for the visa again next summer, when do I book a place?"
    answer = first_line(say(talk, text))
    assert answer.startswith("Book a start from September 28, 2027 on, and apply by March 28, 2027.")
    assert not talk.slots.get("plan") or not talk.slots["plan"].get("first")


def test_a_plan_for_a_match_that_moves_keeps_its_rotations(talk: Talk) -> None:
    say(talk, "2028 Match, graduate, a valid visa, agency, both Steps passed")
    assert "with 3 rotations of four weeks" in said(tell(talk, "please move it back by one week", "refine_search"))
    assert "with 2 rotations of four weeks" in said(tell(talk, "suppose I do only two rotations", "faq_duration"))


def test_a_visa_that_ends_within_the_stay_is_the_whole_answer_to_another_length(talk: Talk) -> None:
    say(talk, "agency, april 2027, I have a visa")
    tell(talk, "what if the visa ends on 12 april?")
    first = first_line(tell(talk, "and for three weeks", "refine_search"))
    assert first.startswith("Careful: your visa ends on April 12, 2027, before your rotation does (April 21, 2027).")
    assert "too soon" not in first


def test_another_way_that_is_asked_about_leaves_the_plan(talk: Talk) -> None:
    say(talk, "agency, no visa, graduate, june 2027")
    answer = first_line(tell(talk, "would it still work directly at a school?", "faq_how_to_apply"))
    assert answer.startswith("It is tight directly at a US medical school")
    assert talk.slots["route"] == "third_party"
    say(talk, "agency, no visa, february 2027")
    assert first_line(tell(talk, "what is the last day to apply?", "faq_when_to_apply")).startswith(
        "For a start on February 1, 2027 it is over: the last day to apply was August 1, 2026."
    )
