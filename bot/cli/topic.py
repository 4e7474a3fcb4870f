"""`bot topic add FILE` (`make topic`): a topic of the FAQ put into the repository, by the console's own function."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from bot.content.change import ChangeError, NewTopic, read_change
from bot.content.edit.scaffold import add_topic
from bot.data_files import read_yaml
from bot.errors import ContentError
from bot.lint import check_training
from bot.private_files import shared
from bot.settings import ROOT

topic = typer.Typer(no_args_is_help=True, help="Topics of the FAQ.")
LISTS = ("sentences", "held_out")
TEMPLATE = """\
# One topic of the FAQ. Fill it in and run the same command again; docs/content-guide.md says how we write.
name: parking              # one word; the intent becomes faq_parking
title: Where to park       # what people read when the bot asks what they mean
sentences: |               # 25 or more ways to ask, one a line
  where do I park
held_out: |                # 8 or more other ways, kept for measuring and never learned
  how do I get a space for my car
answer: |                  # for everybody
  Ask the hospital.
answer_student: ""         # only where it differs
answer_graduate: ""
reviewed: "2026-11-23"     # the day on which you read the answer and its sources
sources:
- {title: "Where it comes from", url: "https://www.example.org/", date: "2026"}
buttons:                   # two or three sensible next questions
- {title: "What does it cost?", payload: "/faq_cost"}
"""


@topic.command()
def add(
    path: Annotated[Path, typer.Argument(dir_okay=False, help="A topic; not there, a form is written to fill in.")],
) -> None:
    """Put a topic into the repository: intent, sentences, twins, rule, answer, title and golden dialogue."""
    if not path.exists():
        with shared():
            path.write_text(TEMPLATE, encoding="utf8")
        typer.echo(f"Fill in {path} and run this again.")
        return
    made = read_topic(path)
    try:
        with shared():
            add_topic(ROOT, made)
    except ChangeError as error:
        raise ContentError(str(error)) from error
    for finding in check_training(ROOT):
        typer.echo(str(finding), err=True)
    typer.echo(f"{made.intent} stands in the repository: see `git diff`, then `make train`. A line in CHANGELOG.md?")


def read_topic(path: Path) -> NewTopic:
    """The topic in a file.

    Raises:
        ContentError: the file is no topic; the text says why.
    """
    try:
        loaded = read_yaml(path)
        made = read_change("new_topic", _fields(loaded))
    except (yaml.YAMLError, ChangeError, AttributeError, TypeError) as error:
        raise ContentError(f"{path} is no topic: {error}. Without the file, the command writes a form.") from error
    if not isinstance(made, NewTopic) or made.problem():
        raise ContentError(f"{path}: {made.problem()}")
    return made


def _fields(loaded: dict[str, Any]) -> dict[str, Any]:
    """Sentences stand one a line, so that they need no quotes."""
    return {name: str(value).splitlines() if name in LISTS else value for name, value in loaded.items()}
