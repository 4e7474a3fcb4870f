"""The `bot` command: everything an operator does, one verb each."""

from __future__ import annotations

from typing import Annotated

import typer

from bot import model, system
from bot.errors import OperatorError
from bot.settings import settings

app = typer.Typer(add_completion=False, no_args_is_help=True, help="The Rotation Bot.", pretty_exceptions_enable=False)


@app.command()
def run() -> None:
    """Train if needed, migrate, seed, start everything and print the address."""
    system.run(settings(), say=typer.echo)


@app.command()
def train(force: Annotated[bool, typer.Option(help="Train even if the model is there.")] = False) -> None:
    """Train a model of the present content."""
    typer.echo(f"Model: {model.train(settings(), force=force)}")


@app.command()
def migrate() -> None:
    """Bring the database to the present schema and seed it."""
    system.prepare_database(settings())
    typer.echo("The database is up to date.")


def main() -> None:
    """Runs the command; an error that the operator can mend is one sentence and exit code 1."""
    try:
        app()
    except OperatorError as error:
        typer.echo(f"bot: {error}", err=True)
        raise SystemExit(1) from error
