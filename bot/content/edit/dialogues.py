"""Golden dialogues in tests/dialogues: what a turn expects, changed where it stands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from bot.content.change import ChangeError, EditDialogue
from bot.content.edit import yaml_files

DIALOGUES = "tests/dialogues"
CHECKED_WORDS = 6
KINDS = "kinds"
_LISTS = ("says", "not", "buttons")
_FACT = re.compile(r"\{[a-z0-9_]+\}")


def edit_dialogue(root: Path, edit: EditDialogue) -> None:
    """Changes what one turn expects; a turn that expects it already stays as it is.

    Raises:
        ChangeError: there is no such turn any more.
    """
    for path in sorted((root / DIALOGUES).glob("*.yml")):
        if edit.dialogue not in path.read_text(encoding="utf8"):
            continue
        content = yaml_files.load(path)
        turns = content.get(edit.dialogue) or ()
        if edit.turn < len(turns) and turns[edit.turn]["user"] == edit.user:
            _expect(turns[edit.turn], edit)
            yaml_files.save(path, content)
            return
    raise ChangeError(f"The dialogue “{edit.dialogue}” has no turn “{edit.user}” any more.")


def _expect(turn: Any, edit: EditDialogue) -> None:
    for name in _LISTS:
        kept = [item for item in turn.get(name, ()) if item not in edit.gone]
        if name == _LISTS[0]:
            kept += [made for made in map(pattern, edit.says) if made not in kept]
        if kept == list(turn.get(name, ())):
            continue
        turn.pop(name, None)
        if kept:
            turn[name] = yaml_files.flow_sequence(kept)
    if KINDS in edit.gone:
        turn.pop(KINDS, None)


def beginning(text: str) -> str:
    """The first words of an answer; by them a dialogue knows it."""
    return " ".join(text.split()[:CHECKED_WORDS])


def pattern(words: str) -> str:
    """What finds these words in a reply: any space between them, and any figure where a fact is named."""
    parts = (r"\s+".join(re.escape(word) for word in part.split(" ")) for part in _FACT.split(" ".join(words.split())))
    return ".+?".join(parts)
