"""`bot sources`: whether the pages behind programs and facts still say what we say."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from bot.ops import system
from bot.programs.sources.fetching import Fetcher
from bot.programs.sources.service import AGAIN, STATES, CheckReport, check_sources
from bot.settings import settings

sources = typer.Typer(no_args_is_help=True, help="The pages behind programs and facts.")


@sources.callback()
def _group() -> None:
    """Keeps `check` a verb of its own."""


@sources.command()
def check(
    url: Annotated[list[str] | None, typer.Argument(help="Only these pages; all that are cited otherwise.")] = None,
    anew: Annotated[bool, typer.Option(help="Those that were looked at today, too.")] = False,
) -> None:
    """Read the cited pages politely and say which changed near a fact, moved, or are gone. Nothing else changes."""
    report = asyncio.run(_check(url or [], again=timedelta(0) if anew else AGAIN))
    for item in report.waiting:
        typer.echo(f"{item.state}: {item.kind} {item.name}: {item.url} {item.detail}".rstrip())
    typer.echo(
        ", ".join(f"{report.counts[state]} {state}" for state in STATES) + f"; {len(report.waiting)} to look at."
    )


async def _check(urls: list[str], *, again: timedelta) -> CheckReport:
    database = system.prepare_database(settings())
    async with Fetcher(settings().public_url) as fetcher:
        return await check_sources(database, fetcher, now=datetime.now(UTC), urls=urls, again=again)
