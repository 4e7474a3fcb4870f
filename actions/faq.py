"""Answers FAQ topics: one or several in a message, in the variant that suits the person and the question."""

from __future__ import annotations

from typing import Any

from actions.base import SEVERAL_QUESTIONS, BotAction, kindly, return_to_question
from actions.turn import Outcome, Turn
from bot.content.change import TOPIC_PREFIX
from bot.dialogue import state
from bot.dialogue.profile import asked_stage
from bot.reply.parts import Reply, Suggestion
from bot.review.projection.reading import ASKED_BACK


class ActionAnswerFaq(BotAction):
    """Says what the FAQ knows about the topics of a message; all messages with several questions come here."""

    task = SEVERAL_QUESTIONS

    def name(self) -> str:
        return "action_answer_faq"

    def answer(self, turn: Turn) -> Outcome:
        """The answer of each topic in turn; a near-tie asks which is meant; an open question is asked again."""
        if len(turn.message.ambiguous) > 1 and not turn.message.questions:
            return did_you_mean(turn, turn.message.ambiguous)
        topics = state.faq_topics(turn.message)
        wish = BotAction.of_task(state.asked_task(turn.message))
        if wish is None:
            return Outcome(return_to_question(turn, topic_answers(turn, topics)), about(turn, topics[-1]))
        outcome = wish.answer(turn)
        answers = topic_answers(turn, topics) if topics else Reply(())
        both = Reply(answers.parts + outcome.reply.parts, outcome.reply.suggestions)
        return Outcome(both, outcome.slots, notes=outcome.notes)


def topic_answers(turn: Turn, topics: tuple[str, ...]) -> Reply:
    """The answers of several topics as one reply."""
    responses = turn.responses.given(_asked_about(turn))
    replies = [responses.reply(answer_key(topic)) for topic in topics if is_topic(turn, topic)]
    answer = replies[0]
    for reply in replies[1:]:
        answer = answer.then(reply)
    return answer


def answer_key(topic: str) -> str:
    """The response of a topic: found by its name, so that a topic made by staff needs no code."""
    return "utter_" + topic


def is_topic(turn: Turn, topic: str) -> bool:
    """Whether the running model has an answer for a topic of the FAQ."""
    return topic.startswith(TOPIC_PREFIX) and answer_key(topic) in turn.responses


def about(turn: Turn, topic: str) -> dict[str, Any]:
    """The slots after a topic was answered: it is what a follow-up is about, unless a question is still open."""
    return {"last_topic": topic} if turn.asked else {"last_topic": topic, "task": None}


def did_you_mean(turn: Turn, intents: tuple[str, ...]) -> Outcome:
    """Asks which of several intents was meant, by their human titles."""
    reply = Reply(turn.responses.reply("utter_did_you_mean").parts, titles(turn, intents))
    return Outcome(kindly(turn, reply), notes={"ending": ASKED_BACK})


def titles(turn: Turn, intents: tuple[str, ...]) -> tuple[Suggestion, ...]:
    """Buttons with the human titles of intents."""
    named = {button.payload: button for button in turn.responses.buttons("utter_titles")}
    return tuple(named[f"/{intent}"] for intent in intents if f"/{intent}" in named)


def _asked_about(turn: Turn) -> dict[str, Any]:
    """What this question is about, over what is known about the person."""
    named = {name: turn.message.frame.wished(name) for name in ("route", "visa_status")}
    about = {name: values[0] for name, values in named.items() if len(values) == 1}
    stage = asked_stage(turn.message)
    return about | ({"career_stage": stage} if stage else {})
