"""Which rotation suits a person, in conversation: one question at a time, then a short decision with its reasons."""

from __future__ import annotations

from dataclasses import replace

from actions.base import BotAction
from actions.turn import Outcome, Turn
from bot.advice.recommendation import Advice, AdviceFacts, Case, advise, hear, next_question
from bot.dialogue.slots import from_slot, to_slot
from bot.reply.lengths import within_words
from bot.reply.parts import Reply, Text

MOST_WORDS = 90
"""Of an advice that are said at once, the line on its source aside."""
QUESTIONS = {
    "career_stage": "utter_recommend_ask_stage",
    "goal": "utter_recommend_ask_goal",
    "contact": "utter_recommend_ask_contact",
    "travel": "utter_recommend_ask_travel",
    "specialties": "utter_recommend_ask_specialty",
}


class ActionRecommendRotation(BotAction):
    """Advises a type of rotation."""

    task = "recommend"

    def name(self) -> str:
        return "action_recommend_rotation"

    def answer(self, turn: Turn) -> Outcome:
        """The next question, or the advice when all is known or the person wants it now."""
        running = turn.task == "recommend"
        case = from_slot(Case, turn.slots.get("advice")) if running else Case()
        turn, learned = _with_specialties(turn)
        if running and turn.asked and turn.asked != "career_stage" and "career_stage" in turn.learned:
            return _ask(turn, AdviceFacts(replace(case, final_year=""), notice="utter_noted_stage"), turn.asked)
        if running and turn.asked and turn.message.frame.bare_years[0] and "graduation_year" in turn.learned:
            return _ask(turn, AdviceFacts(case, notice="utter_noted_year"), turn.asked)
        heard = hear(turn.message, case, profile=turn.subject, asked=turn.asked if running else None)
        if heard.at_once:
            heard = replace(heard, notice="")
        asked = next_question(heard.case, turn.subject, at_once=heard.at_once)
        outcome = _ask(turn, heard, asked) if asked else _advise(turn, heard)
        return Outcome(outcome.reply, {**learned, **outcome.slots})


def _with_specialties(turn: Turn) -> tuple[Turn, dict[str, list[str]]]:
    """A specialty named in advice belongs to the person's wishes."""
    named = turn.message.frame.wished("specialty")
    if not named:
        return turn, {}
    if turn.relative:
        return replace(turn, relative={**turn.relative, "specialties": list(named)}), {}
    return replace(turn, profile=replace(turn.profile, specialties=named)), {"specialties": list(named)}


def _ask(turn: Turn, heard: AdviceFacts, asked: str) -> Outcome:
    case = replace(heard.case, asked=(*heard.case.asked, asked))
    notices = [heard.notice] if heard.notice else []
    if turn.subject.career_stage and (not heard.case.asked or "career_stage" in turn.learned):
        notices.append("utter_recommend_open_to")
    if case.letters and len(case.asked) == 1:
        notices.append("utter_recommend_letters")
    parts = tuple(Text(turn.responses.text(key, year=turn.profile.graduation_year)) for key in notices)
    question = turn.responses.reply(QUESTIONS[asked])
    slots = {"advice": to_slot(case), "task": "recommend", "asked": asked}
    return Outcome(Reply(parts + question.parts, question.suggestions), slots)


def _advise(turn: Turn, heard: AdviceFacts) -> Outcome:
    advice = advise(heard.case, turn.subject)
    words, more = _advice_words(turn, advice)
    closing = turn.responses.reply("utter_recommend_source")
    notice = (Text(turn.responses.text(heard.notice)),) if heard.notice else ()
    buttons = turn.responses.buttons("utter_recommend_buttons", rotation_type=advice.rotation_type)
    slots = {"advice": to_slot(heard.case), "task": "recommend", "asked": None}
    return Outcome(Reply((*notice, Text(words, more=more), *closing.parts), buttons), slots)


def _advice_words(turn: Turn, advice: Advice) -> tuple[str, str]:
    """What is advised, what comes next and the first reasons; the reasons that are left are folded."""
    say = turn.responses.text
    values = {
        "year": turn.subject.graduation_year or "",
        "specialty": turn.subject.specialties[0] if turn.subject.specialties else "",
    }
    unknown = ", ".join(say(key) for key in advice.depends)
    opening = [say(advice.first), *(say(key) for key in advice.then)]
    opening += [say("utter_recommend_depends", unknown=unknown)] if unknown else []
    reasons = [f"- {say(key, **values)}" for key in advice.why]
    shown, folded = within_words([*opening, reasons[0]], reasons[1:], most=MOST_WORDS)
    lines = [say(advice.first), "", say("utter_recommend_why"), *shown[len(opening) :], ""]
    lines += opening[1 : len(advice.then) + 1]
    lines += ["", opening[-1]] if unknown else []
    return "\n".join(lines), "\n".join(folded)
