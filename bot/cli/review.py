"""`bot review ...`: everything that staff do with changes in the console, on the command line."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.content import service as changes
from bot.content.candidates import build, trial
from bot.content.candidates.comparing import Report
from bot.content.change import ChangeError
from bot.content.releases import publishing
from bot.content.releases.patch import patch
from bot.content.store import candidates, changes_in, live_version, versions
from bot.content.tables import CandidateRow
from bot.errors import OperatorError
from bot.ops import system
from bot.review.bulk_actions import reopen_messages_of
from bot.review.discovery import service as discovery
from bot.review.discovery.service import DiscoveryError
from bot.review.projection.service import Projector
from bot.review.projection.store import enqueue_all
from bot.settings import settings

review = typer.Typer(no_args_is_help=True, help="Changes to the content: from a proposal to a live model and back.")
By = Annotated[str, typer.Option(help="Who does it, for the audit log.")]
ME = getpass.getuser()


@review.command("list")
def list_() -> None:
    """The changes that wait for a candidate."""
    with system.prepare_database(settings()).unit() as session:
        rows = changes_in(session, changes.PENDING)
    for row in rows:
        typer.echo(f"{row.id:5}  {row.proposed_at:%Y-%m-%d %H:%M}  {row.proposed_by:20}  {row.summary}")
    typer.echo(f"{len(rows)} pending.")


@review.command("candidates")
def candidates_() -> None:
    """The newest candidates and how they stand."""
    with system.prepare_database(settings()).unit() as session:
        rows = candidates(session)
    for row in rows:
        typer.echo(f"{row.id:5}  {row.asked_at:%Y-%m-%d %H:%M}  {row.status:10}  {row.progress:3} %  {row.step}")


@review.command()
def train(
    candidate: Annotated[int, typer.Argument(help="One that was asked for; 0 asks for a new one.")] = 0,
    by: By = ME,
) -> None:
    """Train a candidate of what is live and every pending change, and compare it with what is live."""
    database = system.prepare_database(settings())
    if not candidate:
        with database.unit() as session:
            candidate = _said(lambda: changes.ask_for_candidate(session, by).id)
    report = build.make(settings(), database, candidate)
    _show(candidate, report)


@review.command("try")
def try_(candidate: int) -> None:
    """Bring a candidate up in an engine of its own for a chat in the console, until nobody uses it any more."""
    trial.run(settings(), system.prepare_database(settings()), candidate)


@review.command()
def compare(candidate: int) -> None:
    """What a candidate would change: gates, topics, sentences that flip, golden dialogues."""
    with system.prepare_database(settings()).unit() as session:
        row = session.get(CandidateRow, candidate)
    if row is None or row.report is None:
        raise OperatorError(
            f"There is no comparison of candidate {candidate}. `bot review train {candidate}` makes it."
        )
    _show(candidate, Report.from_dict(row.report))


@review.command()
def publish(
    candidate: int,
    by: By = ME,
    override: Annotated[str, typer.Option(help="The reason for going past a red gate.")] = "",
) -> None:
    """Make a candidate live in the running engine."""
    database = system.prepare_database(settings())
    version = publishing.publish(settings(), database, candidate, by=by, override=override)
    typer.echo(f"Version {version.number} is live.")


@review.command()
def rollback(version: int, by: By = ME) -> None:
    """Make an earlier version live again."""
    made = publishing.roll_back(
        settings(), system.prepare_database(settings()), version, by=by, withdrawn=reopen_messages_of
    )
    typer.echo(f"Version {made.number} is live: {made.note}.")


@review.command("versions")
def versions_() -> None:
    """Everything that was live, newest first."""
    with system.prepare_database(settings()).unit() as session:
        rows = versions(session)
    for row in rows:
        mark = "live" if row.is_live else ""
        typer.echo(f"{row.number:5} {mark:4}  {row.published_at:%Y-%m-%d %H:%M}  {row.published_by:20}  {row.note}")


@review.command()
def export(
    candidate: Annotated[int, typer.Argument(help="A candidate; 0 is what is live.")] = 0,
    out: Annotated[Path | None, typer.Option(dir_okay=False, help="A file instead of the terminal.")] = None,
) -> None:
    """Write the changes as a patch: `git apply` brings them into the repository."""
    database = system.prepare_database(settings())
    with database.unit() as session:
        row = session.get(CandidateRow, candidate) if candidate else live_version(session)
    if row is None or not row.model_path:
        raise OperatorError("There is nothing to export yet.")
    written = patch(settings(), Path(row.model_path))
    typer.echo(written, nl=False) if out is None else out.write_text(written, encoding="utf8")


@review.command()
def discover(
    run: Annotated[int, typer.Argument(help="One that was asked for; 0 asks for a new one.")] = 0, by: By = ME
) -> None:
    """Group the messages that were not answered well by their meaning."""
    from bot.review.discovery import run as search  # loads scikit-learn, which no other verb needs

    database, now = system.prepare_database(settings()), datetime.now(UTC)
    if not run:
        with database.unit() as session:
            run = _said(lambda: discovery.ask(session, by, now).id)
    typer.echo(f"{search.run(settings(), database, run, now=now)} groups.")


@review.command()
def project(
    anew: Annotated[bool, typer.Option("--anew", help="Make every message again, not only what changed.")] = False,
) -> None:
    """Bring the inbox up to date with what was said; the running application does so by itself every few seconds."""
    database = system.prepare_database(settings())
    if anew:
        with database.unit() as session:
            enqueue_all(session, now=datetime.now(UTC))
    done = Projector.of(settings(), database).catch_up()
    typer.echo(f"{done.entries} entries, {done.events} events.")


def _said(work: Callable[[], int]) -> int:
    try:
        return work()
    except (ChangeError, DiscoveryError) as error:
        raise OperatorError(str(error)) from error


def _show(candidate: int, report: Report) -> None:
    for line in report.lines():
        typer.echo(line)
    typer.echo(f"`bot review publish {candidate}` makes it live." if report.is_green else "Not to be published so.")
