"""Which of several programs: whether each is a yes, for some only, a no or silent, and the names behind each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import Enum

from bot.programs.cards import FACT, Say
from bot.programs.facets import Fit, Surroundings, judge
from bot.programs.inquiry import EXAM_FIELDS, AskedAspects
from bot.programs.notes import quoted, shortened
from bot.programs.program import NONE, SHADOWING, Program, number
from bot.programs.query import Query
from bot.programs.requirements import is_met
from bot.programs.vocabulary import vocabulary


class Verdict(Enum):
    """How a program answers a question that wants a yes or a no."""

    YES = "utter_program_which_yes"
    SOME = "utter_program_which_some"
    NO = "utter_program_which_no"
    SILENT = "utter_program_which_silent"


_OF_LEVEL = {"yes": Verdict.YES, "no": Verdict.NO, "mixed": Verdict.SOME, "case_by_case": Verdict.SOME}
_ACCEPTED = {"yes": Verdict.YES, "restricted": Verdict.SOME, "no": Verdict.NO}


def _acceptance(program: Program, asked: AskedAspects) -> Verdict:
    if program.is_closed or (asked.audience and program.audience and asked.audience not in program.audience):
        return Verdict.NO
    if asked.audience and not program.audience:
        return Verdict.SILENT
    return _ACCEPTED.get(program.accepts_international, Verdict.SILENT)


def _exam(topic: str) -> Callable[[Program, AskedAspects], Verdict]:
    def judged(program: Program, asked: AskedAspects) -> Verdict:
        level = getattr(program, EXAM_FIELDS[topic])
        if not level:
            return Verdict.SILENT
        is_asked_as_missing = topic in asked.denied
        is_free_of_it = level != "required" and not program.is_closed
        return Verdict.YES if is_free_of_it is is_asked_as_missing else Verdict.NO

    return judged


def _letter(program: Program, _: AskedAspects) -> Verdict:
    return _OF_LEVEL.get(program.lor, Verdict.SILENT)


def _hands_on(program: Program, _: AskedAspects) -> Verdict:
    is_watching = bool(program.rotation_types) and SHADOWING.issuperset(program.rotation_types)
    return _OF_LEVEL.get(program.hands_on, Verdict.NO if is_watching else Verdict.SILENT)


def _free(program: Program, _: AskedAspects) -> Verdict:
    if program.fee_period == "free":
        return Verdict.YES
    return Verdict.NO if program.is_priced else Verdict.SILENT


def _has(field: str) -> Callable[[Program, AskedAspects], Verdict]:
    """A column in words: `none` is a no, nothing is silence."""

    def judged(program: Program, _: AskedAspects) -> Verdict:
        value = getattr(program, field)
        return (Verdict.NO if value in (NONE, "no") else Verdict.YES) if value else Verdict.SILENT

    return judged


def _specialty(program: Program, asked: AskedAspects) -> Verdict:
    verdict, _ = vocabulary().specialties.judge(asked.specialties, program.specialties)
    return Verdict.SILENT if verdict is None else Verdict.YES if verdict else Verdict.NO


def _length(program: Program, asked: AskedAspects) -> Verdict:
    """Whether a page takes people for so many weeks."""
    fit = judge(program, Query(weeks=asked.weeks), Surroundings(vocabulary().specialties, date.min))["weeks"]
    silent = Verdict.SOME if program.duration_weeks_min or program.duration_weeks_max else Verdict.SILENT
    return {Fit.YES: Verdict.YES, Fit.NO: Verdict.NO}.get(fit, silent)


def _requirement(topic: str) -> Callable[[Program, AskedAspects], Verdict]:
    """What a page demands, or whom it takes."""

    def judged(program: Program, _: AskedAspects) -> Verdict:
        met = is_met(program, topic)
        return Verdict.SILENT if met is None else Verdict.YES if met else Verdict.NO

    return judged


_JUDGES: Mapping[str, Callable[[Program, AskedAspects], Verdict]] = {
    "acceptance": _acceptance,
    "audience": _acceptance,
    "lor": _letter,
    "hands_on": _hands_on,
    **{name: _has(name) for name in ("certificate", "housing", "stipend")},
    **{topic: _exam(topic) for topic in EXAM_FIELDS},
    **{topic: _requirement(topic) for topic in ("ecfmg", "citizenship", "residency", "agreement")},
}
_WORST_FIRST = (Verdict.NO, Verdict.SILENT, Verdict.SOME, Verdict.YES)


def judged(program: Program, asked: AskedAspects) -> Verdict | None:
    """The verdict on all that is asked; None where something has neither yes nor no to it."""
    judges = [_judge(topic, asked) for topic in asked.topics]
    if not judges or None in judges:
        return None
    found = {judge(program, asked) for judge in judges if judge}
    return next(verdict for verdict in _WORST_FIRST if verdict in found)


def _judge(topic: str, asked: AskedAspects) -> Callable[[Program, AskedAspects], Verdict] | None:
    """Who judges a topic; what is asked as "which?" or "how much?" nobody does."""
    if topic == "specialties":
        return _specialty if asked.specialties else None
    if topic == "duration":
        return _length if asked.weeks else None
    return _free if topic == "fee" and asked.is_free else _JUDGES.get(topic)


def by_name(programs: Sequence[Program], asked: AskedAspects, *, names: Mapping[str, str], say: Say) -> tuple[str, ...]:
    """A line for each verdict with the names of its programs (by slug), a yes first; empty where there is none.

    Whether somebody is taken is a no first where the institution itself, the first of the programs, is closed.
    """
    found: dict[Verdict, list[str]] = {}
    for program in programs:
        verdict = judged(program, asked)
        if verdict is None:
            return ()
        name = names[program.slug]
        is_explained = verdict is Verdict.SOME and _is_who(asked)
        why = quoted(program.notes, "restriction", most=1) or shortened(program.notes, most=1)
        why = why.rstrip(".") if is_explained else _length_told(program, asked, verdict, say)
        found.setdefault(verdict, []).append(say("utter_program_which_why", name=name, notes=why) if why else name)
    what = ", ".join(dict.fromkeys(_what(topic, asked, say) for topic in asked.topics))
    is_no_first = programs[0].is_closed and not asked.is_which
    kinds = sorted(found, key=lambda kind: (is_no_first and kind is not Verdict.NO, list(Verdict).index(kind)))
    lines = [say(_key(kind, asked), what=what, names="; ".join(found[kind])) for kind in kinds]
    return ("\n".join(f"- {line}" for line in lines) if len(lines) > 1 else lines[0],)


def _length_told(program: Program, asked: AskedAspects, verdict: Verdict, say: Say) -> str:
    """How long a stay the page tells of, where it is no yes."""
    is_told = asked.topics == ("duration",) and verdict in (Verdict.SOME, Verdict.NO)
    return FACT["duration"].words(program, say) if is_told else ""


def _key(kind: Verdict, asked: AskedAspects) -> str:
    if kind is Verdict.SOME and asked.topics == ("duration",):
        return "utter_program_which_shorter"
    return "utter_program_which_some_people" if kind is Verdict.SOME and _is_who(asked) else kind.value


def _is_who(asked: AskedAspects) -> bool:
    return bool({"acceptance", "audience"} & set(asked.topics))


def _what(topic: str, asked: AskedAspects, say: Say) -> str:
    """What a yes stands for: "for graduates", "without Step 1"."""
    if topic in ("acceptance", "audience"):
        return say(WHO.get(asked.audience, "utter_program_which_acceptance"))
    if topic in EXAM_FIELDS:
        key = "utter_program_which_without" if topic in asked.denied else "utter_program_which_required"
        return say(key, label=say(FACT[topic].label))
    return say(_OTHER[topic], specialty=", ".join(asked.specialties), weeks=number(asked.weeks or 0))


WHO = {"students": "utter_wish_audience_students", "graduates": "utter_wish_audience_graduates"}
_OTHER = {
    "specialties": "utter_wish_such_specialty",
    "duration": "utter_wish_weeks",
    "lor": "utter_wish_letter",
    "hands_on": "utter_wish_hands_on",
    "fee": "utter_wish_free",
    "certificate": "utter_wish_certificate",
    "housing": "utter_wish_housing",
    "stipend": "utter_wish_stipend",
    "ecfmg": "utter_wish_ecfmg",
    "citizenship": "utter_wish_us_citizens",
    "residency": "utter_wish_residency_applicants",
    "agreement": "utter_wish_home_agreement",
}
