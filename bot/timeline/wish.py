"""What a person has told so far about the dates they want, gathered turn by turn; it lives as JSON in the slot `plan`.

Who the person is (student, visa, exams, route) stands in the profile; here stands what belongs to this plan alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta

from bot.dialogue.profile import Profile
from bot.nlu.exam_days import ExamDay, exam_days, is_told
from bot.nlu.frame import Frame, Length, Measured, Number, Ordinal, Time, count_of, may_be_a_stay
from bot.nlu.message import Message
from bot.nlu.when import (
    DAY,
    FREE,
    MONTH_GRAIN,
    RANGE,
    YEAR_GRAIN,
    Choice,
    Reading,
    Soonest,
    When,
    button_day,
    free_until,
    moved,
    over_by,
    own_day,
    resolve,
    start_of,
    whole_month,
)
from bot.timeline.situation import ProgramLead, Situation

KINDS = ("elective", "sub_internship", "externship", "observership", "telehealth")
KEPT = ("graduation", "post", "visa_until", "visa_wait", "interview", "exam_days", "is_other")
"""What a new plan keeps of the one before."""
SOONEST = "soonest"
MOST_ROTATIONS = 3
FINISHED = {
    "documents": ("passport", "documents"),
    "applied": ("passport", "documents", "apply"),
    "accepted": ("passport", "documents", "apply", "decision"),
}
"""The tasks that are done with what somebody says they have."""
PLACE = "decision"
"""The task that is done for who has a place."""
BOOKED_INTERVIEW, INTERVIEW = "visa_booking", "visa_interview"
"""The task that is done with a day for the interview, and the one that is done once it was held."""
USUAL_STAY = 4
"""Weeks of a rotation of which nothing is said."""
WEEKS_A_MONTH = 4.345
"""Of the calendar (365.25 / 12 / 7), for waits; a month of rotation has four."""
FIRST_OF_SEASON = 8
"""From this month on, who applies for a Match applies for that of the next year."""


@dataclass(frozen=True)
class TimelineWish:
    """The goal (a start from `first` to `last`, `soonest`, an end by `until`, or a `match_year`) and what this plan
    needs beside it.

    `options` are the days of a question that is open; `unsure` names facts that the person does not know; `graduation`
    and `visa_until` are the last days that the words allow for the one, the first for the other. `until` is the last
    day on which a rotation may run, `visa_wait` the months that the consulate named, `interview` the day of an
    interview that is booked, `done` the ids of finished tasks, `planned` the start of the plan that was shown last,
    `program` the slug of the one of the `institution` that was on the screen,
    `asked_for` what a day was asked for last ("exam", "series", "ends"). `exam_days` are those still ahead, `exams`
    what that plan assumed of exams, `stays` how many rotations it has, and `at` the id of its step that was said last;
    `is_other` says that it is the wish of somebody else whom the talk is about.
    """

    first: date | None = None
    last: date | None = None
    grain: str = ""
    about: bool = False
    until: date | None = None
    soonest: bool = False
    match_year: int | None = None
    options: tuple[str, ...] = ()
    graduation: date | None = None
    visa_until: date | None = None
    visa_wait: float | None = None
    interview: date | None = None
    rotation_type: str | None = None
    weeks: int | None = None
    post: str | None = None
    hepb: str | None = None
    institution: str | None = None
    program: str | None = None
    done: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    planned: date | None = None
    asked_for: str = ""
    exam_days: tuple[ExamDay, ...] = ()
    exams: str = ""
    at: str = ""
    stays: int | None = None
    is_other: bool = False

    @property
    def has_goal(self) -> bool:
        return bool(self.first or self.until or self.match_year or self.soonest)

    @property
    def has_place(self) -> bool:
        """Whether a host has accepted the person already."""
        return PLACE in self.done

    def without_start(self) -> TimelineWish:
        """The same wish without its time to start."""
        return replace(self, first=None, last=None, grain="", about=False, until=None, soonest=False, options=())

    def without_answer(self, *asked: str) -> TimelineWish:
        """The same wish where the person does not know, or does not say, what was asked."""
        return replace(self, unsure=tuple(dict.fromkeys((*self.unsure, *asked))))

    def starting(self, when: When, *, until: date | None = None) -> TimelineWish:
        """The same wish with a time to start, and the last free day where there is one."""
        return replace(
            self.without_start(), first=when.first, last=when.last, grain=when.grain, about=when.about, until=until
        )


def overheard(wish: TimelineWish, frame: Frame, today: date, step: tuple[ExamDay, ...] = ()) -> TimelineWish:
    """The wish after a message that is no talk about dates: what it tells of a graduation, exams, an interview, the
    Match, and of a place that somebody has, with its start. `step` is the one that is known of the person."""
    told = replace(frame, dimensions=tuple(item for item in frame.dimensions if is_told(frame, item)))
    graduation = own_day(told, today, "graduation")
    if graduation and graduation.last >= today and graduation.grain != YEAR_GRAIN:
        wish = replace(wish, graduation=graduation.last)
    if days := exam_days(told, today, wish.exam_days or step):
        wish = replace(wish, exam_days=_newest(wish.exam_days, days))
    done = _done(wish, frame)
    has_place_now = PLACE in done and PLACE not in wish.done
    wish = replace(wish, **_interview(told, today), done=done)
    is_start = any(item.role == "start" for _, item in told.measures(Time))  # the day of the acceptance is none
    if has_place_now and is_start and isinstance(start := start_of(told, today), When):
        wish = wish.starting(start)
    wanted = replace(told, dimensions=tuple(item for item in told.dimensions if item.polarity in ("wants", "has")))
    match_year = match_year_of(wanted)
    return replace(wish, match_year=match_year) if match_year and not wish.planned else wish


def _newest(known: tuple[ExamDay, ...], told: tuple[ExamDay, ...]) -> tuple[ExamDay, ...]:
    """The days of exams with those that were told now."""
    return tuple({item.exam: item for item in (*known, *told)}.values())


def hear(
    wish: TimelineWish, message: Message, *, today: date, asked: str | None, posts: Iterable[str]
) -> tuple[TimelineWish, Reading | None]:
    """The wish after a message, and what was read about the start (None: nothing).

    `posts` are the consulates whose waiting times are known ("new_delhi").
    """
    wish = _as_of(wish, today)
    if message.is_button:
        return _pressed(wish, message)
    frame = message.frame
    wish = replace(wish, **_aside(wish, frame, today=today, posts=posts))
    wish = _of_year(wish, frame, today)
    reading = _moved(wish, frame) or start_of(frame, today, asked=asked in ("start", "start_choice"))
    reading = None if _moved_match(wish, frame) else _near_plan(wish, frame, reading)
    reading = _in_its_year(wish, frame, reading)
    reading = _settled(wish, reading, frame) if asked == "start_choice" else reading
    match_year = match_year_of(frame) or _moved_match(wish, frame)
    if match_year and match_year != wish.match_year:
        wish = replace(wish.without_start(), match_year=match_year)
    if isinstance(reading, When):
        wish = _free(wish, frame, reading, today=today)
    elif isinstance(reading, Soonest):
        wish = replace(wish.without_start(), soonest=True)
    elif isinstance(reading, Choice):
        wish = replace(wish, options=tuple(option.first.isoformat() for option in reading.options))
    elif reading is None and not is_for_match(frame) and (end := over_by(frame, today)):
        wish = replace(wish.without_start(), until=end)
    return wish, reading


def _free(wish: TimelineWish, frame: Frame, reading: When, *, today: date) -> TimelineWish:
    """The wish with another time to start: a time off that only begins earlier or later ends as before, and a length
    that fills it ("7 weeks off between ...") is its own and not that of a stay."""
    is_open = all(said.bound == "from" for said, _item in frame.measures(Time, "", "start", FREE))
    if is_open and wish.grain == RANGE and wish.last and wish.last > reading.last:
        return wish.starting(When(reading.first, wish.last, RANGE), until=wish.until)
    until = free_until(frame, today) or _over_with(wish, frame, reading)
    weeks = ((until - reading.first).days + 1) / 7 if until else 0
    is_time_off = bool(weeks and wish.weeks and weeks - 1 < wish.weeks <= weeks + 1)
    return replace(wish.starting(reading, until=until), weeks=None if is_time_off else wish.weeks)


def _over_with(wish: TimelineWish, frame: Frame, reading: When) -> date | None:
    """The last day of a time with both ends, where the whole stay is meant: for a Match, and with a length of its own
    or for who says when they can be there ("two months, from March to May")."""
    is_stay = bool(frame.measures(Length)) or "yes" in frame.wished("travel")
    return reading.last if reading.grain == RANGE and (wish.match_year or is_stay) else None


def _as_of(wish: TimelineWish, today: date) -> TimelineWish:
    """The wish without booked days that are over: an interview that was held is done."""
    wish = replace(wish, exam_days=tuple(item for item in wish.exam_days if item.last >= today))
    if wish.interview is None or wish.interview >= today:
        return wish
    return replace(wish, interview=None, done=tuple(sorted({*wish.done, BOOKED_INTERVIEW, INTERVIEW})))


def _moved(wish: TimelineWish, frame: Frame) -> When | None:
    """The start of before, moved ("two weeks later"); a month stays a month when it is moved by months."""
    start = wish.first or wish.planned
    found = moved(frame, start) if start and not _moved_match(wish, frame) else None
    units = {said.unit for said, _item in frame.measures(Time) if said.which in ("later", "earlier")}
    if found and wish.grain == MONTH_GRAIN and units <= {"month", "year"}:
        return whole_month(found.first.year, found.first.month)
    return found


def _near_plan(wish: TimelineWish, frame: Frame, reading: Reading | None) -> Reading | None:
    """After a plan a month without a year ("and in March?") is the one nearest to its start."""
    months = [said for said, _item in frame.measures(Time) if said.kind == "month"]
    if not (wish.planned and isinstance(reading, When) and len(months) == 1):
        return reading
    if months[0].year or months[0].which or months[0].part or months[0].bound not in ("", "from", "until"):
        return reading
    planned, month = wish.planned, reading.first.month
    years = [reading.first.year + more for more in range(3)]
    year = min(years, key=lambda each: abs((each - planned.year) * 12 + month - planned.month))
    return whole_month(year, month)


def _in_its_year(wish: TimelineWish, frame: Frame, reading: Reading | None) -> Reading | None:
    """The start of before in a year that is said alone ("2028, not 2027"); that of a Match is no start."""
    said, _ = frame.bare_years
    if not said or wish.match_year == said[0]:
        return None if said else reading
    if wish.first is None or wish.last is None:
        return reading
    later = relativedelta(years=said[0] - wish.first.year)
    return When(wish.first + later, wish.last + later, wish.grain or DAY)


def _of_year(wish: TimelineWish, frame: Frame, today: date) -> TimelineWish:
    """The wish for the Match of a year that is said alone."""
    said, refused = frame.bare_years
    is_meant = wish.match_year is not None and len(said) == 1 and said[0] >= today.year
    return replace(wish, match_year=said[0]) if is_meant and refused in ((), (wish.match_year,)) else wish


def _moved_match(wish: TimelineWish, frame: Frame) -> int | None:
    """The Match that a plan for a Match moves to ("a year later")."""
    if not wish.match_year:
        return None
    sign = {"later": 1, "earlier": -1}
    years = (
        sign[said.which] * (said.count or 0)
        for said, _ in frame.measures(Time)
        if said.which in sign and said.unit == "year"
    )
    return next((wish.match_year + int(count) for count in years if count == int(count)), None)


def match_year_of(frame: Frame) -> int | None:
    """The year of the Match that a message is about; the ERAS season of a year belongs to the Match after it."""
    named = ((said.year, said.kind == "eras") for said, _item in _seasons(frame) if said.year)
    months = (
        (said.year, said.month >= FIRST_OF_SEASON)
        for said, item in frame.measures(Time, "match", "eras")
        if said.kind in ("month", "day") and said.year and said.month and _is_wanted(item)
    )
    return next((year + is_season for year, is_season in (*named, *months)), None)


def names_next_match(frame: Frame) -> bool:
    """Whether a message speaks of the coming Match without naming its year."""
    return any(said.which and not said.year for said, _item in _seasons(frame))


def is_for_match(frame: Frame) -> bool:
    """Whether a message is about a Match or the application for one."""
    return any(item.value == "residency" for item in frame.named("goal")) or any(True for _ in _seasons(frame))


def _seasons(frame: Frame) -> Iterable[tuple[Time, Measured]]:
    """The Matches and ERAS seasons that are not somebody else's and not refused."""
    times = frame.measures(Time)
    return ((said, item) for said, item in times if said.kind in ("match", "eras") and _is_wanted(item))


def _is_wanted(item: Measured) -> bool:
    return item.whose != "other" and item.polarity != "wants_not"


def _pressed(wish: TimelineWish, message: Message) -> tuple[TimelineWish, Reading | None]:
    """A button carries the date as YYYY-MM-DD, YYYY-MM, "soonest", "match-YYYY" or "new"."""
    value = message.first("date") or ""
    if value == "new":
        kept = {name: getattr(wish, name) for name in KEPT}
        return TimelineWish(**kept), None
    if value == SOONEST:
        return replace(wish.without_start(), soonest=True, match_year=None), Soonest()
    if value.startswith("match-"):
        return replace(wish.without_start(), match_year=int(value[6:])), None
    if kind := message.first("rotation_type"):
        wish = replace(wish, rotation_type=kind if kind in KINDS else wish.rotation_type)
    reading = button_day(value)
    return (wish.starting(reading) if reading else wish), reading


def _settled(wish: TimelineWish, reading: Reading | None, frame: Frame) -> Reading | None:
    """The answer to "which day do you mean?": an order, a month or a day among the options."""
    options = [When(date.fromisoformat(day), date.fromisoformat(day)) for day in wish.options]
    if isinstance(reading, When):
        fitting = [item for item in options if reading.first <= item.first <= reading.last]
        months = [item for item in options if item.first.month == reading.first.month]
        return (fitting or months or [reading])[0]
    places = [place.value for place, _item in frame.measures(Ordinal) if place.value <= len(options)]
    return options[places[0] - (places[0] > 0)] if places and options else reading


def _aside(wish: TimelineWish, frame: Frame, *, today: date, posts: Iterable[str]) -> dict[str, Any]:
    """What a message tells beside the start."""
    found = _days_aside(wish, frame, today)
    if weeks := _weeks(frame, is_dated=bool(frame.measures(Time, "", "start", FREE))):
        found["weeks"] = weeks
    elif count := stays_told(wish, frame):
        found["weeks"] = count * USUAL_STAY
    if wait := _visa_wait(frame):
        found["visa_wait"] = wait
    told = {item.value: item.polarity for item in frame.mine("milestone") if item.holds == "now"}
    if "hepatitis_b" in told:
        found["hepb"] = "done" if told["hepatitis_b"] == "has" else "missing"
    kinds = [kind for kind in frame.wished("rotation_type") if kind in KINDS]
    if kinds:
        found["rotation_type"] = kinds[0]
    consulates = (item.value.lower().replace(" ", "_") for item in frame.named("consulate") if item.whose == "self")
    if post := next((name for name in consulates if name in posts), None):
        found["post"] = post
    if institutions := frame.wished("institution"):
        found |= {"institution": institutions[0], "program": None}
    return {**found, "done": _done(wish, frame)}


def _done(wish: TimelineWish, frame: Frame) -> tuple[str, ...]:
    """The tasks that are done after a message; what it says is not done, or not any more, is taken back."""
    told = {item.value: item.polarity for item in frame.mine("milestone") if item.holds == "now"}
    finished = {task for name, state in told.items() if state == "has" for task in FINISHED.get(name, ())}
    lacking = {FINISHED[name][-1] for name, state in told.items() if state == "has_not" and name in FINISHED}
    return tuple(sorted({*wish.done, *finished} - lacking))


def _interview(frame: Frame, today: date) -> dict[str, Any]:
    """The day of the visa interview that is booked; "none before August" is none."""
    is_day = (item for item in frame.dimensions if not (isinstance(item.value, Time) and item.value.bound))
    ahead = replace(frame, dimensions=tuple(item for item in is_day if item.holds != "past"))
    booked = own_day(ahead, today, "interview")
    return {"interview": booked.first} if booked and booked.grain == DAY and booked.first >= today else {}


def _days_aside(wish: TimelineWish, frame: Frame, today: date) -> dict[str, Any]:
    """The days that are told beside the start: of graduation and exams, and the last one of a visa."""
    found: dict[str, Any] = {}
    if graduation := own_day(frame, today, "graduation"):
        found["graduation"] = graduation.last
    if days := exam_days(frame, today, wish.exam_days):
        found["exam_days"] = _newest(wish.exam_days, days)
    found |= _interview(frame, today)
    visa_until = visa_end(frame, today)
    if visa_until and visa_until.first > today:
        found["visa_until"] = visa_until.first
    return found


def visa_end(frame: Frame, today: date) -> When | None:
    """When a visa ends, as it is told or supposed ("and if it runs out in May?")."""
    times = ((replace(said, bound=""), item) for said, item in frame.measures(Time, "visa") if said.bound == "until")
    own = (said for said, item in times if item.whose in ("self", "supposed") and item.polarity != "wants_not")
    return next((found for said in own if isinstance(found := resolve(said, today), When)), None)


def _weeks(frame: Frame, *, is_dated: bool) -> int | None:
    """The length of a stay in weeks; a bare length counts where it is in weeks, or beside a date."""
    units = ("week", "month") if is_dated else ("week",)
    for length, item in frame.measures(Length):
        is_meant = item.role == "stay" or length.unit in units
        is_own = item.whose != "other" and item.polarity != "wants_not"
        if is_meant and is_own and may_be_a_stay(length, item) and length.weeks[1] >= 1:
            return int(length.weeks[1])
    count = count_of(frame)
    return count * USUAL_STAY if 1 < count <= MOST_ROTATIONS else None


def stays_told(wish: TimelineWish, frame: Frame) -> int | None:
    """Another number of rotations than that of the plan: "only two of them", "leave out the last one"."""
    known = wish.stays
    if wish.planned is None or not known or frame.entities:
        return None
    left_out = [place.value for place, item in frame.measures(Ordinal) if item.polarity == "wants_not"]
    if known > 1 and any(place in (-1, *range(2, known + 1)) for place in left_out):
        return known - 1
    said = [
        number.value
        for number, item in frame.measures(Number)
        if item.polarity != "wants_not" and number.of in ("", "stays")
    ]
    is_meant = frame.does("only", "instead", "enough", "bare")
    return int(said[0]) if is_meant and len(said) == 1 and said[0] in range(1, MOST_ROTATIONS + 1) else None


def _visa_wait(frame: Frame) -> float | None:
    """The wait for an interview that somebody was told, in months: "the consulate in Lima said eight months"."""
    for length, item in frame.measures(Length, "wait"):
        is_of_visa = frame.named("consulate") or (length.unit == "month" and not frame.named("institution"))
        if is_of_visa and not frame.does("somebody_else") and item.whose not in ("general", "supposed"):
            return length.high if length.unit == "month" else round(length.weeks[1] / WEEKS_A_MONTH, 1)
    return None


def situation(wish: TimelineWish, profile: Profile, *, start: date | None, program: ProgramLead | None) -> Situation:
    """The situation to plan for: the wish, the profile and the named program together.

    A visa that ends before the start is none for this stay; one that ends during it is planned to be renewed. Who has
    an interview to wait for needs a visa, unless they told that they have one or need none.
    """
    weeks = wish.weeks or profile.weeks
    end = start + timedelta(days=7 * (weeks or USUAL_STAY) - 1) if start else None
    expired = bool(wish.visa_until and end and wish.visa_until < end and profile.visa_status == "has")
    post = wish.post or (profile.consulate or "").lower().replace(" ", "_") or None
    wait = wish.visa_wait or _told_wait(profile)
    ahead = {item.exam: item.last for item in wish.exam_days}
    visa = "needs" if expired else profile.visa_status or ("needs" if post or wait or wish.interview else None)
    interview = wish.interview if visa == "needs" else None
    return Situation(
        rotations=_rotations(wish, start, weeks) if wish.match_year else None,
        start=start,
        match_year=wish.match_year,
        until=wish.until,
        stage=profile.career_stage,
        route=profile.route,
        visa=visa,
        rotation_type=wish.rotation_type,
        step1="not_taken" if "step1" in ahead else profile.step1,
        step2ck="not_taken" if "step2ck" in ahead else profile.step2ck,
        step1_on=ahead.get("step1"),
        step2ck_on=ahead.get("step2ck"),
        interview_on=interview,
        english=profile.english_test,
        hepb=wish.hepb,
        graduation=wish.graduation,
        weeks=weeks,
        post=post,
        visa_wait=wait,
        program=program,
        done=frozenset(wish.done) | ({BOOKED_INTERVIEW} if interview else frozenset()),
    )


def _rotations(wish: TimelineWish, start: date | None, weeks: int | None) -> int | None:
    """The rotations of four weeks for a Match: in the length that was told, and in the time that somebody has."""
    until = wish.until
    wanted = -(-weeks // USUAL_STAY) if weeks else None
    fitting = max(rotations_in(start, until), 1) if start and until and until > start else None
    return (
        min((count for count in (wanted, fitting, MOST_ROTATIONS) if count), default=None)
        if (wanted or fitting)
        else None
    )


def rotations_in(first: date, last: date) -> int:
    """How many rotations of four weeks fit between two days, both counted."""
    return ((last - first).days + 1) // (7 * USUAL_STAY)


def _told_wait(profile: Profile) -> float | None:
    """The wait that the consulate named, in months."""
    return round(profile.consulate_wait_days / 30, 1) if profile.consulate_wait_days else None
