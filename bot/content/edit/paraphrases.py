"""Other ways to ask a question, proposed from templates; a person edits them before they are used. Pure."""

from __future__ import annotations

from collections.abc import Iterable

WAYS = (
    ("can i", "may i", "am i allowed to", "is it possible to", "is it ok to", "could i", "would they let me"),
    ("do i need", "do i have to have", "is it necessary to have", "must i have", "do they ask for", "do they want"),
    ("do i have to", "must i", "am i supposed to", "is it mandatory to", "will they make me"),
    ("how do i", "how can i", "how would i", "what is the way to", "what must i do to", "which steps are there to"),
    (
        "how much is",
        "how much does it cost to have",
        "what do they charge for",
        "what is the price of",
        "how expensive is",
    ),
    ("how long does", "how many weeks does", "how much time does", "for how long does"),
    ("is there", "are there", "will i find", "do they have", "do you know of", "would there be"),
    ("where can i", "where do i", "in which place can i", "do you know where i can"),
    ("when do i", "when should i", "at what point do i", "how early do i"),
    ("what is", "what do you mean by", "can you explain", "tell me about", "what exactly is"),
    ("what happens if", "what if", "and suppose", "what will they do if"),
    ("who", "which person", "do you know who", "tell me who"),
)
AROUND = (
    "{}",
    "{} during my rotation",
    "{} as an international student",
    "as a graduate, {}",
    "my question is this: {}",
    "{} while I am in the US",
)
MOST = 24


def paraphrases(question: str, most: int = MOST) -> list[str]:
    """Up to `most` other ways to ask, the question itself left out; no two are the same."""
    core = " ".join(question.split()).rstrip("?!. ")
    lower = core.casefold()
    others = next((found for ways in WAYS if (found := list(_reopened(core, lower, ways)))), [])
    made = (form.format(way) for form in AROUND for way in (others if form == AROUND[0] else [core, *others]))
    return [text for text in dict.fromkeys(made) if text.casefold() != lower][:most]


def _reopened(core: str, lower: str, ways: Iterable[str]) -> Iterable[str]:
    """The question with each other opening of the group that it begins with."""
    opening = next((way for way in ways if lower.startswith(f"{way} ")), "")
    return (_with_capital_i(way) + core[len(opening) :] for way in ways if way != opening) if opening else ()


def _with_capital_i(way: str) -> str:
    return " ".join("I" if word == "i" else word for word in way.split())
