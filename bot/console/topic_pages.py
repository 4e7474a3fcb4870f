"""A new topic out of messages: the form, filled in as far as it can be, and the change that comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response
from starlette.datastructures import FormData

from bot.bounds import Number, read_number
from bot.console.access import Role, Staff, requires
from bot.console.context import console_of
from bot.console.discovery_pages import Chosen
from bot.console.rendering import page, see_other
from bot.console.topics import require_trainable, topics
from bot.content.change import ChangeError, NewTopic
from bot.lint.sentence_rules import FEWEST
from bot.reply.parts import Source, Suggestion
from bot.review import bulk_actions
from bot.review.bulk_actions import BulkActionError
from bot.review.discovery import service as discovery
from bot.review.discovery.clusters import plain, split, topic_name

router = APIRouter()
Annotator = Annotated[Staff, requires(Role.ANNOTATOR)]
LEARN, HOLD_OUT, LEAVE = "learn", "hold_out", "leave"
USES = ((LEARN, "Learn"), (HOLD_OUT, "Hold out"), (LEAVE, "Leave out"))
SOURCES, BUTTONS = 3, 3


@dataclass(frozen=True)
class SentenceLine:
    """A message as a sentence of the topic, and what becomes of it."""

    id: int
    text: str
    use: str


@dataclass(frozen=True)
class TopicForm:
    """What stands in the fields; sources and buttons are filled up with empty ones."""

    lines: tuple[SentenceLine, ...]
    name: str = ""
    title: str = ""
    more: str = ""
    answer: str = ""
    answer_student: str = ""
    answer_graduate: str = ""
    sources: tuple[Source, ...] = ()
    buttons: tuple[Suggestion, ...] = ()

    def filled_up(self) -> dict[str, Any]:
        """The fields for the template."""
        return vars(self) | {
            "sources": (*self.sources, *[Source("")] * SOURCES)[:SOURCES],
            "buttons": (*self.buttons, *[Suggestion("", "")] * BUTTONS)[:BUTTONS],
        }

    def change(self, reviewed: str) -> NewTopic:
        """The topic that it describes."""
        learned = [line.text for line in self.lines if line.use == LEARN]
        return NewTopic(
            name=self.name,
            title=self.title,
            sentences=(*learned, *self.more.splitlines()),
            held_out=tuple(line.text for line in self.lines if line.use == HOLD_OUT),
            answer=self.answer,
            answer_student=self.answer_student,
            answer_graduate=self.answer_graduate,
            sources=self.sources,
            buttons=self.buttons,
            reviewed=reviewed,
        )


@router.post("/discovery/topic")
def begin_topic(
    request: Request, staff: Annotator, chosen: Chosen, group: Annotated[Number | None, Form()] = None
) -> Response:
    """The form for the chosen messages; which of them are held out is proposed."""
    with console_of(request).database.unit() as session:
        members = {member.text: member.id for member in reversed(discovery.chosen(session, chosen))}
        name = discovery.group(session, group)[0].cluster.name if group else ""
    if not members:
        return see_other(request, "/discovery", "Choose at least one message first.", is_bad=True)
    kept_back = {plain(text) for text in split(list(reversed(members)))[1]}
    uses = {text: HOLD_OUT if plain(text) in kept_back else LEARN for text in reversed(members)}
    lines = tuple(SentenceLine(members[text], text, use) for text, use in uses.items())
    return _show(request, TopicForm(lines, name=topic_name(name)))


async def read_form(request: Request) -> TopicForm:
    """What was sent; a route that reads it is a plain function and so works beside the event loop."""
    return _read(await request.form())


@router.post("/discovery/topics")
def propose_topic(request: Request, staff: Annotator, form: Annotated[TopicForm, Depends(read_form)]) -> Response:
    """Makes the change; a form that makes no sense comes back with the reason."""
    console = console_of(request)
    try:
        with console.database.unit() as session:
            change = form.change(console.today().isoformat())
            require_trainable(session, change)
            messages = [line.id for line in form.lines if line.use != LEAVE]
            bulk_actions.new_topic(session, staff, change, messages=messages, now=datetime.now(UTC))
    except (BulkActionError, ChangeError) as error:
        return _show(request, form, str(error))
    return see_other(request, "/discovery", f"“{change.title}” is proposed. Test it under Changes.")


def _show(request: Request, form: TopicForm, problem: str = "") -> Response:
    with console_of(request).database.unit() as session:
        known = topics(request, session)
    return page(
        request,
        "discovery/topic.html",
        status=422 if problem else 200,
        form=form.filled_up(),
        uses=USES,
        topics=known,
        fewest=FEWEST["faq"],
        problem=problem,
    )


def _read(sent: FormData) -> TopicForm:
    def words(name: str) -> list[str]:
        return [str(value).strip() for value in sent.getlist(name)]

    def one(name: str) -> str:
        return str(sent.get(name, "")).replace("\r\n", "\n").strip()

    lines = zip(words("message"), words("sentence"), words("use"), strict=False)
    sources = zip(words("source_title"), words("source_url"), words("source_date"), strict=False)
    buttons = zip(words("button_title"), words("button_payload"), strict=False)
    return TopicForm(
        lines=tuple(
            SentenceLine(found, text, use) for number, text, use in lines if (found := read_number(number)) is not None
        ),
        name=one("name"),
        title=one("title"),
        more=one("more"),
        answer=one("answer"),
        answer_student=one("answer_student"),
        answer_graduate=one("answer_graduate"),
        sources=tuple(Source(*values) for values in sources if values[0]),
        buttons=tuple(Suggestion(*values) for values in buttons if all(values)),
    )
