"""What a cost question needs from the database: the facts, and the programs that a message names."""

from __future__ import annotations

from collections.abc import Collection

from bot.nlu.message import Message
from bot.programs import aspects
from bot.programs.service import Shelves, shelves
from bot.programs.vocabulary import vocabulary

__all__ = ["named_programs", "shelves"]


def named_programs(
    message: Message, known: Shelves, *, career_stage: str | None, discussed: Collection[str] = (), most: int
) -> tuple[str, ...]:
    """The slugs of the programs that a message names, open and priced ones first, at most `most`.

    Of several at one place those that were `discussed` before are meant, where there are such.
    """
    named = message.frame.meant("institution")
    inside = sorted(named, key=lambda item: item.start)
    groups = [tuple(dict.fromkeys([item.value, *known.directory.named(item)])) for item in inside]
    best = [
        _best(message, known, names, name=item.value, career_stage=career_stage)
        for item, names in zip(inside, groups, strict=True)
    ]
    best = [[slug for slug in group if slug in discussed] or group for group in best]
    if len([group for group in best if group]) > 1:  # the first of each place that is named, in the order of the text
        return tuple(dict.fromkeys(group[0] for group in best if group))[:most]
    return tuple(dict.fromkeys(slug for group in best for slug in group))[:most]


def _is_of(institution: str, name: str) -> bool:
    """Whether an institution is the named one or a department of it, no sister of a longer name."""
    return institution == name or institution.startswith(f"{name},")


def _best(
    message: Message, known: Shelves, institutions: tuple[str, ...], *, name: str, career_stage: str | None
) -> list[str]:
    """The slugs of the programs of a named place that fit the message, open and priced ones first.

    `institutions` are all that its name may mean; of these the place itself counts before its sisters.
    """
    programs = aspects.narrow(
        known.programs_of(tuple(dict.fromkeys(institutions))),
        message,
        specialties=vocabulary().specialties,
        career_stage=career_stage,
    )
    own = [item for item in programs if _is_of(item.institution, name)]
    programs = tuple(own or programs)
    programs = tuple(item for item in programs if item.rotation_types != ("research",)) or programs
    priced = [item for item in programs if item.is_priced and not item.is_closed]
    programs = tuple(priced or programs[:1])
    best = sorted(programs, key=lambda item: (item.is_closed, item.rotation_types == ("research",), not item.is_priced))
    return [item.slug for item in best]
