"""A tree of content: a copy of the repository's, changes applied to it, and what is different afterwards."""

from __future__ import annotations

import difflib
import shutil
from collections.abc import Iterable
from pathlib import Path

from bot.content.change import (
    AddSentences,
    AddWords,
    Change,
    ChangeError,
    EditAnswer,
    EditDialogue,
    NewAspect,
    NewTopic,
)
from bot.content.edit.answers import edit_answer
from bot.content.edit.dialogues import edit_dialogue
from bot.content.edit.lexicon import add_words
from bot.content.edit.scaffold import add_aspect, add_topic, has_own_dialogue, write_dialogue
from bot.content.edit.sentences import HELD_OUT, LEARNED, add_sentences, read_sentences
from bot.nlu.message import intent_of
from bot.private_files import tighten
from bot.reply.responses import asked_by
from bot.settings import ROOT

COPIED = ("config.yml", "domain.yml", "data", "tests/nlu", "tests/dialogues")
LINKED = ("actions", "bot", "engine")
"""Code that the lint and the model's name look at; it is never changed here."""


def copy_content(target: Path, source: Path = ROOT) -> None:
    """Makes `target` a tree with the content of `source` and links to its code; what was there goes away."""
    shutil.rmtree(target, ignore_errors=True)
    for name in COPIED:
        made = target / name
        made.parent.mkdir(parents=True, exist_ok=True)
        if (source / name).is_dir():
            shutil.copytree(source / name, made, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
        else:
            shutil.copy2(source / name, made)
    tighten(target)
    for name in LINKED:
        (target / name).symlink_to((source / name).resolve())


def build(target: Path, changes: Iterable[Change]) -> Path:
    """Makes `target` the repository's content with changes applied.

    Raises:
        ChangeError: a change does not fit the content (any more).
    """
    copy_content(target)
    apply_changes(target, changes)
    return target


def apply_changes(root: Path, changes: Iterable[Change]) -> None:
    """Changes a tree; one that is in it already changes nothing.

    Raises:
        ChangeError: a change does not fit the content (any more).
    """
    for change in changes:
        apply_change(root, change)


def apply_change(root: Path, change: Change) -> None:
    """Changes a tree by one change.

    Raises:
        ChangeError: it does not fit the content (any more).
    """
    match change:
        case AddSentences():
            _add_sentences(root, change)
        case AddWords():
            add_words(root, change)
        case NewTopic():
            add_topic(root, change)
        case NewAspect():
            add_aspect(root, change)
        case EditAnswer():
            edit_answer(root, change)
            intent = asked_by(change.key)
            if not change.variant and has_own_dialogue(root, intent):
                write_dialogue(root, intent, change.text)
        case EditDialogue():
            edit_dialogue(root, change)


def _add_sentences(root: Path, change: AddSentences) -> None:
    every = read_sentences(root, LEARNED)
    learned = [item.text for item in every if change.intent in (item.intent, intent_of(item.intent))]
    if not learned:
        raise ChangeError(f"There is no topic {change.intent} any more.")
    add_sentences(root, HELD_OUT, change.intent, change.held_out, avoid=learned)
    held_out = [item.text for item in read_sentences(root, HELD_OUT)]
    add_sentences(root, LEARNED, change.intent, change.sentences, avoid=[*learned, *held_out])


def has_effect(root: Path, change: Change) -> bool:
    """Applies a change and says whether anything is different now.

    Raises:
        ChangeError: it does not fit the content (any more).
    """
    before = _texts(root)
    apply_change(root, change)
    return _texts(root) != before


def difference(before: Path, after: Path) -> str:
    """What `git apply` takes to make the content of one tree that of the other."""
    old, new = _texts(before), _texts(after)
    return "".join(_file_difference(name, old.get(name), new.get(name)) for name in sorted({*old, *new}))


def _texts(root: Path) -> dict[str, str]:
    paths = [
        path for name in COPIED for path in ([root / name] if (root / name).is_file() else (root / name).rglob("*"))
    ]
    kept = [path for path in paths if path.is_file() and path.suffix != ".py" and "__pycache__" not in path.parts]
    return {str(path.relative_to(root)): path.read_text(encoding="utf8") for path in kept}


def _file_difference(name: str, old: str | None, new: str | None) -> str:
    if old == new:
        return ""
    head = f"diff --git a/{name} b/{name}\n"
    if old is None:
        head += "new file mode 100644\n"
    if new is None:
        head += "deleted file mode 100644\n"
    lines = difflib.unified_diff(
        (old or "").splitlines(keepends=True),
        (new or "").splitlines(keepends=True),
        f"a/{name}" if old is not None else "/dev/null",
        f"b/{name}" if new is not None else "/dev/null",
    )
    return head + "".join(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines)
