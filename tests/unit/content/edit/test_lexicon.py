"""Words beside those that the bot knows: one line of the lexicon changes, and no word means two things."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.change import AddWords, ChangeError, payload_of, read_change
from bot.content.edit import tree
from bot.content.edit.lexicon import LEXICON, add_words, things
from bot.settings import ROOT


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / LEXICON).write_text((ROOT / LEXICON).read_text(encoding="utf8"), encoding="utf8")
    return tmp_path


@pytest.mark.parametrize(
    "change",
    [
        AddWords("exam", "step1", ("the first step", "STEP1 exam")),
        AddWords("specialty", "internal medicine", ("inner medicine",)),
        AddWords("specialty", "hematology/oncology", ("blood and cancer",)),
        AddWords("city", "St. Louis", ("the gateway city",)),
        AddWords("nationality", "Trinidad and Tobago", ("trini",)),
        AddWords("relation", "wife", ("my missus",)),
    ],
    ids=lambda change: change.value,
)
def test_words_stand_at_the_end_of_their_line_and_nothing_else_moves(root: Path, change: AddWords) -> None:
    before = (root / LEXICON).read_text(encoding="utf8").splitlines()
    old = list(things(root)[change.kind][change.value])
    add_words(root, change)
    after = (root / LEXICON).read_text(encoding="utf8").splitlines()
    assert sum(one != other for one, other in zip(before, after, strict=True)) == 1
    assert list(things(root)[change.kind][change.value]) == [*old, *change.words]


def test_every_thing_that_is_offered_takes_a_word(root: Path) -> None:
    for kind, values in things(ROOT).items():
        for value in list(values)[:: max(1, len(values) // 3)]:
            add_words(root, AddWords(kind, value, (f"qz{abs(hash((kind, value)))}",)))


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (AddWords("exam", "step9", ("ninth",)), "does not know step9 as exam"),
        (AddWords("planet", "mars", ("red one",)), "does not know mars as planet"),
        (AddWords("specialty", "surgery", ("Peds",)), "“Peds” means pediatrics already"),
        (AddWords("exam", "step1", ("internal medicine",)), "means internal medicine already"),
    ],
)
def test_what_is_not_known_or_means_something_else_is_refused(root: Path, change: AddWords, problem: str) -> None:
    before = (root / LEXICON).read_text(encoding="utf8")
    with pytest.raises(ChangeError, match=problem):
        add_words(root, change)
    assert (root / LEXICON).read_text(encoding="utf8") == before


def test_a_word_that_is_there_changes_nothing(root: Path) -> None:
    before = (root / LEXICON).read_text(encoding="utf8")
    add_words(root, AddWords("specialty", "pediatrics", ("PEDS", "paeds")))
    assert (root / LEXICON).read_text(encoding="utf8") == before


@pytest.mark.parametrize("word", ["", "-", "a: [b]", 'say "so"', "x" * 41, "one two three four five six", "{x}"])
def test_what_is_no_word_is_refused(word: str) -> None:
    change = read_change("add_words", payload_of(AddWords("exam", "step1", (word,))))
    assert isinstance(change, AddWords)
    assert change.problem()


def test_a_tree_with_a_word_has_it_in_its_patch(tmp_path: Path) -> None:
    change = AddWords("exam", "step1", ("the first hurdle",))
    built = tree.build(tmp_path / "content", [change])
    assert "+  step1: [" in tree.difference(ROOT, built)
    assert not tree.has_effect(built, change)
