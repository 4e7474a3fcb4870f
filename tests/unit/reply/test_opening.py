"""The first sixty words of an answer stand; what goes beyond is folded, never a list alone or a question."""

from __future__ import annotations

from bot.reply.opening import MOST_WORDS, opened
from bot.reply.parts import Notice, Reply, Source, Suggestion, Text

LONG = " ".join(["word"] * 40)


def shown(text: str, more: str = "") -> Text:
    (part,) = opened(Reply((Text(text, more=more),))).parts
    assert isinstance(part, Text)
    return part


def test_a_short_text_stands_as_it_is() -> None:
    assert shown("One.\n\nTwo.", "An article.") == Text("One.\n\nTwo.", more="An article.")


def test_paragraphs_beyond_sixty_words_are_folded_before_the_article() -> None:
    part = shown(f"First.\n\n{LONG}.\n\nSecond {LONG}.", "An article.")
    assert part == Text(f"First.\n\n{LONG}.", more=f"Second {LONG}.\n\nAn article.")
    assert len(part.text.split()) <= MOST_WORDS


def test_the_first_paragraph_is_never_cut_and_nothing_after_a_fold_comes_back() -> None:
    part = shown(f"{LONG} {LONG}.\n\n{LONG}.\n\nEnd.")
    assert (part.text, part.more) == (f"{LONG} {LONG}.", f"{LONG}.\n\nEnd.")


def test_a_list_stays_with_the_words_that_lead_to_it() -> None:
    part = shown(f"It depends on the way:\n\n- {LONG}\n- {LONG}\n\nEnd.")
    assert part.text == f"It depends on the way:\n\n- {LONG}\n- {LONG}"
    assert part.more == "End."


def test_a_question_at_the_end_is_never_folded() -> None:
    part = shown(f"{LONG}.\n\n{LONG}.\n\n**When do you start?**")
    assert (part.text, part.more) == (f"{LONG}.\n\n**When do you start?**", f"{LONG}.")


def test_everything_else_of_a_reply_stays() -> None:
    long = Text(f"{LONG}.\n\n{LONG}.", (Source("Page"),), "2026-11-23")
    reply = opened(Reply((long, Notice(f"{LONG}\n\n{LONG}")), (Suggestion("x", "/help"),)))
    assert reply.parts == (Text(f"{LONG}.", long.sources, long.reviewed, more=f"{LONG}."), Notice(f"{LONG}\n\n{LONG}"))
    assert reply.suggestions == (Suggestion("x", "/help"),)
