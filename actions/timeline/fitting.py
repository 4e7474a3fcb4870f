"""How many rotations fit into a time: that of the message, else the one that was told for the plan."""

from __future__ import annotations

from datetime import date

from actions.timeline.named_days import said_beside
from actions.turn import Outcome, Turn
from bot.nlu.when import RANGE, When, start_of
from bot.reply import days
from bot.timeline.summary import Say
from bot.timeline.wish import TimelineWish, rotations_in

FITS = {0: "utter_timeline_fits_none", 1: "utter_timeline_fits_one"}
DAYS_OF_WEEK = 7


def asks_how_many(turn: Turn, wish: TimelineWish) -> bool:
    """Whether it is asked how many rotations fit into a time that is known."""
    message = turn.message
    return not message.is_button and message.frame.does("fits_in") and _time(turn, wish) is not None


def how_many(turn: Turn, wish: TimelineWish) -> Outcome | None:
    """The number, and that from the start of the plan where this is another; None where it is not asked."""
    time = _time(turn, wish) if asks_how_many(turn, wish) else None
    if time is None:
        return None
    (first, last), say = time, turn.responses.text
    count, lines = rotations_in(first, last), [fitting_words(first, last, say)]
    planned = wish.planned
    if planned and first < planned <= last and rotations_in(planned, last) != count:
        by_plan = rotations_in(planned, last)
        lines.append(say("utter_timeline_fits_by_plan", start=days.day(planned), count=by_plan))
    return said_beside(turn, " ".join(lines), [])


def fitting_words(first: date, last: date, say: Say) -> str:
    """How many rotations of four weeks fit between two days, and how long that is."""
    count = rotations_in(first, last)
    weeks, over = divmod((last - first).days + 1, DAYS_OF_WEEK)
    length = say("utter_timeline_fits_days" if over else "utter_timeline_fits_weeks", weeks=weeks, days=over)
    values = {"first": days.day(first), "last": days.day(last), "count": count, "length": length}
    return say(FITS.get(count, "utter_timeline_fits"), **values)


def _time(turn: Turn, wish: TimelineWish) -> tuple[date, date] | None:
    """The first and the last day of a time that was told."""
    told = start_of(turn.message.frame, turn.today)
    if isinstance(told, When) and told.grain == RANGE:
        return told.first, told.last
    last = wish.until or (wish.last if wish.grain == RANGE else None)
    return (wish.first, last) if wish.first and last and not isinstance(told, When) else None
