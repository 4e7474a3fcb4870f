"""How much of an answer is said at once; what has no room is folded behind it."""

from __future__ import annotations

from collections.abc import Iterable


def within_words(opening: Iterable[str], rest: Iterable[str], *, most: int) -> tuple[list[str], list[str]]:
    """Blocks of text parted into what is said, the opening and what of the rest has room, and what is folded."""
    shown = [block for block in opening if block]
    folded: list[str] = []
    for block in filter(None, rest):
        is_short = sum(len(text.split()) for text in (*shown, block)) <= most
        (shown if is_short and not folded else folded).append(block)
    return shown, folded
