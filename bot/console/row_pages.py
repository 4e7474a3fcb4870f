"""What the pages of programs and of facts have in common: list, form, and the deeds on one row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, HTTPException, Request, Response
from sqlalchemy.orm import Session

from bot.console.access import Role, Staff, requires
from bot.console.context import console_of
from bot.console.rendering import page, see_other
from bot.programs.service import write_gazetteer
from bot.programs.tables import FactRecord, ProgramRow
from bot.programs.upkeep import service as upkeep
from bot.programs.upkeep.store import LIVE, STATES, RowPage, is_stale
from bot.staff.store import history_of

Row = ProgramRow | FactRecord
Reader = Annotated[Staff, requires(Role.VIEWER)]
Keeper = Annotated[Staff, requires(Role.PUBLISHER)]
PAGE = 50


@dataclass(frozen=True)
class Kind:
    """Programs or facts: `word` is the path, the templates' name and the subject in the audit log in one.

    `key` is the column that names a row, `choices` what the template offers.
    """

    word: str
    key: str
    columns: tuple[str, ...]
    find: Callable[[Session, str], Row | None]
    put: Callable[..., Row]
    choices: Callable[[], Mapping[str, Any]]

    @property
    def path(self) -> str:
        return f"/{self.word}s"


async def _sent_cells(request: Request) -> dict[str, str]:
    """The form; boxes of one name become a list with semicolons, as the files write it."""
    form = await request.form()
    return {name: ";".join(str(value) for value in form.getlist(name)) for name in form}


Sent = Annotated[dict[str, str], Depends(_sent_cells)]


def show_list(
    request: Request, kind: Kind, find: Callable[..., RowPage], *, words: str, state: str, number: int, **wishes: str
) -> Response:
    """A page of rows; `wishes` go to `find` as they are."""
    state, number, today = (state if state in STATES else LIVE), max(number, 1), console_of(request).today()
    with console_of(request).database.unit() as session:
        found = find(session, words, state=state, today=today, offset=(number - 1) * PAGE, limit=PAGE, **wishes)
        stale = find(session, "", state="stale", today=today, limit=1).count
    kept = {"q": words, "state": state, **wishes}
    return page(
        request,
        f"{kind.word}s.html",
        found=found,
        stale=stale,
        kept=kept,
        number=number,
        pages=-(-found.count // PAGE),
        link=lambda at: f"?{urlencode({**kept, 'page': at})}",
        choices=kind.choices(),
        is_old=lambda row, source_date: is_stale(row.checked_at, source_date, today=today),
    )


def show_new(request: Request, kind: Kind) -> Response:
    """An empty form."""
    return _form(request, kind, {}, checked=console_of(request).today().isoformat())


def show_one(request: Request, kind: Kind, name: str) -> Response:
    """The form of one row with its history."""
    with console_of(request).database.unit() as session:
        row = require(session, kind, name)
        checked = row.checked_at.date().isoformat() if row.checked_at else ""
        return _form(request, kind, upkeep.cells_of(row), checked=checked, row=row)


def save(request: Request, kind: Kind, staff: Staff, sent: dict[str, str], *, name: str = "") -> Response:
    """Stores what was sent, for the row `name` or a new one, or shows the form again with what is wrong."""
    console = console_of(request)
    cells = {**sent, **({kind.key: name} if name else {})}
    options = {"checked": sent.get("checked", ""), "today": console.today(), "seen": sent.get("seen", "")}
    try:
        with console.database.unit() as session:
            row = kind.put(session, staff, cells, **(options if name else {**options, "seen": ""}))
            name = getattr(row, kind.key)
    except upkeep.CellsError as error:
        return _again(request, kind, cells, name=name, problems=error.problems)
    except upkeep.StaleFormError:
        changed = {"": "Somebody changed this in the meantime. Reload the page to see it, then change it again."}
        return _again(request, kind, cells, name=name, problems=changed)
    renew_names(request)
    return see_other(request, f"{kind.path}/{name}", "Saved. The bot uses it from now on.")


def act(request: Request, kind: Kind, name: str, said: str, deed: Callable[[Session, Row], None]) -> Response:
    """Does something with one row."""
    try:
        with console_of(request).database.unit() as session:
            deed(session, require(session, kind, name))
    except upkeep.RetireError as error:
        return see_other(request, f"{kind.path}/{name}", str(error), is_bad=True)
    renew_names(request)
    return see_other(request, f"{kind.path}/{name}", said)


def require(session: Session, kind: Kind, name: str) -> Row:
    """The row, or 404."""
    row = kind.find(session, name)
    if row is None:
        raise HTTPException(404)
    return row


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


def renew_names(request: Request) -> None:
    """Tells the engine the institutions' names as they are now."""
    console = console_of(request)
    with console.database.unit() as session:
        write_gazetteer(session, console.container.settings.var)


def _again(
    request: Request, kind: Kind, cells: Mapping[str, str], *, name: str, problems: Mapping[str, str]
) -> Response:
    with console_of(request).database.unit() as session:
        row = require(session, kind, name) if name else None
        return _form(request, kind, cells, checked=cells.get("checked", ""), row=row, problems=problems)


def _form(
    request: Request,
    kind: Kind,
    cells: Mapping[str, str],
    *,
    checked: str,
    row: Row | None = None,
    problems: Mapping[str, str] | None = None,
) -> Response:
    console, shown = console_of(request), {name: cells.get(name, "") for name in kind.columns}
    with console.database.unit() as session:
        history = history_of(session, f"{kind.word} {shown[kind.key]}") if row else []
    seen = cells.get("seen", "") or (upkeep.state_of(row) if row else "")
    old = bool(row) and is_stale(row.checked_at, shown["source_date"], today=console.today()) if row else False
    return page(
        request,
        f"{kind.word}.html",
        status=422 if problems else 200,
        cells=shown,
        checked=checked,
        row=row,
        seen=seen,
        problems=dict(problems or {}),
        history=history,
        is_old=old,
        choices=kind.choices(),
        today=console.today().isoformat(),
        may_keep=request.state.staff.may(Role.PUBLISHER),
    )
