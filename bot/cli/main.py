"""The `bot` command: everything an operator does, one verb each."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from pydantic import ValidationError

from bot.cli.review import review
from bot.cli.sources import sources
from bot.cli.topic import topic
from bot.cli.user import user
from bot.content import evaluation
from bot.content.candidates.starting import bring_live
from bot.content.releases import places
from bot.errors import OperatorError, SettingError
from bot.ops import backup as backups
from bot.ops import doctor as examination
from bot.ops import seeding, system, training
from bot.private_files import be_private
from bot.programs.importer import export_facts, export_programs
from bot.settings import ROOT, settings

app = typer.Typer(add_completion=False, no_args_is_help=True, help="The Rotation Bot.", pretty_exceptions_enable=False)
app.add_typer(review, name="review")
app.add_typer(sources, name="sources")
app.add_typer(topic, name="topic")
app.add_typer(user, name="user")


class Part(StrEnum):
    """The three processes."""

    engine = "engine"
    actions = "actions"
    app = "app"


@app.command()
def run(
    only: Annotated[
        list[Part] | None,
        typer.Option(help="What runs on this machine, where the rest runs elsewhere; may be repeated."),
    ] = None,
) -> None:
    """Train if needed, migrate, seed, start everything and print the address."""
    find_model = partial(bring_live, say=typer.echo)
    chosen = [part.value for part in only] if only else system.ALL
    system.run(settings(), find_model=find_model, only=chosen, say=typer.echo)


@app.command()
def prepare() -> None:
    """Migrate, seed and train what is live, and start nothing: once, before several machines start."""
    typer.echo(f"Model: {system.prepare(settings(), partial(bring_live, say=typer.echo)).resolve().name}")


@app.command()
def train(force: Annotated[bool, typer.Option(help="Train even if the model is there.")] = False) -> None:
    """Train a model of the present content; the database's names are part of what it learns."""
    system.prepare_database(settings())
    typer.echo(f"Model: {training.train(settings(), force=force)}")


@app.command()
def migrate() -> None:
    """Bring the database to the present schema and seed it."""
    system.prepare_database(settings())
    typer.echo("The database is up to date.")


class TableKind(StrEnum):
    """What a file holds."""

    programs = "programs"
    facts = "facts"


@app.command("import")
def import_(
    kind: TableKind,
    path: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A CSV file with the columns of data/.")],
    partial: Annotated[bool, typer.Option(help="Bring in the good rows although others are broken.")] = False,
    over_staff: Annotated[bool, typer.Option(help="Change also what staff edited by hand.")] = False,
) -> None:
    """Add and update programs or facts from a file: all rows, or none and a reason for each broken one."""
    database = system.prepare_database(settings())
    with typer.progressbar(length=1, label=f"Importing {kind.value}") as bar:

        def progress(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        report = seeding.bring_in(
            kind.value, path, database=database, partial=partial, over_staff=over_staff, progress=progress
        )
    seeding.write_gazetteer(settings(), database)
    for clash in report.clashes:
        typer.echo(f"  {'overwritten' if over_staff else 'kept'} {clash}", err=True)
    for problem in report.problems:
        typer.echo(f"  {problem}", err=True)
    typer.echo(
        f"{report.added} added, {report.changed} changed, {report.unchanged} unchanged, {report.rejected} rejected."
    )


@app.command()
def export(kind: TableKind, path: Annotated[Path, typer.Argument(dir_okay=False)]) -> None:
    """Write programs or facts as the same CSV that they were imported from."""
    with system.prepare_database(settings()).unit() as session:
        written = export_programs(session) if kind is TableKind.programs else export_facts(session)
    path.write_text(written, encoding="utf8")


@app.command()
def doctor() -> None:
    """Look at settings, ports, versions, disk, databases, certificate and webhook; a line each, with the remedy."""
    is_ill = False
    for finding in examination.look(settings()):
        typer.echo(finding)
        is_ill |= finding.state == examination.ILL
    raise typer.Exit(int(is_ill))


@app.command()
def backup(file: Annotated[Path, typer.Argument(dir_okay=False, help="Where the backup goes, as bot.tar.gz.")]) -> None:
    """Copy both databases, the key and the live content into one file, while the bot runs."""
    live = places.live_link(settings()).resolve()
    made = backups.save(settings(), file, keep=[live, places.content_of(settings(), live)])
    held = ", ".join(f"{name} ({kind})" for name, kind in made.databases.items())
    typer.echo(
        f"{file}: {held}, the key, and the live content. Keep it as safe as the server: the key opens all of it."
    )


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A file of `bot backup`.")],
    replace: Annotated[bool, typer.Option("--replace", help="Put it in the place of what is there.")] = False,
) -> None:
    """Bring a backup back; the bot must be stopped. The next start goes on from there."""
    made = backups.restore(settings(), file, replace=replace)
    typer.echo(
        f"Restored as of {made.made_at[:16]} UTC. Whoever asked to be forgotten since then must be deleted again."
    )


SHARED = ROOT.parent / "shared" / "data"


@app.command("eval")
def evaluate(
    questions: Annotated[Path, typer.Option(exists=True)] = SHARED / "questions-dev.jsonl",
    dialogues: Annotated[Path, typer.Option(exists=True)] = SHARED / "dialogues-dev.jsonl",
    out: Annotated[Path, typer.Option(file_okay=False, help="Where report.html goes.")] = ROOT / "var" / "eval",
    today: Annotated[str, typer.Option(help="The day on which the dialogues are played.")] = "2026-11-23",
) -> None:
    """Ask every question, play every dialogue, print the figures and write a report; silence is a failure."""
    system.prepare_database(settings())
    trained = training.train(settings())
    with TemporaryDirectory() as var, system.temporary(Path(var), trained, today=today) as (measured, _):
        summary = evaluation.run(measured.engine_url, questions=questions, dialogues=dialogues, out=out)
    typer.echo("\n".join(summary.lines()))
    for name, said in summary.silent:
        typer.echo(f"no answer in {name}: {said}", err=True)
    typer.echo(f"Report: {out / evaluation.REPORT}")
    raise typer.Exit(1 if summary.silent else 0)


def require_readable_settings() -> None:
    """Reads the settings once, so that a wrong one is said in a sentence.

    Raises:
        SettingError: a setting has the wrong form; the message names it.
    """
    try:
        settings()
    except ValidationError as error:
        first = error.errors()[0]
        why = first["msg"].removeprefix("Value error, ")
        if not first["loc"]:  # Two settings do not go together; the sentence names both.
            raise SettingError(f"{why}.") from error
        name = str(first["loc"][0]).upper()
        raise SettingError(f"The setting {name} cannot be read: {why}. Correct it or leave it out.") from error


def main() -> None:
    """Runs the command; an error that the operator can mend is one sentence and exit code 1."""
    be_private()
    try:
        require_readable_settings()
        app()
    except OperatorError as error:
        typer.echo(f"bot: {error}", err=True)
        raise SystemExit(1) from error


if __name__ == "__main__":
    main()
