"""`bot review ...`: everything that staff do with changes in the console, on the command line."""

from __future__ import annotations

import typer

from bot import system
from bot.db.changes import changes_in
from bot.settings import settings

review = typer.Typer(no_args_is_help=True, help="Changes to the content: from a proposal to a live model and back.")


@review.command("list")
def list_() -> None:
    """The changes that wait for a candidate."""
    with system.prepare_database(settings()).unit() as session:
        rows = changes_in(session, "pending")
    for row in rows:
        typer.echo(f"{row.id:5}  {row.proposed_at:%Y-%m-%d %H:%M}  {row.proposed_by:20}  {row.summary}")
    typer.echo(f"{len(rows)} pending.")
