"""Which specialty belongs to which, so that a wish for a broad one finds the narrow ones.

The hierarchy itself is data (`data/specialties.yml`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

MANY = "many"


@dataclass(frozen=True)
class Specialties:
    """`narrower` lists the direct parts of a specialty; `same` maps other names to the one that is used."""

    narrower: Mapping[str, Sequence[str]] = field(default_factory=dict)
    same: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> Specialties:
        """The hierarchy of `data/specialties.yml`."""
        groups, narrower = data.get("same") or (), data.get("narrower") or {}
        assert isinstance(groups, Sequence)
        assert isinstance(narrower, Mapping)
        return cls(narrower, {name: group[0] for group in groups for name in group[1:]})

    def name(self, specialty: str) -> str:
        """The one name of a specialty."""
        return self.same.get(specialty, specialty)

    @cached_property
    def _broader(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for broad, parts in self.narrower.items():
            for part in parts:
                found[part] = (*found.get(part, ()), broad)
        return found

    @cached_property
    def _known_parts(self) -> dict[str, frozenset[str]]:
        return {}

    @cached_property
    def _known_wholes(self) -> dict[str, frozenset[str]]:
        return {}

    def parts(self, specialty: str) -> frozenset[str]:
        """A specialty and the narrower ones it is made of. Internal medicine stops at its general forms."""
        if specialty not in self._known_parts:
            self._known_parts[specialty] = self._reach({self.name(specialty)}, self._parts_of)
        return self._known_parts[specialty]

    def wholes(self, specialty: str) -> frozenset[str]:
        """The broader specialties that a specialty belongs to, at any height."""
        if specialty not in self._known_wholes:
            name = self.name(specialty)
            self._known_wholes[specialty] = self._reach({name}, lambda one: self._broader.get(one, ())) - {name}
        return self._known_wholes[specialty]

    def _parts_of(self, specialty: str) -> Sequence[str]:
        # A cardiology stay is not an internal medicine stay: the list of subspecialties is named, not entered.
        entered = specialty != "internal medicine subspecialties"
        return self.narrower.get(specialty, ()) if entered else ()

    @staticmethod
    def _reach(found: set[str], step: Callable[[str], Sequence[str]]) -> frozenset[str]:
        waiting = list(found)
        while waiting:
            for name in step(waiting.pop()):
                if name not in found:
                    found.add(name)
                    waiting.append(name)
        return frozenset(found)

    def judge(self, wanted: Iterable[str], offered: Sequence[str]) -> tuple[bool | None, str]:
        """Whether an offer suits: yes, no, or None when it does not say; and the offered name that decides.

        An empty list and "many" say nothing; a broader name ("cardiology" for "heart failure") leaves it open.
        """
        names = [self.name(item) for item in offered]
        wishes = [self.name(item) for item in wanted]
        for name in (*(item for item in names if item in wishes), *names):
            if any(name in self.parts(wish) for wish in wishes):
                return True, name
        if not names or MANY in names:
            return None, ""
        broad = next((name for name in names if any(name in self.wholes(wish) for wish in wishes)), None)
        return (None, broad) if broad else (False, "")
