"""The same question of another subject: what a letter, a visa or the price is for telehealth, for AMO, at a school.

The classifier hears the question, the frame hears of what kind of rotation, way or company it is asked; where that has
an answer of its own, `data/subjects.yml` names it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from bot.data_files import read_yaml
from bot.nlu.frame import Frame, Named, Polarity
from bot.nlu.message import Message, intent_of
from bot.settings import ROOT

FILE = Path("data") / "subjects.yml"
GENERAL = "general"
OF_TALK = "of_talk"
"""The role of an exam that a message points at."""
_ASKING = ("ask", "whether")
"""What "did not take it" looks like by its first word."""
_A_TOPIC = 2
"""Answers for one subject from which a topic is about nothing else."""


@dataclass(frozen=True)
class Subjects:
    """`named` has kind and value in the frame by subject, in the order of weight; `rows` one question each.

    A row has the aspects that ask it of no subject in particular, and the aspect that answers it for each subject.
    `told` has, by the slot of a fact and the topic talked about, the aspect that the fact asks; `exams` the exam that
    an answer is about, by its aspect or topic.
    """

    named: Mapping[str, tuple[str, str]]
    rows: Mapping[str, tuple[frozenset[str], Mapping[str, str]]]
    told: Mapping[str, Mapping[str, str]]
    exams: Mapping[str, str]

    @property
    def kinds(self) -> frozenset[str]:
        """The subjects that are something to talk about, and no state of the person who asks."""
        return frozenset(subject for subject, (kind, _) in self.named.items() if kind != "travel")

    def of(self, frame: Frame) -> tuple[str, ...]:
        """The subjects of a message; of each kind only one that is named alone, so that nothing compared is one."""
        by_kind: dict[str, list[str]] = {}
        for subject, (kind, value) in self.named.items():
            if value in frame.wished(kind):
                by_kind.setdefault(kind, []).append(subject)
        return tuple(found[0] for found in by_kind.values() if len(found) == 1)

    def suited(self, aspect: str, subjects: Sequence[str]) -> str:
        """The aspect that answers the same question for one of some subjects; the aspect itself where none does."""
        for general, of in self.rows.values():
            if aspect in general or aspect in of.values():
                return next((of[subject] for subject in subjects if subject in of), aspect)
        return aspect

    def answered(self, aspect: str) -> str:
        """The subject that an answer is about; of a topic with answers for one subject only, that one; else empty."""
        own = {subject for _, of in self.rows.values() for subject, name in of.items() if name == aspect}
        of_topic = [
            subject
            for _, of in self.rows.values()
            for subject, name in of.items()
            if intent_of(name) == intent_of(aspect) and subject in self.kinds
        ]
        is_own_topic = len(of_topic) >= _A_TOPIC and len(set(of_topic)) == 1
        return next(iter(own), of_topic[0] if is_own_topic else "")


def read_subjects(root: Path) -> Subjects:
    """The subjects of a tree."""
    read = read_yaml(root / FILE)
    named = {subject: next(iter(by.items())) for subject, by in read["subjects"].items()}
    rows = {
        name: (frozenset(row[GENERAL]), {subject: of for subject, of in row.items() if subject != GENERAL})
        for name, row in read["questions"].items()
    }
    return Subjects(named, rows, read["told"], read["exams"])


@cache
def _known() -> Subjects:
    return read_subjects(ROOT)


def suited(aspect: str, frame: Frame, talked_of: str = "") -> str:
    """The aspect for the subject that a message names, else for the one that is talked about, by the table here."""
    named = _known().of(frame)
    return _known().suited(aspect, named or ((talked_of,) if talked_of else ()))


def subject_of(aspect: str, frame: Frame) -> str:
    """What is talked about once a message was answered: what it names alone, or what the answer is about."""
    named = [subject for subject in _known().of(frame) if subject in _known().kinds]
    return next(iter(named), _known().answered(aspect))


def of_the_exam(message: Message, topic: str) -> Message:
    """A message that says "I haven't taken it" after an answer about an exam, with that exam in its frame."""
    frame, exams = message.frame, _known().exams
    exam, act = exams.get(topic) or exams.get(intent_of(topic)), frame.first("exam_missing", "exam_done")
    if not (exam and act) or frame.named("exam"):
        return message
    polarity: Polarity = "has_not" if act.name == "exam_missing" else "has"
    named = Named(kind="exam", value=exam, text="", start=act.start, end=act.end, polarity=polarity, role=OF_TALK)
    acts = tuple(item for item in frame.acts if item.start != act.start or item.name not in _ASKING)
    return replace(message, frame=replace(frame, entities=(*frame.entities, named), acts=acts))


def asked_by_facts(topic: str, told: Collection[str]) -> str:
    """The aspect that facts just told ask after a topic; empty where they change nothing of it."""
    asked = (of.get(intent_of(topic)) for slot, of in _known().told.items() if slot in told)
    return next(filter(None, asked), "")
