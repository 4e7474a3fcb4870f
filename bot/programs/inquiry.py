"""What a message wants to know about programs: columns, for whom, and whether it wants a yes or names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.dialogue.profile import asked_stage
from bot.nlu.frame import Frame
from bot.nlu.message import Message
from bot.programs.measures import stays
from bot.programs.program import ROTATION_TYPES
from bot.programs.requirements import NEIGHBORS

AUDIENCE_OF = {"student": "students", "graduate": "graduates"}
"""For whom a program is, by the stage of a person."""
EXAM_FIELDS = {"english": "english_test", "step1": "step1", "step2ck": "step2ck"}
EXAMS_OF: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("toefl", "ielts", "oet", "english_test"), ("english",)),
    "step1": ("step1",),
    "step2ck": ("step2ck",),
    "usmle": ("step1", "step2ck"),
}

OF_MONEY = frozenset({"refund", "payment"})
"""What is asked of a fee beside what it is."""


@dataclass(frozen=True)
class AskedAspects:
    """What a message wants to know about an institution, in the order of importance, and for whom ("students").

    `is_yes_no` is a question that wants a yes or a no; `denied` are exams that are asked about as missing ("without
    Step 1"), `is_free` whether it asks for something free of charge, `is_which` whether it asks which of several.
    `specialties` and `visas` are those named, "do they have cardiology", "could I come on a J-1?"; `weeks` is the one
    length, `start` the first day of the month wished for, `is_of_sponsor` whether a visa is to be sponsored.
    """

    topics: tuple[str, ...]
    audience: str = ""
    is_yes_no: bool = False
    denied: frozenset[str] = frozenset()
    is_free: bool = False
    is_which: bool = False
    specialties: tuple[str, ...] = ()
    weeks: float | None = None
    visas: tuple[str, ...] = ()
    start: date | None = None
    is_of_sponsor: bool = False


def read_question(message: Message, columns: Sequence[str], audience: str = "") -> AskedAspects:
    """What is asked, with the stage it is asked for; who may come is then answered for that stage.

    `audience` is whom it is asked for where the message names nobody.
    """
    frame = message.frame
    audience = AUDIENCE_OF.get(asked_stage(message) or "", "") or audience
    topics = tuple(dict.fromkeys(columns))
    exams = tuple(topic for item in frame.named("exam") for topic in EXAMS_OF.get(item.value, ()))
    beside = frozenset().union(*(NEIGHBORS.get(topic, ()) for topic in topics))
    topics = tuple(topic for topic in topics if topic in exams or topic not in beside)
    if exams and set(topics) & set(EXAM_FIELDS):
        others = tuple(topic for topic in topics if topic not in EXAM_FIELDS)
        topics = tuple(dict.fromkeys((*exams, *others)))
    if frame.does("which_of") and _weeks(frame) and not topics:  # "does any of these accept two weeks"
        topics = ("duration",)
    if set(topics) & OF_MONEY:  # "do I get the fee back?" asks for no fee
        topics = tuple(topic for topic in topics if topic not in ("fee", "application_fee", "acceptance"))
    if audience and (not topics or {"acceptance", "specialties"} & set(topics)):
        topics = ("audience", *(name for name in topics if name not in ("acceptance", "specialties")))
    if frame.does("free") and {"application_fee", "fee"} & {*topics, "" if topics else "fee"}:
        topics = tuple(dict.fromkeys(("fee", *topics)))
    is_yes_no = frame.does("whether") and not frame.does("per_what")  # "per month or once?" wants no yes
    lacks = [item.value for item in frame.named("exam") if item.polarity in ("has_not", "wants_not")]
    denied = frozenset(topic for exam in lacks for topic in EXAMS_OF.get(exam, ()))
    return AskedAspects(
        topics,
        audience,
        is_yes_no,
        denied,
        is_free=frame.does("free"),
        is_which=frame.does("which_of"),
        specialties=_named(frame, "specialty"),
        weeks=_weeks(frame) if "duration" in topics else None,
        visas=_named(frame, "visa_class"),
        is_of_sponsor=frame.does("sponsors"),
    )


def kinds_asked(frame: Frame) -> list[str]:
    """The types of rotation that a message names and does not refuse."""
    return [name for name in frame.wished("rotation_type") if name in ROTATION_TYPES]


def _weeks(frame: Frame) -> float | None:
    lengths = stays(frame)
    return lengths[0].weeks[1] if len(lengths) == 1 else None


def _named(frame: Frame, kind: str) -> tuple[str, ...]:
    """What a question names of a kind, each once; not what somebody refuses."""
    return tuple(dict.fromkeys(item.value for item in frame.named(kind) if item.polarity != "wants_not"))
