"""Small talk and the talk about the talk: greeting, help, refusal, a new start."""

from __future__ import annotations

from actions.base import BotAction, kindly, return_to_question
from actions.dialogue.continuing import carry_on, not_understood
from actions.dialogue.opening import heard, opening
from actions.programs.correcting import asks_what_is_wrong, asks_where
from actions.topics import about, with_figures
from actions.turn import Outcome, Turn
from bot.dialogue.state import asked_aspect
from bot.reply.parts import Reply, Text
from bot.reply.responses import answer_of

PREMED = "out_of_scope/premed_school"
SURE_OF_FEELING = 0.3
"""Confidence from which somebody is taken to feel so where no word of theirs says it."""
RUNNING_TALK = (
    "task",
    "asked",
    "asked_reply",
    "query",
    "estimate",
    "advice",
    "last_topic",
    "last_title",
    "last_question",
    "relative",
    "last_results",
    "focus",
    "earlier",
    "discussed",
    "asked_of_program",
    "asked_of_it",
    "asked_for",
    "asked_kinds",
    "talked_of",
    "letters",
)


class ActionGreet(BotAction):
    """Greets; the first time with the line on privacy."""

    def name(self) -> str:
        return "action_greet"

    def answer(self, turn: Turn) -> Outcome:
        """A welcome, or a shorter word to somebody who was welcomed before."""
        if turn.told:
            return opening(turn)
        if turn.slots.get("welcomed"):
            return Outcome(return_to_question(turn, turn.responses.reply("utter_greet_again")))
        welcome, privacy = turn.responses.reply("utter_greet"), Text(turn.responses.text("utter_privacy"))
        return Outcome(Reply((*welcome.parts, privacy), welcome.suggestions), {"welcomed": True})


class ActionIntroduce(BotAction):
    """Answers somebody who tells who they are and what they look for, without a question."""

    def name(self) -> str:
        return "action_introduce"

    def answer(self, turn: Turn) -> Outcome:
        """What was heard, and a next step; right after an answer it is that answer for whom it tells of."""
        is_of_topic = turn.slots.get("last_topic") and not (turn.task or turn.message.frame.wished("specialty"))
        return carry_on(turn) if is_of_topic else opening(turn)


class ActionThank(BotAction):
    """Takes thanks."""

    def name(self) -> str:
        return "action_thank"

    def answer(self, turn: Turn) -> Outcome:
        """A kind word."""
        return Outcome(turn.responses.reply("utter_thank"))


class ActionGoodbye(BotAction):
    """Says goodbye."""

    def name(self) -> str:
        return "action_goodbye"

    def answer(self, turn: Turn) -> Outcome:
        """A farewell; a question left open is let go."""
        return Outcome(turn.responses.reply("utter_goodbye"), {"task": None, "asked": None})


class ActionAskBot(BotAction):
    """Says what the bot is."""

    def name(self) -> str:
        return "action_ask_bot"

    def answer(self, turn: Turn) -> Outcome:
        """What was asked about the bot, or what it is and where its answers come from."""
        return Outcome(return_to_question(turn, _of_its_kind(turn, "utter_ask_bot")))


class ActionHelp(BotAction):
    """Says what the bot can do."""

    def name(self) -> str:
        return "action_help"

    def answer(self, turn: Turn) -> Outcome:
        """The list of abilities with examples; who tells of themselves asks what to do, not what the bot can do."""
        if turn.told or turn.told_of_relative:
            return opening(turn)
        return Outcome(return_to_question(turn, turn.responses.reply("utter_help")))


class ActionFeedback(BotAction):
    """Takes praise and criticism, and what somebody says is wrong in a program."""

    def name(self) -> str:
        return "action_feedback"

    def answer(self, turn: Turn) -> Outcome:
        """Thanks, and a way on; the button under a program asks what is wrong with it."""
        slug = (turn.message.first("program") or "") if turn.message.is_button else ""
        if slug and (asked := asks_what_is_wrong(turn, slug)):
            return asked
        where = None if turn.asked else asks_where(turn)
        return where or Outcome(return_to_question(turn, turn.responses.reply("utter_feedback")))


class ActionRefuse(BotAction):
    """Says kindly what the bot is not for."""

    def name(self) -> str:
        return "action_refuse"

    def answer(self, turn: Turn) -> Outcome:
        """What the bot does not do, by its kind, with who does and what it knows; then the open question again.

        Somebody who only tells of themselves asks for nothing that could be refused, and who studies medicine or has
        finished it does not ask how to get in.
        """
        is_in_medicine = turn.told.get("career_stage") and asked_aspect(turn.message) == PREMED
        if is_in_medicine or (turn.told and not turn.message.frame.does("ask")):
            return opening(turn)
        return Outcome(return_to_question(turn, kindly(turn, _of_its_kind(turn, "utter_out_of_scope"))))


class ActionCare(BotAction):
    """Answers somebody who is worried, exhausted, grieving or angry."""

    def name(self) -> str:
        return "action_care"

    def answer(self, turn: Turn) -> Outcome:
        """A kind word and a step that can be done now; what only may be a feeling is not understood."""
        feels = turn.message.frame.does("worried", "insult", "danger")
        if turn.message.confidence < SURE_OF_FEELING and not feels and not turn.message.is_button:
            return not_understood(turn)
        reply, noted = _of_its_kind(turn, "utter_care"), heard(turn)
        reply = Reply((*reply.parts, Text(noted)), reply.suggestions) if noted else reply
        topic = turn.responses.choose(_its_kind(turn, "utter_care")).about
        return Outcome(return_to_question(turn, reply), about(turn, topic) if topic else {})


def _of_its_kind(turn: Turn, general: str) -> Reply:
    """The words for the kind of question within an intent, else the general ones; the buttons are the general ones."""
    said = with_figures(turn, turn.responses, _its_kind(turn, general))
    return said if said.suggestions else Reply(said.parts, turn.responses.buttons(general))


def _its_kind(turn: Turn, general: str) -> str:
    key = answer_of(asked_aspect(turn.message))
    return key if key in turn.responses and key.startswith(general) else general


class ActionRestart(BotAction):
    """A new start: the running talk is emptied, what is known about the person stays."""

    def name(self) -> str:
        return "action_restart"

    def answer(self, turn: Turn) -> Outcome:
        """Says so and empties the slots of the running talk."""
        return Outcome(turn.responses.reply("utter_restart"), dict.fromkeys(RUNNING_TALK))
