"""What a person has told so far about the dates they want, gathered turn by turn; it lives as JSON in the slot `plan`.

Who the person is (student, visa, exams, route) stands in the profile; here stands what belongs to this plan alone.
"""

# ruff: noqa: E501 (a pattern is easier to read in one piece)

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.dialogue.profile import Profile
from bot.nlu.date_words import NUMBER, amount, normalize
from bot.nlu.message import Message
from bot.nlu.when import Choice, Reading, Soonest, When, read_day, read_when
from bot.timeline.situation import ProgramLead, Situation

KINDS = ("elective", "sub_internship", "externship", "observership", "telehealth")
SOONEST = "soonest"
MOST_ROTATIONS = 3


@dataclass(frozen=True)
class TimelineWish:
    """The goal (a start from `first` to `last`, `soonest`, or a `match_year`) and what this plan needs beside it.

    `options` are the days of a question that is open; `unsure` names facts that the person does not know; `graduation`
    and `visa_until` are the last days that the words allow for the one, the first for the other.
    """

    first: date | None = None
    last: date | None = None
    grain: str = ""
    about: bool = False
    soonest: bool = False
    match_year: int | None = None
    options: tuple[str, ...] = ()
    graduation: date | None = None
    visa_until: date | None = None
    rotation_type: str | None = None
    weeks: int | None = None
    post: str | None = None
    hepb: str | None = None
    institution: str | None = None
    done: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()

    @property
    def has_goal(self) -> bool:
        return bool(self.first or self.match_year or self.soonest)

    def starting(self, when: When) -> TimelineWish:
        """The same wish with a time to start."""
        return replace(
            self, first=when.first, last=when.last, grain=when.grain, about=when.about, soonest=False, options=()
        )


def hear(
    wish: TimelineWish, message: Message, *, today: date, asked: str | None, posts: Iterable[str]
) -> tuple[TimelineWish, Reading | None]:
    """The wish after a message, and what was read about the start (None: nothing).

    `posts` are the consulates whose waiting times are known ("new_delhi").
    """
    if message.is_button:
        return _pressed(wish, message, today)
    plain = normalize(message.text)
    wish = _aside(wish, message, plain, today=today, posts=posts)
    match_year = read_match_year(plain)
    reading = read_when(message.text, today, expected=asked in ("start", "start_choice"))
    reading = _settled(wish, reading, plain) if asked == "start_choice" else reading
    if match_year:
        wish = replace(wish, match_year=match_year, first=None, last=None, soonest=False, about=False, grain="")
    if isinstance(reading, When):
        wish = wish.starting(reading)
    elif isinstance(reading, Soonest):
        wish = replace(wish, soonest=True, first=None, last=None, options=())
    elif isinstance(reading, Choice):
        wish = replace(wish, options=tuple(option.first.isoformat() for option in reading.options))
    return wish, reading


def read_match_year(plain: str) -> int | None:
    """The year of the Match in a normalized text ("2028 match", "match in 2028", "residency in July 2028")."""
    found = _MATCH_YEAR.search(plain)
    return int(found[1] or found[2]) if found else None


def names_next_match(plain: str) -> bool:
    """Whether a text speaks of the coming Match without naming its year."""
    return bool(_NEXT_MATCH.search(plain))


_MATCH_YEAR = re.compile(
    r"\b(20\d\d)(?:\s?[/-]\s?\d\d)?\s+(?:us |nrmp |main )?(?:match|eras|residency|(?:match |application )?cycle)\b"
    r"|\b(?:match\w*|eras|residency|cycle)\b[^.,;?!]{0,18}?\b(20\d\d)\b"
)
_NEXT_MATCH = re.compile(
    r"\b(?:next|this|coming|upcoming|the coming) (?:\w+ )?(?:match|eras|cycle|application season)\b"
)
_GRADUATION = re.compile(
    r"\b(?:graduat\w*|finish(?:ing)? (?:med(?:ical)? school|mbbs|school|my degree)|(?:get|receive) my degree)\b(?P<rest>[^.,;?!]{0,40})"
)
_VISA_UNTIL = re.compile(
    r"\b(?:valid (?:until|till|to|thru|through)|expir\w*(?: on| in)?|runs out(?: on| in)?)\s+(?P<rest>[^.,;?!]{2,30})"
)
_WEEKS = re.compile(
    rf"(?<!in )(?<!within )(?<!after )\b(?P<n>{NUMBER})[\s-]*(?P<unit>weeks?|wks?)\b(?! (?:ago|from now|before|ahead))|\bfor (?P<n2>{NUMBER}) (?P<unit2>months?)\b"
)
_HEPB_MISSING = re.compile(
    r"\b(?:no|not|never|without|haven'?t|missing|need|don'?t have)\b[^.;?!]{0,40}\bhep(?:atitis)?\s?-?b\b|\bhep(?:atitis)?\s?-?b\b[^.;?!]{0,20}\b(?:missing|not done|incomplete|not (?:yet )?vaccinated)\b"
)
_HEPB_DONE = re.compile(r"\bhep(?:atitis)?\s?-?b\b[^.;?!]{0,20}\b(?:done|complete|completed|immune|vaccinated)\b")
_APPLIED = re.compile(
    r"\b(?:i(?:'ve| have)?|we) (?:already |just )?(?:applied|sent (?:my|the) application|submitted (?:my|the) application)\b"
)
_ACCEPTED = re.compile(
    r"\b(?:i(?:'ve| have| was| got| am|'m)?) (?:already |been |just )*(?:accepted|(?:got|have) (?:an? |the |my )?(?:acceptance|invitation))\b"
)
_DOCUMENTS = re.compile(
    r"\b(?:(?:all )?(?:my |the )?(?:documents?|papers?|paperwork) (?:is|are) (?:all )?(?:ready|done|complete|in order))\b"
)


def _pressed(wish: TimelineWish, message: Message, today: date) -> tuple[TimelineWish, Reading | None]:
    """A button carries the date as YYYY-MM-DD, YYYY-MM, "soonest", "match-YYYY" or "new"."""
    value = message.first("date") or ""
    if value == "new":
        return replace(TimelineWish(), graduation=wish.graduation, post=wish.post, visa_until=wish.visa_until), None
    if value == SOONEST:
        return replace(wish, soonest=True, first=None, last=None, match_year=None, options=()), Soonest()
    if value.startswith("match-"):
        return replace(wish, match_year=int(value[6:]), first=None, last=None, soonest=False, grain=""), None
    if kind := message.first("rotation_type"):
        wish = replace(wish, rotation_type=kind if kind in KINDS else wish.rotation_type)
    reading = read_when(value, today) if value else None
    return (wish.starting(reading) if isinstance(reading, When) else wish), reading


def _settled(wish: TimelineWish, reading: Reading | None, plain: str) -> Reading | None:
    """The answer to "which day do you mean?": an order, a month or a day among the options."""
    options = [When(date.fromisoformat(day), date.fromisoformat(day)) for day in wish.options]
    for position, pattern in enumerate((r"\b(?:first|1st|former|a)\b(?! of)", r"\b(?:second|2nd|latter|b)\b(?! of)")):
        if position < len(options) and re.fullmatch(rf"\W*(?:the |option )?{pattern}(?: one)?\W*", plain):
            return options[position]
    if isinstance(reading, When):
        fitting = [item for item in options if reading.first <= item.first <= reading.last]
        months = [item for item in options if item.first.month == reading.first.month]
        return (fitting or months or [reading])[0]
    return reading


def _aside(wish: TimelineWish, message: Message, plain: str, *, today: date, posts: Iterable[str]) -> TimelineWish:
    """What a message tells beside the start."""
    found: dict[str, Any] = {}
    if (match := _GRADUATION.search(plain)) and (when := read_day(match["rest"], today)):
        found["graduation"] = when.last
    if (match := _VISA_UNTIL.search(plain)) and (when := read_day("in " + match["rest"], today)):
        found["visa_until"] = when.first
    if match := _WEEKS.search(plain):
        found["weeks"] = int(amount(match["n"]) if match["n"] else amount(match["n2"]) * 4) or None
    if _HEPB_MISSING.search(plain):
        found["hepb"] = "missing"
    elif _HEPB_DONE.search(plain):
        found["hepb"] = "done"
    kinds = [kind for kind in message.values("rotation_type") if kind in KINDS]
    if kinds:
        found["rotation_type"] = kinds[0]
    post = next((post for post in posts if re.search(rf"\b{post.replace('_', ' ')}\b", plain)), None)
    if post:
        found["post"] = post
    if institution := message.first("institution"):
        found["institution"] = institution
    finished = _finished(plain)
    if finished:
        found["done"] = tuple(sorted({*wish.done, *finished}))
    return replace(wish, **found)


def _finished(plain: str) -> set[str]:
    if _ACCEPTED.search(plain):
        return {"documents", "apply", "decision"}
    if _APPLIED.search(plain):
        return {"documents", "apply"}
    return {"documents"} if _DOCUMENTS.search(plain) else set()


def situation(wish: TimelineWish, profile: Profile, *, start: date | None, program: ProgramLead | None) -> Situation:
    """The situation to plan for: the wish, the profile and the named program together."""
    expired = bool(wish.visa_until and start and wish.visa_until < start and profile.visa_status == "has")
    weeks = wish.weeks or profile.weeks
    return Situation(
        rotations=min(-(-weeks // 4), MOST_ROTATIONS) if wish.match_year and weeks else None,
        start=start,
        match_year=wish.match_year,
        stage=profile.career_stage,
        route=profile.route,
        visa="needs" if expired else profile.visa_status,
        rotation_type=wish.rotation_type,
        step1=profile.step1,
        step2ck=profile.step2ck,
        english=profile.english_test,
        hepb=wish.hepb,
        graduation=wish.graduation,
        weeks=weeks,
        post=wish.post,
        program=program,
        done=frozenset(wish.done),
    )
