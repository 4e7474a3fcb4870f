"""What stands between a person and a program, by what they told and what its page asks for. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from bot.dialogue.profile import GRADUATE, NOT_TAKEN, STUDENT, Profile
from bot.programs.cards import FACT, Say
from bot.programs.eligibility import Bar, bars, terms
from bot.programs.inquiry import EXAM_FIELDS
from bot.programs.program import Program, number

_ONLY_FOR = {
    STUDENT: ("students", "utter_compare_only_graduates"),
    GRADUATE: ("graduates", "utter_compare_only_students"),
}
"""For each stage whom a program must take, and what is said where it does not."""


def obstacles(program: Program, person: Profile, say: Say, *, today: date) -> tuple[str, ...]:
    """Each as the end of a sentence about the program ("asks for Step 2 CK"); empty where nothing is known."""
    found = ["utter_compare_closed"] if program.is_closed else []
    audience, refusal = _ONLY_FOR.get(person.career_stage or "", ("", ""))
    if audience and program.audience and audience not in program.audience:
        found.append(refusal)
    missing = [topic for topic in missing_exams(person) if getattr(program, EXAM_FIELDS[topic]) == "required"]
    asked = [say("utter_compare_asks_exam", label=say(FACT[topic].label)) for topic in missing]
    years = number(program.graduated_within_years or 0)
    barred = [bar for bar in bars(terms(program), person, today) if not (bar is Bar.ECFMG and missing)]
    return (*(say(key) for key in found), *asked, *(say(bar.value, years=years) for bar in barred))


def missing_exams(person: Profile) -> tuple[str, ...]:
    """The exams that somebody said they have not passed."""
    return tuple(topic for topic, field in EXAM_FIELDS.items() if getattr(person, field) == NOT_TAKEN)


def tells_enough(person: Profile) -> bool:
    """Whether somebody told anything by which a page may turn them away."""
    facts = (person.career_stage, person.nationality, person.graduation_year, person.goal, person.visa_status)
    return any(facts) or bool(missing_exams(person))


def fitting_words(
    programs: Sequence[Program], person: Profile, *, names: Mapping[str, str], say: Say, today: date
) -> str:
    """Which of several programs somebody can get, and why not the others; empty where nothing stands against any.

    `names` are what they are called, by slug.
    """
    against = {program.slug: obstacles(program, person, say, today=today) for program in programs}
    if not any(against.values()):
        return ""
    free = "; ".join(names[slug] for slug, found in against.items() if not found)
    others = " ".join(
        say("utter_compare_against", name=names[slug], reasons=f" {say('utter_compare_and')} ".join(found))
        for slug, found in against.items()
        if found
    )
    return say("utter_compare_fits" if free else "utter_compare_fits_none", names=free, others=others)
