"""What to ask before a plan: only what is missing and would change it, one question at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.dialogue.state import ALWAYS_THEMSELVES, asked_aspect
from bot.nlu.exam_days import exam_days
from bot.nlu.frame import Frame, Length, Said, Time
from bot.nlu.message import Message
from bot.nlu.when import DAY, FREE, NoSuchDay, Reading, Soonest, Vague, When, own_day, resolve, start_of
from bot.timeline.plan import IMPOSSIBLE
from bot.timeline.planner import judge, refusal
from bot.timeline.rules import Facts, PlanRules
from bot.timeline.situation import SCHOOL_ROUTES, Situation
from bot.timeline.wish import TimelineWish, is_for_match, match_year_of, stays_told

START, CHOICE, ROUTE, VISA, STAGE = "start", "start_choice", "route", "visa_status", "career_stage"
EXAMS, EXAMS_FOR_MATCH = "exams", "exams_match"
EXAM_SLOTS = {
    "step1": ("step1",),
    "step2ck": ("step2ck",),
    "usmle": ("step1", "step2ck"),
    "toefl": ("english_test",),
    "ielts": ("english_test",),
    "oet": ("english_test",),
}
EXAM_STEPS = ("step1_exam", "step2ck_exam")
ASSUMED = (STAGE, EXAMS, EXAMS_FOR_MATCH)
"""What is assumed where a verdict is wanted at once."""
ASSUMED_FOR_MATCH = (ROUTE, VISA)
"""What is assumed as well where a Match is asked about: with what is slow, by the way that is quick."""
_LEANING = ("inform", "correct_profile", "refine_search", "plan_timeline", "search_programs", "affirm", "nlu_fallback")
_OF_TIME = (
    *("faq_eligibility", "faq_graduate_no_electives", "faq_when_to_apply"),
    *("faq_duration", "faq_hands_on", "faq_how_to_apply", "faq_rotation_types"),
)
"""Topics that a time behind one's graduation makes a question about one's own dates."""
_OTHER_TASKS = ("estimate_cost", "ask_program", "compare_programs", "recommend_rotation")
_OWN_INTENTS = ("plan_timeline", "inform", "refine_search", "search_programs", "correct_profile", "affirm")
_OWN_ASPECTS = frozenset(
    {
        "faq_when_to_apply/answer_wait",
        "faq_when_to_apply/deadline",
        "faq_when_to_apply/half_year_or_year",
        "faq_when_to_apply/no_visa",
        "faq_when_to_apply/observership_lead",
        "faq_when_to_apply/provider_lead",
        "faq_when_to_apply/residency_season",
        "faq_when_to_apply/school_lead",
        "faq_when_to_apply/short_notice",
        "faq_when_to_apply/too_late",
        "faq_when_to_apply/two_three_months",
        "faq_when_to_apply/visa_in_hand",
        "faq_how_to_apply/first_step",
    }
)
"""Questions of the FAQ that a date makes a question about one's own dates."""
_OF_A_SEARCH = ("state", "city", "region", "specialty", "institution", "rotation_type")
_BOOKING = frozenset({"plan_timeline", "faq_visa/when_to_book", "faq_visa/order", "faq_when_to_apply"})
"""Questions that a try for a visa makes a question for the start that is safe behind it."""
SHORT_WORDS, LONGER_WORDS = 9, 14
ERAS = "eras_dates"
"""The name of the days of ERAS that are asked for without saying which."""
ENDS = "ends"
"""What was asked for last: whether the letters of a rotation that ends then come in time."""
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
    is_open = not (situation.route or situation.is_remote or wish.has_place) and ROUTE not in unsure
    if is_open and situation.stage_on(situation.start) != "graduate":  # whose way is a provider: electives are closed
        return ROUTE
    is_window = bool(wish.last and situation.start) and not situation.match_year
    at_last = replace(situation, start=wish.last) if is_window else situation
    if not situation.visa and not situation.is_remote and VISA not in unsure and _visa_matters(at_last, planner):
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


def with_exams_settled(
    situation: Situation, planner: Planner, *, hopeful: bool = False, before: str = ""
) -> tuple[Situation, str]:
    """The situation with an assumption for exams that are unknown: ahead, unless the plan fails even without them.

    With `hopeful` they are passed: always for a start, for a Match where they decide whether it works. What the plan
    `before` assumed stays.
    """
    open_ones = unknown_exams(situation)
    if not open_ones:
        return situation, ""
    changes: dict[str, Any] = dict.fromkeys(open_ones, "passed")
    passed = replace(situation, **changes)
    if before:
        return (passed if before == "exams_passed" else situation), before
    if hopeful and (not situation.match_year or planner.verdict(situation) != planner.verdict(passed)):
        return passed, "exams_passed"
    if planner.verdict(situation) == IMPOSSIBLE and planner.verdict(passed) == IMPOSSIBLE:
        return passed, "exams_passed"
    return situation, "exams_ahead"


def learn_answers(message: Message, asked: str | None) -> dict[str, Any]:
    """Profile slots in the answer to a question of ours, and the way that a message names.

    A question about one's own dates ("how early with an agency?") is planned for the way that it names.
    """
    if message.is_button:
        return {}
    frame = message.frame
    found: dict[str, Any] = {}
    if (route := _route(frame, asked)) and not _is_of_others(frame):
        found["route"] = route
    if asked == VISA:
        found |= _visa_answer(message)
    if asked in (EXAMS, EXAMS_FOR_MATCH):
        found |= _exam_answers(message, asked_exams(asked))
    return found


def supposed_visa(message: Message) -> dict[str, Any]:
    """The visa to plan with because a question names it ("and with a green card?"); it is no fact of the person."""
    named = {item.value for item in message.frame.named("visa_status") if item.whose in ("self", "supposed")}
    return {"visa_status": named.pop()} if len(named) == 1 else {}


def says_unsure(message: Message) -> bool:
    """Whether the person does not know the answer."""
    return message.intent == "unsure" or message.frame.does("skip", "any")


def asks_what_first(message: Message) -> bool:
    """Whether somebody with a plan asks for the next step."""
    return message.frame.does("next_step", "after_that")


def lays_out(message: Message) -> bool:
    """Whether somebody wants all steps at once."""
    return message.frame.does("lay_out")


def asks_to_see(message: Message) -> bool:
    """Whether somebody asks for the plan that they have."""
    return message.frame.does("show_plan")


def wants_all(message: Message) -> bool:
    """Whether somebody wants every step of the plan with its day."""
    return asks_to_see(message) or lays_out(message)


def asks_for_deadline(message: Message) -> bool:
    """Whether somebody with a plan asks for its last day to apply."""
    is_short = len(message.text.split()) <= (LONGER_WORDS if message.frame.does("latest") else SHORT_WORDS)
    return is_short and message.frame.does("latest", "asks_lead")


def asks_for_month(message: Message, wish: TimelineWish) -> bool:
    """Whether somebody with a plan asks which month the bot would take for it."""
    is_own = not (message.is_button or message.frame.dimensions or message.frame.named("institution"))
    return wish.planned is not None and is_own and message.frame.does("best_time")


def asks_how_sure(message: Message, wish: TimelineWish) -> bool:
    """Whether it is asked how far the dates of the plan can be relied on."""
    return wish.planned is not None and message.frame.does("how_sure") and not message.is_button


def asked_way(message: Message, wish: TimelineWish) -> str:
    """The other way of which a few words ask whether the start of the plan still works; empty where none is."""
    frame = message.frame
    ways = frame.wished("route")
    is_asked = frame.does("ask", "whether") and frame.does("feasible") and not frame.does("suppose")
    is_alone = {item.kind for item in frame.entities} <= {"route", "provider"} and not frame.dimensions
    return ways[0] if wish.planned and is_asked and is_alone and len(ways) == 1 and not message.is_button else ""


def takes_another_host(message: Message) -> bool:
    """Whether a few words put another host or company into the plan: "and with AMO instead"."""
    frame = message.frame
    is_alone = {item.kind for item in frame.entities} <= {"institution", "route", "provider"}
    leans = frame.does("instead", "suppose") or (frame.does("follow_up") and not frame.does("ask"))
    return is_alone and leans and len(frame.wished("institution")) == 1 and len(message.text.split()) <= FEW_WORDS


def tells_another_start(message: Message, today: date) -> bool:
    """Whether somebody with a plan tells when they can come now, and seeks nothing: "I can only come mid May"."""
    frame = message.frame
    seeks = frame.does("ask", "seek", "show") or any(frame.named(kind) for kind in _OF_A_SEARCH)
    is_told = any(item.role in ("start", FREE) for _, item in frame.measures(Time))
    is_free = not (
        message.is_button or seeks or message.intent in (*ALWAYS_THEMSELVES - {"refine_search"}, *_OTHER_TASKS)
    )
    return is_free and is_told and isinstance(start_of(frame, today), When)


def tries_for_a_visa(message: Message, today: date) -> When | None:
    """The time in which somebody tries for a visa and asks for when to book a rotation, where no start is named."""
    frame = message.frame
    asked = {aspect for aspect, _ in message.aspects[:1]} | {message.intent}
    is_asked = frame.does("ask") and bool(asked & _BOOKING) and not (message.is_button or frame.named("institution"))
    if not is_asked or isinstance(start_of(frame, today), When):
        return None
    return interview_time(frame, today)


def asked_step(message: Message) -> str:
    """The step of a plan whose day is asked for ("when do I book the flight?"); empty where none is."""
    named = message.frame.named("step") if len(message.text.split()) <= LONGER_WORDS else ()
    is_free = not message.is_button and message.intent != "set_reminder" and not message.frame.named("institution")
    return named[-1].value if named and is_free else ""


def avoided_time(frame: Frame, today: date) -> When | Vague | None:
    """The time in which somebody cannot come, where they name no other one to start."""
    if isinstance(start_of(frame, today), When):
        return None
    refused = (said for said, item in frame.measures(Time, "", "start", FREE) if item.polarity == "wants_not")
    found = (resolve(said, today) for said in refused if said.kind != "year")
    return next((reading for reading in found if isinstance(reading, When | Vague)), None)


def interview_time(frame: Frame, today: date) -> When | None:
    """The time in which the consulate would see somebody, where it is supposed or has no day of its own."""
    for said, item in frame.measures(Time, "interview"):
        found = resolve(replace(said, bound=""), today) if item.whose in ("self", "supposed") else None
        if isinstance(found, When) and (item.whose == "supposed" or said.bound or found.grain != DAY):
            return found
    return None


def misses_a_step(message: Message) -> bool:
    """Whether it is asked what happens when the first day of the plan passes."""
    return message.frame.does("misses_step") and not message.is_button


def ends_with_letters(message: Message) -> bool:
    """Whether it is asked if the letters of a rotation that ends then come in time."""
    frame = message.frame
    is_of_letters = any(item.value == "letters" for item in frame.named("goal"))
    return is_of_letters and frame.does("feasible") and bool(frame.measures(Time, "end_of_rotation"))


def goes_on_about_ends(message: Message, wish: TimelineWish, today: date) -> bool:
    """Whether a few words ask the same of another end ("September then?")."""
    is_short = len(message.text.split()) <= SHORT_WORDS and not message.is_button and not message.frame.entities
    return wish.asked_for == ENDS and is_short and isinstance(start_of(message.frame, today), When)


def asks_for_letters(message: Message, wish: TimelineWish) -> bool:
    """Whether somebody with a plan asks if its letters come in time."""
    is_of_letters = any(item.value == "letters" for item in message.frame.named("goal"))
    is_known = wish.planned is not None and not message.is_button
    return is_known and is_of_letters and message.frame.does("feasible") and len(message.text.split()) <= LONGER_WORDS


def asks_for_plan_b(message: Message) -> bool:
    """Whether somebody with a plan asks what else would work."""
    return len(message.text.split()) <= SHORT_WORDS and message.frame.does("plan_b")


def asks_how_soon(message: Message, today: date) -> bool:
    """Whether a few words ask for the earliest start: "what is the earliest that is realistic?"."""
    frame = message.frame
    is_short = len(message.text.split()) <= SHORT_WORDS and not (message.is_button or message.questions)
    is_own = frame.does("ask") and not frame.named("institution")
    return is_short and is_own and isinstance(start_of(frame, today), Soonest)


def is_about_the_plan(message: Message, today: date) -> bool:
    """Whether a message after a plan asks for its first steps or the plan itself, or names another date or way."""
    if message.intent in ALWAYS_THEMSELVES:
        return False
    if asks_what_first(message) or asks_to_see(message):
        return True
    if message.frame.named("institution") or len(message.questions) > 1:
        return False
    if supposes_otherwise(message):
        return True
    is_short = len(message.text.split()) <= FEW_WORDS and not message.text.rstrip().endswith("?")
    return is_short and isinstance(start_of(message.frame, today), When)


def supposes_otherwise(message: Message) -> bool:
    """Whether another visa or way is supposed: "what if I take an agency instead?"."""
    frame = message.frame
    is_of_way = len(frame.wished("route")) == 1 and len(message.text.split()) <= SHORT_WORDS
    return frame.does("suppose") and (bool(frame.named("visa_status")) or is_of_way)


def changes_the_plan(message: Message, today: date) -> bool:
    """Whether a short message after a plan names another date, way, visa, length or consulate, or asks if one works."""
    frame = message.frame
    if message.intent in ALWAYS_THEMSELVES - {"refine_search"} or len(message.text.split()) > SHORT_WORDS:
        return False
    if takes_another_host(message):
        return True
    if message.intent in _OTHER_TASKS or len(message.questions) > 1 or frame.named("institution"):
        return False
    if isinstance(start_of(frame, today), Soonest) or frame.bare_years[1] or avoided_time(frame, today):
        return True
    is_bare = frame.does("follow_up") and len(message.text.split()) <= FEW_WORDS - 1
    is_bare = is_bare or (frame.does("follow_up") and bool(frame.named("consulate")))
    leans = is_bare or frame.does("bare") or frame.does("suppose", "instead", "feasible") or message.intent in _LEANING
    is_moved = any(said.which in ("later", "earlier") for said, _ in frame.measures(Time))
    told = (_route(frame, None), frame.named("visa_status"), frame.named("consulate"), frame.measures(Length))
    is_dated = isinstance(start_of(frame, today), When) or match_year_of(frame) is not None
    is_all_dates = is_dated and bool(frame.measures(Length)) and not frame.entities  # "April, and only 4 weeks"
    leans = leans or (is_all_dates and not frame.does("ask"))
    leans = leans or any(item.whose == "supposed" for item in frame.dimensions)  # "what if I take only two weeks"
    return is_moved or (leans and (is_dated or any(told)))


def asks_the_plan(message: Message, wish: TimelineWish, today: date) -> bool:
    """Whether a message asks the plan that stands for one of its steps, or tells what it has to leave out."""
    if wish.planned is None or message.is_button:
        return False
    frame, is_short = message.frame, len(message.text.split()) <= SHORT_WORDS
    names_nothing = not (frame.entities or frame.dimensions)
    asks_if_it_works = is_short and names_nothing and frame.does("feasible") and frame.does("it", "whether")
    leaves_out = is_short and stays_told(wish, frame)
    slips = misses_a_step(message) or interview_time(frame, today)
    return bool(asked_step(message) or leaves_out or asks_if_it_works or slips or avoided_time(frame, today))


def moves_an_exam(message: Message, wish: TimelineWish, today: date) -> bool:
    """Whether a message tells or supposes another day for an exam."""
    frame = message.frame
    if message.is_button or not exam_days(frame, today, wish.exam_days) or frame.does("latest"):
        return False
    return message.intent in (*_LEANING, "out_of_scope") or frame.does("moves", "suppose", "follow_up")


def is_after_graduation(message: Message, wish: TimelineWish, today: date) -> bool:
    """Whether somebody asks for a time that lies behind the graduation that they told."""
    frame, start = message.frame, start_of(message.frame, today)
    if message.is_button or message.intent in ALWAYS_THEMSELVES or len(message.questions) > 1:
        return False
    is_asked = frame.does("ask", "whether") and not frame.named("institution")
    is_behind = isinstance(start, When) and wish.graduation is not None and start.first > wish.graduation
    return is_asked and is_behind and (message.intent in _LEANING or message.intent in _OF_TIME)


def wants_a_verdict(message: Message, wish: TimelineWish) -> bool:
    """Whether somebody asks if it works, by when, the first step or all steps: that is answered before any question.

    So is when to come, once the Match is known.
    """
    is_for_known_match = wish.match_year is not None and message.frame.does("when_to_rotate", "best_time")
    is_known = is_for_known_match or (wish.has_goal and message.frame.does("enough"))
    return is_known or asks_what_first(message) or message.frame.does("feasible", "latest", "trouble", "lay_out")


def shifts_the_start(message: Message, today: date) -> bool:
    """Whether a few words name another start ("and in August?")."""
    frame = message.frame
    is_short = len(message.text.split()) <= SHORT_WORDS and not message.is_button
    leans = frame.does("follow_up", "suppose", "instead") or any(item.whose == "supposed" for item in frame.dimensions)
    return is_short and leans and isinstance(start_of(frame, today), When)


def asks_for_day(frame: Frame, wish: TimelineWish | None = None) -> bool:
    """Whether a day of a season is asked for by name; of ERAS as a whole only with a Match that is planned for."""
    has_season = wish is not None and wish.match_year is not None
    return any(has_season or item.value != ERAS for item in frame.named("season_day"))


def asks_for_visa_in_time(message: Message, wish: TimelineWish) -> bool:
    """Whether somebody with a plan asks if there is time for a visa before its start."""
    return wish.planned is not None and message.frame.does("visa_in_time") and not message.is_button


def goes_on_about_exams(message: Message, wish: TimelineWish) -> bool:
    """Whether a few words after the last day for an exam ask the same of another ("and for Step 1?")."""
    is_short = len(message.text.split()) < FEW_WORDS and not message.is_button
    return wish.asked_for == "exam" and is_short and bool(asked_exam(message.frame, goes_on=True))


def asked_exam(frame: Frame, *, goes_on: bool = False) -> str | None:
    """The exam whose last sensible day is asked for (step1, step2ck)."""
    named = [item.value for item in frame.named("exam") if item.whose != "other"]
    exams = [value for value in named if value in ("step1", "step2ck")]
    is_asked = goes_on or frame.does("latest") or any(item.value in EXAM_STEPS for item in frame.named("step"))
    return exams[0] if exams and is_asked else None


def series_start(frame: Frame, today: date, *, has_start: bool = False) -> When | None:
    """When a hepatitis B series begins: on the day that is told, or today where somebody has none and asks whether
    there is time, or has a start."""
    told = {item.polarity for item in frame.named("milestone") if item.value == "hepatitis_b" and item.whose == "self"}
    if "has" in told:
        return None
    has_start = has_start or isinstance(start_of(frame, today), When)
    is_missing = "has_not" in told and (has_start or frame.does("feasible"))
    return own_day(frame, today, "series") or (When(today, today) if is_missing else None)


def is_about_dates(message: Message, today: date) -> bool:
    """Whether a message as a whole asks for dates, though its intent or the intents of its parts say otherwise."""
    frame = message.frame
    if message.is_button or message.intent in ALWAYS_THEMSELVES - {"out_of_scope", "refine_search"}:
        return False
    if asks_for_day(frame) or series_start(frame, today):
        return True
    if asked_exam(frame) and (is_for_match(frame) or message.intent == "plan_timeline"):
        return True
    start = start_of(frame, today)
    is_soon = isinstance(start, Soonest) and (frame.mine("visa_status") or frame.wished("route"))
    is_dated = isinstance(start, When) or bool(is_soon) or match_year_of(frame) is not None
    parts = [(part.intent, part.aspect) for part in message.asked_parts]
    own = (*_OWN_INTENTS, "faq_when_to_apply") if message.intent == "plan_timeline" else _OWN_INTENTS
    if not is_dated or not all(intent in own or aspect in _OWN_ASPECTS for intent, aspect in parts):
        return False
    is_lead = message.intent == "faq_when_to_apply" and asked_aspect(message) in (*_OWN_ASPECTS, message.intent)
    is_lead |= message.intent == "faq_when_to_apply" and isinstance(start, When) and frame.does("too_late")
    return is_lead or (message.intent == "plan_timeline" and len(message.questions) > 1)


def tells_a_start(message: Message, today: date) -> bool:
    """Whether somebody who looks for nothing else tells their start, perhaps with way or visa ("agency, June 2027")."""
    frame = message.frame
    if message.is_button or message.intent not in ("inform", "correct_profile", "introduce"):
        return False
    is_search = any(frame.named(kind) for kind in ("state", "city", "region", "specialty", "institution"))
    is_alone = {item.kind for item in frame.entities} <= {"relation"} and not frame.does("ask")
    is_told = bool(_route(frame, None) or frame.mine("visa_status") or is_alone) and not _is_of_others(frame)
    return is_told and not is_search and isinstance(start_of(frame, today), When)


def _route(frame: Frame, asked: str | None) -> str | None:
    """The way that is named; after our question "no company" is the other one."""
    wished, refused = frame.wished("route"), frame.refused("route")
    hosts = [item for item in frame.named("provider") if item.polarity not in ("has", "wants_not", "has_not")]
    if hosts and not wished and not refused:
        return "direct"
    if not wished and refused == ("third_party",) and asked == ROUTE:
        return "direct"
    return wished[0] if len(wished) == 1 else None


def _is_of_others(frame: Frame) -> bool:
    """Whether a message tells of somebody else alone ("no, she is free only in August")."""
    told: tuple[Said, ...] = (*frame.entities, *frame.dimensions)
    return frame.does("somebody_else") and not any(item.whose == "self" and item.polarity != "named" for item in told)


def _visa_answer(message: Message) -> dict[str, Any]:
    """The visa that is named, or what a yes or no means; a "what if" is no answer."""
    named = [item for item in message.frame.named("visa_status") if item.polarity != "wants_not"]
    if not named:
        return _yes_no(message, {"visa_status": "has"}, no={"visa_status": "needs"})
    own = {item.value for item in named if item.whose == "self" and item.holds == "now"}
    return {"visa_status": own.pop()} if len(own) == 1 else {}


def _yes_no(message: Message, yes: dict[str, Any], *, no: dict[str, Any]) -> dict[str, Any]:
    """What a yes or a no means; nothing where the message goes on about somebody else."""
    if _is_of_others(message.frame):
        return {}
    if message.intent == "deny" or message.frame.does("no"):
        return no
    return yes if message.intent == "affirm" or message.frame.does("yes") else {}


def _exam_answers(message: Message, asked: tuple[str, ...]) -> dict[str, Any]:
    """ "both", "none", "step 1 only", "toefl yes, step 1 no"."""
    named = [item for item in message.frame.named("exam") if item.whose == "self"]
    states = {slot: _state_of(item.polarity) for item in named for slot in EXAM_SLOTS.get(item.value, ())}
    if states:
        others = [slot for slot in asked if slot not in states] if message.frame.does("only") else []
        return states | dict.fromkeys(others, "not_taken")
    answer = _yes_no(message, dict.fromkeys(asked, "passed"), no=dict.fromkeys(asked, "not_taken"))
    if not answer and message.frame.does("both") and not _is_of_others(message.frame):
        return dict.fromkeys(asked, "passed")
    return answer


def _state_of(polarity: str) -> str:
    return "not_taken" if polarity in ("has_not", "wants_not", "wants") else "passed"
