"""The one base of all actions: reads the turn, minds the running talk, and never leaves a person without an answer."""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, ClassVar

import structlog
from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.dialogue.acts import BEFORE, LAST, only_asks, open_question, remembered, repair
from actions.dialogue.forgetting import forgotten
from actions.dialogue.offers import taken_up
from actions.dialogue.overheard import specialty_told, sum_told
from actions.programs.asked import asked_columns, kinds_kept
from actions.programs.correcting import called_wrong
from actions.programs.running import wished_beside
from actions.sharing import joined, tell
from actions.timeline.subject import dates_told
from actions.topics import last_topic, topic_answers
from actions.turn import Outcome, Turn
from bot.bootstrap import container
from bot.dialogue import state
from bot.dialogue.profile import (
    Profile,
    asked_stage,
    corrected,
    is_bare_year,
    of_graduation,
    told,
    told_of_other,
)
from bot.dialogue.subjects import of_the_exam
from bot.nlu.message import Message
from bot.programs.inquiry import AUDIENCE_OF
from bot.reply.parts import Reply, Text
from bot.review.projection.reading import FAILED
from bot.tracing import SERVES, span

SEVERAL_QUESTIONS = "several_questions"
TAKING = ("cost", "timeline", "compare", "program", "search", SEVERAL_QUESTIONS)
"""Tasks that are asked whether a message is theirs whatever its intent looks like, in this order."""
MOST_SHOWN, MOST_DISCUSSED = 5, 20
"""Programs of a list, and of a whole talk, that a name said again may mean."""
UNDOABLE = (*(item.name for item in fields(Profile)), "query")
DROPPED: Mapping[str, Any] = {"task": None, "asked": None, "asked_reply": None}
"""The slots where a task is over: its question lapsed, or what it offers is declined."""
log = structlog.get_logger(__name__)


class BotAction(Action, ABC):
    """An action that answers with exactly one `Reply`, whatever happens."""

    task: ClassVar[str | None] = None
    """The task that this action carries on when the person answers its question; None for one-turn actions."""

    lapses: ClassVar[bool] = False
    """Whether the task's question stands for the next turn only, as a confirmation must."""

    lapsing: ClassVar[frozenset[str]] = frozenset()
    """Questions of a task that stand for the next turn only, although the task itself goes on."""

    _by_task: ClassVar[dict[str, type[BotAction]]] = {}

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if cls.task:
            BotAction._by_task[cls.task] = cls

    @abstractmethod
    def answer(self, turn: Turn) -> Outcome:
        """The reply of this action and the slots that it changes."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Answers the turn; an error is logged without the person's words and answered honestly."""
        started, turn = time.monotonic(), Turn.read(tracker, domain, container())
        try:
            with span("action", kind=SERVES, action=self.name()):
                outcome = await asyncio.to_thread(self.respond, turn)
        except Exception as error:
            log.error("action_failed", action=self.name(), error=type(error).__name__, exc_info=True)
            outcome = Outcome(turn.responses.reply("utter_action_failed"), notes={"ending": FAILED})
        log.info("action ended", action=self.name(), seconds=round(time.monotonic() - started, 3))
        dispatcher.utter_message(json_message=outcome.reply.to_dict(), notes=dict(outcome.notes))
        return [SlotSet(name, value) for name, value in outcome.slots.items()]

    def respond(self, turn: Turn) -> Outcome:
        """Learns what the message and linked talks tell, then lets the running task or this action answer."""
        if turn.message.frame.does("danger"):
            return Outcome(turn.responses.reply("utter_danger"))
        if repaired := repair(turn, BotAction.of_task) or forgotten(turn) or called_wrong(turn):
            tell(turn, repaired.slots)
            return repaired
        before = turn.slots
        offered = taken_up(turn)
        turn, news = joined(replace(turn, message=offered) if offered else turn)
        turn = with_facts(replace(turn, message=_pointing_back(turn)))
        declined = DROPPED if turn.message.frame.does("declines") else {}
        turn = replace(turn, slots={**turn.slots, **declined})
        answering = self._answering(turn)
        lapsed = {**declined, **answering.lapsed_slots(turn)}
        turn = replace(turn, slots={**turn.slots, **lapsed})
        outcome = _with_the_rest(turn, answering.answer(turn))
        claimed = {"task": turn.task} if answering is not self and answering.task == turn.task else {}
        overheard = {**dates_told(turn), **sum_told(turn), **specialty_told(turn)}
        slots = {**news, **turn.learned, **lapsed, **overheard, **remember_question(turn, outcome)}
        if turn.relative != (before.get("relative") or {}):
            slots.setdefault("relative", turn.relative or None)
        slots |= _where_it_stands(turn, outcome, slots)
        changed = {name: before.get(name) for name in UNDOABLE if name in slots and slots[name] != before.get(name)}
        slots |= {BEFORE: changed} if changed else {}
        tell(turn, slots)
        return Outcome(outcome.reply, slots, notes={**claimed, **outcome.notes})

    def takes(self, turn: Turn) -> bool:
        """Whether a message is for this action though its intent leads elsewhere and another task may run."""
        return False

    def claims(self, turn: Turn) -> bool:
        """Whether a message belongs to this task while it is the running one, whatever its intent looks like."""
        return state.answers_question(turn.message, turn.asked)

    def _answering(self, turn: Turn) -> BotAction:
        if turn.message.is_button and self.task != (pressed := state.TASKS.get(turn.message.intent)):
            return BotAction.of_task(pressed) or self  # words that took up an offer led to another action
        running = BotAction.of_task(turn.task)
        if running and running.claims(turn):
            return running
        if heard := state.heard(turn.message):
            action = BotAction.of_task(state.continued_task(heard, turn.message) or SEVERAL_QUESTIONS)
            if action:
                return action if type(action) is not type(self) else self
        for task in TAKING:
            action = BotAction.of_task(task)
            if action and action.takes(turn):
                return action if type(action) is not type(self) else self
        if turn.message.questions and (state.faq_topics(turn.message) or state.asked_tasks(turn.message)):
            return BotAction.of_task(SEVERAL_QUESTIONS) or self
        return self

    def lapsed_slots(self, turn: Turn) -> dict[str, Any]:
        """Empties the running task when its question stood for one turn only and something else was said."""
        running = BotAction.of_task(turn.task)
        if running is None or type(running) is type(self):
            return {}
        if turn.asked in running.lapsing:
            return {"asked": None, "asked_reply": None}
        return dict(DROPPED) if running.lapses else {}

    @staticmethod
    def of_task(task: str | None) -> BotAction | None:
        """The action that carries on a task."""
        found = BotAction._by_task.get(task or "")
        return found() if found else None


def _pointing_back(turn: Turn) -> Message:
    """The message with what it points at: the exam just talked about, and the graduation that a year alone is of."""
    topic = last_topic(turn)
    message = of_the_exam(turn.message, topic)
    if topic and turn.profile.graduation_year is None and is_bare_year(message, turn.today):
        message = of_graduation(message)
    return corrected(message, turn.slots.get(BEFORE) or {})


def with_facts(turn: Turn) -> Turn:
    """The turn with what its message tells of the person, and of somebody else whom the talk is about.

    Who speaks of themselves alone speaks of nobody else any more.
    """
    is_for_other = _answers_for_other(turn)
    facts = {} if is_for_other else told(turn.profile, turn.message, turn.today)
    profile = replace(turn.profile, **facts)
    learned = turn.profile.changes(profile)
    is_of_self = (bool(facts) and not _speaks_of_other(turn)) or _is_about_me(turn)
    of_relative = {} if facts else told_of_other(turn.message, turn.today)
    if is_for_other:
        of_relative = {**_known(told(Profile(), turn.message, turn.today)), **of_relative}
    relative = {} if is_of_self else {**(turn.slots.get("relative") or {}), **of_relative}
    return replace(
        turn,
        profile=profile,
        slots={**turn.slots, **learned},
        responses=turn.responses.given({**learned, **relative}),
        learned=learned,
        told=facts,
        before=turn.profile,
        relative=relative,
        told_of_relative=of_relative,
    )


def _with_the_rest(turn: Turn, outcome: Outcome) -> Outcome:
    """An outcome with what is asked of every place beside a program, and what of it is nothing that the bot knows."""
    if outcome.notes.get("ending"):
        return outcome
    general = tuple(dict.fromkeys(map(state.aspect_of, turn.message.of_all)))
    if general:
        outcome = replace(outcome, reply=outcome.reply.then(topic_answers(turn, general)))
    if not turn.message.declined:
        return outcome
    reply = outcome.reply
    said = Text(turn.responses.text("utter_declined_part"))
    return replace(outcome, reply=Reply((*reply.parts, said), reply.suggestions))


def _where_it_stands(turn: Turn, outcome: Outcome, slots: Mapping[str, Any]) -> dict[str, Any]:
    """The slots with what the next message may go on from."""
    found: dict[str, Any] = {}
    if slots.get("task"):
        found["last_question"] = None
    is_of_programs = slots.get("task", turn.task) == "program"
    if slots.get("task") == "program" or (is_of_programs and asked_columns(turn)):  # "and at Yale?", "for two months?"
        asked = list(asked_columns(turn)) or turn.slots.get("asked_of_program") or []
        earlier = () if turn.message.frame.named("institution") else turn.slots.get("asked_of_it") or ()
        found |= {"asked_of_program": asked, "asked_of_it": list(dict.fromkeys((*earlier, *asked)))}
        found["asked_kinds"] = kinds_kept(turn)
        found["asked_for"] = AUDIENCE_OF.get(asked_stage(turn.message) or "") or turn.slots.get("asked_for")
    if {"focus", "last_results"} & slots.keys():
        shown = [*(slots.get("focus") or ()), *(slots.get("last_results") or ())[:MOST_SHOWN]]
        found["discussed"] = list(dict.fromkeys([*shown, *(turn.slots.get("discussed") or ())]))[:MOST_DISCUSSED]
    wished = None if slots.get("task") or not slots.get("last_question") else wished_beside(turn)
    if wished != turn.slots.get("wished"):  # "anything free for graduates?", and then "surgery"
        found["wished"] = wished
    if turn.asked and "asked" not in slots:  # once below a detour; who goes on talking of other things heard it
        found["asked_reply"] = None
    if not outcome.notes.get("ending") and not (turn.slots.get(LAST) and only_asks(outcome.reply)):
        found[LAST] = remembered(outcome.reply)
    return found


def _answers_for_other(turn: Turn) -> bool:
    """Whether words that name nobody go on about somebody else whom the talk is about: "no visa", "third party"."""
    is_of_other = bool(turn.slots.get("relative")) and not turn.message.is_button
    return is_of_other and not turn.message.frame.does("first_person")


def _is_about_me(turn: Turn) -> bool:
    """Whether a message goes back to who writes it: "which visa do I need", from somebody who is known themselves."""
    frame = turn.message.frame
    is_own = frame.does("first_person") and not (frame.does("third_person") or frame.named("relation"))
    return frame.does("about_me") or (is_own and bool(turn.profile.career_stage))


def _known(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value is not None}


def _speaks_of_other(turn: Turn) -> bool:
    """Whether a message goes on about somebody else as well: "can she come on her own visa? I have a B1"."""
    frame = turn.message.frame
    return bool(turn.slots.get("relative")) and any(
        item.whose == "other" for item in (*frame.entities, *frame.dimensions)
    )


def remember_question(turn: Turn, outcome: Outcome) -> dict[str, Any]:
    """The slots of an outcome, with the question it asks kept so that a detour can come back to it."""
    if "asked" not in outcome.slots:
        return outcome.slots
    question = _question(outcome.reply) if outcome.slots["asked"] else None
    return {**outcome.slots, "asked_reply": question}


def kindly(turn: Turn, reply: Reply) -> Reply:
    """A reply after a kind word, where somebody is worried."""
    if not turn.message.frame.does("worried"):
        return reply
    return Reply((Text(turn.responses.text("utter_worry")), *reply.parts), reply.suggestions)


def _question(reply: Reply) -> dict[str, Any]:
    texts = [part for part in reply.parts if isinstance(part, Text)]
    last = texts[-1].text.rsplit("\n\n", 1)[-1] if texts else ""
    return Reply((Text(last),), reply.suggestions).to_dict()


def return_to_question(turn: Turn, reply: Reply) -> Reply:
    """A detour's reply followed by the question that is still open, if there is one."""
    question = open_question(turn)
    return Reply(reply.parts + question.parts, question.suggestions) if question else reply
