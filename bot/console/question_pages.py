"""A message that was missed becomes a question inside a topic, or a topic of its own: everything on one page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from bot.bounds import Number, read_number
from bot.console.access import Role, Staff, requires
from bot.console.context import console_of
from bot.console.rendering import page, see_other
from bot.console.topics import require_trainable, topics
from bot.console.ways_out import LEAVE_OUT, NAME_FACT, ways_out, with_fact, with_more, without
from bot.content import service as changes
from bot.content.change import (
    LONGEST_ASPECT_TITLE,
    TOPIC_PREFIX,
    ChangeError,
    NewAspect,
    NewTopic,
    name_of_title,
    tidy,
)
from bot.content.edit.paraphrases import paraphrases
from bot.lint.sentence_rules import FEWEST, FEWEST_OF_ASPECT
from bot.nlu.message import ASPECT, intent_of
from bot.ops import jobs
from bot.programs.fact_words import figure
from bot.programs.service import shelves
from bot.reply.parts import Source
from bot.review import bulk_actions
from bot.review.bulk_actions import BulkActionError
from bot.review.discovery.clusters import split
from bot.review.inbox import store as inbox
from bot.review.tables import ReviewMessage

router = APIRouter()
Annotator = Annotated[Staff, requires(Role.ANNOTATOR)]
OWN, NO_SOURCE = "own", Source("")


@dataclass(frozen=True)
class QuestionForm:
    """What stands in the fields; `topic` is an intent, or "own" for a topic of its own."""

    topic: str = ""
    title: str = ""
    answer: str = ""
    is_unknown: bool = False
    source: Source = NO_SOURCE
    chosen: tuple[int, ...] = ()
    ways: str = ""

    def change(self, messages: list[str], reviewed: str) -> NewAspect | NewTopic:
        """The question or topic that it describes; a quarter of its sentences is held out."""
        learned, held_out = map(tuple, split([*messages, *tidy(self.ways.splitlines())]))
        sources = (self.source,) if self.source.title else ()
        name = name_of_title(self.title)
        if self.topic == OWN:
            return NewTopic(name, self.title, learned, held_out, self.answer, sources=sources, reviewed=reviewed)
        aspect = f"{self.topic}{ASPECT}{name}"
        return NewAspect(aspect, self.title, learned, held_out, self.answer, self.is_unknown, sources, reviewed)


@router.get("/inbox/{number}/question")
def show_question(request: Request, number: Number, staff: Annotator) -> Response:
    """The page, filled in as far as it can be."""
    with console_of(request).database.unit() as session:
        message = _message(session, number)
        likely = intent_of(message.intent)
    form = QuestionForm(
        topic=likely if likely.startswith(TOPIC_PREFIX) else "",
        chosen=(number,),
        ways="\n".join(paraphrases(message.text)),
    )
    return _show(request, staff, number, form)


async def read_form(request: Request) -> QuestionForm:
    """What was sent; a route that reads it is a plain function and so works beside the event loop."""
    return _read(await request.form())


async def read_mend(request: Request) -> tuple[str, str]:
    """The button that shall mend the form, and its value; ("", "") for the one that sends it."""
    does, _, value = str((await request.form()).get("mend") or "").partition(":")
    return does, value


def _read(sent: FormData) -> QuestionForm:
    def one(name: str) -> str:
        return str(sent.get(name) or "").replace("\r\n", "\n").strip()

    numbers = (read_number(str(value)) for value in sent.getlist("message"))
    return QuestionForm(
        topic=one("topic"),
        title=one("title"),
        answer=one("answer"),
        is_unknown=bool(sent.get("unknown")),
        source=Source(one("source_title"), one("source_url"), one("source_date")),
        chosen=tuple(number for number in numbers if number is not None),
        ways=one("ways"),
    )


@router.post("/inbox/{number}/question")
def propose_question(
    request: Request,
    number: Number,
    staff: Annotator,
    form: Annotated[QuestionForm, Depends(read_form)],
    mend: Annotated[tuple[str, str], Depends(read_mend)],
) -> Response:
    """Proposes it; a publisher's is tested at once. A form that makes no sense comes back with the reason."""
    console = console_of(request)
    if mend[0]:
        return _show(request, staff, number, _mended(request, form, *mend), is_mended=True)
    try:
        with console.database.unit() as session:
            said = [row.text for row in inbox.messages(session, form.chosen) if row.kind == "typed"]
            change = form.change(said, console.today().isoformat())
            require_trainable(session, change)
            bulk_actions.new_topic(session, staff, change, messages=form.chosen, now=datetime.now(UTC))
            candidate = changes.ask_for_candidate(session, staff).id if staff.may(Role.PUBLISHER) else None
    except (BulkActionError, ChangeError) as error:
        return _show(request, staff, number, form, str(error))
    if candidate is None:
        return see_other(request, "/inbox", f"“{change.title}” is proposed. A publisher tests it under Changes.")
    jobs.start("train", str(candidate), settings=console.container.settings)
    return see_other(request, f"/changes/candidates/{candidate}", f"“{change.title}” is proposed and being tested.")


def _mended(request: Request, form: QuestionForm, does: str, value: str) -> QuestionForm:
    """The form after a button has mended it."""
    with console_of(request).database.unit() as session:
        said = [row.text for row in inbox.messages(session, form.chosen) if row.kind == "typed"]
        facts = shelves(session).facts
    if does == LEAVE_OUT:
        return replace(form, ways=without(form.ways, value))
    if does == NAME_FACT:
        return replace(form, answer=with_fact(form.answer, value, facts))
    fewest = FEWEST["faq"] if form.topic == OWN else FEWEST_OF_ASPECT
    return replace(form, ways=with_more(form.ways, said, fewest=fewest, propose=paraphrases))


def _message(session: Session, number: int) -> ReviewMessage:
    message = session.get(ReviewMessage, number)
    if message is None or message.kind != "typed":
        raise HTTPException(404, "There is no such message (any more).")
    return message


def _show(
    request: Request,
    staff: Staff,
    number: int,
    form: QuestionForm,
    problem: str = "",
    *,
    is_mended: bool = False,
) -> Response:
    with console_of(request).database.unit() as session:
        message = _message(session, number)
        offered = [message, *inbox.alike(session, message)]
        known = [(name, title) for name, title in topics(request, session) if name.startswith(TOPIC_PREFIX)]
        facts = shelves(session).facts
    return page(
        request,
        "question.html",
        status=422 if problem else 200,
        message=message,
        form=form,
        offered=offered,
        topics=[(name, title) for name, title in known if ASPECT not in name],
        facts=[(key, figure(row), row.unit) for key, row in sorted(facts.items())],
        fewest=FEWEST_OF_ASPECT,
        fewest_of_topic=FEWEST["faq"],
        longest=LONGEST_ASPECT_TITLE,
        problem=problem,
        ways_out=ways_out(problem, facts, typed=tidy(form.ways.splitlines())),
        is_mended=is_mended,
        is_tested=staff.may(Role.PUBLISHER),
    )
