"""The content as staff work on it: the repository's with what is live and pending, and one edit tried on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.content.change import WORDS_ALONE, Change, ChangeError, EditAnswer
from bot.content.edit import tree
from bot.content.edit.answers import EditableAnswer, read_answers
from bot.lint import Finding, check_training, check_words
from bot.reply.responses import fill, placeholders
from bot.settings import ROOT


def answers(changes: Sequence[Change]) -> dict[str, EditableAnswer]:
    """Every answer with changes applied, by its key; kept until a change or a file is different."""
    return _answers(tuple(changes), _last_changed())


@lru_cache(maxsize=2)
def _answers(changes: tuple[Change, ...], _changed: int) -> dict[str, EditableAnswer]:
    with TemporaryDirectory() as folder:
        return read_answers(_with(Path(folder) / "content", changes))


def _last_changed() -> int:
    files = [ROOT / "domain.yml", ROOT / "data" / "facts.csv", *(ROOT / "data").rglob("*.yml")]
    return max(path.stat().st_mtime_ns for path in files)


def _with(root: Path, changes: Sequence[Change]) -> Path:
    tree.copy_content(root)
    for change in changes:
        with suppress(ChangeError):  # What does not fit any more is said when a candidate is made of it.
            tree.apply_change(root, change)
    return root


def problems(changes: Sequence[Change], edit: EditAnswer) -> list[str]:
    """Why an edit cannot be proposed, in plain words; `changes` are what is live and pending (takes a second).

    The content lint is asked about the whole content with the edit in it, so that it cannot surprise later.
    """
    before = answers(changes).get(edit.key)
    if before is None:
        return ["There is no such answer any more."]
    return _placeholder_problems(before, edit) + lint(changes, edit)


def lint(changes: Sequence[Change], change: Change) -> list[str]:
    """What the content lint says with a change that it does not say without it (takes a second; the first time two).

    Raises:
        ChangeError: the change does not fit the content.
    """
    check = check_words if isinstance(change, WORDS_ALONE) else check_training
    known = _findings(check, tuple(changes), _last_changed())
    with TemporaryDirectory() as folder:
        root = _with(Path(folder) / "content", changes)
        tree.apply_change(root, change)
        return sorted({finding.message for finding in check(root)} - known)


@lru_cache(maxsize=4)
def _findings(check: Callable[[Path], list[Finding]], changes: tuple[Change, ...], _changed: int) -> frozenset[str]:
    with TemporaryDirectory() as folder:
        return frozenset(finding.message for finding in check(_with(Path(folder) / "content", changes)))


def _placeholder_problems(before: EditableAnswer, edit: EditAnswer) -> list[str]:
    """What code could not fill in, or would not find; of facts that an answer names by key the lint knows more."""
    old = before.variant(edit.variant) or before.variants[0]
    allowed = set().union(*(placeholders(variant.text) for variant in before.variants))
    if before.names_facts or not edit.text.strip():
        return []
    strange, lost = placeholders(edit.text) - allowed, placeholders(old.text) - placeholders(edit.text)
    return [f"The bot cannot fill in {{{name}}}." for name in sorted(strange)] + [
        f"{{{name}}} is missing; the bot fills it in." for name in sorted(lost)
    ]


FEWEST_WORDS, MOST_WORDS, MOST_OF_ASPECT = 15, 70, 40


def advice(answer: EditableAnswer, text: str) -> list[str]:
    """What docs/content-guide.md recommends and the text does not do; nothing here stops anybody."""
    words = len(text.split())
    found = []
    what, most = ("an aspect", MOST_OF_ASPECT) if answer.is_aspect else ("the FAQ", MOST_WORDS)
    if answer.names_facts and not FEWEST_WORDS <= words <= most:
        found.append(f"An answer of {what} has {FEWEST_WORDS} to {most} words; this one has {words}.")
    if text.count("**") % 2:
        found.append("A bold word is opened with ** and not closed.")
    if answer.names_facts and any(mark in fill(text, dict.fromkeys(placeholders(text), "")) for mark in "{}<>#`|"):
        found.append("Only **bold**, *italic*, lists and [links](https://...) are shown well everywhere.")
    return found
