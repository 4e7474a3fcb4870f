"""Other names of institutions, as people say them: what the engine listens for besides the official name."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.programs.tables import Institution, InstitutionAlias

ALIASES = "aliases"
_SHORTEST, _LONGEST, _MOST = 2, 80, 30


def read_aliases(text: str | None) -> tuple[tuple[str, ...] | None, dict[str, str]]:
    """The names of a field with semicolons, and what is wrong with it; None when there is no such field."""
    if text is None:
        return None, {}
    names = tuple(dict.fromkeys(name for part in text.split(";") if (name := " ".join(part.split()))))
    if len(names) > _MOST:
        return names, {ALIASES: f"has more than {_MOST} names"}
    if strange := next((name for name in names if not _SHORTEST <= len(name) <= _LONGEST), None):
        return names, {ALIASES: f"has a name that is too short or too long: “{strange[:_LONGEST]}”"}
    return names, {}


def put_aliases(session: Session, institution: Institution, names: Sequence[str] | None) -> None:
    """Gives an institution exactly these other names; a name that others have too means them first, as before."""
    if names is None:
        return
    session.flush()
    known = {item.alias: item for item in institution.aliases}
    for alias in known.keys() - set(names):
        institution.aliases.remove(known[alias])
    for name in names:
        if name not in known:
            taken = session.scalar(select(func.max(InstitutionAlias.rank)).where(InstitutionAlias.alias == name))
            rank = 0 if taken is None else taken + 1
            institution.aliases.append(InstitutionAlias(alias=name, rank=rank))
