"""What is known about a person: filled from their own words, kept across sessions, changeable at any time.

Only what they state of themselves and of now is kept: nothing from a question, a supposition or about somebody else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from bot.nlu.exam_days import STEPS, ExamDay, told_exam_days
from bot.nlu.frame import Frame, Length, Money, Named, Time
from bot.nlu.message import Message
from bot.nlu.when import When, resolve

RESIDENT, EXEMPT = "resident", "exempt"
NEED_NO_VISA = (RESIDENT, EXEMPT)
"""Citizens and permanent residents of the US, who are no visitors; and who comes without a visa, on the waiver."""
STUDENT, GRADUATE = "student", "graduate"
PASSED, NOT_TAKEN = "passed", "not_taken"
EXAMS: Mapping[str, tuple[str, ...]] = {
    "step1": ("step1",),
    "step2ck": ("step2ck",),
    "usmle": ("step1", "step2ck"),
    "toefl": ("english_test",),
    "ielts": ("english_test",),
    "oet": ("english_test",),
    "english_test": ("english_test",),
}
"""The slots of an exam; `usmle` stands for both Steps."""
NAMES = ("nationality", "school_country", "home_school", "consulate")
THERE = "there"
"""The country of a school that is the one named beside it: "not from Kenya, I only study there"."""
YEARS_OF_STUDY = ("study_year", "year_of_study")
_GOALS = ("explore", "residency")
_LACKS = ("has_not", "wants_not")
_YEARS = range(1950, 2101)
_INTRODUCING = frozenset({"career_stage", "nationality", "country", "school_country", "visa_status", "visa_class"})
"""Kinds with which somebody says who they are."""
_A_WORD = 6
"""Letters between "only" and what it belongs to: "only for students"."""
_FOUR_WEEKS = ("4_weeks", "month")
_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
_SEARCHES = ("search_programs", "refine_search", "ask_program", "compare_programs")


@dataclass(frozen=True)
class Profile:
    """One field per profile slot of the domain; `None` or empty means unknown.

    Years are calendar years, money is US dollars per four weeks, `start_month` is "YYYY-MM", `weeks` is a count.
    Exams (`step1`, `step2ck`, `english_test`) are "passed", "not_taken" or None. `consulate_wait_days` is how long they
    were told to wait there. Of a student `study_year` says where in the course they are (final, next, late, early) and
    `year_of_study` which year it is ("6th"). `school_country` is where the medical school is, `taught_in` its language.
    """

    career_stage: str | None = None
    graduation_year: int | None = None
    study_year: str | None = None
    year_of_study: str | None = None
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
    nationality: str | None = None
    school_country: str | None = None
    home_school: str | None = None
    taught_in: str | None = None
    consulate: str | None = None
    consulate_wait_days: int | None = None

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


def is_bare_year(message: Message, today: date) -> bool:
    """Whether a message is nothing but a year that is not to come: "2016"."""
    frame = message.frame
    times = [said for said, _ in frame.measures(Time) if said.kind == "year" and said.year]
    is_alone = frame.does("bare") and not frame.entities and len(times) == len(frame.dimensions) == 1
    return is_alone and (times[0].year or 0) <= today.year


def of_graduation(message: Message) -> Message:
    """A message whose times are those of one's graduation."""
    frame = message.frame
    return replace(
        message, frame=replace(frame, dimensions=tuple(replace(x, role="graduation") for x in frame.dimensions))
    )


def corrected(message: Message, before: Mapping[str, Any]) -> Message:
    """A message whose only time corrects the graduation that was told just `before`: "sorry, December 2027"."""
    frame, times = message.frame, message.frame.measures(Time, "")
    is_alone = {item.kind for item in frame.entities} <= {"career_stage"}
    is_of_graduation = "graduation_year" in before and frame.does("corrects") and is_alone
    if not is_of_graduation or len(times) != len(frame.dimensions) or len(times) != 1:
        return message
    return of_graduation(message)


def learn(profile: Profile, message: Message, today: date) -> Profile:
    """The profile after a message: facts that the person states about themselves overwrite older ones."""
    return replace(profile, **told(profile, message, today))


def told(profile: Profile, message: Message, today: date) -> dict[str, Any]:
    """The facts of a message as slots, known ones too; None where something known is taken back.

    Only what belongs to the person is taken here (stage, year, visa, exams, route, goal, background); what belongs to a
    search (specialties, states ...) is taken by the search; a sum that can be spent each month is both.
    """
    frame = message.frame
    return {
        **_studies(profile, message, today),
        **_visa(profile, frame),
        **_route(profile, message),
        **_exams(profile, message, today),
        **_goal(frame),
        **_background(profile, frame),
        **_budget(frame),
    }


def told_of_other(message: Message, today: date) -> dict[str, Any]:
    """The facts of a message about somebody else, as `told` has those of the person; `relation` says who it is.

    Who is only mentioned ("my friend says ...") is not whom the talk is about.
    """
    frame = message.frame
    found = told(Profile(), replace(message, frame=frame.of_somebody_else()), today)
    known = {name: value for name, value in found.items() if value is not None}
    relations = [("relation", item.value) for item in frame.named("relation")]
    return known | dict(relations[-1:]) if known or frame.does("somebody_else") else {}


def asked_stage(message: Message) -> str | None:
    """The stage a question is about ("and for graduates?"), of whomever; None when both or none is named."""
    said = (item for item in message.frame.named("career_stage") if item.polarity not in _LACKS)
    named = [item for item in said if item.holds != "past"]
    is_told = any(item.whose == "self" and item.polarity == "has" for item in named)
    others = [item for item in named if item.whose != "self" and not (is_told and _is_alternative(item, message.frame))]
    stages = {item.value for item in others} or set(message.frame.to_come("career_stage"))
    stages = stages or {item.value for item in named}
    return stages.pop() if len(stages) == 1 else None


def _is_alternative(item: Named, frame: Frame) -> bool:
    """Whether a stage is only asked about beside one's own: "I graduated, can I come, or is it only for students?"."""
    return any(act.name == "only" and 0 <= item.start - act.end <= _A_WORD for act in frame.acts)


def _studies(profile: Profile, message: Message, today: date) -> dict[str, Any]:
    """Stage and year of graduation. A year decides the stage where nothing else does, and the other way round."""
    frame = message.frame
    stage = _stage(profile, frame)
    year = _graduation_year(frame, today) or _corrected_year(message, profile.graduation_year)
    year = year or (_year_beside(frame, today) if stage.get("career_stage") == GRADUATE else None)
    found: dict[str, Any] = {"graduation_year": year} if year else {}
    if not stage and year and year != today.year:
        stage = {"career_stage": GRADUATE if year < today.year else STUDENT}
    known = year or profile.graduation_year
    is_contradicted = {STUDENT: known and known < today.year, GRADUATE: known and known > today.year}
    if not year and is_contradicted.get(stage.get("career_stage") or ""):
        found["graduation_year"] = None
    found |= _year_of_study(profile, frame, stage=stage.get("career_stage"))
    return found | stage


def _year_of_study(profile: Profile, frame: Frame, *, stage: str | None) -> dict[str, Any]:
    """Which year of the course a student is in; one that begins later is none yet, and a graduate has none."""
    known = {name: getattr(profile, name) for name in YEARS_OF_STUDY if getattr(profile, name)}
    if stage == GRADUATE or any(item.value == GRADUATE for item in frame.told("career_stage") if item.holds == "now"):
        return dict.fromkeys(known)
    said = {name: [item for item in frame.told(name) if item.polarity not in _LACKS] for name in YEARS_OF_STUDY}
    if not any(said.values()) or frame.measures(Time, "studies"):
        return {}
    found = {name: items[-1].value if items else None for name, items in said.items()}
    return {name: value for name, value in found.items() if value or name in known}


def _stage(profile: Profile, frame: Frame) -> dict[str, Any]:
    years = {item.start for item in frame.told("study_year")}
    items = [item for item in frame.told("career_stage") if item.polarity not in _LACKS or item.start not in years]
    if any(item.polarity == "has" for item in frame.told("profession")):
        return {}
    stated = [item for item in items if item.polarity == "has"] or [item for item in items if item.polarity == "named"]
    stages = [found for item in stated if (found := _stage_now(item))]
    if stages and (len(set(stages)) == 1 or stated[0].polarity == "has"):
        return {"career_stage": stages[-1]}
    if years and not stages:
        return {"career_stage": STUDENT}
    denied = {item.value for item in items if item.polarity in _LACKS and not frame.does("between_stages")}
    return {"career_stage": None} if profile.career_stage in denied else {}


def _stage_now(item: Named) -> str | None:
    """Who will be a graduate is a student now, who was a student is none any more."""
    if item.holds == "now":
        return item.value
    return {("later", GRADUATE): STUDENT, ("later", STUDENT): STUDENT, ("past", STUDENT): GRADUATE}.get(
        (item.holds, item.value)
    )


def _graduation_year(frame: Frame, today: date) -> int | None:
    """The year that is named, or that of a time counted from today ("graduated last month")."""
    named = [item.value for item in frame.told("graduation_year") if item.polarity not in _LACKS]
    years = [int(value) for value in named if value.isdigit()]
    dates = [(when, item) for when, item in frame.measures(Time, "graduation") if item.whose == "self"]
    years += [when.year for when, item in dates if when.year and not frame.is_asked(item)]
    is_last = [(when, item) for when, item in dates if when.which == "last" and when.unit in ("week", "month")]
    past = [resolve(when, today) for when, item in is_last if item.polarity not in _LACKS]  # "my last year" is none
    years += [when.last.year for when in past if isinstance(when, When)]
    return next((year for year in years if year in _YEARS), None)


def _corrected_year(message: Message, known: int | None) -> int | None:
    """The year in a correction that names nothing else: "sorry, it was 2021", or "2021, not 2019" of a `known` 2019."""
    said, refused = message.frame.bare_years
    is_meant = refused == (known,) if refused else bool(known) and message.intent == "correct_profile"
    return said[0] if is_meant and len(said) == 1 and said[0] in _YEARS else None


def _year_beside(frame: Frame, today: date) -> int | None:
    """The past year that somebody names beside who they are and nothing else: "I'm a graduate from Sudan, 2022"."""
    years = [said.year for said, _ in frame.measures(Time, "") if said.kind == "year" and said.year]
    is_alone = {item.kind for item in frame.entities} <= _INTRODUCING and len(years) == len(frame.dimensions) == 1
    return years[0] if is_alone and years[0] <= today.year else None


def _visa(profile: Profile, frame: Frame) -> dict[str, Any]:
    """The visa of now; one that is to come is none yet, and one that is denied is taken back."""
    items = [item for item in frame.told("visa_status") if item.holds == "now"]
    stated = [item for item in items if item.polarity == "has"] or [item for item in items if item.polarity == "named"]
    if stated:  # a permanent resident for whom "visa is no issue" needs none
        said = {item.value for item in stated if item.polarity == stated[-1].polarity}
        if RESIDENT in said or (EXEMPT in said and profile.visa_status == RESIDENT):
            return {"visa_status": RESIDENT}
        return {"visa_status": EXEMPT if EXEMPT in said else stated[-1].value}
    denied = {item.value for item in items if item.polarity in _LACKS}
    return {"visa_status": None} if profile.visa_status in denied else {}


def _route(profile: Profile, message: Message) -> dict[str, Any]:
    items = [item for item in message.frame.told("route") if item.holds != "past"]
    chosen = {item.value for item in items if item.polarity not in _LACKS and _is_chosen(item, message)}
    if len(chosen) == 1:
        return {"route": chosen.pop()}
    denied = {item.value for item in items if item.polarity in _LACKS}
    return {"route": None} if profile.route in denied else {}


def _is_chosen(item: Named, message: Message) -> bool:
    """A topic that is only named ("VSLO") is asked about, not chosen."""
    return item.polarity != "named" or not message.intent.startswith("faq_")


def _exams(profile: Profile, message: Message, today: date) -> dict[str, Any]:
    """Exams that the person has passed or not taken; a search "without Step 1" tells only what is not known yet.

    An exam with a day ahead is not taken yet ("Step 1 passed, Step 2 on 14 April 2027").
    """
    found: dict[str, Any] = {}
    for item in message.frame.told("exam"):
        state = _exam_state(item)
        for slot in EXAMS.get(item.value, ()) if state else ():
            is_follow_up = message.frame.does("follow_up") and message.frame.does("ask")  # "any without Step 1?"
            is_filter = state == NOT_TAKEN and (message.intent in _SEARCHES or is_follow_up)
            if not is_filter or item.role or (getattr(profile, slot) is None and _speaks_of_self(message.frame)):
                found[slot] = state
    if message.frame.does("not_me"):  # "my friend passed Step 1, I haven't"
        theirs = [item.value for item in message.frame.named("exam") if item.whose == "other"]
        found |= {slot: NOT_TAKEN for exam in theirs for slot in EXAMS.get(exam, ())}
    if _is_only(message.frame, "step1") and found.get("step1") == PASSED:
        found.setdefault("step2ck", NOT_TAKEN)
    return found | {item.exam: NOT_TAKEN for item in told_exam_days(message.frame, today, only_step(profile, today))}


def only_step(profile: Profile, today: date) -> tuple[ExamDay, ...]:
    """The one Step that is known of a person, which "it" stands for: "I failed it and sit it again in May"."""
    known = [exam for exam in STEPS if getattr(profile, exam)]
    return (ExamDay(known[0], today, today),) if len(known) == 1 else ()


def _exam_state(item: Named) -> str | None:
    if item.polarity == "has_not":
        return NOT_TAKEN
    if item.polarity == "has" and item.holds == "now":
        return PASSED
    return NOT_TAKEN if item.holds == "later" and item.polarity in ("has", "wants") else None


def _speaks_of_self(frame: Frame) -> bool:
    return any(item.whose == "self" and item.polarity == "has" for item in frame.entities)


def _is_only(frame: Frame, exam: str) -> bool:
    """Whether "only" stands before an exam: "I have only Step 1", "I only passed Step 1"."""
    starts = [item.start for item in frame.named("exam") if item.value == exam]
    between = [item.start for item in frame.entities] + [item.start for item in frame.dimensions]
    return any(
        act.end <= start and not any(act.end <= at < start for at in between)
        for act in frame.acts
        if act.name == "only"
        for start in starts
    )


def _goal(frame: Frame) -> dict[str, Any]:
    items = [item for item in frame.told("goal") if item.value in _GOALS]
    goals = {"explore" if item.polarity in _LACKS else item.value for item in items}
    return {"goal": min(goals)} if goals else {}


def _budget(frame: Frame) -> dict[str, Any]:
    """What can be spent on four weeks, where somebody states it in dollars and asks nothing."""
    sums = [money for money, item in frame.measures(Money, "budget_per_month") if item.whose == "self"]
    stated = [money for money in sums if money.currency == "USD" and money.per in _FOUR_WEEKS and money.bound != "min"]
    return {"budget_usd_per_4_weeks": round(stated[-1].high)} if stated and not frame.does("ask") else {}


def _background(profile: Profile, frame: Frame) -> dict[str, Any]:
    """Where somebody is from, studied and goes for a visa, and the wait that they were told there."""
    found: dict[str, Any] = {}
    for name in NAMES:
        items = frame.told(name)
        enough = ("has",) if name == "consulate" else ("has", "named", "wants")  # no city alone
        stated = [item.value for item in items if item.polarity in enough]
        denied = [item.value for item in items if item.polarity in _LACKS]
        if stated:
            found[name] = _country_of(frame, profile, stated[-1])
        elif getattr(profile, name) in denied:
            found[name] = None
    if any(item.value == "english" and item.polarity not in _LACKS for item in frame.told("taught_in")):
        found["taught_in"] = "english"
    waits = [length for length, item in frame.measures(Length, "wait") if item.whose == "self"]
    if waits and "consulate" in found:
        found["consulate_wait_days"] = round(waits[-1].high * _DAYS[waits[-1].unit])
    elif "consulate" in found and found["consulate"] != profile.consulate:
        found["consulate_wait_days"] = None
    return found


def _country_of(frame: Frame, profile: Profile, value: str) -> str | None:
    """The name itself, and for "there" the country that the message names, or where somebody was thought to be from."""
    if value != THERE:
        return value
    return next((item.value for item in frame.told("country")), profile.nationality)
