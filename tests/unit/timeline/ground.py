"""The real rules and the seed's facts, and a short way to plan with them."""

from __future__ import annotations

import csv
from datetime import date
from functools import lru_cache
from typing import Any

from bot.data_files import read_yaml
from bot.programs.rows import FactRow
from bot.settings import ROOT
from bot.timeline.plan import Plan
from bot.timeline.planner import plan
from bot.timeline.rules import PlanRules, read_rules
from bot.timeline.situation import Situation

TODAY = date(2026, 11, 23)


def d(text: str) -> date:
    return date.fromisoformat(text)


@lru_cache
def facts() -> dict[str, FactRow]:
    with (ROOT / "data" / "facts.csv").open(encoding="utf8", newline="") as file:
        return {row["key"]: FactRow(**row) for row in csv.DictReader(file)}


@lru_cache
def rules() -> PlanRules:
    return read_rules(read_yaml(ROOT / "data" / "timeline.yml"))


def planned(today: date = TODAY, **known: Any) -> Plan:
    """The plan for a situation, with the seed's facts."""
    return plan(Situation(**known), rules(), facts(), today=today)
