"""Which type of rotation suits a person: the FAQ's reasoning as a decision."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.dialogue.profile import NEED_NO_VISA, Profile
from bot.nlu.frame import Frame
from bot.nlu.message import Message

YES, NO, NEXT = "yes", "no", "next"
_STUDY_YEARS = {"final": YES, "late": YES, "next": NEXT, "early": NO}
_REFUSED = ("has_not", "wants_not")
_OUTPATIENT = frozenset({"family medicine", "pediatrics", "psychiatry"})
_YEAR_NOTICES = {
    YES: "utter_recommend_heard_final",
    NEXT: "utter_recommend_heard_next",
    NO: "utter_recommend_heard_not_final",
}


@dataclass(frozen=True)
class Case:
    """What is known of a person for the advice. Yes, no or empty; `stage_asked` tells that the stage was asked for."""

    final_year: str = ""
    goal: str = ""
    contact: str = ""
    travel: str = ""
    tight: bool = False
    letters: bool = False
    stage_asked: bool = False


def hear(message: Message, case: Case, *, profile: Profile) -> Case:
    """The case after a message."""
    frame = message.frame
    if profile.study_year:
        case = replace(case, final_year=_STUDY_YEARS[profile.study_year])
    if profile.goal or "residency" in frame.wished("goal"):
        case = replace(case, goal=NO if profile.goal == "explore" else YES)
    hands_on = [item.polarity for item in frame.told("rotation_type") if item.value == "hands_on"]
    if hands_on:
        case = replace(case, contact=NO if hands_on[0] in _REFUSED else YES)
    letters = "letters" in frame.wished("goal")
    case = replace(case, tight=case.tight or frame.does("cheaper"), letters=case.letters or letters)
    return replace(case, travel=_travel(frame, profile) or case.travel)


def _travel(frame: Frame, profile: Profile) -> str:
    told = [item.value for item in frame.named("travel") if item.whose == "self"]
    if NO in told:
        return NO
    return YES if told or profile.visa_status in ("has", *NEED_NO_VISA) else ""


def year_notice(before: Case, after: Case) -> str:
    """The key of a word on the year of study that a message told; empty for none."""
    return "" if before.final_year == after.final_year else _YEAR_NOTICES.get(after.final_year, "")


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
        "utter_recommend_depends_stage": not (profile.career_stage or case.stage_asked),
        "utter_recommend_depends_final": student and not case.final_year,
        "utter_recommend_depends_goal": not case.goal,
        "utter_recommend_depends_contact": graduate and case.goal != NO and not case.contact,
        "utter_recommend_depends_travel": not case.travel,
    }
    return tuple(key for key, missing in unknown.items() if missing)
