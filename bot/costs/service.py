"""What a cost question needs from the database: the facts, and the programs that a message names."""

from __future__ import annotations

from bot.nlu.message import Message
from bot.programs import aspects
from bot.programs.service import Shelves, shelves
from bot.programs.vocabulary import vocabulary

__all__ = ["named_programs", "shelves"]


def named_programs(message: Message, known: Shelves, *, career_stage: str | None, most: int) -> tuple[str, ...]:
    """The slugs of the programs that a message names, open and priced ones first, at most `most`."""
    named = message.frame.named("institution")
    institutions = [name for item in named for name in known.directory.named(item)]
    programs = aspects.narrow(
        known.programs_of(tuple(dict.fromkeys(institutions))),
        message,
        specialties=vocabulary().specialties,
        career_stage=career_stage,
    )
    best = sorted(programs, key=lambda item: (item.is_closed, item.rotation_types == ("research",), not item.is_priced))
    return tuple(item.slug for item in best[:most])
