"""The opening of an answer: its first sixty words, the rest folded behind "More"."""

from __future__ import annotations

from dataclasses import replace

from bot.reply.parts import Reply, Text

MOST_WORDS = 60
"""Words of a text that stand at once."""
GAP = "\n\n"


def opened(reply: Reply) -> Reply:
    """A reply whose long texts show their first paragraphs, of at most sixty words, and fold the others."""
    parts = tuple(_opened(part) if isinstance(part, Text) else part for part in reply.parts)
    return Reply(parts, reply.suggestions)


def _opened(text: Text) -> Text:
    """Nothing is cut inside a paragraph: the first always stands, and so does a question at the end."""
    told = _paragraphs(text.text)
    asked = [told.pop()] if len(told) > 1 and told[-1].rstrip("*_").endswith("?") else []
    kept = told[:1]
    for paragraph in told[1:]:
        if len(GAP.join([*kept, paragraph, *asked]).split()) > MOST_WORDS:
            break
        kept.append(paragraph)
    rest = told[len(kept) :]
    if not rest:
        return text
    return replace(text, text=GAP.join([*kept, *asked]), more=GAP.join(filter(None, (*rest, text.more))))


def _paragraphs(text: str) -> list[str]:
    """The paragraphs of a text; a list belongs to the words that lead to it."""
    found: list[str] = []
    for paragraph in text.strip().split(GAP):
        if found and found[-1].endswith(":"):
            found[-1] += GAP + paragraph
        else:
            found.append(paragraph)
    return found
