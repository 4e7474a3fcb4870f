"""Programs and facts: look up, correct, add, confirm, retire; it counts at once. One router for each kind of row."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, HTTPException, Query, Request, Response
from sqlalchemy.orm import Session

from bot.console.access import Role, Staff, requires
from bot.console.context import console_of
from bot.console.fact_use import uses_of
from bot.console.rendering import page, see_other
from bot.console.spreadsheets import csv_file
from bot.programs import program as known
from bot.programs.aliases import ALIASES
from bot.programs.corrections.store import corrections_of
from bot.programs.corrections.tables import Correction
from bot.programs.importer import export_facts, export_programs
from bot.programs.rows import COLUMNS, FACT_COLUMNS
from bot.programs.service import write_gazetteer
from bot.programs.sources.passages import Difference, differences
from bot.programs.sources.store import check_of
from bot.programs.sources.tables import SourceCheck
from bot.programs.tables import FactRecord, ProgramRow
from bot.programs.upkeep import service as upkeep
from bot.programs.upkeep.store import (
    LIVE,
    STALE,
    STATES,
    RowPage,
    find_fact,
    find_facts,
    find_program,
    find_programs,
    is_stale,
    queue_of,
)
from bot.programs.vocabulary import vocabulary
from bot.reply.responses import Responses
from bot.staff.store import history_of

Row = ProgramRow | FactRecord
Reader = Annotated[Staff, requires(Role.VIEWER)]
Keeper = Annotated[Staff, requires(Role.PUBLISHER)]
PAGE, LAST_PAGE = 50, 100_000
Words = Annotated[str, Query(max_length=200)]


@dataclass(frozen=True)
class News:
    """What became of a row's page, with what was said and what is said now."""

    check: SourceCheck
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class CalledWrong:
    """How many people say that a row is wrong, and the newest of them."""

    count: int
    newest: Sequence[Correction]


@dataclass(frozen=True)
class Kind:
    """Programs or facts: `word` is the path, the templates' name and the subject in the audit log in one.

    `key` is the column that names a row, `choices` what the template offers, `wishes` what else a list is narrowed by,
    `uses` what is calculated with a row.
    """

    word: str
    key: str
    table: type[ProgramRow] | type[FactRecord]
    columns: tuple[str, ...]
    find: Callable[[Session, str], Row | None]
    find_page: Callable[..., RowPage]
    put: Callable[..., Row]
    export: Callable[[Session], str]
    choices: Callable[[], Mapping[str, Any]]
    wishes: tuple[str, ...] = ()
    uses: Callable[[str, Responses], tuple[str, ...]] = lambda *_: ()

    @property
    def path(self) -> str:
        return f"/{self.word}s"


FACTS = Kind(
    "fact",
    "key",
    FactRecord,
    FACT_COLUMNS,
    find_fact,
    find_facts,
    upkeep.put_fact,
    export_facts,
    lambda: {"confidence": known.CONFIDENCES},
    uses=uses_of,
)
PROGRAMS = Kind(
    "program",
    "slug",
    ProgramRow,
    (*COLUMNS, ALIASES),
    find_program,
    find_programs,
    upkeep.put_program,
    export_programs,
    lambda: {
        "provider_type": known.PROVIDER_TYPES,
        "route": known.ROUTES,
        "rotation_types": known.ROTATION_TYPES,
        "audience": known.AUDIENCES,
        "level": known.LEVELS,
        "fee_period": known.FEE_PERIODS,
        "confidence": known.CONFIDENCES,
        "state": tuple(sorted(vocabulary().codes)),
        "yes_no": ("yes", "no"),
        "citizenship": known.CITIZENSHIPS,
        "home_agreement": known.AGREEMENTS,
        "accepts_international": ("yes", "no", "restricted"),
        "hands_on": ("yes", "no", "mixed"),
        "lor": ("yes", "no", "case_by_case"),
    },
    wishes=("us_state",),
)


async def _sent_fields(request: Request) -> dict[str, str]:
    """The form; boxes of one name become a list with semicolons, as the files write it."""
    form = await request.form()
    return {name: ";".join(str(value) for value in form.getlist(name)) for name in form}


Sent = Annotated[dict[str, str], Depends(_sent_fields)]


class RowPages:
    """The pages of one kind of row."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind

    def router(self) -> APIRouter:
        """The routes, those with a fixed name before those that take any."""
        made = APIRouter()
        for address, method, answer in (
            ("", "GET", self.show_list),
            ("/export.csv", "GET", self.export),
            ("/new", "GET", self.show_new),
            ("/new", "POST", self.add),
            ("/{name}", "GET", self.show_one),
            ("/{name}", "POST", self.change),
            ("/{name}/confirm", "POST", self.confirm),
            ("/{name}/retire", "POST", self.retire),
            ("/{name}/bring-back", "POST", self.bring_back),
        ):
            made.add_api_route(self.kind.path + address, answer, methods=[method], response_model=None)
        return made

    def show_list(
        self,
        request: Request,
        _: Reader,
        q: Words = "",
        state: str = LIVE,
        at: Annotated[int, Query(alias="page", le=LAST_PAGE)] = 1,
        rest: bool = False,
    ) -> Response:
        """Search, and the queue: rows whose page changed, then today's handful of those that nobody looked at for a
        year, or with `rest` all of them.
        """
        state, at, today = (state if state in STATES else LIVE), max(at, 1), console_of(request).today()
        wishes = {name: request.query_params.get(name, "") for name in self.kind.wishes}
        find = self.kind.find_page
        with console_of(request).database.unit() as session:
            queue = queue_of(session, self.kind.table, today=today)
            is_portion = state == STALE and not (q or rest or any(wishes.values()))
            offset, limit = (0, queue.today) if is_portion else ((at - 1) * PAGE, PAGE)
            found = find(session, q, state=state, today=today, offset=offset, limit=limit, **wishes)
            news = {name: item for name in self._names(found) if (item := self._news(session, name))}
            wrong = {name: said for name in self._names(found) if (said := self._called_wrong(session, name))}
        kept = {"q": q, "state": state, **wishes, **({"rest": "true"} if rest else {})}
        return page(
            request,
            f"{self.kind.word}s.html",
            found=found,
            queue=queue,
            is_portion=is_portion,
            news=news,
            wrong=wrong,
            kept=kept,
            number=at,
            pages=1 if is_portion else -(-found.count // PAGE),
            link=lambda number: f"?{urlencode({**kept, 'page': number})}",
            choices=self.kind.choices(),
            is_old=lambda row, source_date: is_stale(row.checked_at, source_date, today=today),
        )

    def export(self, request: Request, _: Reader) -> Response:
        """The live rows for a spreadsheet; what `bot import` reads back letter by letter comes from `bot export`."""
        with console_of(request).database.unit() as session:
            text = self.kind.export(session)
        return csv_file(csv.reader(io.StringIO(text, newline="")), f"{self.kind.word}s.csv")

    def show_new(self, request: Request, _: Keeper) -> Response:
        """An empty form."""
        return self._form(request, {}, checked=console_of(request).today().isoformat())

    def add(self, request: Request, staff: Keeper, sent: Sent) -> Response:
        """A new row."""
        return self._save(request, staff, sent)

    def show_one(self, request: Request, _: Reader, name: str) -> Response:
        """The form of one row with its history."""
        with console_of(request).database.unit() as session:
            row = self._require(session, name)
            checked = row.checked_at.date().isoformat() if row.checked_at else ""
            return self._form(request, upkeep.fields_of(row), checked=checked, row=row)

    def change(self, request: Request, staff: Keeper, name: str, sent: Sent) -> Response:
        """Other values."""
        return self._save(request, staff, sent, name=name)

    def confirm(self, request: Request, staff: Keeper, name: str, queue: Annotated[bool, Form()] = False) -> Response:
        """Looked at today, nothing to change; from the queue one goes back to it."""
        today = console_of(request).today()
        back = f"{self.kind.path}?state={STALE}" if queue else ""
        said = f"{name}: still true, as of today." if queue else "Confirmed."
        return self._act(request, name, said, lambda s, row: upkeep.confirm(s, staff, row, today=today), back=back)

    def retire(self, request: Request, staff: Keeper, name: str, reason: Annotated[str, Form()] = "") -> Response:
        """No longer found by anybody."""
        now, uses = datetime.now(UTC), self.kind.uses(name, console_of(request).responses)
        return self._act(
            request,
            name,
            "Retired. Nobody finds it any more; you can bring it back below.",
            lambda s, row: upkeep.retire(s, staff, row, reason=reason, now=now, uses=uses),
        )

    def bring_back(self, request: Request, staff: Keeper, name: str) -> Response:
        """Offered again."""
        return self._act(request, name, "It can be found again.", lambda s, row: upkeep.bring_back(s, staff, row))

    def _save(self, request: Request, staff: Staff, sent: dict[str, str], *, name: str = "") -> Response:
        """Stores what was sent, for the row `name` or a new one, or shows the form again with what is wrong."""
        console, key = console_of(request), self.kind.key
        fields = {**sent, **({key: name} if name else {})}
        seen = sent.get("seen", "") if name else ""
        options = {"checked": sent.get("checked", ""), "today": console.today(), "seen": seen}
        try:
            with console.database.unit() as session:
                name = getattr(self.kind.put(session, staff, fields, **options), key)
        except upkeep.RowError as error:
            return self._again(request, fields, name=name, problems=error.problems)
        except upkeep.StaleFormError:
            return self._overtaken(request, fields, name=name)
        _renew_names(request)
        return see_other(request, f"{self.kind.path}/{name}", "Saved. The bot uses it from now on.")

    def _act(
        self, request: Request, name: str, said: str, work: Callable[[Session, Row], None], *, back: str = ""
    ) -> Response:
        """Does something with one row."""
        address = back or f"{self.kind.path}/{name}"
        try:
            with console_of(request).database.unit() as session:
                work(session, self._require(session, name))
        except upkeep.RetireError as error:
            return see_other(request, address, str(error), is_bad=True)
        _renew_names(request)
        return see_other(request, address, said)

    def _names(self, found: RowPage) -> list[str]:
        return [getattr(row, self.kind.key) for row in found.rows]

    def _news(self, session: Session, name: str) -> News | None:
        """What became of the page of a row, where somebody is to look at it."""
        check = check_of(session, self.kind.word, name)
        if check is None or not check.needs_look:
            return None
        found = differences(check.kept, check.found)
        if self.kind is FACTS:
            found = tuple(replace(item, field="value") for item in found)
        return News(check, found)

    def _called_wrong(self, session: Session, name: str) -> CalledWrong | None:
        """What people say is wrong in a row; None where nobody does, and for facts."""
        count, newest = corrections_of(session, name) if self.kind is PROGRAMS else (0, ())
        return CalledWrong(count, newest) if count else None

    def _require(self, session: Session, name: str) -> Row:
        """The row, or 404."""
        row = self.kind.find(session, name)
        if row is None:
            raise HTTPException(404)
        return row

    def _overtaken(self, request: Request, fields: Mapping[str, str], *, name: str) -> Response:
        """Somebody was faster: what was typed stays, and beside each field that differs stands what they stored.

        Saved again, it replaces theirs, which has been seen then.
        """
        with console_of(request).database.unit() as session:
            row = self._require(session, name)
            theirs, seen = upkeep.fields_of(row), upkeep.state_of(row)
        differ = {
            field: f"Stored meanwhile: {theirs.get(field) or 'nothing'}"
            for field in self.kind.columns
            if field in fields and fields[field] != theirs.get(field, "")
        }
        said = "Somebody changed this in the meantime. What you typed is still here; saved again, it replaces theirs."
        return self._again(request, {**fields, "seen": seen}, name=name, problems={"": said, **differ})

    def _again(
        self, request: Request, fields: Mapping[str, str], *, name: str, problems: Mapping[str, str]
    ) -> Response:
        with console_of(request).database.unit() as session:
            row = self._require(session, name) if name else None
            return self._form(request, fields, checked=fields.get("checked", ""), row=row, problems=problems)

    def _form(
        self,
        request: Request,
        fields: Mapping[str, str],
        *,
        checked: str,
        row: Row | None = None,
        problems: Mapping[str, str] | None = None,
    ) -> Response:
        console, kind = console_of(request), self.kind
        shown = {name: fields.get(name, "") for name in kind.columns}
        with console.database.unit() as session:
            history = history_of(session, f"{kind.word} {shown[kind.key]}") if row else []
            news = self._news(session, shown[kind.key]) if row else None
            wrong = self._called_wrong(session, shown[kind.key]) if row else None
        return page(
            request,
            f"{kind.word}.html",
            status=422 if problems else 200,
            fields=shown,
            checked=checked,
            row=row,
            seen=fields.get("seen", "") or (upkeep.state_of(row) if row else ""),
            problems=dict(problems or {}),
            history=history,
            news=news,
            wrong=wrong,
            now={item.field: item.after or "nothing of it any more" for item in news.differences} if news else {},
            is_old=row is not None and is_stale(row.checked_at, shown["source_date"], today=console.today()),
            uses=kind.uses(shown[kind.key], console_of(request).responses) if row else (),
            choices=kind.choices(),
            today=console.today().isoformat(),
            may_keep=request.state.staff.may(Role.PUBLISHER),
        )


def _renew_names(request: Request) -> None:
    """Tells the engine the institutions' names as they are now."""
    console = console_of(request)
    with console.database.unit() as session:
        write_gazetteer(session, console.container.settings.var)


ROUTERS = (RowPages(FACTS).router(), RowPages(PROGRAMS).router())
