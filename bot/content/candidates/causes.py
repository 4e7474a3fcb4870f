"""Why a sentence is lost: the new sentence that is most like it, and the change that brought it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz, process

LEAST_ALIKE = 50


def nearest(lost: str, learned: Mapping[int, Sequence[str]]) -> tuple[int, str] | None:
    """(change, its sentence) most like a lost sentence; `learned` has the new sentences of each change by its id."""
    numbered = [(number, text) for number, texts in learned.items() for text in texts]
    texts = [text.casefold() for _, text in numbered]
    found = process.extractOne(lost.casefold(), texts, scorer=fuzz.token_set_ratio, score_cutoff=LEAST_ALIKE)
    return numbered[found[2]] if found else None
