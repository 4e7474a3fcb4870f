"""What is known about a person: filled from their own words, kept across sessions, changeable at any time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from bot.nlu.message import Entity, Message

_NOT = re.compile(
    r"\b(?:not|no longer|isn'?t|aren'?t|never|n't|instead of)\s+(?:an?\s+|the\s+|yet\s+)?(?:\w+\s+)?$", re.IGNORECASE
)
_ABOUT_OTHERS = re.compile(
    r"\b(?:for|what about|how about|do|can|are|if)\s+(?:the\s+)?(?:international\s+|medical\s+|foreign\s+)*$",
    re.IGNORECASE,
)
_EXPLORE = re.compile(
    r"\b(?:not (?:applying|going to apply|planning to apply)|no plans? to apply|"
    r"just (?:curious|exploring|want to (?:see|learn))|"
    r"don'?t (?:want|plan) to (?:apply|match)|not (?:for|doing) (?:the )?(?:match|residency)|"
    r"only (?:curious|exploring))",
    re.IGNORECASE,
)
_RESIDENCY = re.compile(
    r"\b(?:match (?:in )?20\d\d|20\d\d match|"
    r"(?:apply|applying) (?:for|to) (?:the )?(?:us )?(?:residency|match|eras)|"
    r"want (?:to match|residency|a residency)|(?:for|my) residency|aiming for residency)",
    re.IGNORECASE,
)
_GOALS = ("explore", "residency")
_FIRST_PERSON = re.compile(r"\b(?:i|i'?m|i'?ve|my|me|we)\b", re.IGNORECASE)
_INTERROGATIVE = re.compile(
    r"\?|^\W*(?:what|how|which|can|could|do|does|did|is|are|should|when|where|who|why|will|would)\b", re.IGNORECASE
)
_YEAR = (1950, 2100)


@dataclass(frozen=True)
class Profile:
    """One field per profile slot of the domain; `None` or empty means unknown.

    Years are calendar years, money is US dollars per four weeks, `start_month` is "YYYY-MM", `weeks` is a count.
    Exams (`step1`, `step2ck`, `english_test`) are "passed", "not_taken" or None.
    """

    career_stage: str | None = None
    graduation_year: int | None = None
    specialties: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    rotation_types: tuple[str, ...] = ()
    budget_usd_per_4_weeks: int | None = None
    start_month: str | None = None
    weeks: int | None = None
    visa_status: str | None = None
    step1: str | None = None
    step2ck: str | None = None
    english_test: str | None = None
    route: str | None = None
    goal: str | None = None

    @classmethod
    def from_slots(cls, slots: Mapping[str, Any]) -> Profile:
        """The profile in Rasa's slots (lists become tuples)."""
        values: dict[str, Any] = {item.name: slots.get(item.name) for item in fields(cls)}
        known: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in values.items() if value
        }
        return cls(**known)

    def to_slots(self) -> dict[str, Any]:
        """All slots, empty ones as None."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return {
            name: list(value) if isinstance(value, tuple) and value else value or None for name, value in values.items()
        }

    def changes(self, other: Profile) -> dict[str, Any]:
        """The slots in which `other` differs from this profile, with the values of `other`."""
        mine, theirs = self.to_slots(), other.to_slots()
        return {name: value for name, value in theirs.items() if value != mine[name]}

    @property
    def is_empty(self) -> bool:
        return self == Profile()


def learn(profile: Profile, message: Message) -> Profile:
    """The profile after a message: facts that the person states about themselves overwrite older ones.

    Only what belongs to the person is taken here (stage, year, visa, exams passed, route, goal); what belongs to a
    search (specialties, states, budget ...) is taken by the search. A question about "students" or "graduates" in
    general does not change who the person is.
    """
    found: dict[str, Any] = {}
    stage = _stated_stage(message)
    if stage:
        found["career_stage"] = stage
    year = _year(message)
    if year:
        found["graduation_year"] = year
    found.update(_circumstances(message))
    found.update(_exams(message))
    goal = _goal(message.text) or message.first("goal")
    if goal in _GOALS:
        found["goal"] = goal
    return replace(profile, **found)


def _circumstances(message: Message) -> dict[str, str]:
    """Visa and route, where the person states them; "what is VSLO?" or "direct or agency?" states neither."""
    asking = not message.is_button and bool(_INTERROGATIVE.search(message.text))
    stated = {"visa_status": not asking or bool(_FIRST_PERSON.search(message.text)), "route": not asking}
    values = {name: message.values(name) for name, is_stated in stated.items() if is_stated}
    return {name: found[0] for name, found in values.items() if len(found) == 1}


def asked_stage(message: Message) -> str | None:
    """The stage a question is about ("and for graduates?"), whoever asks; None when both or none is named."""
    stages = {
        entity.value for entity in message.entities if entity.name == "career_stage" and not _denied(message, entity)
    }
    return stages.pop() if len(stages) == 1 else None


def _stated_stage(message: Message) -> str | None:
    stated = [
        entity.value
        for entity in message.entities
        if entity.name == "career_stage" and not _denied(message, entity) and not _general(message, entity)
    ]
    return stated[-1] if stated and len(set(stated)) == 1 else None


def _denied(message: Message, entity: Entity) -> bool:
    return bool(_NOT.search(message.text[: entity.start])) and not message.is_button


def _general(message: Message, entity: Entity) -> bool:
    """Plural or after "for": a question about a group, not a statement about oneself."""
    if message.is_button or re.search(r"\b(?:i'?m|i am|i|we|my|me|as an?)\b", message.text, re.IGNORECASE):
        return False
    before = message.text[: entity.start]
    return bool(_ABOUT_OTHERS.search(before)) or (
        entity.text.lower().endswith("s") and message.text.strip().endswith("?")
    )


def _year(message: Message) -> int | None:
    value = message.first("graduation_year")
    return int(value) if value and value.isdigit() and _YEAR[0] <= int(value) <= _YEAR[1] else None


_HAVE = re.compile(
    r"\b(?:passed|pass|cleared|done|did|took|taken|have|has|got|finished|completed|with|only)\b[^.?!,;]{0,25}$",
    re.IGNORECASE,
)
_LACK = re.compile(
    r"\b(?:no|not|without|haven'?t|didn'?t|never|don'?t have|w/o|before|cannot|can'?t|failed)\b[^.?!,;]{0,25}$",
    re.IGNORECASE,
)
_DONE_AFTER = re.compile(r"^\W{0,2}(?:is |are )?(?:passed|pass|done|cleared|taken|completed)\b", re.IGNORECASE)
_ASKING = re.compile(r"\b(?:need|needed|require[sd]?|mandatory|necessary|accept|without|waive|skip)\b", re.IGNORECASE)


def _exams(message: Message) -> dict[str, str]:
    """Exams that the person says they have passed or not taken. Questions and search filters say nothing about them."""
    found = {}
    slots = {
        "step1": "step1",
        "step2ck": "step2ck",
        "toefl": "english_test",
        "ielts": "english_test",
        "oet": "english_test",
    }
    for entity in message.entities:
        slot = slots.get(entity.value) if entity.name == "exam" else None
        if slot is None:
            continue
        if message.is_button:
            continue
        before, after = message.text[: entity.start], message.text[entity.end :]
        personal = re.search(r"\b(?:i|i'?m|i'?ve|my|me)\b", message.text, re.IGNORECASE)
        if _LACK.search(before):
            if personal and not _ASKING.search(message.text):
                found[slot] = "not_taken"
        elif _DONE_AFTER.search(after) or (
            _HAVE.search(before) and (personal or not message.text.strip().endswith("?"))
        ):
            found[slot] = "passed"
    return found


def _goal(text: str) -> str | None:
    if _EXPLORE.search(text):
        return "explore"
    return "residency" if _RESIDENCY.search(text) else None
