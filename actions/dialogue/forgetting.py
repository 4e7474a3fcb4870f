"""One fact that the bot is to forget ("forget my country"): it goes, and is said to be gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from actions.dialogue.acts import BEFORE
from actions.dialogue.known import fact_line
from actions.turn import Outcome, Turn
from bot.costs.estimate import Inquiry
from bot.dialogue.slots import from_slot, to_slot
from bot.reply.parts import Reply, Text

SLOTS: Mapping[str, tuple[str, ...]] = {
    "nationality": ("nationality", "school_country"),
    "graduation_year": ("graduation_year",),
    "career_stage": ("career_stage", "study_year", "year_of_study"),
    "visa_status": ("visa_status",),
    "usmle": ("step1", "step2ck"),
    "toefl": ("english_test",),
    "ielts": ("english_test",),
    "oet": ("english_test",),
    "exams": ("step1", "step2ck", "english_test"),
    "step1": ("step1",),
    "step2ck": ("step2ck",),
    "english_test": ("english_test",),
    "budget": ("budget_usd_per_4_weeks",),
    "specialties": ("specialties",),
    "states": ("states",),
    "rotation_types": ("rotation_types",),
    "weeks": ("weeks",),
    "start_month": ("start_month",),
    "goal": ("goal",),
    "routes": ("route",),
    "home_school": ("home_school",),
    "consulate": ("consulate", "consulate_wait_days"),
}
"""The slots of what may be named; a wish of a search that is running is taken back by the search."""


def forgotten(turn: Turn) -> Outcome | None:
    """The answer to a message that is nothing but such a wish; None for any other."""
    frame = turn.message.frame
    taken_back = () if turn.task == "search" else frame.named("dropped")
    exams = frame.named("exam") if frame.does("forgets") else ()
    named = (*frame.named("forgotten"), *exams, *(item for item in taken_back if item.polarity == "wants_not"))
    names = dict.fromkeys(slot for item in named for slot in SLOTS.get(item.value, ()))
    if not names or turn.message.is_button or frame.dimensions or len(named) < len(frame.entities):
        return None
    known = {name: turn.slots[name] for name in names if turn.slots.get(name)}
    lines = [fact_line(turn, name, value) for name, value in known.items()]
    slots: dict[str, Any] = dict.fromkeys(known)
    inquiry = from_slot(Inquiry, turn.slots.get("estimate"))
    if "budget_usd_per_4_weeks" in names and inquiry.budget:
        lines.append(turn.responses.text("utter_profile_budget_total", value=f"{inquiry.budget:,.0f}"))
        slots["estimate"] = to_slot(replace(inquiry, budget=None, is_monthly=False))
    if not lines:
        return Outcome(turn.responses.reply("utter_nothing_to_forget"))
    said = turn.responses.text("utter_forgotten_fact", facts="\n".join(f"- {line}" for line in lines))
    return Outcome(Reply((Text(said),)), {**slots, BEFORE: known or None})
