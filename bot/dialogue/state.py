"""Where the talk stands: what was asked, what a message answers, and what it is about.

Rasa's rules choose one action per intent. The few decisions that need the running talk are made here: whether a
message answers the question just asked, and which FAQ topics it touches.
"""

from __future__ import annotations

import unicodedata

from bot.nlu.frame import Length, Money, Number
from bot.nlu.message import Message, intent_of

FALLBACK = "nlu_fallback"
ANSWERING = frozenset({"inform", "affirm", "deny", "unsure", "correct_profile", FALLBACK})
TASKS = {
    "search_programs": "search",
    "refine_search": "search",
    "ask_program": "program",
    "compare_programs": "compare",
    "estimate_cost": "cost",
    "plan_timeline": "timeline",
    "recommend_rotation": "recommend",
}
ALWAYS_THEMSELVES = frozenset(
    {
        "greet",
        "thank",
        "goodbye",
        "ask_bot",
        "help",
        "restart",
        "forget_me",
        "request_human",
        "show_profile",
        "give_feedback",
        "care",
        "set_reminder",
        "out_of_scope",
        "refine_search",
    }
)
SURE_TOPIC = 0.25
FEW, LIKELY, CLOSE = 7, 0.03, 0.5
CLEAR_SHARE = 0.3
"""Share of its topic from which an aspect counts as asked; below, the topic as a whole is answered."""

_FEW_WORDS = 3
_SURE = 0.6


def answers_question(message: Message, asked: str | None) -> bool:
    """Whether a message answers the question just asked, whatever its intent looks like.

    Short bare facts ("student", "5th of 6 years", "-3") are what people answer with, and what an intent classifier
    knows least about. A question, small talk or a clear new task is never taken for an answer.
    """
    if not asked:
        return False
    if _is_measure(message):
        return True
    if message.intent in ALWAYS_THEMSELVES:
        return False
    if message.intent in ANSWERING:
        return True
    if message.is_button or message.frame.does("ask"):
        return False
    if len(message.text.split()) <= _FEW_WORDS:
        return True
    if message.intent in TASKS and message.confidence >= _SURE:
        return False
    return bool(message.frame.entities or message.frame.dimensions)


def _is_measure(message: Message) -> bool:
    """Whether a message is nothing but a number, a length or a sum."""
    frame = message.frame
    if (
        frame.entities
        or len(frame.dimensions) != 1
        or not isinstance(frame.dimensions[0].value, Number | Length | Money)
    ):
        return False
    said = frame.dimensions[0]
    return not any(letter.isalnum() for letter in message.text[: said.start] + message.text[said.end :])


def faq_topics(message: Message) -> tuple[str, ...]:
    """The questions of the FAQ that a message asks, in its own order, each once: aspects, or topics without any."""
    named = [question.aspect or question.intent for question in message.questions]
    topics = tuple(dict.fromkeys(aspect for aspect in named if aspect.startswith("faq_")))
    return topics or ((asked_aspect(message),) if message.intent.startswith("faq_") else ())


def in_context(message: Message, last: str | None) -> str | None:
    """The aspect of the topic just answered that a short follow-up may mean; None when it is about something else.

    A message that stands alone ranks topics as if nothing had been said: after "when should I apply?", "and without a
    visa?" may be nearer to another topic.
    """
    topic = intent_of(last or "")
    ranked = message.selected.get(topic) or ()
    sureness = dict(message.ranking).get(topic, 0.0)
    leans_on = message.frame.does("it", "follow_up") or len(message.text.split()) <= FEW
    best = message.confidence if message.intent.startswith("faq_") else 0.0
    if not ranked or not leans_on or message.questions or sureness < max(LIKELY, best * CLOSE):
        return None
    aspect, share = ranked[0]
    return aspect if share >= CLEAR_SHARE else topic


def is_vague(message: Message) -> bool:
    """Whether a question belongs to a topic, but to none of the questions that have an answer there.

    Of held-out questions whose best aspect had so small a share, 0.15 were that aspect; of those so little sure
    of their topic, 0.3 (docs/decisions/0001-understanding.md).
    """
    if message.is_button or message.questions or not message.aspects:
        return False
    best, share = message.aspects[0]
    return best != message.intent and (share < CLEAR_SHARE or message.confidence < SURE_TOPIC)


def asked_aspect(message: Message) -> str:
    """The aspect that a message asks; the intent alone when none of its aspects stands out."""
    best, share = next(iter(message.aspects), (message.intent, 1.0))
    return best if share >= CLEAR_SHARE else message.intent


def asked_task(message: Message) -> str | None:
    """The first task that one of several questions in a message asks for."""
    return next((TASKS[question.intent] for question in message.questions if question.intent in TASKS), None)


def is_foreign(text: str) -> bool:
    """Whether most letters of a text are of another script than ours: the bot reads English only."""
    letters = [letter for letter in text if letter.isalpha()]
    return sum("LATIN" in unicodedata.name(letter, "") for letter in letters) * 2 < len(letters)
