"""The console's one vocabulary: what staff read for the names that the code gives to things."""

from __future__ import annotations

import re
from collections.abc import Mapping

REASONS = {
    "thumbs_down": "Thumbs down",
    "failed_turn": "Failed",
    "handoff": "Wants a person",
    "fallback": "Not understood",
    "out_of_scope": "Out of scope",
    "low_confidence": "Unsure",
    "close_top_two": "Close top two",
}
RESULTS = {
    "answered": "answered",
    "asked_back": "asked back",
    "fallback": "not understood",
    "refused": "refused",
    "failed": "failed",
    "handed_off": "handed to staff",
    "pending": "waits for its answer",
}
TALK = {
    "refine_search": "Change a search",
    "set_reminder": "Reminders",
    "forget_me": "Be forgotten",
    "greet": "A greeting",
    "introduce": "Says who they are",
    "thank": "Thanks",
    "goodbye": "A goodbye",
    "ask_bot": "About the bot",
    "affirm": "Yes",
    "deny": "No",
    "unsure": "Not sure",
    "inform": "A fact about themselves",
    "correct_profile": "Corrects a fact",
    "restart": "Start again",
    "give_feedback": "Praise or complaint",
    "care": "Worry or danger",
    "nlu_fallback": "Not understood",
    "start": "Start again",
    "link": "Link website and Telegram",
}
"""Titles of what no button leads to; those of topics and tasks stand in `utter_titles`."""
ACTIONS = {
    "action_answer_faq": "answered from what it knows",
    "action_default_fallback": "said that it did not understand",
    "action_refuse": "refused",
    "action_continue": "went on with its own question",
    "action_care": "answered a worry",
}
SLOTS = {
    "career_stage": "student or graduate",
    "exam": "exam",
    "rotation_type": "type",
    "route": "school or agency",
    "visa_status": "visa",
    "visa_class": "class of visa",
    "graduation_year": "graduation",
    "study_year": "place in the course",
    "year_of_study": "year of study",
    "school_country": "country of the school",
    "taught_in": "language of the school",
    "turned_out": "answer that is supposed",
    "home_school": "own school",
    "specialty": "specialty",
    "unknown_specialty": "unknown specialty",
    "unknown_name": "unknown name",
    "hepb_series": "hepatitis B series",
    "season_day": "day of the season",
    "amount-of-money": "money",
    "time": "when",
    "duration": "how long",
    "number": "number",
    "ordinal": "place in a list",
    "goal": "goal",
    "since_graduation": "years since graduation",
    "step1": "Step 1",
    "step2ck": "Step 2 CK",
    "stay": "length of stay",
}
VALUES = {
    "third_party": "agency",
    "direct": "school itself",
    "vslo": "VSLO",
    "usmle": "both Steps",
    "step1": "Step 1",
    "step2ck": "Step 2 CK",
    "step3": "Step 3",
    "toefl": "TOEFL",
    "ielts": "IELTS",
    "oet": "OET",
    "needs": "needs one",
    "has": "has one",
    "exempt": "needs none",
    "hands_on": "hands-on",
    "not_taken": "not taken",
    "long_ago": "long ago",
    "one_month": "about a month",
}
_KINDS = frozenset({"faq", "action", "utter"})
_NAME = re.compile(r"\b(?:faq|utter|out_of)_\w+(?:/\w+)?")
SAY_ENOUGH = frozenset({"career_stage"})
"""Kinds whose values need no word before them."""
DENIED = frozenset({"has_not", "wants_not"})


def plainly(name: object) -> str:
    """A name in plain words, for what has no title: "faq_lor_count" is "lor count", "action_refuse" is "refuse"."""
    kind, _, rest = str(name).partition("_")
    return (rest if kind in _KINDS else str(name)).replace("_", " ")


def did(action: str) -> str:
    """What the bot did: "action_refuse" is "refused"."""
    return ACTIONS.get(action) or plainly(action)


def slot(name: str) -> str:
    """What kind of thing was found: "route" is "school or agency"."""
    return SLOTS.get(name) or plainly(name)


def value(said: object) -> str:
    """A value as people say it: "third_party" is "agency"."""
    return VALUES.get(str(said)) or str(said).replace("_", " ")


def condition(name: str) -> str:
    """Whom a variant of an answer is for: "route=third_party" is "school or agency: agency"."""
    pairs = (part.partition("=") for part in name.split(", ") if part)
    return ", ".join(value(given) if key in SAY_ENOUGH else f"{slot(key)}: {value(given)}" for key, _, given in pairs)


def titled(text: str, titles: Mapping[str, str]) -> str:
    """A sentence of the lint or a gate with titles in place of the names in it."""
    return _NAME.sub(lambda name: f"“{titles.get(asked_of(name[0])) or plainly(name[0])}”", text)


def asked_of(name: str) -> str:
    """The topic or question that a name stands for, an answer's key too."""
    kind, _, rest = name.partition("_")
    return rest if kind == "utter" else name


def found(item: Mapping[str, str]) -> str:
    """One thing that was found in a message: "visa: needs one", "not exam: Step 1"."""
    negated = "not " if item.get("polarity") in DENIED else ""
    return f"{negated}{slot(item['entity'])}: {value(item['value'])}"
