"""Carries on: a bare fact, a correction, a yes or a no belongs to whatever is being talked about."""

from __future__ import annotations

from actions.base import BotAction, kindly, return_to_question
from actions.dialogue.opening import heard, noted, opening
from actions.programs.screen import TASKS
from actions.topics import about, anew, in_general, is_said_again, is_topic, titles, topic_answers
from actions.turn import Outcome, Turn
from bot.dialogue.profile import NEED_NO_VISA
from bot.dialogue.state import FALLBACK, bare_question, in_context, is_foreign, likely_of_topic
from bot.dialogue.subjects import asked_by_facts
from bot.nlu.frame import Money, Time
from bot.nlu.message import intent_of
from bot.reply.parts import Reply
from bot.review.projection.reading import ASKED_BACK
from bot.review.projection.reading import FALLBACK as NOT_UNDERSTOOD

GUESSES = 2
WORTH_GUESSING = 0.12
NO_GUESS = frozenset({FALLBACK, "out_of_scope", "inform", "affirm", "deny", "unsure", "correct_profile"})
LOST = {"ending": NOT_UNDERSTOOD}
BARE = frozenset({"affirm", "deny", "unsure"})
ABOUT_A_TOPIC = ("career_stage", "route", "visa_status")
PLANNING = ("timeline", "cost")
WISH = 2
"""Kinds of names that together are a search, however strange the words around them."""
ABOUT_A_SEARCH = ("specialty", "state", "city", "region", "rotation_type", "institution", "exam")


class ActionContinue(BotAction):
    """Carries on with what is being talked about."""

    def name(self) -> str:
        return "action_continue"

    def answer(self, turn: Turn) -> Outcome:
        """The running task's next step; the last topic's answer for what was just told; else a word of notice."""
        return carry_on(turn)


class ActionDefaultFallback(BotAction):
    """Nothing was understood well enough."""

    def name(self) -> str:
        return "action_default_fallback"

    def answer(self, turn: Turn) -> Outcome:
        """What was told is used all the same; else the likeliest meanings to choose from, or what the bot can do."""
        if is_foreign(turn.message.text):
            return Outcome(return_to_question(turn, turn.responses.reply("utter_only_english")), notes=LOST)
        before = in_context(turn.message, turn.slots.get("last_topic"))
        if before and not turn.asked:
            return Outcome(anew(turn, topic_answers(turn, (before,))), about(turn, before))
        if likely := likely_of_topic(turn.message, turn.slots.get("last_topic")):
            return Outcome(return_to_question(turn, in_general(turn, likely)), about(turn, likely))
        is_wish = len([name for name in ABOUT_A_SEARCH if turn.message.first(name)]) >= WISH
        return carry_on(turn) if turn.learned or is_wish or _is_told_again(turn) else not_understood(turn)


def carry_on(turn: Turn) -> Outcome:
    """The next step of what is being talked about; the most recent context wins."""
    if asked := _asks_a_word(turn):
        return Outcome(topic_answers(turn, (asked,)), about(turn, asked))
    if _asks_besides(turn):
        return not_understood(turn)
    running = BotAction.of_task("search" if _wishes_another_field(turn) else turn.task)
    if running and not (turn.asked is None and turn.message.intent in BARE):
        return running.answer(turn)
    topic = turn.slots.get("last_topic")
    if turn.learned.get("visa_status") in NEED_NO_VISA and intent_of(topic or "") == "faq_visa":
        return Outcome(turn.responses.reply("utter_noted_exempt"))
    asked = asked_by_facts(topic or "", (*turn.told, *(item.kind for item in turn.message.frame.told("country"))))
    is_told = turn.learned or asked or any(turn.message.first(name) for name in ABOUT_A_TOPIC)
    if topic and is_topic(turn, topic) and is_told:
        topic = asked or topic
        answer = topic_answers(turn, (topic,))
        is_only_told = turn.told and not (asked or turn.message.frame.does("ask", "follow_up"))
        if is_only_told and turn.corrects_stage:
            return opening(turn)
        if is_only_told and is_said_again(turn, answer):
            facts = heard(turn) or turn.responses.text("utter_noted")
            return Outcome(turn.responses.reply("utter_told_same", facts=facts), about(turn, topic))
        answer = anew(turn, answer)
        return Outcome(noted(turn, _with_program(turn, answer)), about(turn, topic))
    return _begin(turn)


def _wishes_another_field(turn: Turn) -> bool:
    """Whether somebody with a plan or a sum wants another specialty: programs are what can change with it."""
    frame, wants = turn.message.frame, ("wants", "wants_not")
    is_wish = any(item.polarity in wants for item in frame.named("specialty"))
    return turn.task in PLANNING and turn.asked is None and is_wish and not frame.measures(Time)


def _begin(turn: Turn) -> Outcome:
    """What a message begins where nothing is being talked about: a search, a plan, or a talk."""
    searching = BotAction.of_task("search")
    is_wish = any(turn.message.first(name) for name in ABOUT_A_SEARCH if name != "exam" or not turn.told)
    if searching and (is_wish or turn.message.frame.measures(Money)):
        return searching.answer(turn)
    planning = BotAction.of_task("timeline")
    if planning and not turn.told and _names_a_start(turn):
        return planning.answer(turn)
    if turn.learned.get("visa_status") in NEED_NO_VISA and not turn.learned.get("career_stage"):
        return Outcome(turn.responses.reply("utter_noted_exempt"))
    if turn.told or turn.told_of_relative:
        return opening(turn)
    if turn.message.intent in BARE and not turn.message.frame.does("ask", "seek"):
        return Outcome(turn.responses.reply("utter_nothing_open"), notes={"ending": ASKED_BACK})
    return not_understood(turn)


def _asks_a_word(turn: Turn) -> str:
    """The question behind "and the visa?" while no program is on the screen that could answer it; else empty."""
    if turn.asked or turn.task in TASKS or turn.message.is_button:
        return ""
    topic = bare_question(turn.message, intent_of(turn.slots.get("last_topic") or ""))
    return topic if is_topic(turn, topic) and turn.message.frame.does("ask") else ""


def _asks_besides(turn: Turn) -> bool:
    """Whether a message asks something else than what is open, and has nothing in it that a task could take."""
    frame = turn.message.frame
    takes = any(turn.message.first(name) for name in (*ABOUT_A_SEARCH, *ABOUT_A_TOPIC) if name != "exam")
    return bool(turn.asked) and frame.does("ask") and not (turn.told or frame.dimensions or takes)


def _with_program(turn: Turn, answer: Reply) -> Reply:
    """The topic's answer, and below it what is known about an institution that the follow-up names."""
    asking = BotAction.of_task("program") if turn.message.first("institution") else None
    return answer.then(asking.answer(turn).reply) if asking else answer


def _names_a_start(turn: Turn) -> bool:
    """Whether a message is about a time and nothing else: "march", "from May on"."""
    frame = turn.message.frame
    return not frame.entities and any(said.role in ("", "start") for _, said in frame.measures(Time))


def _is_told_again(turn: Turn) -> bool:
    """Whether a message is nothing but facts that are known."""
    return bool(turn.told or turn.told_of_relative) and not turn.message.frame.does("ask")


def not_understood(turn: Turn) -> Outcome:
    """The two likeliest meanings to choose from where there are some, else what the bot can do."""
    likely = tuple(
        name for name, sureness in turn.message.ranking if sureness >= WORTH_GUESSING and name not in NO_GUESS
    )
    guesses = titles(turn, likely)[:GUESSES]
    if guesses:
        return Outcome(kindly(turn, Reply(turn.responses.reply("utter_fallback_guess").parts, guesses)), notes=LOST)
    return Outcome(return_to_question(turn, kindly(turn, turn.responses.reply("utter_fallback"))), notes=LOST)
