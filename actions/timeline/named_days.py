"""Days that are asked for by name: of a Match season, the last one for an exam, the end of a vaccine series."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from actions.turn import Outcome, Turn
from bot.dialogue.slots import to_slot
from bot.nlu.frame import Time
from bot.nlu.when import DAY as ONE
from bot.nlu.when import MONTH_GRAIN, When, start_of
from bot.reply import days
from bot.reply.parts import Reply, Source, Text
from bot.timeline import questions as talk
from bot.timeline import service as timelines
from bot.timeline import summary as words
from bot.timeline.deadlines import (
    RESULT_PLAN,
    RESULT_TYPICAL,
    STEP2CK_MONTH,
    exam_limit,
    named_day,
)
from bot.timeline.season import open_match_year
from bot.timeline.vaccination import FAST, STANDARD, Series, series_from
from bot.timeline.wish import TimelineWish, match_year_of

DAYS = {
    "match_day": "utter_timeline_day_match_day",
    "match_week": "utter_timeline_day_match_week",
    "rank_list": "utter_timeline_day_rank_list",
    "submit_opens": "utter_timeline_day_submit_opens",
    "review_starts": "utter_timeline_day_review_starts",
    "season_opens": "utter_timeline_day_season_opens",
    "registration_opens": "utter_timeline_day_registration_opens",
    "registration_closes": "utter_timeline_day_registration_closes",
    "token": "utter_timeline_day_token",
    "pathway_deadline": "utter_timeline_day_pathway_deadline",
}
ERAS_DAYS = ("submit_opens", "review_starts")
EXAMS = {"step1": "utter_timeline_exam_step1", "step2ck": "utter_timeline_exam_step2ck"}
SERIES_ASKED = "series"
SERIES = {STANDARD: "utter_timeline_series_standard", FAST: "utter_timeline_series_fast"}
OTHER = {STANDARD: "utter_timeline_series_other_fast", FAST: "utter_timeline_series_other_standard"}
_OF_YEAR = ("year", "day", "month")


def named_days(turn: Turn, ground: timelines.Ground, wish: TimelineWish) -> Outcome | None:
    """The answer to a question for a day by its name; None where there is no such question."""
    if turn.message.is_button:
        return None
    frame = turn.message.frame
    if talk.asks_for_day(frame, wish):
        return _season_days(turn, ground, wish)
    exam = talk.asked_exam(frame, goes_on=talk.goes_on_about_exams(turn.message, wish))
    if exam:
        said = _exam(turn, ground, wish, exam=exam)
        year = match_year_of(frame) or wish.match_year
        kept = replace(wish, asked_for="exam", match_year=year)
        return replace(said, slots={**said.slots, "plan": to_slot(kept)})
    if begun := talk.series_start(frame, turn.today, has_start=wish.first is not None):
        said = _series(turn, ground, begun, wish)
        start = start_of(frame, turn.today)
        kept = wish.starting(start) if isinstance(start, When) else wish
        return replace(
            said, slots={**said.slots, "plan": to_slot(replace(kept, asked_for=SERIES_ASKED, hepb="missing"))}
        )
    if wish.asked_for == SERIES_ASKED and talk.shifts_the_start(turn.message, turn.today):
        return _series(turn, ground, When(turn.today, turn.today), wish)
    return None


def _season_days(turn: Turn, ground: timelines.Ground, wish: TimelineWish) -> Outcome | None:
    """The days by name: of the season that the message names, else of the plan's, else of the next one."""
    frame = turn.message.frame
    years = [said.year for said, item in frame.measures(Time) if said.kind in _OF_YEAR and said.year]
    lines, sources, estimated = [], [], False
    named = (ERAS_DAYS if item.value == talk.ERAS else (item.value,) for item in frame.named("season_day"))
    for name in dict.fromkeys(day for names in named for day in names):
        match_year = match_year_of(frame) or (years[0] if years and name in ("match_day", "match_week") else None)
        match_year = match_year or (wish.match_year if not years else None)
        year = years[0] if years and not match_year else None
        found = (
            named_day(name, ground.rules, ground.facts, today=turn.today, match_year=match_year, year=year)
            if name in DAYS
            else None
        )
        if found:
            lines.append(turn.responses.text(DAYS[name], year=found.match_year, day=days.weekday(found.day)))
            sources += [words.source(ground.facts, found.source)]
            estimated |= found.estimated
    if not lines:
        return None
    said = " ".join(lines)
    if estimated:
        said = turn.responses.text("utter_timeline_day_estimated", days=said)
    return said_beside(turn, said, [item for item in sources if item])


def _exam(turn: Turn, ground: timelines.Ground, wish: TimelineWish, *, exam: str) -> Outcome:
    say, facts = turn.responses.text, ground.facts
    year = match_year_of(turn.message.frame) or wish.match_year
    if year is None:
        year = open_match_year(turn.today, ground.rules, facts)
        while exam_limit(exam, year, ground.rules, facts).safe < turn.today:
            year += 1
    limit = exam_limit(exam, year, ground.rules, facts)
    values = {
        "exam": say(EXAMS[exam]),
        "year": year,
        "season": year - 1,
        "safe": days.day(limit.safe),
        "last": days.day(limit.last),
        "limit": days.day(limit.limit.day),
        "plan": facts[RESULT_PLAN].value,
        "typical": facts[RESULT_TYPICAL].value,
    }
    if limit.last < turn.today:
        return said_beside(turn, say("utter_timeline_exam_over", **values), _exam_sources(ground))
    if limit.safe < turn.today:
        return said_beside(turn, say("utter_timeline_exam_tight", **values), _exam_sources(ground))
    lines = [say("utter_timeline_exam_limit", **values)]
    if exam == "step2ck":
        month = facts[STEP2CK_MONTH].value.partition(" of ")[0]
        lines.append(say("utter_timeline_exam_comfortable", month=f"{month} {year - 1}"))
    lines.append(say("utter_timeline_exam_last", **values))
    lines += [say("utter_timeline_caution_estimates_short")] if limit.limit.estimated else []
    return said_beside(turn, " ".join(lines), _exam_sources(ground))


def _exam_sources(ground: timelines.Ground) -> list[Source]:
    found = [words.source(ground.facts, key) for key in (RESULT_PLAN, STEP2CK_MONTH)]
    return [item for item in found if item]


def _series(turn: Turn, ground: timelines.Ground, begun: When, wish: TimelineWish) -> Outcome:
    """The series that was named, the standard one otherwise, and the other in a sentence."""
    say, frame = turn.responses.text, turn.message.frame
    is_fast = any(item.value == "fast" for item in frame.named("hepb_series"))
    key = FAST if is_fast else STANDARD
    other = STANDARD if is_fast else FAST
    by_key = {name: series_from(begun.first, name, ground.rules, ground.facts) for name in (key, other)}
    tested = series_from(begun.last, key, ground.rules, ground.facts).tested
    lines = [_in_time(turn, by_key, wish, key=key)]
    found = by_key[key]
    lines.append(
        say(
            SERIES[key],
            when=days.window(begun),
            complete=_when(begun, found.complete),
            tested=_when(begun, tested),
            months=ground.facts[key].value,
        )
    )
    lines.append(say(OTHER[key], complete=_when(begun, by_key[other].complete), months=ground.facts[other].value))
    sources = [item for item in (words.source(ground.facts, name) for name in (STANDARD, FAST)) if item]
    return said_beside(turn, " ".join(line for line in lines if line), sources)


def _in_time(turn: Turn, by_key: dict[str, Series], wish: TimelineWish, *, key: str) -> str:
    """Whether a series is complete before the start: the one that is named beside it, or the known one."""
    start = start_of(turn.message.frame, turn.today)
    if not isinstance(start, When) and wish.first:
        start = When(wish.first, wish.last or wish.first, wish.grain or ONE)
    if not isinstance(start, When):
        return ""
    in_time = {name for name, series in by_key.items() if series.complete <= start.last}
    said = "utter_timeline_series_yes" if key in in_time else "utter_timeline_series_no"
    said = "utter_timeline_series_only_fast" if in_time == {FAST} and key == STANDARD else said
    return turn.responses.text(said, start=days.window(start))


def _when(begun: When, day: date) -> str:
    """A day, or its month where only a month was said."""
    if begun.grain == MONTH_GRAIN:
        return days.name(When(day, day.replace(day=28), MONTH_GRAIN))
    return days.day(day)


def said_beside(turn: Turn, text: str, sources: list[Source]) -> Outcome:
    """A plain answer; a question that is open stays open."""
    slots = {} if turn.asked else {"task": "timeline", "asked": None}
    return Outcome(
        Reply((Text(text, tuple(dict.fromkeys(sources))),), turn.responses.buttons("utter_timeline_plan_button")), slots
    )
