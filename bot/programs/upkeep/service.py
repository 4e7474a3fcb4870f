"""Staff keep programs and facts: add, correct, confirm, retire, bring back. Rows are read as the importer reads them.

Who changes something says where it stands and on which day they looked. Nothing is deleted: what is retired is no
longer found by anybody, stays in the history, and can be brought back.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy.orm import Session

from bot.programs.aliases import ALIASES, put_aliases, read_aliases
from bot.programs.corrections.store import settle
from bot.programs.fields import SLUG
from bot.programs.rows import COLUMNS, FACT_COLUMNS, Problem, read_fact, read_program, write_fact, write_program
from bot.programs.sources import service as sources
from bot.programs.store import Shelf, store, to_fact, to_program
from bot.programs.tables import FactRecord, ProgramRow
from bot.programs.upkeep.store import find_fact, find_program
from bot.staff.audit import audit
from bot.staff.roles import Staff

Fields = Mapping[str, str]
_SAME_FORM = "is calculated with, so it stays a number or a range such as 3000-5000"
_BOXES = ("rotation_types", "audience")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


class RowError(ValueError):
    """A row that cannot be stored: `problems` by the name of the field, in words for staff."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {reason}" for name, reason in problems.items()))
        self.problems = dict(problems)


class StaleFormError(ValueError):
    """Somebody else changed the row after the form was opened."""


class RetireError(ValueError):
    """This cannot be retired; the text says why."""


def fields_of(row: ProgramRow | FactRecord) -> dict[str, str]:
    """The fields of a row as the files write them, for a program with the other names of its institution."""
    if isinstance(row, FactRecord):
        return write_fact(to_fact(row))
    names = ";".join(item.alias for item in row.institution.aliases)
    return {**write_program(to_program(row)), ALIASES: names}


def state_of(row: ProgramRow | FactRecord) -> str:
    """A mark that is another one after every change; forms carry it."""
    known = [fields_of(row), str(row.checked_at), str(row.retired_at)]
    return hashlib.sha256(json.dumps(known).encode()).hexdigest()[:16]


def put_program(
    session: Session, by: Staff, fields: Fields, *, checked: str, today: date, seen: str = ""
) -> ProgramRow:
    """Adds a program, or, with the `seen` mark of a row, replaces the row with its slug.

    The field `aliases` holds the other names of the institution; without it they stay as they are.

    Raises:
        RowError, StaleFormError: see there.
    """
    given = _tidy(fields, COLUMNS)
    given["slug"] = given["slug"] or slug_for(given["institution"], given["program_name"])
    row = find_program(session, given["slug"])
    program, problems = read_program(_in_its_order(row, given), 1)
    day, wrong = _checked_day(checked, today)
    names, strange = read_aliases(fields.get(ALIASES))
    _refuse(problems, wrong | strange | _is_taken(row, seen, "slug"))
    assert program is not None
    before = _before(row, seen)
    row = row or ProgramRow()
    store(row, program, Shelf.load(session))
    row.checked_at = day
    session.add(row)
    put_aliases(session, row.institution, names)
    _note(session, by, row, f"program {program.slug}", before=before)
    return row


def put_fact(session: Session, by: Staff, fields: Fields, *, checked: str, today: date, seen: str = "") -> FactRecord:
    """Adds a fact, or, with the `seen` mark of a row, replaces the row with its key.

    Raises:
        RowError, StaleFormError: see there.
    """
    given = _tidy(fields, FACT_COLUMNS)
    fact, problems = read_fact(given, 1)
    day, wrong = _checked_day(checked, today)
    row = find_fact(session, given["key"])
    _refuse(problems, wrong | _is_taken(row, seen, "key") | _other_form(row, given))
    assert fact is not None
    before = _before(row, seen)
    row = row or FactRecord()
    for name, value in write_fact(fact).items():
        setattr(row, name, value)
    row.checked_at = day
    session.add(row)
    _note(session, by, row, f"fact {fact.key}", before=before)
    return row


def confirm(session: Session, by: Staff, row: ProgramRow | FactRecord, *, today: date) -> None:
    """Somebody looked at the source today and found everything as it stands."""
    before = _checked(row)
    row.checked_at = _noon(today)
    _looked_at(session, _subject(row))
    audit(session, by, "confirm", _subject(row), before, _checked(row))


def retire(
    session: Session,
    by: Staff,
    row: ProgramRow | FactRecord,
    *,
    reason: str,
    now: datetime,
    uses: Collection[str] = (),
) -> None:
    """Takes a row out of everything that people see. `uses` are what is calculated with it, in words for staff.

    Raises:
        RetireError: it was, nobody says why, or calculations rely on it.
    """
    if row.retired_at:
        raise RetireError("It is retired already.")
    if not reason.strip():
        raise RetireError("Say in a few words why; it stands in the history.")
    if uses:
        raise RetireError(f"{' and '.join(uses).capitalize()} are calculated with this fact. Correct it instead.")
    row.retired_at = now
    _settle(session, _subject(row))
    audit(session, by, "retire", _subject(row), None, {"reason": reason.strip()})


def bring_back(session: Session, by: Staff, row: ProgramRow | FactRecord) -> None:
    """Offers a retired row again."""
    row.retired_at = None
    audit(session, by, "bring back", _subject(row))


def slug_for(institution: str, name: str) -> str:
    """A slug made of the two names."""
    words = re.findall(r"[a-z0-9]+", f"{institution} {name}".lower())
    made = "-".join(words)[:80].strip("-")
    return made if SLUG.fullmatch(made) else ""


def _tidy(fields: Fields, columns: tuple[str, ...]) -> dict[str, str]:
    """What people type: stray spaces and line breaks are no mistake of theirs."""
    return {name: " ".join(fields.get(name, "").split()) for name in columns}


def _in_its_order(row: ProgramRow | None, given: dict[str, str]) -> dict[str, str]:
    """Boxes have no order: the same ones as before stay in the order of the row."""
    known = fields_of(row) if row else {}
    same = [name for name in _BOXES if sorted(known.get(name, "").split(";")) == sorted(given[name].split(";"))]
    return given | {name: known[name] for name in same if name in known}


def _checked_day(checked: str, today: date) -> tuple[datetime | None, dict[str, str]]:
    try:
        day = date.fromisoformat(checked.strip())
    except ValueError:
        return None, {"checked": "is not a day (YYYY-MM-DD)" if checked.strip() else "is empty"}
    return (None, {"checked": "is in the future"}) if day > today else (_noon(day), {})


def _noon(day: date) -> datetime:
    """A day as a moment that is the same day in every zone of the United States."""
    return datetime.combine(day, time(18), UTC)


def _is_taken(row: ProgramRow | FactRecord | None, seen: str, name: str) -> dict[str, str]:
    return {name: "is taken by another row"} if row is not None and not seen else {}


def _other_form(row: FactRecord | None, given: Fields) -> dict[str, str]:
    """A value that is calculated with keeps its form and its unit."""
    if row is None:
        return {}
    found: dict[str, str] = {}
    if given["unit"] != row.unit:
        found["unit"] = f"stays “{row.unit}”; for another unit add another fact"
    old, new = to_fact(row), given["value"]
    if old.range and not re.fullmatch(r"\d+(?:\.\d+)?(?:-\d+(?:\.\d+)?)?", new):
        found["value"] = _SAME_FORM
    if _ISO.fullmatch(old.value) and not _is_day(new):
        found["value"] = "is a day of the calendar (YYYY-MM-DD), as before"
    return found


def _is_day(text: str) -> bool:
    try:
        return bool(_ISO.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


def _refuse(problems: list[Problem], more: Mapping[str, str]) -> None:
    found: dict[str, str] = {}
    for problem in problems:
        found.setdefault(problem.column, problem.reason)
    if found or more:
        raise RowError({**found, **more})


def _before(row: ProgramRow | FactRecord | None, seen: str) -> dict[str, Any] | None:
    if row is None:
        if seen:
            raise StaleFormError
        return None
    if state_of(row) != seen:
        raise StaleFormError
    return {**fields_of(row), **_checked(row)}


def _note(
    session: Session, by: Staff, row: ProgramRow | FactRecord, subject: str, *, before: dict[str, Any] | None
) -> None:
    session.flush()
    _looked_at(session, subject)
    after = {**fields_of(row), **_checked(row)}
    if before is None:
        after = {name: value for name, value in after.items() if value}
    audit(session, by, "add" if before is None else "change", subject, before, after)


def _looked_at(session: Session, subject: str) -> None:
    """What its page says now is taken as read, and what people called wrong is settled."""
    sources.accept(session, *subject.split(" ", 1))
    _settle(session, subject)


def _settle(session: Session, subject: str) -> None:
    kind, name = subject.split(" ", 1)
    if kind == "program":
        settle(session, name)


def _checked(row: ProgramRow | FactRecord) -> dict[str, Any]:
    return {"checked": row.checked_at.date().isoformat() if row.checked_at else ""}


def _subject(row: ProgramRow | FactRecord) -> str:
    return f"program {row.slug}" if isinstance(row, ProgramRow) else f"fact {row.key}"
