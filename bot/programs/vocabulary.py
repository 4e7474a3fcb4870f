"""Word lists that core needs and that stand in data files: how specialties hang together, which states a region has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from bot.data_files import read_yaml
from bot.programs.specialties import Specialties
from bot.settings import ROOT

DATA = ROOT / "data"


@dataclass(frozen=True)
class Vocabulary:
    """`regions` maps a region's name to its states, `states` a state's code to its name.

    `territories` are the codes of more places with programs, by name; their codes are too short to listen for.
    """

    specialties: Specialties
    regions: Mapping[str, Sequence[str]]
    states: Mapping[str, str]
    territories: Mapping[str, str]

    @cached_property
    def codes(self) -> frozenset[str]:
        """What may stand in a program's column `state`."""
        return frozenset((*self.states, *self.territories))


@lru_cache
def vocabulary(folder: Path = DATA) -> Vocabulary:
    """The word lists of a data folder, read once."""
    lexicon = read_yaml(folder / "lexicon.yml")
    specialties = read_yaml(folder / "specialties.yml")
    return Vocabulary(
        Specialties.from_data(specialties),
        regions=lexicon["region_states"],
        states=_state_names(lexicon["state"]),
        territories=lexicon["territories"],
    )


def _state_names(states: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {code: terms[0].title().replace(" Of ", " of ") for code, terms in states.items()}


def families(folder: Path = DATA) -> list[dict[str, list[str]]]:
    """The groups of institutions with shared names, for the importer."""
    loaded: list[dict[str, list[str]]] = read_yaml(folder / "aliases.yml")
    return loaded
