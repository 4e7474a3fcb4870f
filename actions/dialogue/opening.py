"""How a talk begins: what somebody told of themselves is said back in a line, and one useful next step is offered."""

from __future__ import annotations

from typing import Any

from actions.base import return_to_question
from actions.dialogue.acts import LAST
from actions.dialogue.known import exams_ahead
from actions.topics import about, of_another_profession, topic_answers
from actions.turn import Outcome, Turn
from bot.dialogue import conditions
from bot.dialogue.profile import asked_stage, only_step
from bot.nlu.exam_days import told_exam_days
from bot.reply.parts import Reply, Suggestion, Text

FACTS = {
    "career_stage": "utter_heard_career_stage",
    "graduation_year": "utter_heard_graduation_year",
    "nationality": "utter_heard_nationality",
    "home_school": "utter_heard_home_school",
    "step1": "utter_heard_step1",
    "step2ck": "utter_heard_step2ck",
    "english_test": "utter_heard_english_test",
    "visa_status": "utter_heard_visa_status",
    "route": "utter_heard_route",
    "goal": "utter_heard_goal",
}
"""What is said back, in this order."""
OF_RELATIVE = FACTS | {
    "career_stage": "utter_heard_career_stage_relative",
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


def only_tells(turn: Turn) -> bool:
    """Whether a message tells a fact of the person and neither asks nor wishes for anything."""
    return (
        bool(turn.told)
        and not turn.message.is_button
        and not turn.message.frame.does("ask", "show", "seek", "more", "cheaper")
    )


def _next_step(turn: Turn, stage: str | None, *, is_in_talk: bool) -> Reply:
    """What to do next; who is in the middle of a talk has heard what the bot is for."""
    if turn.relative and not stage:
        return turn.responses.reply("utter_next_step_relative")
    if travel := conditions.travel(turn.message.frame):  # Who cannot come has one way, whatever the stage.
        return turn.responses.given({"travel": travel, "career_stage": ""}).reply("utter_next_step")
    key = "utter_next_step_again" if is_in_talk and not turn.relative else "utter_next_step"
    return turn.responses.given({"career_stage": stage} if stage else {}).reply(key)


def heard(turn: Turn) -> str:
    """The facts of this message in a line ("Noted: you are a graduate, class of 2017, from Kenya."); empty for none."""
    told, words = (turn.told_of_relative, OF_RELATIVE) if turn.told_of_relative else (turn.told, FACTS)
    known = {**turn.profile.to_slots(), **turn.told_of_relative}
    ahead = exams_ahead(turn, told_exam_days(turn.message.frame, turn.today, only_step(turn.profile, turn.today)))
    facts = [
        ahead.get(name) or turn.responses.text(key, value=known[name]) for name, key in words.items() if told.get(name)
    ]
    facts += [
        turn.responses.text("utter_heard_specialty", value=wish) for wish in turn.message.frame.wished("specialty")
    ]
    who = turn.told_of_relative.get("relation")
    key = "utter_heard_of" if who else "utter_heard"
    return turn.responses.text(key, facts=", ".join(facts), who=who) if facts else ""


def _search_button(turn: Turn) -> tuple[Suggestion, ...]:
    wishes = turn.message.frame.wished("specialty")
    return turn.responses.buttons("utter_search_button", specialty=wishes[0]) if wishes else ()
