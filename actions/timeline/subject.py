"""Whose dates are talked about: the person's own, or those of somebody else, read as they would say them."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from actions.turn import Outcome, Turn
from bot.dialogue.profile import GRADUATE, Profile, only_step
from bot.dialogue.slots import from_slot, to_slot
from bot.reply.days import month
from bot.reply.parts import Reply, Text
from bot.timeline.wish import TimelineWish, overheard


def wish_of(turn: Turn) -> TimelineWish:
    """What was told so far about the dates of whom the talk is about."""
    wish = from_slot(TimelineWish, turn.slots.get("plan"))
    is_other = bool(turn.relative)
    return wish if wish.is_other is is_other else TimelineWish(is_other=is_other)


def in_own_words(turn: Turn) -> Turn:
    """The turn as somebody else would take it themselves, where the talk is about them."""
    if not turn.relative:
        return turn
    message = replace(turn.message, frame=turn.message.frame.as_own())
    return replace(turn, message=message, profile=turn.subject, learned=turn.told_of_relative)


def of_whom(turn: Turn, outcome: Outcome) -> Outcome:
    """The outcome of a turn; what it learned of somebody else stands with them, and is said to be theirs."""
    if not turn.relative:
        return outcome
    names = {item.name for item in fields(Profile)}
    learned = {name: value for name, value in outcome.slots.items() if name in names}
    slots = {name: value for name, value in outcome.slots.items() if name not in names}
    slots["relative"] = {**turn.relative, **{name: value for name, value in learned.items() if value is not None}}
    who = turn.relative.get("relation")
    said = Text(turn.responses.text("utter_timeline_for", who=who)) if who else None
    parts = (said, *outcome.reply.parts) if said else outcome.reply.parts
    return replace(outcome, reply=Reply(parts, outcome.reply.suggestions), slots=slots)


def graduation_words(turn: Turn) -> str:
    """The month in which whom the talk is about graduates, as it was told, this turn included; empty when unknown."""
    plan = dates_told(turn).get("plan", turn.slots.get("plan"))
    wish = from_slot(TimelineWish, plan)
    is_ahead = wish.graduation is not None and wish.graduation >= turn.today and wish.is_other is bool(turn.relative)
    is_student = turn.subject.career_stage != GRADUATE
    return month(wish.graduation.isoformat()) if wish.graduation and is_ahead and is_student else ""


def dates_told(turn: Turn) -> dict[str, Any]:
    """The slot of the dates after a message that another action answers: a graduation, an exam or a Match is kept."""
    if turn.message.is_button:
        return {}
    before = wish_of(turn)
    step = only_step(turn.subject, turn.today)
    after = overheard(before, in_own_words(turn).message.frame, turn.today, step)
    return {} if after == before else {"plan": to_slot(after)}
