"""Compares what two models make of the held-out sentences, and says which gates a candidate passes. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.content.candidates.judging import Understood
from bot.content.edit.sentences import Sentence
from bot.content.evaluation.asking import OUT_OF_SCOPE
from bot.nlu.message import ASPECT

SENTENCES, DIALOGUES, AGAIN = "sentences", "dialogues", "again"
"""What mends a red gate."""
REFUSALS = {OUT_OF_SCOPE, "nlu_fallback"}
TOPIC_LOSS = 0.10
FORGIVEN = 2
OVERALL_LOSS = 0.01
REFUSAL_LOSS = 0.02
NEW_TOPIC_RIGHT = 0.70
FEWEST_ASKED = 4
"""Held-out sentences of a new topic from which on its gate speaks."""
SLOWER, SLOWER_MILLISECONDS = 1.5, 5.0


@dataclass(frozen=True)
class TopicComparison:
    """How many of a topic's `asked` held-out sentences each model gets right; `old` is None for a new topic."""

    intent: str
    asked: int
    old: int | None
    new: int

    @property
    def is_worse(self) -> bool:
        """More than two sentences and more than a tenth of the topic were lost; one or two flip with any change."""
        lost = (self.old or 0) - self.new
        return lost > FORGIVEN and lost > TOPIC_LOSS * self.asked


@dataclass(frozen=True)
class Flip:
    """A sentence that the two models take for different things; `better` is None when neither or both are right."""

    text: str
    intent: str
    was: str
    becomes: str
    better: bool | None


@dataclass(frozen=True)
class Gate:
    """A condition for going live, whether it holds, and the figures behind it in a sentence.

    `mended_by` names what brings it back: more sentences, what dialogues expect, or measuring again.
    """

    name: str
    is_green: bool
    says: str
    mended_by: str = ""


@dataclass(frozen=True)
class Measured:
    """What else was measured: size in bytes, milliseconds of one sentence, golden dialogues with what went wrong.

    `mistakes` has for a dialogue that went another way the fields of its `golden.Mistake`.
    """

    old_size: int
    new_size: int
    old_ms: float
    new_ms: float
    dialogues: Mapping[str, str]
    mistakes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """The whole comparison, as it is kept and shown.

    `missed` are the held-out sentences of new topics and questions that the candidate does not understand.
    """

    topics: tuple[TopicComparison, ...]
    flips: tuple[Flip, ...]
    gates: tuple[Gate, ...]
    measured: Measured
    live_model: str
    seconds: dict[str, float] = field(default_factory=dict)
    missed: tuple[Flip, ...] = ()

    @property
    def is_green(self) -> bool:
        return bool(self.gates) and all(gate.is_green for gate in self.gates)

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON."""
        return {**asdict(self), "is_green": self.is_green}

    @classmethod
    def from_dict(cls, report: Mapping[str, Any]) -> Report:
        """The opposite of `to_dict`."""
        return cls(
            tuple(TopicComparison(**item) for item in report["topics"]),
            tuple(Flip(**item) for item in report["flips"]),
            tuple(Gate(**item) for item in report["gates"]),
            Measured(**report["measured"]),
            report["live_model"],
            dict(report["seconds"]),
            tuple(Flip(**item) for item in report.get("missed", ())),
        )

    def lines(self) -> list[str]:
        """The report as a table of plain text."""
        lines = [f"{'green' if gate.is_green else 'RED':5}  {gate.name}: {gate.says}" for gate in self.gates]
        lines += ["", f"{'':34} asked   old   new"]
        lines += [f"{t.intent:34} {t.asked:5} {'-' if t.old is None else t.old:>5} {t.new:5}" for t in self.topics]
        marks = {True: "better", False: "WORSE", None: "other"}
        lines += ["", *(f"{marks[f.better]:6}  {f.intent}: {f.text}  ({f.was} → {f.becomes})" for f in self.flips)]
        lines += [f"dialogue “{title}”: {said}" for title, said in self.measured.dialogues.items() if said]
        return [*lines, ", ".join(f"{name} {value:.0f} s" for name, value in self.seconds.items())]


def is_right(intent: str, intents: Sequence[str]) -> bool:
    """Whether a sentence of an intent was understood; a refusal counts only if nothing else was answered."""
    return set(intents) <= REFUSALS if intent == OUT_OF_SCOPE else intent in intents


def compare(
    sentences: Sequence[Sentence],
    old: Understood,
    new: Understood,
    *,
    known: frozenset[str],
    measured: Measured,
    live_model: str,
    aspects: Sequence[Sentence] = (),
    heard: Understood | None = None,
) -> Report:
    """Old against new on the same sentences; `known` are the intents that the live model has.

    `aspects` are the held-out sentences of questions that it does not have, `heard` for each the aspects that the
    candidate takes it for.
    """
    topics = tuple(
        _topic(intent, [item for item in sentences if item.intent == intent], old, new, is_known=intent in known)
        for intent in dict.fromkeys(item.intent for item in sentences)
    )
    heard = heard or {}
    fresh = tuple(
        _topic(aspect, [item for item in aspects if item.intent == aspect], heard, heard, is_known=False)
        for aspect in dict.fromkeys(item.intent for item in aspects)
    )
    flips = tuple(_flip(item, old[item.text], new[item.text]) for item in sentences if old[item.text] != new[item.text])
    order = sorted(flips, key=lambda flip: (flip.better is not False, flip.better is not True, flip.intent))
    unknown = [(item, new) for item in sentences if item.intent not in known] + [(item, heard) for item in aspects]
    missed = tuple(
        Flip(item.text, item.intent, ", ".join(old.get(item.text, ())), ", ".join(said[item.text]), better=False)
        for item, said in unknown
        if not is_right(item.intent, said[item.text])
    )
    made = gates((*topics, *fresh), measured)
    return Report((*topics, *fresh), tuple(order), made, measured, live_model, missed=missed)


def _topic(
    intent: str, items: Sequence[Sentence], old: Understood, new: Understood, *, is_known: bool
) -> TopicComparison:
    counts = [sum(is_right(intent, answers[item.text]) for item in items) for answers in (old, new)]
    return TopicComparison(intent, len(items), counts[0] if is_known else None, counts[1])


def _flip(item: Sentence, was: Sequence[str], becomes: Sequence[str]) -> Flip:
    before, after = is_right(item.intent, was), is_right(item.intent, becomes)
    return Flip(item.text, item.intent, ", ".join(was), ", ".join(becomes), after if before != after else None)


def gates(topics: Sequence[TopicComparison], measured: Measured) -> tuple[Gate, ...]:
    """Every condition for going live."""
    known = [topic for topic in topics if topic.old is not None and topic.intent != OUT_OF_SCOPE]
    refused = [topic for topic in topics if topic.intent == OUT_OF_SCOPE]
    return (
        _no_topic_is_worse([*known, *refused]),
        _share_gate("All known topics together", known, OVERALL_LOSS),
        _share_gate("Strange questions are refused", refused, REFUSAL_LOSS),
        *(_new_topic(topic) for topic in topics if topic.old is None),
        _dialogues(measured.dialogues),
        _speed(measured),
    )


def _no_topic_is_worse(topics: Sequence[TopicComparison]) -> Gate:
    worse = [topic for topic in topics if topic.is_worse]
    said = ", ".join(f"{topic.intent} {topic.old} → {topic.new} of {topic.asked}" for topic in worse)
    rule = f"at most {FORGIVEN} sentences or {TOPIC_LOSS:.0%} of a topic may be lost"
    return Gate("No topic loses", bool(topics) and not worse, f"{said or 'none does'}; {rule}", SENTENCES)


def _share_gate(name: str, topics: Sequence[TopicComparison], loss: float) -> Gate:
    asked = sum(topic.asked for topic in topics)
    old, new = sum(topic.old or 0 for topic in topics), sum(topic.new for topic in topics)
    allowed = max(FORGIVEN, int(loss * asked))
    says = f"{old} → {new} of {asked} held-out sentences; at most {allowed} may be lost"
    return Gate(name, asked > 0 and old - new <= allowed, says, SENTENCES)


def _new_topic(topic: TopicComparison) -> Gate:
    says = f"{topic.new} of {topic.asked} held-out sentences; at least {NEW_TOPIC_RIGHT:.0%} are needed"
    if topic.asked < FEWEST_ASKED:
        says = f"{topic.new} of {topic.asked} held-out sentences; fewer than {FEWEST_ASKED} prove nothing"
    is_green = topic.asked < FEWEST_ASKED or topic.new >= NEW_TOPIC_RIGHT * topic.asked
    what = "question" if ASPECT in topic.intent else "topic"
    return Gate(f"The new {what} {topic.intent} is understood", is_green, says, SENTENCES)


def _dialogues(played: Mapping[str, str]) -> Gate:
    failed = [title for title, problem in played.items() if problem]
    says = f"{len(played) - len(failed)} of {len(played)} go as written" + (
        f"; not: {'; '.join(failed)}" * bool(failed)
    )
    return Gate("Golden dialogues", bool(played) and not failed, says, DIALOGUES)


def _speed(measured: Measured) -> Gate:
    most = measured.old_ms * SLOWER + SLOWER_MILLISECONDS
    says = f"{measured.old_ms:.0f} → {measured.new_ms:.0f} ms for a sentence; at most {most:.0f} ms"
    return Gate("Understanding stays fast", measured.new_ms <= most, says, AGAIN)
