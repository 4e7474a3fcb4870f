"""Which type of rotation suits a person: the FAQ's reasoning as a decision, and the few questions that feed it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from bot.dialogue.profile import NEED_NO_VISA, Profile
from bot.nlu.frame import Frame
from bot.nlu.message import Message

YES, NO, UNSURE, NEXT = "yes", "no", "unsure", "next"
ENOUGH_FACTS = 3
"""A first message that tells so much is answered at once."""
_STUDY_YEARS = {"final": YES, "late": YES, "next": NEXT, "early": NO}
_REFUSED = ("has_not", "wants_not")
_WISHES = ("specialty", "state", "city", "region", "institution")
"""Named instead of an answer: the question is left open, and nobody is told that."""
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
    heard = _facts(message.frame, case, profile)
    notice = _notice(case, heard)
    if asked:
        heard, said = _answer(message, heard, asked, is_news=heard != case)
        notice = notice or said
    at_once = message.frame.does("you_decide") or message.first("confirmed") is not None
    return AdviceFacts(heard, notice, at_once)


def _facts(frame: Frame, case: Case, profile: Profile) -> Case:
    if profile.study_year:
        case = replace(case, final_year=_STUDY_YEARS[profile.study_year])
    if profile.goal or "residency" in frame.wished("goal"):
        case = replace(case, goal=NO if profile.goal == "explore" else YES)
    travel = [item.value for item in frame.named("travel") if item.whose == "self"]
    if NO in travel:
        case = replace(case, travel=NO)
    elif profile.visa_status in ("has", *NEED_NO_VISA) or travel:
        case = replace(case, travel=case.travel or YES)
    hands_on = [item.polarity for item in frame.told("rotation_type") if item.value == "hands_on"]
    if hands_on:
        case = replace(case, contact=NO if hands_on[0] in _REFUSED else YES)
    letters = "letters" in frame.wished("goal")
    return replace(case, tight=case.tight or frame.does("cheaper"), letters=case.letters or letters)


_YEAR_NOTICES = {
    YES: "utter_recommend_heard_final",
    NEXT: "utter_recommend_heard_next",
    NO: "utter_recommend_heard_not_final",
}


def _notice(before: Case, after: Case) -> str:
    return "" if before.final_year == after.final_year else _YEAR_NOTICES.get(after.final_year, "")


_FIELDS = {"goal": "goal", "travel": "travel", "contact": "contact"}


def _answer(message: Message, case: Case, asked: str, *, is_news: bool) -> tuple[Case, str]:
    """Yes, no, both and maybe belong to the question just asked; `is_news` when the message told another fact."""
    frame = message.frame
    if asked not in _FIELDS:
        declined = message.intent in ("unsure", "deny") or frame.does("skip")
        return case, "utter_recommend_heard_unsure" if declined else ""
    if asked == "contact" and frame.does("both", "any"):
        return replace(case, contact=YES), "utter_recommend_heard_both"
    if asked == "contact" and "observership" in frame.wished("rotation_type"):
        return replace(case, contact=NO), ""
    value = getattr(case, asked)
    if not value and is_news and not frame.does("yes", "no"):
        return case, ""
    value = value or _yes_or_no(message)
    if value == UNSURE and any(frame.named(kind) for kind in _WISHES):
        return case, ""
    changed: dict[str, Any] = {_FIELDS[asked]: value}
    return replace(case, **changed), "utter_recommend_heard_unsure" if value == UNSURE else ""


def _yes_or_no(message: Message) -> str:
    frame = message.frame
    if message.intent == "affirm" or frame.does("yes"):
        return YES
    return NO if message.intent == "deny" or (frame.does("no") and not frame.does("skip")) else UNSURE


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
