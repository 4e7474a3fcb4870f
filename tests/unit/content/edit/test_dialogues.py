"""What a golden dialogue expects is changed where it stands, and nothing around it."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from bot.content.change import ChangeError, EditDialogue
from bot.content.edit import tree
from bot.content.edit.dialogues import beginning, pattern
from bot.content.evaluation.golden import holds, mistake, read_dialogues
from bot.data_files import read_yaml
from bot.settings import ROOT

TITLE = "A follow-up takes over the topic"
ACCEPTED = EditDialogue(
    TITLE,
    0,
    "how long does one rotation last",
    ("Usually 4 weeks",),
    ("As a rule {faq_rotation_weeks} weeks, (a month)",),
)


def test_new_words_take_the_place_of_those_that_are_gone(tmp_path: Path) -> None:
    tree.copy_content(tmp_path)
    before = (tmp_path / "tests/dialogues/questions.yml").read_text(encoding="utf8")
    tree.apply_change(tmp_path, ACCEPTED)
    after = (tmp_path / "tests/dialogues/questions.yml").read_text(encoding="utf8")
    changed = [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line.startswith(("- ", "+ "))]
    assert len(changed) == 2, changed
    turn = read_dialogues(tmp_path)[TITLE][0]
    reply = {"parts": [{"type": "text", "text": "As a rule 4 weeks, (a month)."}], "suggestions": []}
    assert mistake(turn, reply, []) == ""
    assert mistake(read_dialogues(ROOT)[TITLE][0], reply, []) != ""
    assert not tree.has_effect(tmp_path, ACCEPTED), "twice is once"


def test_a_dialogue_that_has_changed_is_not_touched(tmp_path: Path) -> None:
    tree.copy_content(tmp_path)
    gone = EditDialogue(TITLE, 1, "how long does one rotation last", (), ("weeks",))
    with pytest.raises(ChangeError, match="has no turn"):
        tree.apply_change(tmp_path, gone)


def test_a_check_of_each_kind_can_fall_away(tmp_path: Path) -> None:
    (tmp_path / "tests/dialogues").mkdir(parents=True)
    path = tmp_path / "tests/dialogues/a.yml"
    path.write_text("T:\n- {user: hi, says: [x], not: [y], buttons: [/help], kinds: [text]}\n", encoding="utf8")
    tree.apply_change(tmp_path, EditDialogue("T", 0, "hi", ("x", "y", "/help", "kinds"), ("hello there",)))
    assert read_yaml(path)["T"] == [{"user": "hi", "says": ["hello\\s+there"]}]


def test_the_beginning_of_an_answer_finds_it_with_any_figure() -> None:
    text = "Plan with {price_usd} a month, more or less, everywhere."
    assert beginning(text) == "Plan with {price_usd} a month, more"
    assert holds(pattern(beginning(text)), "Plan with $1,500 to $2,000 a month,  more or less")
    assert not holds(pattern(beginning(text)), "Plan with care a week")
