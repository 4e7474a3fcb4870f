"""Answers FAQ topics: one or several in a message, in the variant that suits the person and the question."""

from __future__ import annotations

from typing import Any

from actions.base import SEVERAL_QUESTIONS, BotAction, return_to_question
from actions.turn import Outcome, Turn
from bot.core import dialogue
from bot.core.profile import asked_stage
from bot.core.reply import Reply, Suggestion

RESPONSES = {
    "faq_what_are_rotations": "utter_faq_what_are_rotations",
    "faq_eligibility": "utter_faq_eligibility",
    "faq_usmle_needed": "utter_faq_usmle_needed",
    "faq_how_to_apply": "utter_faq_how_to_apply",
    "faq_when_to_apply": "utter_faq_when_to_apply",
    "faq_documents": "utter_faq_documents",
    "faq_cost": "utter_faq_cost",
    "faq_scholarships": "utter_faq_scholarships",
    "faq_discount_code": "utter_faq_discount_code",
    "faq_inpatient_vs_outpatient": "utter_faq_inpatient_vs_outpatient",
    "faq_lor_type": "utter_faq_lor_type",
    "faq_lor_count": "utter_faq_lor_count",
    "faq_rotation_types": "utter_faq_rotation_types",
    "faq_hands_on": "utter_faq_hands_on",
    "faq_observership": "utter_faq_observership",
    "faq_vslo": "utter_faq_vslo",
    "faq_telehealth": "utter_faq_telehealth",
    "faq_graduate_no_electives": "utter_faq_graduate_no_electives",
    "faq_duration": "utter_faq_duration",
    "faq_match_impact": "utter_faq_match_impact",
    "faq_visa": "utter_faq_visa",
    "faq_english_test": "utter_faq_english_test",
    "faq_direct_vs_third_party": "utter_faq_direct_vs_third_party",
    "faq_amo": "utter_faq_amo",
    "faq_document_review": "utter_faq_document_review",
}


class ActionAnswerFaq(BotAction):
    """Says what the FAQ knows about the topics of a message; all messages with several questions come here."""

    task = SEVERAL_QUESTIONS

    def name(self) -> str:
        return "action_answer_faq"

    def answer(self, turn: Turn) -> Outcome:
        """The answer of each topic in turn; a near-tie asks which is meant; an open question is asked again."""
        if len(turn.message.ambiguous) > 1 and not turn.message.questions:
            return did_you_mean(turn, turn.message.ambiguous)
        topics = dialogue.faq_topics(turn.message)
        wish = BotAction.of_task(dialogue.asked_task(turn.message))
        if wish is None:
            return Outcome(return_to_question(turn, topic_answers(turn, topics)), about(turn, topics[-1]))
        outcome = wish.answer(turn)
        answers = topic_answers(turn, topics) if topics else Reply(())
        return Outcome(Reply(answers.parts + outcome.reply.parts, outcome.reply.suggestions), outcome.slots)


def topic_answers(turn: Turn, topics: tuple[str, ...]) -> Reply:
    """The answers of several topics as one reply."""
    replies = [turn.words.given(_asked_about(turn)).reply(RESPONSES[topic]) for topic in topics if topic in RESPONSES]
    answer = replies[0]
    for reply in replies[1:]:
        answer = answer.then(reply)
    return answer


def about(turn: Turn, topic: str) -> dict[str, Any]:
    """The slots after a topic was answered: it is what a follow-up is about, unless a question is still open."""
    return {"last_topic": topic} if turn.asked else {"last_topic": topic, "task": None}


def did_you_mean(turn: Turn, intents: tuple[str, ...]) -> Outcome:
    """Asks which of several intents was meant, by their human titles."""
    return Outcome(Reply(turn.words.reply("utter_did_you_mean").parts, titles(turn, intents)))


def titles(turn: Turn, intents: tuple[str, ...]) -> tuple[Suggestion, ...]:
    """Buttons with the human titles of intents."""
    named = {button.payload: button for button in turn.words.buttons("utter_titles")}
    return tuple(named[f"/{intent}"] for intent in intents if f"/{intent}" in named)


def _asked_about(turn: Turn) -> dict[str, Any]:
    """What this question is about, over what is known about the person."""
    named = {name: turn.message.values(name) for name in ("route", "visa_status")}
    about = {name: values[0] for name, values in named.items() if len(values) == 1}
    stage = asked_stage(turn.message)
    return about | ({"career_stage": stage} if stage else {})
