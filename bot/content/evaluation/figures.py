"""The figures of an evaluation: shares by kind, by topic and by style."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.content.evaluation.asking import OUT_OF_SCOPE, AskedQuestion, PlayedTurn

TASKS = frozenset({"program_search", "program_details", "cost_estimate", "timeline", "recommend_type", "human_handoff"})


@dataclass(frozen=True)
class Summary:
    """Everything that was asked and played; `dialogues` by their id."""

    asked: tuple[AskedQuestion, ...]
    dialogues: dict[str, list[PlayedTurn]]

    @property
    def silent(self) -> list[tuple[str, str]]:
        """Each dialogue and message that got no answer; anything here is a failure."""
        return [(name, turn.said) for name, turns in self.dialogues.items() for turn in turns if not turn.answer]

    def lines(self) -> list[str]:
        """The figures as a table of plain text."""
        lines = [f"{'':26}  right  or near   asked"]
        for table in (by_kind(self.asked), by_topic(self.asked), by_style(self.asked)):
            lines += [_line(name, items) for name, items in table.items()] + [""]
        unsure = sum(item.is_near_tie for item in self.asked)
        lines.append(f"In {unsure} of {len(self.asked)} two meanings are nearly as likely; the first was counted.")
        turns = sum(map(len, self.dialogues.values()))
        lines.append(f"{len(self.dialogues)} dialogues, {turns} turns, {len(self.silent)} without an answer.")
        return lines


def share(asked: Sequence[AskedQuestion], *, near: bool = False) -> float:
    """The share that is right (or near), 0 to 1; 0 of nothing."""
    return sum(item.is_near if near else item.is_right for item in asked) / len(asked) if asked else 0.0


def kind(asked: AskedQuestion) -> str:
    """What sort of question it is; each sort has a budget of its own."""
    if asked.topic == OUT_OF_SCOPE:
        return "out of scope, refused"
    return "tasks" if asked.topic in TASKS else "FAQ and talk"


def by_kind(asked: Sequence[AskedQuestion]) -> dict[str, list[AskedQuestion]]:
    """FAQ and talk, tasks, out of scope."""
    return _grouped((kind(item), item) for item in asked)


def by_topic(asked: Sequence[AskedQuestion]) -> dict[str, list[AskedQuestion]]:
    """One group for each topic."""
    return _grouped((item.topic, item) for item in asked)


def by_style(asked: Sequence[AskedQuestion]) -> dict[str, list[AskedQuestion]]:
    """One group for each way of writing."""
    return _grouped((item.style, item) for item in asked)


def _grouped(pairs: Iterable[tuple[str, AskedQuestion]]) -> dict[str, list[AskedQuestion]]:
    groups: dict[str, list[AskedQuestion]] = {}
    for name, item in sorted(pairs, key=lambda pair: pair[0]):
        groups.setdefault(name or "(none)", []).append(item)
    return groups


def _line(name: str, items: Sequence[AskedQuestion]) -> str:
    return f"{name:26}  {share(items):5.3f}    {share(items, near=True):5.3f}   {len(items):5}"
