"""What the content lint has against a form, as buttons that mend it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.programs.fact_words import figure
from bot.programs.rows import FactRow

LEAVE_OUT, NAME_FACT, MORE = "leave_out", "name_fact", "more"
MOST_FACTS = 6
_QUOTED = re.compile("“([^”]+)”")
_BARE = re.compile(r"says ([\d.,]*\d);")
_TOO_FEW = re.compile(r"has \d+ sentences?, at least \d+ are needed")


@dataclass(frozen=True)
class WayOut:
    """A button: what it `does` (one of the names above), with which `value`, and what stands on it."""

    does: str
    value: str
    says: str


def ways_out(problem: str, facts: Mapping[str, FactRow], *, typed: Sequence[str] = ()) -> list[WayOut]:
    """The buttons for what the lint said; `typed` are the sentences of the form, which may be left out."""
    quoted = {text.casefold() for text in _QUOTED.findall(problem)}
    found = [WayOut(LEAVE_OUT, text, f"Leave out “{text}”") for text in typed if text.casefold() in quoted]
    for number in dict.fromkeys(_BARE.findall(problem)):
        found += [
            WayOut(NAME_FACT, f"{number} {key}", f"{figure(row)} is “{_said(row)}”")
            for key, row in _holding(number, facts)
        ]
    if _TOO_FEW.search(problem):
        found.append(WayOut(MORE, "", "Propose more ways to ask"))
    return found


def with_fact(text: str, value: str, facts: Mapping[str, FactRow]) -> str:
    """A text with a fact named where its figure stood; `value` is "350 project_img_deposit_usd"."""
    number, _, key = value.partition(" ")
    if key not in facts:
        return text
    whole = next((said for said in (figure(facts[key]), f"${number}", number) if said in text), number)
    return text.replace(whole, f"{{{key}}}", 1)


def without(lines: str, line: str) -> str:
    """Lines without one of them."""
    return "\n".join(text for text in lines.splitlines() if text.strip().casefold() != line.casefold())


def with_more(lines: str, asked: Sequence[str], *, fewest: int, propose: Callable[[str], Sequence[str]]) -> str:
    """Lines with further ways to ask, proposed from what was asked, until a third more than `fewest` stand there."""
    known = [text.strip() for text in lines.splitlines() if text.strip()]
    wanted = fewest + fewest // 3 + 1
    for text in (way for said in (*asked, *known) for way in propose(said)):
        if len(known) + len(asked) >= wanted:
            break
        if text.casefold() not in {one.casefold() for one in (*known, *asked)}:
            known.append(text)
    return "\n".join(known)


def _holding(number: str, facts: Mapping[str, FactRow]) -> list[tuple[str, FactRow]]:
    """The facts whose figure is this number."""
    plain = number.replace(",", "")
    same = [(key, row) for key, row in sorted(facts.items()) if row.value.replace(",", "").removesuffix(".0") == plain]
    return same[:MOST_FACTS]


def _said(row: FactRow) -> str:
    return row.key.replace("_", " ")
