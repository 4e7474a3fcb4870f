"""When somebody sits an exam, as far as the day is still to come: "Step 2 on 14 April", "what if I take it in June"."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from bot.nlu.frame import Frame, Measured, Named, Time
from bot.nlu.when import When, resolve

STEPS = ("step1", "step2ck")


@dataclass(frozen=True)
class ExamDay:
    """The exam (step1, step2ck) and the days on which it may be; one day where a day was told."""

    exam: str
    first: date
    last: date
    grain: str = "day"
    about: bool = False


def exam_days(frame: Frame, today: date, known: tuple[ExamDay, ...] = ()) -> tuple[ExamDay, ...]:
    """The days of exams that a message tells or supposes, each exam once.

    A time that names no exam is that of the only one `known`. "I passed it in June" has no day ahead.
    """
    found: dict[str, ExamDay] = {}
    for said, item in frame.measures(Time, "exam"):
        exam = _exam_of(item, frame)
        name = exam.value if exam else known[0].exam if len(known) == 1 and not frame.named("exam") else ""
        is_over = exam is not None and exam.polarity == "has" and not said.year
        if name not in STEPS or is_over or item.whose in ("other", "general") or item.polarity == "wants_not":
            continue
        when = resolve(replace(said, bound=""), today)
        if isinstance(when, When) and when.last >= today and when.grain != "year":
            found[name] = ExamDay(name, when.first, when.last, when.grain, about=when.about)
    return tuple(found.values())


def told_exam_days(frame: Frame, today: date, known: tuple[ExamDay, ...] = ()) -> tuple[ExamDay, ...]:
    """The days of exams that a message tells, and neither asks nor supposes."""
    told = replace(frame, dimensions=tuple(item for item in frame.dimensions if is_told(frame, item)))
    return exam_days(told, today, known)


def is_told(frame: Frame, item: Measured) -> bool:
    """Whether a time or a length is told, and neither asked nor supposed."""
    return not frame.is_asked(item) and item.whose != "supposed"


def _exam_of(item: Measured, frame: Frame) -> Named | None:
    """The exam that a time belongs to: the last one named before it, else the first behind it."""
    before = [exam for exam in frame.named("exam") if exam.end <= item.start]
    behind = [exam for exam in frame.named("exam") if exam.start >= item.end]
    return before[-1] if before else behind[0] if behind else None
