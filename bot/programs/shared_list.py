"""A list of programs as an address that can be shared: it names the programs in their order, and nothing else.

Each program is five letters made of its slug: a whole search fits into an address, and others may come and go.
"""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Sequence
from functools import cache
from hashlib import blake2b

from bot.programs.catalog import Catalog
from bot.programs.program import Program

PATH = "/programs/table"
LETTERS = 5


@cache
def code(slug: str) -> str:
    """The letters that stand for a program."""
    return b32encode(blake2b(slug.encode(), digest_size=5).digest()).decode().lower()[:LETTERS]


def address(programs: Sequence[Program]) -> str:
    """The page of several programs; "" where there is nothing to set side by side."""
    codes = "".join(code(program.slug) for program in programs)
    return f"{PATH}?p={codes}" if len(programs) > 1 else ""


def programs_of(codes: str, catalog: Catalog) -> list[Program]:
    """The programs that are named; unknown ones are left out."""
    known = {code(program.slug): program for program in catalog.programs}
    named = dict.fromkeys(codes[at : at + LETTERS] for at in range(0, len(codes), LETTERS))
    return [known[each] for each in named if each in known]
