"""Which type of rotation suits a person: the FAQ's reasoning as a decision, and the few questions that feed it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from bot.dialogue.profile import Profile
from bot.nlu.mentions import SKIP, mentions
from bot.nlu.message import Message

YES, NO, UNSURE, NEXT = "yes", "no", "unsure", "next"
ENOUGH_FACTS = 3
"""A first message that tells so much is answered at once."""
_YEAR_OF = re.compile(
    r"\b(\d)(?:st|nd|rd|th)?(?:\s*year)?\s*(?:of|out of|/|in)\s*(?:a\s*|an\s*)?(\d)(?:[\s-]*years?)?\b", re.IGNORECASE
)
_EARLY_YEAR = re.compile(r"\b(?:1st|2nd|3rd|first|second|third)[\s-]year\b|\b(?:pre[\s-]?clinical)\b", re.IGNORECASE)
_FINAL = re.compile(r"\b(?:final|last)[\s-]year|\bsenior (?:student|year)|\babout to graduate\b", re.IGNORECASE)
_BOTH = re.compile(r"\b(?:both|either|all of (?:them|it))\b", re.IGNORECASE)
_JUST_TELL = re.compile(
    r"\b(?:just (?:tell|recommend|give|answer|say|advise|suggest)|you (?:decide|choose|pick)|whatever you (?:think|"
    r"recommend|say)|"
    r"your (?:opinion|advice|recommendation|choice)|no more questions|stop asking|skip (?:all|the questions))\b",
    re.IGNORECASE,
)
_NO_TRAVEL = re.compile(
    r"\b(?:can'?t|cannot|can not|not able to|unable to|won'?t|don'?t want to|never)\s+(?:\w+\s+)?(?:travel|leave|"
    r"fly|come to the us|go to the us|get a visa)\b|"
    r"\bvisa (?:was |is |got |has been )?(?:refused|denied|rejected)\b|\bfrom home\b|\bno visa\b|\bremote(?:ly)?\b",
    re.IGNORECASE,
)
_TRAVEL = re.compile(
    r"\b(?:can (?:travel|come|fly|go)|willing to travel|able to travel|will travel|be in the us|for (?:a|one|two|"
    r"\d) months?|i am in the us|i'?m in the us|green card)\b",
    re.IGNORECASE,
)
_TIGHT = re.compile(
    r"\b(?:money is (?:tight|short)|tight budget|low budget|limited budget|can'?t afford|cannot afford|"
    r"not much money|no money|little money|cheap|poor|broke|expensive for me)\b",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"\b(?:letters?|lors?|recommendation letters?|contacts?|network\w*)\b", re.IGNORECASE)
_YES = re.compile(
    r"^\W*(?:yes|yeah|yep|yup|sure|of course|definitely|i (?:do|can|will|am|plan)|absolutely|inshallah|ya)\b",
    re.IGNORECASE,
)
_NO = re.compile(r"^\W*(?:no|nope|nah|not (?:really|now|planning)|i (?:don'?t|can'?t|cannot|won'?t))\b", re.IGNORECASE)
_OUTPATIENT = frozenset({"family medicine", "pediatrics", "psychiatry"})


@dataclass(frozen=True)
class Case:
    """What is known of a person for the advice. Yes, no, unsure or empty; `asked` are questions already put."""

    final_year: str = ""
    goal: str = ""
    contact: str = ""
    travel: str = ""
    tight: bool = False
    letters: bool = False
    asked: tuple[str, ...] = ()


@dataclass(frozen=True)
class AdviceFacts:
    """A case after a message, the key of a short word of notice, and whether the person wants the answer now."""

    case: Case
    notice: str = ""
    at_once: bool = False


def hear(message: Message, case: Case, *, profile: Profile, asked: str | None) -> AdviceFacts:
    """What a message adds to a case; `asked` is the slot of the question just put."""
    text = "" if message.is_button else message.text
    heard = _facts(message, text, case, profile)
    notice = _notice(case, heard)
    if asked:
        heard, said = _answer(message, text, heard, asked)
        notice = notice or said
    at_once = bool(_JUST_TELL.search(text)) or message.first("confirmed") is not None
    return AdviceFacts(heard, notice, at_once)


def _facts(message: Message, text: str, case: Case, profile: Profile) -> Case:
    years = _YEAR_OF.search(text)
    if years:
        case = replace(case, final_year=_how_near(int(years[2]) - int(years[1])))
    elif _FINAL.search(text):
        case = replace(case, final_year=YES)
    elif _EARLY_YEAR.search(text):
        case = replace(case, final_year=NO)
    if profile.goal:
        case = replace(case, goal=YES if profile.goal == "residency" else NO)
    if _NO_TRAVEL.search(text):
        case = replace(case, travel=NO)
    elif profile.visa_status in ("has", "exempt") or _TRAVEL.search(text):
        case = replace(case, travel=case.travel or YES)
    hands_on = [item.negated for item in mentions(message) if item.value == "hands_on"]
    if hands_on:
        case = replace(case, contact=NO if hands_on[0] else YES)
    return replace(
        case, tight=case.tight or bool(_TIGHT.search(text)), letters=case.letters or bool(_LETTERS.search(text))
    )


def _how_near(years_left: int) -> str:
    """Electives are for the final years; with one year left it is time to apply."""
    if years_left <= 0:
        return YES
    return NEXT if years_left == 1 else NO


_YEAR_NOTICES = {
    YES: "utter_recommend_heard_final",
    NEXT: "utter_recommend_heard_next",
    NO: "utter_recommend_heard_not_final",
}


def _notice(before: Case, after: Case) -> str:
    return "" if before.final_year == after.final_year else _YEAR_NOTICES.get(after.final_year, "")


_FIELDS = {"goal": "goal", "travel": "travel", "contact": "contact"}


def _answer(message: Message, text: str, case: Case, asked: str) -> tuple[Case, str]:
    """Yes, no, both and maybe belong to the question just asked."""
    if asked not in _FIELDS:
        declined = message.intent in ("unsure", "deny") or bool(SKIP.match(text))
        return case, "utter_recommend_heard_unsure" if declined else ""
    if asked == "contact" and _BOTH.search(text):
        return replace(case, contact=YES), "utter_recommend_heard_both"
    if asked == "contact" and any(item.value == "observership" for item in mentions(message)):
        return replace(case, contact=NO), ""
    known = getattr(case, asked)
    value = known or _yes_or_no(message, text)
    changed: dict[str, Any] = {_FIELDS[asked]: value}
    return replace(case, **changed), "utter_recommend_heard_unsure" if value == UNSURE else ""


def _yes_or_no(message: Message, text: str) -> str:
    if message.intent == "affirm" or _YES.match(text):
        return YES
    if message.intent == "deny" or (_NO.match(text) and not SKIP.match(text)):
        return NO
    return NO if re.fullmatch(r"\W*(?:no|nope)\W*", text, re.IGNORECASE) else UNSURE


def next_question(case: Case, profile: Profile, *, at_once: bool) -> str | None:
    """The next thing worth asking, each at most once; None when it is time to answer."""
    if at_once or (not case.asked and _told(case, profile) >= ENOUGH_FACTS):
        return None
    wanted = {
        "career_stage": not profile.career_stage,
        "goal": not case.goal,
        "contact": not case.contact and profile.career_stage == "graduate" and case.goal != NO,
        "travel": not case.travel,
        "specialties": not profile.specialties and case.travel != NO,
    }
    return next((name for name, missing in wanted.items() if missing and name not in case.asked), None)


def _told(case: Case, profile: Profile) -> int:
    known = (
        profile.career_stage,
        case.final_year,
        case.goal,
        case.contact,
        case.travel,
        case.tight,
        case.letters,
        profile.step1,
        profile.graduation_year,
        profile.specialties,
    )
    return sum(1 for item in known if item) if profile.career_stage else 0


@dataclass(frozen=True)
class Advice:
    """A decision: the type first advised, keys of what comes next, why, and what it depends on."""

    rotation_type: str
    first: str
    then: tuple[str, ...]
    why: tuple[str, ...]
    depends: tuple[str, ...]


def advise(case: Case, profile: Profile) -> Advice:
    """The advice for a case, whatever is missing."""
    kind, first, then, why = _choose(case, profile)
    return Advice(kind, first, then, tuple(dict.fromkeys((*why, *_reasons(case, profile)))), _depends(case, profile))


def _choose(case: Case, profile: Profile) -> tuple[str, str, tuple[str, ...], tuple[str, ...]]:
    stage = profile.career_stage
    if case.travel == NO:
        later = "utter_recommend_then_externship_travel" if stage == "graduate" else "utter_recommend_then_elective"
        return "telehealth", "utter_recommend_first_telehealth", (later,), ("utter_recommend_why_telehealth",)
    if stage == "student":
        return _for_student(case)
    if stage == "graduate":
        return _for_graduate(case)
    then = ("utter_recommend_then_observership", "utter_recommend_then_telehealth")
    why = ("utter_recommend_why_elective", "utter_recommend_why_externship")
    return "hands_on", "utter_recommend_first_open", then, why


def _for_student(case: Case) -> tuple[str, str, tuple[str, ...], tuple[str, ...]]:
    then = ("utter_recommend_then_third_party", "utter_recommend_then_telehealth")
    if case.final_year == NO:
        waiting = ("utter_recommend_why_elective", "utter_recommend_why_observership")
        return "elective", "utter_recommend_first_wait", then, waiting
    return "elective", "utter_recommend_first_elective", then, ("utter_recommend_why_elective",)


def _for_graduate(case: Case) -> tuple[str, str, tuple[str, ...], tuple[str, ...]]:
    if case.goal == NO:
        why = ("utter_recommend_why_explore", "utter_recommend_why_observership")
        second = ("utter_recommend_then_externship", "utter_recommend_then_telehealth")
        return "observership", "utter_recommend_first_observership", second, why
    if case.contact == NO:
        shadowing = ("utter_recommend_why_observership",)
        return "observership", "utter_recommend_first_observership", ("utter_recommend_then_externship",), shadowing
    then = ("utter_recommend_then_observership", "utter_recommend_then_telehealth")
    return "externship", "utter_recommend_first_externship", then, ("utter_recommend_why_externship",)


def _reasons(case: Case, profile: Profile) -> list[str]:
    found = []
    if case.letters:
        found.append("utter_recommend_letters")
    if case.goal == YES or (case.letters and case.goal != NO):
        found.append("utter_recommend_why_residency")
    if profile.graduation_year and profile.career_stage == "graduate":
        found.append("utter_recommend_why_recency")
    if profile.step1 == "not_taken":
        found.append("utter_recommend_why_no_step1")
    if profile.step1 == "passed" and profile.career_stage == "student":
        found.append("utter_recommend_why_step1")
    if case.tight:
        found.append("utter_recommend_why_budget")
    if case.letters or case.goal == YES:
        found.append("utter_recommend_why_four_weeks")
    if profile.specialties and case.travel != NO:
        suits_clinic = profile.specialties[0] in _OUTPATIENT
        found.append("utter_recommend_why_outpatient" if suits_clinic else "utter_recommend_why_inpatient")
    return found


def _depends(case: Case, profile: Profile) -> tuple[str, ...]:
    student, graduate = profile.career_stage == "student", profile.career_stage == "graduate"
    unknown = {
        "utter_recommend_depends_stage": not profile.career_stage,
        "utter_recommend_depends_final": student and not case.final_year,
        "utter_recommend_depends_goal": case.goal in ("", UNSURE),
        "utter_recommend_depends_contact": graduate and case.goal != NO and case.contact in ("", UNSURE),
        "utter_recommend_depends_travel": case.travel in ("", UNSURE),
    }
    return tuple(key for key, missing in unknown.items() if missing)
