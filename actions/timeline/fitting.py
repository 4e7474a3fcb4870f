"""How many rotations fit into a time: that of the message, else the one that was told for the plan."""

from __future__ import annotations

from datetime import date

from actions.timeline.named_days import said_beside
from actions.turn import Outcome, Turn
from bot.nlu.frame import Length, Time
from bot.nlu.when import RANGE, When, counted, start_of
from bot.reply import days
from bot.timeline.summary import Say
from bot.timeline.wish import USUAL_STAY, TimelineWish, rotations_in

FITS = {0: "utter_timeline_fits_none", 1: "utter_timeline_fits_one"}
INTO = {1: "utter_timeline_fits_into_one"}
DAYS_OF_WEEK = 7
STAYS = ("", "stay", "window")


def asks_how_many(turn: Turn, wish: TimelineWish) -> bool:
    """Whether it is asked how many rotations fit into a time that is known."""
    message = turn.message
    is_asked = not message.is_button and message.frame.does("fits_in")
    return is_asked and (_length(turn) > 0 or _time(turn, wish) is not None)


def how_many(turn: Turn, wish: TimelineWish) -> Outcome | None:
    """The number, and that from the start of the plan where this is another; None where it is not asked."""
    say = turn.responses.text
    if not asks_how_many(turn, wish):
        return None
    if length := _length(turn):
        count = length // (DAYS_OF_WEEK * USUAL_STAY)
        key = INTO.get(count, "utter_timeline_fits_into")
        return said_beside(turn, say(key, count=count, length=_long(length, say)), [])
    time = _time(turn, wish)
    if time is None:
        return None
    first, last = time
    count, lines = rotations_in(first, last), [fitting_words(first, last, say)]
    planned = wish.planned
    if planned and first < planned <= last and rotations_in(planned, last) != count:
        by_plan = rotations_in(planned, last)
        lines.append(say("utter_timeline_fits_by_plan", start=days.day(planned), count=by_plan))
    return said_beside(turn, " ".join(lines), [])


def fitting_words(first: date, last: date, say: Say) -> str:
    """How many rotations of four weeks fit between two days, and how long that is."""
    count = rotations_in(first, last)
    length = _long((last - first).days + 1, say)
    values = {"first": days.day(first), "last": days.day(last), "count": count, "length": length}
    return say(FITS.get(count, "utter_timeline_fits"), **values)


def _long(length: int, say: Say) -> str:
    weeks, over = divmod(length, DAYS_OF_WEEK)
    key = {0: "utter_timeline_fits_weeks", 1: "utter_timeline_fits_day"}.get(over, "utter_timeline_fits_days")
    return say(key, weeks=weeks, days=over)


def _length(turn: Turn) -> int:
    """The days of a length that is told ("in three months"); 0 where none is."""
    frame, today = turn.message.frame, turn.today
    offsets = [counted(today, said.count or 0, said.unit) for said, _ in frame.measures(Time) if said.kind == "offset"]
    lengths = [counted(today, said.high, said.unit) for said, item in frame.measures(Length) if item.role in STAYS]
    found = [(day - today).days for day in (*offsets, *lengths)]
    return max((length for length in found if length > DAYS_OF_WEEK * USUAL_STAY), default=0)


def _time(turn: Turn, wish: TimelineWish) -> tuple[date, date] | None:
    """The first and the last day of a time that was told."""
    told = start_of(turn.message.frame, turn.today)
    if isinstance(told, When) and told.grain == RANGE:
        return told.first, told.last
    last = wish.until or (wish.last if wish.grain == RANGE else None)
    return (wish.first, last) if wish.first and last and not isinstance(told, When) else None
