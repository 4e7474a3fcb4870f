"""Insights: how many came, what they wanted, and whether they were helped; every chart with its numbers, and as CSV."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import count
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from bot.console.access import Role, Staff, requires
from bot.console.context import console_of
from bot.console.inbox_talk import version_names
from bot.console.rendering import page
from bot.console.spreadsheets import csv_file
from bot.console.topics import names
from bot.db.base import Database
from bot.nlu.message import ASPECT
from bot.reply.responses import Responses, asked_by
from bot.review.insights import service as insights
from bot.review.insights.service import Figures, Period, Quality, TopicFigures, Wishes
from bot.review.insights.store import Scope, models

router = APIRouter()
Viewer = Annotated[Staff, requires(Role.VIEWER)]
Table = Literal["time", "channel", "model", "topics", "wishes", "quality"]
PERIODS = ((7, "7 days"), (28, "28 days"), (90, "90 days"), (365, "12 months"))
LONGEST_BY_DAY = 60
KEPT_SECONDS = 120
COLUMNS = (
    "people",
    "conversations",
    "messages",
    "containment",
    "fallback",
    "out_of_scope",
    "satisfaction",
    "thumbs",
    "handed_off",
    "failed",
    "p50",
    "p95",
)


class AskedPeriod(BaseModel):
    """What the page is asked to show; without days, the last four weeks."""

    days: Annotated[int, Field(ge=1, le=3660)] = 28
    channel: Annotated[str, Field(max_length=20)] = ""
    model: Annotated[str, Field(max_length=64)] = ""
    by: Literal["", "day", "week"] = ""

    def scope(self, today: date) -> Scope:
        """The period that ends today."""
        return Scope(today - timedelta(days=self.days - 1), today, self.channel, self.model)

    @property
    def division(self) -> str:
        return self.by or ("day" if self.days <= LONGEST_BY_DAY else "week")


@dataclass(frozen=True)
class Shown:
    """Everything that was counted for one scope."""

    overall: Figures
    before: Figures
    times: list[Figures]
    channels: list[Figures]
    models: list[Figures]
    topics: list[TopicFigures]
    wishes: Wishes
    quality: Quality


@router.get("/insights")
def show_insights(request: Request, _: Viewer, asked: Annotated[AskedPeriod, Query()]) -> Response:
    """The page."""
    console, shown = console_of(request), _shown(request, asked)
    with console.database.unit() as session:
        known = _versions(session)
        titles = names(request, session)
    return page(
        request,
        "insights.html",
        asked=asked,
        scope=asked.scope(console.today()),
        shown=shown,
        versions=known,
        query=urlencode(asked.model_dump()),
        titles=titles,
        periods=PERIODS,
        channels=("web", "telegram"),
    )


def _versions(session: Session) -> dict[str, str]:
    """What staff read for each model that answered something: its version, or that it is older than all of them."""
    known = version_names(session)
    older = (f"Before version 1 ({number})" for number in count(1))
    return {model: known.get(model) or next(older) for model in models(session)}


@router.get("/insights/{table}.csv")
def export(request: Request, table: Table, _: Viewer, asked: Annotated[AskedPeriod, Query()]) -> Response:
    """The numbers of one table for a spreadsheet."""
    return csv_file(_rows(table, _shown(request, asked)), f"insights-{table}-{console_of(request).today()}.csv")


def _rows(table: Table, shown: Shown) -> Iterable[Iterable[object]]:
    if table == "topics":
        return [("topic", "messages", "answered"), *((t.intent, t.messages, t.answered) for t in shown.topics)]
    if table == "wishes":
        wishes = shown.wishes
        lists = (("state", wishes.states), ("specialty", wishes.specialties), ("plan", wishes.verdicts))
        heads = [("kind", "name", "count"), ("search", "all", wishes.searches)]
        heads.append(("search", "without result", wishes.without_result))
        return [*heads, *((kind, name, count) for kind, rows in lists for name, count in rows)]
    if table == "quality":
        shares = ((name, count, "") for name, count in shown.quality.shares)
        return [
            ("what", "messages", "people"),
            *shares,
            *((n, count, people) for n, people, count in shown.quality.unknowns),
        ]
    parts = {"time": shown.times, "channel": shown.channels, "model": shown.models}[table]
    return [(table, *COLUMNS), *((row.part, *(getattr(row, name) for name in COLUMNS)) for row in parts)]


def _shown(request: Request, asked: AskedPeriod) -> Shown:
    """What was counted, kept for two minutes: looking again, or for another table, costs nothing."""
    console = console_of(request)
    moment = int(time.monotonic() // KEPT_SECONDS)
    return _count(console.database, asked.scope(console.today()), asked.division, _unknown(console.responses), moment)


def _unknown(words: Responses) -> frozenset[str]:
    """The aspects whose answer says that nobody knows."""
    return frozenset(asked_by(key) for key in words.keys if ASPECT in key and words.choose(key).is_unknown)


@lru_cache(maxsize=16)
def _count(database: Database, scope: Scope, division: str, unknown: frozenset[str], _moment: int) -> Shown:
    days = (scope.last - scope.first).days + 1
    earlier = replace(scope, first=scope.first - timedelta(days=days), last=scope.first - timedelta(days=1))
    with database.unit() as session:
        period = Period(session, scope)
        return Shown(
            period.overall(),
            Period(session, earlier).overall(),
            times=period.by(division),
            channels=period.by("channel"),
            models=period.by("model"),
            topics=insights.topics(session, scope),
            wishes=insights.wishes(session, scope),
            quality=insights.quality(session, scope, unknown),
        )
