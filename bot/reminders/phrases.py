"""The small words around a reminder's subject, which are no part of it."""

from __future__ import annotations

JOINING = frozenset({"in", "on", "at", "by", "next", "this", "for", "the", "from", "around", "of", "until", "till"})
"""Words that lead to a time."""
SMALL = JOINING | frozenset(
    {
        "a",
        "about",
        "an",
        "before",
        "have",
        "i",
        "i'll",
        "it",
        "me",
        "must",
        "my",
        "need",
        "once",
        "please",
        "pls",
        "regarding",
        "should",
        "that",
        "thanks",
        "to",
        "when",
        "and",
    }
)
"""Words that no subject begins or ends with."""
