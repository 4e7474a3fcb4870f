"""Training sentences are read again only where what is found in them may have changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from rotation_engine import kinds as kinds_module
from rotation_engine.kinds import KindsMemory
from rotation_engine.understanding.terms import Term

TEXTS = ["find zorgs", "find zorsg now", "hello", "skin clinic", "any clinic"]
STATE = Term("state", "TX", "Texas")
ZORG = Term("specialty", "zorgonology", "zorgs")
SKIN = Term("specialty", "dermatology", "skin clinic")
MENDED = {"zorsg": "zorgs"}


@pytest.fixture
def reread(tmp_path: Path) -> Callable[..., list[str]]:
    """Which of the texts a training reads with some terms."""

    def read(*terms: Term, made_of: str = "grammar", texts: list[str] = TEXTS) -> list[str]:
        seen: list[str] = []

        def kinds_of(text: str) -> set[str]:
            seen.append(text)
            return {text.split()[-1]}

        memory = KindsMemory(tmp_path / "kinds.json", made_of, terms)
        found = memory.kinds(texts, read=kinds_of, mend=lambda word: MENDED.get(word, word))
        assert found == {text: {text.split()[-1]} for text in texts}
        return seen

    return read


def test_what_is_known_is_not_read_again_and_a_new_sentence_is(reread: Callable[..., list[str]]) -> None:
    assert reread(STATE) == TEXTS
    assert reread(STATE) == []
    assert reread(STATE, texts=["hello", "bye"]) == ["bye"]


def test_new_words_matter_to_the_sentences_that_have_them_also_misspelled(reread: Callable[..., list[str]]) -> None:
    reread(STATE)
    assert reread(STATE, ZORG) == ["find zorgs", "find zorsg now"]
    assert reread(STATE, ZORG, SKIN) == ["skin clinic", "any clinic"]


def test_a_word_that_is_gone_and_another_grammar_matter_to_all(reread: Callable[..., list[str]]) -> None:
    reread(STATE, ZORG)
    assert reread(STATE) == TEXTS
    assert reread(STATE, made_of="another") == TEXTS


def test_many_sentences_are_shared_among_the_cores(
    reread: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kinds_module, "SHARED_FROM", 2)
    assert reread(STATE) == [], "other processes have read them, and what they found is the same"
