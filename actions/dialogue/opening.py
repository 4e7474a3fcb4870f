"""How a talk begins: what somebody told of themselves is said back in a line, and one useful next step is offered."""

from __future__ import annotations

from typing import Any

from actions.base import return_to_question
from actions.dialogue.acts import LAST
from actions.dialogue.known import exams_ahead
from actions.timeline.subject import graduation_words
from actions.topics import about, of_another_profession, topic_answers
from actions.turn import Outcome, Turn
from bot.dialogue import conditions
from bot.dialogue.profile import asked_stage, only_step
from bot.nlu.exam_days import told_exam_days
from bot.programs.program import usd
from bot.reply.parts import Reply, Suggestion, Text

FACTS = {
    "career_stage": "utter_heard_career_stage",
    "year_of_study": "utter_heard_year_of_study",
    "study_year": "utter_heard_study_year",
    "graduation_year": "utter_heard_graduation_year",
    "nationality": "utter_heard_nationality",
    "school_country": "utter_heard_school_country",
    "taught_in": "utter_heard_taught_in",
    "home_school": "utter_heard_home_school",
    "step1": "utter_heard_step1",
    "step2ck": "utter_heard_step2ck",
    "english_test": "utter_heard_english_test",
    "visa_status": "utter_heard_visa_status",
    "route": "utter_heard_route",
    "goal": "utter_heard_goal",
    "budget_usd_per_4_weeks": "utter_heard_budget",
}
"""What is said back, in this order."""
IMPLIED = {"year_of_study": ("career_stage", "study_year"), "study_year": ("career_stage",)}
"""What is not said beside a fact that implies it: who is in a year of study is a student."""
OF_RELATIVE = FACTS | {
    "career_stage": "utter_heard_career_stage_relative",
    "year_of_study": "utter_heard_year_of_study_relative",
    "study_year": "utter_heard_study_year_relative",
    "taught_in": "utter_heard_taught_in_relative",
    "visa_status": "utter_heard_visa_status_relative",
    "goal": "utter_heard_goal_relative",
}


def opening(turn: Turn) -> Outcome:
    """What was heard and a next step for whom it is about; the first time with a welcome and a line on privacy."""
    if topic := of_another_profession(turn):
        return Outcome(return_to_question(turn, topic_answers(turn, (topic,))), about(turn, topic))
    is_new, stage = not turn.slots.get("welcomed"), asked_stage(turn.message) or turn.relative.get("career_stage")
    is_first = is_new and not turn.slots.get(LAST)
    step = _next_step(turn, stage, is_in_talk=bool(turn.slots.get(LAST)))
    lines = [turn.responses.text("utter_welcome")] if is_first else []
    lines += [line for line in (heard(turn),) if line]
    said = Text(" ".join([*lines, *(part.text for part in step.parts if isinstance(part, Text))]))
    privacy = (Text(turn.responses.text("utter_privacy")),) if is_new else ()
    buttons = (*_search_button(turn), *step.suggestions)[:4]
    slots: dict[str, Any] = {"last_question": turn.message.text} | ({"welcomed": True} if is_new else {})
    if wishes := turn.message.frame.wished("specialty"):
        slots["specialties"] = list(wishes)  # what is said to be noted is known to a later search
    return Outcome(return_to_question(turn, Reply((said, *privacy), buttons)), slots)


def _next_step(turn: Turn, stage: str | None, *, is_in_talk: bool) -> Reply:
    """What to do next; who is in the middle of a talk has heard what the bot is for."""
    if turn.relative and not stage:
        return turn.responses.reply("utter_next_step_relative")
    if travel := conditions.travel(turn.message.frame):  # Who cannot come has one way, whatever the stage.
        return turn.responses.given({"travel": travel, "career_stage": ""}).reply("utter_next_step")
    if turn.corrects_stage and not turn.relative:
        return turn.responses.reply("utter_next_step_corrected")
    key = "utter_next_step_again" if is_in_talk and not turn.relative else "utter_next_step"
    if turn.message.frame.wished("specialty") and not turn.relative:
        key = "utter_next_step_wish"
    return turn.responses.given({"career_stage": stage} if stage else {}).reply(key)


def heard(turn: Turn) -> str:
    """The facts of this message in a line ("Noted: you are a graduate, class of 2017, from Kenya."); empty for none."""
    told, words = (turn.told_of_relative, OF_RELATIVE) if turn.told_of_relative else (turn.told, FACTS)
    known = {**turn.profile.to_slots(), **turn.told_of_relative}
    until = graduation_words(turn) if told.get("graduation_year") and told is turn.told else ""
    known |= {"graduation_year": until} if until else {}
    budget = known.get("budget_usd_per_4_weeks")
    known |= {"budget_usd_per_4_weeks": usd(budget)} if budget else {}
    ahead = exams_ahead(turn, told_exam_days(turn.message.frame, turn.today, only_step(turn.profile, turn.today)))
    implied = {name for fact, names in IMPLIED.items() if told.get(fact) for name in names}
    implied |= {"career_stage"} if until else set()
    facts = [
        ahead.get(name) or turn.responses.given({name: known[name]}).text(key, value=known[name])
        for name, key in words.items()
        if told.get(name) and name not in implied
    ]
    facts += [
        turn.responses.text("utter_heard_specialty", value=wish) for wish in turn.message.frame.wished("specialty")
    ]
    who = turn.told_of_relative.get("relation")
    key = "utter_heard_of" if who else "utter_heard"
    said = turn.responses.text(key, facts=", ".join(facts), who=who) if facts else ""
    return f"{said} {turn.responses.text('utter_heard_student_until', graduation=until)}" if until else said


def noted(turn: Turn, answer: Reply) -> Reply:
    """The answer after a short word on what was told."""
    words = heard(turn) if turn.learned else ""
    return Reply((Text(words),)).then(answer) if words else answer


def _search_button(turn: Turn) -> tuple[Suggestion, ...]:
    wishes = turn.message.frame.wished("specialty")
    return turn.responses.buttons("utter_search_button", specialty=wishes[0]) if wishes else ()
