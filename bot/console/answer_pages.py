"""The bot's answers: found, read as people see them on both channels, and changed by proposing an edit."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData

from bot.console.access import ForbiddenError, Role, Staff, requires
from bot.console.context import Console, console_of
from bot.console.error_pages import error_page
from bot.console.labels import condition
from bot.console.rendering import page, see_other
from bot.console.topics import REFUSED, titles
from bot.console.ways_out import ways_out, with_fact
from bot.content import service as changes
from bot.content.candidates import rewording
from bot.content.candidates.rewording import publish_words
from bot.content.change import WORD_KINDS, Change, ChangeError, EditAnswer, EditDialogue
from bot.content.edit import workspace
from bot.content.edit.answers import EditableAnswer, EditableVariant
from bot.content.edit.dialogues import beginning
from bot.content.evaluation.golden import Mistake
from bot.content.store import changes_in, changes_of, versions
from bot.content.tables import VersionRow
from bot.errors import MeasuringError, OperatorError
from bot.nlu.message import ASPECT
from bot.programs.fact_words import with_figures
from bot.programs.rows import FactRow
from bot.programs.service import shelves
from bot.reply.parts import Reply, Source, Suggestion, Text
from bot.reply.responses import asked_by

router = APIRouter()
Viewer = Annotated[Staff, requires(Role.VIEWER)]
Annotator = Annotated[Staff, requires(Role.ANNOTATOR)]
SHOWN = 100
MORE_FIELDS = 2
NEW = "new"
EDIT_ANSWER = "edit_answer"
CONDITIONS = {
    "career_stage": ("student", "graduate"),
    "visa_status": ("has", "needs", "exempt", "resident"),
    "route": ("direct", "third_party", "vslo"),
    "goal": ("residency", "explore"),
    "step1": ("passed", "not_taken"),
    "since_graduation": ("recent", "long_ago"),
    "budget": ("low",),
    "stay": ("short", "one_month", "longer"),
    "travel": ("no",),
    "study_year": ("final", "late", "next", "early"),
    "graduation": ("ahead",),
    "passport": ("told",),
    "taught_in": ("english",),
}
"""What a variant can be for; docs/content-guide.md says what each means."""


@router.get("/answers")
def show_answers(request: Request, staff: Viewer, q: str = "", kind: str = "faq") -> Response:
    """The answers that hold some words."""
    console = console_of(request)
    every, facts = _desk(console), _facts(console)
    found = [item for item in every.values() if kind == "all" or item.is_faq]
    found = [item for item in found if not q or q.casefold() in _words(item, facts)]
    return page(
        request,
        "answers.html",
        found=found[:SHOWN],
        count=len(found),
        q=q,
        kind=kind,
        edited=_edited(request),
        total=len(every),
        titles=_titles(request, found[:SHOWN]),
        starts={item.key: with_figures(Text(item.variants[0].text), facts).text for item in found[:SHOWN]},
    )


def _titles(request: Request, answers: Iterable[EditableAnswer]) -> dict[str, str]:
    """What staff read for each key: the title of the topic or aspect, else the key in plain words."""
    known = titles(request)
    return {
        item.key: known.get(asked_by(item.key)) or asked_by(item.key).replace("_", " ").capitalize() for item in answers
    }


def _words(answer: EditableAnswer, facts: Mapping[str, FactRow]) -> str:
    """What an answer can be found by: its key, its texts, and the figures that people read in them."""
    texts = [variant.text for variant in answer.variants]
    said = [with_figures(Text(text), facts).text for text in texts]
    return " ".join([answer.key, *texts, *said]).casefold()


def _facts(console: Console) -> Mapping[str, FactRow]:
    with console.database.unit() as session:
        return shelves(session).facts


def _desk(console: Console) -> dict[str, EditableAnswer]:
    return workspace.answers(_changes(console))


def _changes(console: Console) -> list[Change]:
    with console.database.unit() as session:
        pending = [row.id for row in changes_in(session, changes.PENDING)]
        return changes.read_all(session, sorted({*changes.live_ids(session), *pending}))


def _edited(request: Request) -> set[str]:
    with console_of(request).database.unit() as session:
        return {row.payload["key"] for row in changes_in(session, changes.PENDING) if row.kind == EDIT_ANSWER}


@router.get("/answers/{key:path}")
def show_answer(request: Request, key: str, staff: Viewer, variant: str = "") -> Response:
    """One answer: its variants, the fields of one of them, and how it looks on both channels."""
    answer = _desk(console_of(request)).get(key)
    if answer is None:
        return error_page(request, 404, "There is no such answer.")
    chosen = answer.variant(variant)
    if chosen is None and variant != NEW:
        return error_page(request, 404, "There is no such variant.")
    return _show(request, staff, answer, chosen or EditableVariant("", ""), is_new=chosen is None)


async def read_form(request: Request) -> FormData:
    """What was sent; a route that reads it is a plain function and so works beside the event loop."""
    return await request.form()


@router.post("/answers/{key:path}")
def save_answer(
    request: Request, key: str, staff: Annotator, form: Annotated[FormData, Depends(read_form)]
) -> Response:
    """Shows how an edit would look, or proposes it."""
    console = console_of(request)
    known = _changes(console)
    answer = workspace.answers(known).get(key)
    if answer is None:
        return error_page(request, 404, "There is no such answer.")
    wanted, is_new = _read(form), form.get("is_new") == "yes"
    if not _is_possible(answer, wanted.name):
        return error_page(request, 404, "There is no such variant.")
    verb = str(form.get("verb") or "")
    if mend := str(form.get("mend") or "").partition(":")[2]:
        wanted = replace(wanted, text=with_fact(wanted.text, mend, _facts(console)))
        return _show(request, staff, answer, wanted, is_new=is_new)
    edit = _edit(answer, wanted, is_gone=verb == "remove")
    if verb == "preview":
        return _show(request, staff, answer, wanted, is_new=is_new, checked=_check(console, edit))
    if is_new and answer.variant(wanted.name):
        found = ["There is a variant for these people already." if wanted.name else "Choose whom the variant is for."]
    else:
        found = [edit.problem()] if edit.problem() else workspace.problems(known, edit)
    if found:
        return _show(request, staff, answer, wanted, is_new=is_new, problems=found)
    if verb in ("publish", "accept"):
        return _put_live(request, staff, answer, edit, form)
    try:
        with console.database.unit() as session:
            row = changes.propose(session, staff, edit)
    except ChangeError as error:
        return _show(request, staff, answer, wanted, is_new=is_new, problems=[str(error)])
    return see_other(request, f"/answers/{key}", f"Kept as draft {row.id}. A publisher puts it live under Changes.")


@dataclass(frozen=True)
class Checked:
    """Turns that expect words which an edit takes away, with their dialogues, or why they could not be asked."""

    broken: Sequence[tuple[str, Mistake]] = ()
    problem: str = ""


def _check(console: Console, edit: EditAnswer) -> Checked:
    try:
        return Checked(rewording.check(console.container.settings, console.database, [edit]))
    except (ChangeError, MeasuringError) as error:
        return Checked(problem=str(error))


def _put_live(request: Request, staff: Staff, answer: EditableAnswer, edit: EditAnswer, form: FormData) -> Response:
    """Makes an edit live, together with what waits for the same answer; dialogues expect what was seen and accepted."""
    console, started = console_of(request), time.monotonic()
    if not staff.may(Role.PUBLISHER):
        raise ForbiddenError(f"Putting words live needs the role “{Role.PUBLISHER}”; yours is “{staff.role}”.")
    checked = _check(console, edit)
    seen = form.getlist("accept") if form.get("verb") == "accept" else []
    accepted = [(title, found) for title, found in checked.broken if f"{found.turn} {title}" in seen]
    if checked.problem or len(accepted) < len(checked.broken):
        return _show(
            request, staff, answer, _read(form), is_new=form.get("is_new") == "yes", checked=checked, status=422
        )
    expected: list[Change] = [
        EditDialogue(title, found.turn, found.user, found.gone, (beginning(edit.text),)) for title, found in accepted
    ]
    here = f"/answers/{answer.key}"
    try:
        with console.database.unit() as session:
            waiting = [row.id for row in changes_in(session, changes.PENDING) if row.payload.get("key") == answer.key]
            made = [changes.propose(session, staff, change).id for change in [edit, *expected]]
            number = changes.ask_for_candidate(session, staff, [*waiting, *made]).id
        version = publish_words(console.container.settings, console.database, number, by=staff)
    except (ChangeError, OperatorError) as error:
        return see_other(request, here, f"Proposed, but not live. {error}", is_bad=True)
    return see_other(request, here, f"Live as version {version.number} after {time.monotonic() - started:.0f} s.")


def _is_possible(answer: EditableAnswer, name: str) -> bool:
    """Whether there is a variant of this name, or could be."""
    known = {f"{condition}={value}" for condition, values in CONDITIONS.items() for value in values}
    return answer.variant(name) is not None or set(filter(None, name.split(", "))) <= known


def _edit(answer: EditableAnswer, wanted: EditableVariant, *, is_gone: bool) -> EditAnswer:
    """Only what is different from now; a conditional variant takes what it leaves out from the general one."""
    now = answer.variant(wanted.name) or EditableVariant(wanted.name, "")
    return EditAnswer(
        answer.key,
        wanted.name,
        "" if is_gone else wanted.text,
        sources=None if wanted.sources == now.sources else wanted.sources,
        reviewed=None if wanted.reviewed == now.reviewed else wanted.reviewed,
        buttons=None if wanted.buttons == now.buttons else wanted.buttons,
    )


def _read(form: FormData) -> EditableVariant:
    def many(name: str) -> list[str]:
        return [str(value).strip() for value in form.getlist(name)]

    conditions = [f"{name}={form[name]}" for name in CONDITIONS if form.get(name)]
    sources = zip(many("source_title"), many("source_url"), many("source_date"), strict=False)
    buttons = zip(many("button_title"), many("button_payload"), strict=False)
    return EditableVariant(
        name=str(form.get("variant") or "") or ", ".join(conditions),
        text=str(form.get("text") or "").replace("\r\n", "\n").strip(),
        sources=tuple(Source(*values) for values in sources if values[0]),
        buttons=tuple(Suggestion(*values) for values in buttons if all(values)),
        reviewed=str(form.get("reviewed") or "").strip(),
    )


def _show(
    request: Request,
    staff: Staff,
    answer: EditableAnswer,
    variant: EditableVariant,
    *,
    is_new: bool,
    problems: Iterable[str] = (),
    checked: Checked | None = None,
    status: int = 200,
) -> Response:
    console, found = console_of(request), list(problems)
    facts = _facts(console)
    general = answer.variants[0]
    seen = replace(variant, buttons=variant.buttons or general.buttons, sources=variant.sources or general.sources)
    text = with_figures(Text(seen.text, seen.sources, seen.reviewed or general.reviewed), facts)
    reply = Reply((text,), seen.buttons)
    return page(
        request,
        "answer.html",
        status=422 if found else status,
        answer=answer,
        title=_titles(request, [answer])[answer.key],
        variant=variant,
        is_new=is_new,
        sources=(*variant.sources, *[Source("")] * MORE_FIELDS),
        buttons=(*variant.buttons, *[Suggestion("", "")] * MORE_FIELDS),
        problems=found,
        ways_out=ways_out("; ".join(found), facts),
        advice=workspace.advice(answer, variant.text) if variant.text else [],
        conditions=CONDITIONS,
        today=console.today(),
        targets=_targets(request, seen.buttons),
        previews={name: show(reply) for name, show in console.previews.items()} if variant.text else {},
        may_edit=staff.may(Role.ANNOTATOR),
        may_publish=staff.may(Role.PUBLISHER),
        edited=answer.key in _edited(request),
        checked=checked,
        now=_said_now(answer, variant, facts) if checked else "",
        expected=beginning(variant.text),
        undo=_undo(console, answer.key),
        **_labels(answer),
    )


def _targets(request: Request, buttons: Iterable[Suggestion]) -> dict[str, str]:
    """What a button can lead to, by payload: each topic and task, and what stands on these buttons now."""
    known = {f"/{name}": title for name, title in titles(request).items() if ASPECT not in name and name != REFUSED[0]}
    own = {button.payload: button.payload.lstrip("/").replace("_", " ") for button in buttons if button.payload}
    return {"": "nowhere", **own, **known}


def _said_now(answer: EditableAnswer, variant: EditableVariant, facts: Mapping[str, FactRow]) -> str:
    """What these people read before the edit."""
    now = answer.variant(variant.name) or answer.variants[0]
    return with_figures(Text(now.text), facts).text


def _undo(console: Console, key: str) -> VersionRow | None:
    """The version before the live one, when this answer is what went live last."""
    with console.database.unit() as session:
        newest = versions(session)[:2]
        if len(newest) < 2 or not newest[0].is_live:
            return None
        came = sorted(set(newest[0].change_ids) - set(newest[1].change_ids))
        rows = changes_of(session, came)
    is_of_it = any(row.payload.get("key") == key for row in rows)
    is_alone = all(row.kind in WORD_KINDS for row in rows)
    return newest[1] if is_of_it and is_alone and Path(newest[1].model_path).exists() else None


def _labels(answer: EditableAnswer) -> dict[str, Any]:
    return {"names": [(item.name, condition(item.name) or "everybody") for item in answer.variants]}
