"""Answers FAQ topics: the very question that was asked, one or several, in the variant that suits the person."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from actions.base import SEVERAL_QUESTIONS, BotAction, kindly, return_to_question
from actions.dialogue.acts import BEFORE
from actions.dialogue.letters import letters_counted
from actions.dialogue.opening import heard, noted
from actions.topics import (
    about,
    anew,
    in_general,
    is_topic,
    last_topic,
    of_another_profession,
    talked_of,
    topic_answers,
)
from actions.turn import Outcome, Turn
from bot.dialogue import state
from bot.dialogue.profile import Profile, is_bare_year
from bot.dialogue.subjects import OF_TALK, asked_by_facts, suited
from bot.nlu.frame import NOTHING
from bot.nlu.message import intent_of
from bot.reply.parts import Reply, Text

BETWEEN_STAGES = "faq_eligibility/student_or_graduate"
"""What answers an intern, or who is not sure what they count as."""
OPEN_WAYS = "faq_eligibility/open_ways"
"""What another stage changes, where nothing else was talked about."""


def _told(turn: Turn) -> set[str]:
    """What a message tells that may decide a question, by its slot or kind: also what it only supposes."""
    return {*turn.told, *(item.kind for item in turn.message.frame.entities)}


def _corrected(turn: Turn) -> dict[str, Any]:
    """What was known before the facts of this message, else before those of the one before it, by slot."""
    if turn.learned:
        return {name: turn.before.to_slots().get(name) for name in turn.learned}
    known = (
        {} if turn.message.frame.entities else turn.before.to_slots()
    )  # "does that change my electives?" asks of these
    return {name: value for name, value in (turn.slots.get(BEFORE) or {}).items() if name in known}


def _compared(turn: Turn, topics: tuple[str, ...], answer: Reply) -> Reply:
    """The answer after whether what was just told changes it."""
    slots = {**turn.before.to_slots(), **_corrected(turn)}
    silent = replace(turn.message, frame=NOTHING)
    before = replace(turn, message=silent, profile=Profile.from_slots(slots), responses=turn.responses.given(slots))
    is_same = _said(topic_answers(before, topics)) == _said(answer)
    key = "utter_changes_nothing" if is_same else "utter_changes_it"
    if is_same and "career_stage" in _corrected(turn) and is_topic(turn, OPEN_WAYS):
        key, answer = "utter_changes_ways", topic_answers(turn, (OPEN_WAYS,))
    verdict = turn.responses.text(key)
    return Reply((Text(" ".join(filter(None, (heard(turn), verdict)))), *answer.parts), answer.suggestions)


def _said(answer: Reply) -> list[str]:
    """What is said at once; what is folded below it may hold for another stage."""
    return [part.text for part in answer.parts if isinstance(part, Text)]


class ActionAnswerFaq(BotAction):
    """Says what the FAQ knows about the questions of a message; all messages with several questions come here."""

    task = SEVERAL_QUESTIONS

    def name(self) -> str:
        return "action_answer_faq"

    def takes(self, turn: Turn) -> bool:
        """A message that takes the last topic over: "and for graduates?"."""
        is_latest = turn.task is None and not turn.asked
        doubts = turn.message.frame.does("between_stages") and not turn.message.is_button
        return doubts or (is_latest and self._taken_over(turn) is not None)

    @staticmethod
    def _taken_over(turn: Turn) -> str | None:
        last = turn.slots.get("last_topic")
        if told := ActionAnswerFaq._told_on(turn):
            return told
        by_facts = asked_by_facts(last or "", turn.told) if turn.only_tells else ""
        topic = by_facts or state.follow_up(turn.message, last)
        return topic if topic and is_topic(turn, topic) else None

    @staticmethod
    def _told_on(turn: Turn) -> str:
        """The question that is answered anew for what only points at it: "never took it", "2016", "I'm an intern"."""
        frame, last = turn.message.frame, last_topic(turn)
        if frame.does("between_stages"):
            return BETWEEN_STAGES
        if frame.does("changes_it") and _corrected(turn):
            return last or (OPEN_WAYS if "career_stage" in _corrected(turn) else "")
        points = any(item.role == OF_TALK for item in frame.named("exam"))
        return last if points or (turn.only_tells and is_bare_year(turn.message, turn.today)) else ""

    @staticmethod
    def _by_facts(turn: Turn, topic: str) -> str:
        """A topic asked as a whole is its question that depends on what was told: "from Syria, does it matter?"."""
        return (topic == intent_of(topic) and asked_by_facts(topic, turn.told)) or topic

    @staticmethod
    def _of_subject(turn: Turn, kept: str) -> str:
        """Of the questions that a vague message may ask, the likeliest that has an answer for what is talked about."""
        answers = ((aspect, suited(aspect, turn.message.frame, kept)) for aspect, _ in turn.message.aspects)
        return next((of for aspect, of in answers if of != aspect), "")

    def answer(self, turn: Turn) -> Outcome:
        """The answer of each question in turn; an open question of the bot is asked again."""
        if topic := of_another_profession(turn):
            return Outcome(return_to_question(turn, topic_answers(turn, (topic,))), about(turn, topic))
        if counted := letters_counted(turn):
            return counted
        kept = talked_of(turn) or ""
        topics, is_vague = self._asked(turn, kept)
        if is_vague and is_topic(turn, topics[0]):
            hedged = return_to_question(turn, in_general(turn, topics[0]))
            return Outcome(hedged, about(turn, topics[0]))
        wishes = [wish for task in state.asked_tasks(turn.message) if (wish := BotAction.of_task(task))]
        told = {state.aspect_of(part) for part in turn.message.told_parts}
        topics = tuple(topic for topic in topics if topic not in told) if wishes else topics
        return self._beside(turn, topics, wishes) if wishes else self._answered(turn, topics, kept)

    def _asked(self, turn: Turn, kept: str) -> tuple[tuple[str, ...], bool]:
        """The questions that a message asks in its talk, and whether it is too vague to say which of a topic."""
        heard = state.heard(turn.message)
        before = self._told_on(turn) or (state.aspect_of(heard) if heard else None)
        before = before or state.in_context(turn.message, turn.slots.get("last_topic"))
        before = before or (self._taken_over(turn) if self.takes(turn) else None)
        asked = (before,) if before else state.faq_topics(turn.message)
        topics = tuple(self._by_facts(turn, topic) for topic in asked)
        if topics != asked or before or not state.is_vague(turn.message):
            return topics, False
        fitting = self._of_subject(turn, kept) if kept else ""
        return ((fitting,), False) if fitting else (topics, True)

    @staticmethod
    def _answered(turn: Turn, topics: tuple[str, ...], kept: str) -> Outcome:
        """The answers for what is talked about; what a fact just told decides comes first."""
        suiting = dict.fromkeys(suited(topic, turn.message.frame, kept) for topic in topics)
        decided = {asked_by_facts(topic, _told(turn)) for topic in suiting}
        topics = tuple(sorted(suiting, key=lambda topic: topic not in decided))
        answer = topic_answers(turn, topics)
        if turn.message.frame.does("changes_it") and _corrected(turn):
            return Outcome(_compared(turn, topics, answer), about(turn, topics[-1]))
        answer = answer if turn.message.is_button or len(topics) > 1 else anew(turn, answer)
        is_told = turn.only_tells or turn.message.frame.does("corrects")
        answer = kindly(turn, noted(turn, answer) if is_told else answer)
        return Outcome(return_to_question(turn, answer), about(turn, topics[-1]))

    @staticmethod
    def _beside(turn: Turn, topics: tuple[str, ...], wishes: list[BotAction]) -> Outcome:
        """The answers, and below them what the other parts of a message wish for."""
        beside = replace(turn, message=turn.message.beside(topics))
        outcomes = [wish.answer(beside) for wish in wishes]
        answers = topic_answers(turn, topics).parts if topics else ()
        parts = (*answers, *(part for outcome in outcomes for part in outcome.reply.parts))
        slots = {name: value for outcome in outcomes for name, value in outcome.slots.items()}
        return Outcome(Reply(parts, outcomes[-1].reply.suggestions), slots, notes=outcomes[-1].notes)
