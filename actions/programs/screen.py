"""What stands on the screen: one program (or the offerings of one institution), or a list. It stays until replaced."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from actions.turn import Turn
from bot.nlu.frame import Number
from bot.nlu.message import Message
from bot.programs import service
from bot.programs.institutions import distinctive, plain
from bot.programs.program import Program
from bot.reply.parts import Source

_POINTING = frozenset({"the", "that", "one", "hospital", "clinic"})
"""Words of "the Methodist one" that name nobody."""
_PAIR = 2
TASKS = frozenset({"program", "search", "compare"})


@dataclass(frozen=True)
class Screen:
    """Programs on the screen. `is_one` for the offerings of one institution, `is_latest` while nothing came after.

    `earlier` is the program of another institution that was shown before the one, `before` all of the talk so far.
    """

    programs: tuple[Program, ...]
    listed: tuple[Program, ...]
    is_one: bool
    is_latest: bool
    earlier: Program | None = None
    before: tuple[Program, ...] = ()

    @property
    def pair(self) -> tuple[Program, ...]:
        """What was shown one after the other, in that order; empty where it is not two institutions."""
        return (self.earlier, self.programs[0]) if self.is_one and self.earlier else ()

    @property
    def other(self) -> Program | None:
        """What "the other one" means: of two listed the one that is not talked about, else what was shown before it."""
        if not self.is_one:
            return None
        rest = [program for program in self.listed if program not in self.programs]
        return rest[0] if len(rest) == 1 else self.earlier

    def named(self, message: Message) -> tuple[Program, ...]:
        """The programs on the screen that a message calls by words of their names; "the Seattle one" by its place."""
        if message.frame.does("by_place") and (there := self.at(message)):
            return there
        text = message.text.lower()
        if whole := tuple(p for p in self.listed if p.institution.lower() in text):
            return whole  # also a name of everyday words: "Medical Student Rotation"
        said = distinctive(message.text)
        shared = {p.slug: len(distinctive(p.institution) & said) for p in self.listed}
        most = max(shared.values(), default=0)
        return tuple(p for p in self.listed if shared[p.slug] == most) if most else ()

    def called(self, message: Message) -> tuple[Program, ...]:
        """The programs of the talk that "the children's one" means by words of their names, of the list first."""
        act = message.frame.first("called_one")
        if act is None:
            return ()
        said = {_stem(word) for word in plain(message.text[act.start : act.end]).split() if word not in _POINTING}
        for programs in (self.listed, self.before):
            fitting = tuple(p for p in programs if said and said <= set(map(_stem, plain(p.institution).split())))
            if fitting:
                return fitting if len(fitting) < len(self.listed) else ()
        return ()

    def at(self, message: Message) -> tuple[Program, ...]:
        """The programs on the screen in the city or the state that a message names."""
        cities, states = message.frame.wished("city"), message.frame.wished("state")
        return tuple(p for p in self.listed if p.city in cities or p.state in states)


def _stem(word: str) -> str:
    """A word in the singular: "childrens" and "children" are one."""
    return word.removesuffix("s")


def screen(turn: Turn) -> Screen | None:
    """What is shown; None where nothing is."""
    focus, listed = tuple(turn.slots.get("focus") or ()), tuple(turn.slots.get("last_results") or ())
    if not focus and not listed:
        return None
    with turn.container.database.unit() as session:
        known = service.shelves(session).catalog.by_slug
    in_list = tuple(known[slug] for slug in listed if slug in known)
    programs = tuple(known[slug] for slug in focus if slug in known) or in_list
    if not programs:
        return None
    earlier = known.get(turn.slots.get("earlier") or "")
    before = tuple(known[slug] for slug in turn.slots.get("discussed") or () if slug in known)
    return Screen(programs, in_list or programs, bool(focus), turn.task in TASKS, earlier, before)


def widened(shown: Screen, message: Message, *, is_list: bool = False) -> Screen:
    """The whole list for "which of them", though one of its programs was asked about last; or the last two shown.

    Right after a list (`is_list`) "do they ..." is about all of it as well, "... there" about the one that fits.
    """
    is_of_two = message.frame.does("both") or _of_two(message)
    if shown.pair and (message.frame.does("which_of", "which_better", "which_easier") or is_of_two):
        return replace(shown, programs=shown.pair, listed=shown.pair, is_one=False)
    is_one_of_many = len(shown.programs) == 1 and len(shown.listed) > 1
    is_about_all = is_one_of_many and message.frame.does("which_of", "which_better", *(("them",) if is_list else ()))
    is_about_all |= is_one_of_many and is_of_two and len(shown.listed) == _PAIR
    return replace(shown, programs=shown.listed, is_one=False) if is_about_all else shown


def _of_two(message: Message) -> bool:
    """Whether "those two" are meant."""
    return message.frame.does("them") and any(number.value == _PAIR for number, _ in message.frame.measures(Number))


def called(programs: Sequence[Program]) -> dict[str, str]:
    """How programs are called, by slug: the institution, with the program where it has two; offerings of one alone."""
    offered = Counter(program.institution for program in programs)
    if len(offered) == 1:
        return {item.slug: item.program_name for item in programs}
    return {item.slug: item.title if offered[item.institution] > 1 else item.institution for item in programs}


def sources(programs: Sequence[Program]) -> tuple[Source, ...]:
    """The pages of programs, each once."""
    return tuple(dict.fromkeys(Source(item.institution, item.source_url, item.source_date) for item in programs))
