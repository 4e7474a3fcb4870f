"""What to ask before a plan: only what is missing and would change it, one question at a time."""

# ruff: noqa: E501 (a pattern is easier to read in one piece)

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.dialogue.state import ALWAYS_THEMSELVES
from bot.nlu.date_words import normalize
from bot.nlu.message import Message
from bot.nlu.when import NoSuchDay, Reading, Vague, When, read_when
from bot.timeline.plan import IMPOSSIBLE
from bot.timeline.planner import judge, refusal
from bot.timeline.rules import Facts, PlanRules
from bot.timeline.situation import SCHOOL_ROUTES, Situation
from bot.timeline.wish import TimelineWish

START, CHOICE, ROUTE, VISA, STAGE = "start", "start_choice", "route", "visa_status", "career_stage"
EXAMS, EXAMS_FOR_MATCH = "exams", "exams_match"
FARTHEST_YEARS = 6
FEW_WORDS = 6


@dataclass(frozen=True)
class Planner:
    """Rules, facts and today together, for the questions that compare plans."""

    rules: PlanRules
    facts: Facts
    today: date

    def verdict(self, situation: Situation, **changes: Any) -> str:
        """The verdict for a situation with some facts changed."""
        return judge(replace(situation, **changes), self.rules, self.facts, today=self.today)[1]


def problem_of(reading: Reading | None, today: date) -> str:
    """Why a start cannot be planned for: vague, no_such_day, past, too_far or year (which month?). Else empty."""
    if isinstance(reading, Vague):
        return "vague"
    if isinstance(reading, NoSuchDay):
        return "no_such_day"
    if not isinstance(reading, When):
        return ""
    if reading.last < today:
        return "past"
    if reading.first.year - today.year > FARTHEST_YEARS:
        return "too_far"
    return "year" if reading.grain == "year" else ""


def next_question(wish: TimelineWish, situation: Situation, planner: Planner) -> str | None:
    """The fact to ask for next, or None when a plan can be made."""
    if wish.options:
        return CHOICE
    if not wish.has_goal:
        return START
    unsure = wish.unsure
    if refusal(situation) or (situation.match_year and _is_hopeless(situation, planner)):
        return None
    if not situation.route and not situation.is_remote and ROUTE not in unsure:
        return ROUTE
    if not situation.visa and not situation.is_remote and VISA not in unsure and _visa_matters(situation, planner):
        return VISA
    is_school = situation.by_route in SCHOOL_ROUTES
    if is_school and not situation.stage and STAGE not in unsure and not situation.graduation:
        return STAGE
    exams = EXAMS_FOR_MATCH if situation.match_year else EXAMS
    return exams if exams not in unsure and _exams_matter(situation, planner) else None


def asked_exams(asked: str | None) -> tuple[str, ...]:
    """The profile slots of the exams that a question of ours is about."""
    return ("step1", "step2ck") if asked == EXAMS_FOR_MATCH else ("step1", "english_test")


def _is_hopeless(situation: Situation, planner: Planner) -> bool:
    """Whether a Match is out of reach even with everything in hand."""
    best = {"visa": "has", "route": "third_party", "step1": "passed", "step2ck": "passed", "program": None}
    return planner.verdict(situation, **best) == IMPOSSIBLE


def _visa_matters(situation: Situation, planner: Planner) -> bool:
    """With a third party the visa decides when to apply; with a school only if it changes the verdict."""
    best = planner.verdict(situation, visa="has") if situation.start or situation.match_year else ""
    if best == IMPOSSIBLE:
        return False
    return situation.by_route not in SCHOOL_ROUTES or (best != "" and best != planner.verdict(situation, visa="needs"))


def _exams_matter(situation: Situation, planner: Planner) -> bool:
    open_ones = unknown_exams(situation)
    if not open_ones or not (situation.start or situation.match_year):
        return False
    passed = planner.verdict(situation, **dict.fromkeys(open_ones, "passed"))
    return passed != planner.verdict(situation, **dict.fromkeys(open_ones, "not_taken"))


def unknown_exams(situation: Situation) -> tuple[str, ...]:
    """The exams that nobody has told about and that this plan could need."""
    names = ("step1", "step2ck") if situation.match_year else ("step1", "english")
    return tuple(name for name in names if getattr(situation, name) is None)


def with_exams_settled(situation: Situation, planner: Planner) -> tuple[Situation, str]:
    """The situation with an assumption for exams that are unknown: ahead, unless the plan fails even without them."""
    open_ones = unknown_exams(situation)
    if not open_ones:
        return situation, ""
    changes: dict[str, Any] = dict.fromkeys(open_ones, "passed")
    passed = replace(situation, **changes)
    if planner.verdict(situation) == IMPOSSIBLE and planner.verdict(passed) == IMPOSSIBLE:
        return passed, "exams_passed"
    return situation, "exams_ahead"


def learn_answers(message: Message, asked: str | None) -> dict[str, Any]:
    """Profile slots in the answer to a question of ours, and in ways to name a route that are no entities.

    A question about one's own dates ("how early with an agency?") is planned for the way and the visa that it names.
    """
    if message.is_button:
        return {}
    plain = normalize(message.text)
    named = {name: message.values(name) for name in ("route", "visa_status")}
    found: dict[str, Any] = {name: values[0] for name, values in named.items() if len(values) == 1}
    if not message.first("route") and (route := _route(plain, asked)):
        found["route"] = route
    if asked == VISA and not message.first("visa_status"):
        found |= _yes_no(message, plain, {"visa_status": "has"}, no={"visa_status": "needs"})
    if asked in (EXAMS, EXAMS_FOR_MATCH):
        found |= _exam_answers(message, plain, asked_exams(asked))
    return found


def says_unsure(message: Message) -> bool:
    """Whether the person does not know the answer."""
    return message.intent == "unsure" or bool(_UNSURE.search(normalize(message.text)))


def asks_what_first(text: str) -> bool:
    """Whether somebody with a plan asks for the next step."""
    return bool(_FIRST.search(normalize(text)))


def asks_to_see(text: str) -> bool:
    """Whether somebody asks for the plan that they have."""
    return bool(_SHOW.search(normalize(text)))


def is_about_the_plan(message: Message, today: date) -> bool:
    """Whether a message after a plan asks for its first steps, for the plan itself, or names another date or another way."""
    if message.intent in ALWAYS_THEMSELVES:
        return False
    if asks_what_first(message.text) or asks_to_see(message.text):
        return True
    if _OTHER_WAY.search(normalize(message.text)) and len(message.values("route")) == 1:
        return len(message.questions) < 2 and not message.first("institution")
    is_short = len(message.text.split()) <= FEW_WORDS and not message.text.rstrip().endswith("?")
    return is_short and isinstance(read_when(message.text, today), When)


_OTHER_WAY = re.compile(
    r"\b(?:what if|suppose|and if|how about|what about|let'?s say)\b[^.?!]{0,20}\b(?:go|going|apply|applying|use|using|took|"
    r"take|choose|through|via)\b"
)
_UNSURE = re.compile(
    r"^\W*(?:i )?(?:don'?t|dont|do not) know\b|\bidk\b|\b(?:not|un)\s?sure\b|\bno idea\b|^\W*(?:skip|whatever|any|either|doesn'?t matter)\W*$"
)
_FIRST = re.compile(
    r"\bwhat\b[^?]{0,20}\b(?:do|start)\b[^?]{0,15}\b(?:first|now|next|begin)\b|\b(?:first|next) (?:steps?|thing|actions?)\b"
    r"|\bwhat now\b|\bwhat(?:'s| is| comes)? next\b|^\W*next\W*$|\bwhere (?:do|should|shall) i (?:start|begin)\b|\bwhat'?s (?:first|next)\b|\bhow (?:do|should) i (?:start|begin)\b"
)
_SHOW = re.compile(
    r"\b(?:show|see|repeat|send|give)\b[^.?!]{0,20}\b(?:my|the|that|last) (?:plan|timeline|dates|calendar|schedule)\b|^\W*my (?:plan|timeline)\W*$"
)
_THIRD = re.compile(r"\b(?:compan(?:y|ies)|providers?|agenc(?:y|ies)|amo|third|3rd[ -]?party|placement|broker)\b")
_DIRECT = re.compile(
    r"\b(?:direct(?:ly)?|(?:apply|applying|do it|go) (?:to .{0,40} )?(?:myself|by myself|on my own)|myself)\b"
)
_SCHOOL = re.compile(r"\b(?:universit(?:y|ies)|(?:med(?:ical)? )?schools?|hospitals?|colleges?)\b")
_NOT_THIRD = re.compile(r"\b(?:no|not|without|instead of)\b[^.?!]{0,20}\b(?:compan|provider|agenc|third|3rd)")
_EXAM_WORDS: Mapping[str, re.Pattern[str]] = {
    "step1": re.compile(r"\bstep\s?(?:1|one|i)\b|\bs1\b"),
    "step2ck": re.compile(r"\bstep\s?(?:2|two)(?:\s?ck)?\b|\b2?ck\b"),
    "english_test": re.compile(r"\b(?:toefl|ielts|oet|english|duolingo)\b"),
}


def _route(plain: str, asked: str | None) -> str | None:
    if _DIRECT.search(plain) or (asked == ROUTE and (_SCHOOL.search(plain) or _NOT_THIRD.search(plain))):
        return "direct"
    return "third_party" if _THIRD.search(plain) else None


def _yes_no(message: Message, plain: str, yes: dict[str, Any], *, no: dict[str, Any]) -> dict[str, Any]:
    if re.search(r"\b(?:esta|visa waiver|waiver|exempt|citizen|green card)\b", plain):
        return {"visa_status": "exempt"}
    if message.intent == "deny" or re.match(r"\W*(?:no|nope|not yet|nah|none|negative)\b", plain):
        return no
    if message.intent == "affirm" or re.match(r"\W*(?:yes|yep|yeah|ya|sure|i do|i have)\b", plain):
        return yes
    return {}


def _exam_answers(message: Message, plain: str, asked: tuple[str, ...]) -> dict[str, Any]:
    """ "both", "none", "step 1 only", "toefl yes, step 1 no"."""
    if re.search(r"\b(?:none|neither|nothing|not yet)\b", plain):
        return dict.fromkeys(asked, "not_taken")
    named = {name: match for name, pattern in _EXAM_WORDS.items() if (match := pattern.search(plain))}
    if named:
        others = [name for name in asked if name not in named] if re.search(r"\b(?:only|just)\b", plain) else []
        states = {name: _state_of(plain, match) for name, match in named.items()}
        return states | dict.fromkeys(others, "not_taken")
    if re.search(r"\b(?:both|all)\b", plain):
        return dict.fromkeys(asked, "passed")
    return _yes_no(message, plain, dict.fromkeys(asked, "passed"), no=dict.fromkeys(asked, "not_taken"))


def _state_of(plain: str, match: re.Match[str]) -> str:
    before, after = plain[max(0, match.start() - 20) : match.start()], plain[match.end() : match.end() + 12]
    denied = re.search(r"\b(?:no|not|without|haven'?t|didn'?t)\b[^,;.]*$", before) or re.match(
        r"\W*(?:no|not)\b", after
    )
    return "not_taken" if denied else "passed"
