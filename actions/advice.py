"""Which rotation suits a person, in conversation: advice from what is known, and the one question that changes it."""

from __future__ import annotations

from dataclasses import replace

from actions.base import BotAction
from actions.dialogue.opening import noted
from actions.topics import about, topic_answers
from actions.turn import Outcome, Turn
from bot.advice.recommendation import Advice, Case, advise, hear, year_notice
from bot.dialogue.profile import asked_stage
from bot.dialogue.slots import from_slot, to_slot
from bot.dialogue.state import TYPE_TOPICS
from bot.reply.lengths import within_words
from bot.reply.parts import Reply, Text

STAGE = "career_stage"
MOST_WORDS = 90
"""Of an advice that are said at once, the line on its source aside."""
PASSING_OVER = frozenset({"affirm", "deny", "unsure"})


class ActionRecommendRotation(BotAction):
    """Advises a type of rotation."""

    task = "recommend"
    lapsing = frozenset({STAGE})

    def name(self) -> str:
        return "action_recommend_rotation"

    def claims(self, turn: Turn) -> bool:
        """Only what tells something, passes over the question or goes on with a kind of rotation ("and telehealth?"):
        whoever asks something else has moved on."""
        if _goes_on(turn):
            return True
        passes = turn.message.intent in PASSING_OVER or turn.message.frame.does("skip", "you_decide", "any", "both")
        return super().claims(turn) and bool(passes or turn.told or turn.told_of_relative)

    def answer(self, turn: Turn) -> Outcome:
        """The advice for what is known by now; it asks for the stage once, since that alone turns it around."""
        running = turn.task == self.task
        if running and (kind := _asked_kind(turn)):
            return Outcome(topic_answers(turn, (kind,)), about(turn, kind))
        before = from_slot(Case, turn.slots.get("advice")) if running else Case()
        turn, learned = _with_specialties(_for_stage(turn))
        case = hear(turn.message, before, profile=turn.subject)
        asks = not (turn.subject.career_stage or case.stage_asked)
        reply = _advise(turn, replace(case, stage_asked=asks))
        if notice := year_notice(before, case):
            reply = Reply((Text(turn.responses.text(notice)), *reply.parts), reply.suggestions)
        elif running:
            reply = noted(turn, reply)
        slots = {
            "advice": to_slot(replace(case, stage_asked=True)),
            "task": self.task,
            "asked": STAGE if asks else None,
        }
        return Outcome(reply, {**learned, **slots})


def _goes_on(turn: Turn) -> bool:
    """Whether a few words after the advice ask about a kind of rotation and name nothing else."""
    frame = turn.message.frame
    names_more = {item.kind for item in frame.entities} != {"rotation_type"} or bool(frame.dimensions)
    is_bare = frame.does("follow_up", "bare") and not frame.does("seek", "show") and not names_more
    return is_bare and not turn.message.is_button and bool(_asked_kind(turn))


def _asked_kind(turn: Turn) -> str:
    """The topic of a kind of rotation that is asked about after the advice ("and telehealth?"); else empty."""
    frame = turn.message.frame
    kinds = [TYPE_TOPICS[item] for item in frame.wished("rotation_type") if item in TYPE_TOPICS]
    return kinds[0] if len(kinds) == 1 and frame.does("ask", "follow_up") and not turn.told else ""


def _for_stage(turn: Turn) -> Turn:
    """The turn for the stage that a question is about, where none is known ("which is best for a final year?")."""
    stage = asked_stage(turn.message)
    if turn.relative or turn.profile.career_stage or not stage:
        return turn
    return replace(turn, profile=replace(turn.profile, career_stage=stage))


def _with_specialties(turn: Turn) -> tuple[Turn, dict[str, list[str]]]:
    """A specialty named in advice belongs to the person's wishes."""
    named = turn.message.frame.wished("specialty")
    if not named:
        return turn, {}
    if turn.relative:
        return replace(turn, relative={**turn.relative, "specialties": list(named)}), {}
    return replace(turn, profile=replace(turn.profile, specialties=named)), {"specialties": list(named)}


def _advise(turn: Turn, case: Case) -> Reply:
    """The advice, where it comes from, and the question for the stage where that is asked."""
    advice = advise(case, turn.subject)
    words, more = _advice_words(turn, advice)
    source = turn.responses.reply("utter_recommend_source")
    question = turn.responses.reply("utter_recommend_ask_stage") if case.stage_asked else Reply(())
    buttons = turn.responses.buttons("utter_recommend_buttons", rotation_type=advice.rotation_type)
    return Reply((Text(words, more=more), *source.parts, *question.parts), question.suggestions or buttons)


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
