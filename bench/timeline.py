"""How long one plan and one picture take. Budgets: a plan 10 ms, a picture 300 ms once it is warm (medians)."""

from __future__ import annotations

import csv
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from typing import Any

from bot.data_files import read_yaml
from bot.programs.rows import FactRow
from bot.settings import ROOT
from bot.timeline.picture import picture
from bot.timeline.plan import PictureWords, Plan
from bot.timeline.planner import plan
from bot.timeline.rules import read_rules
from bot.timeline.situation import Situation

TODAY = date(2026, 11, 23)
ROUNDS = {"plan": 60, "picture": 8}
BUDGET_MS = {"plan": 10.0, "picture": 300.0}
WORDS = PictureWords(
    "Rotation", "Today", "estimated", {"on_track": "on track", "tight": "tight", "late": "late", "event": "fixed"}
)
SITUATIONS: dict[str, dict[str, Any]] = {
    "agency, comfortable": {"start": date(2027, 6, 1), "route": "third_party", "visa": "needs"},
    "agency, tight": {"start": date(2027, 4, 23), "route": "third_party", "visa": "needs"},
    "school, impossible": {"start": date(2027, 4, 23), "route": "direct", "stage": "student"},
    "Match, tight": {"match_year": 2028, "route": "third_party", "visa": "needs"},
}


def milliseconds(work: Callable[[], object], rounds: int) -> float:
    """The median of several rounds, after one to warm up."""
    work()
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def main() -> int:
    """Prints one line a case; 1 when a budget is exceeded."""
    with (ROOT / "data" / "facts.csv").open(encoding="utf8", newline="") as file:
        facts = {row["key"]: FactRow(**row) for row in csv.DictReader(file)}
    rules = read_rules(read_yaml(ROOT / "data" / "timeline.yml"))

    def planned(known: dict[str, Any]) -> Plan:
        return plan(Situation(**known), rules, facts, today=TODAY)

    too_slow = 0
    for name, known in SITUATIONS.items():
        steps = planned(known).steps
        cases: dict[str, Callable[[], object]] = {
            "plan": lambda known=known: planned(known),  # type: ignore[misc]
            "picture": lambda steps=steps: picture(steps, WORDS, computed=TODAY),  # type: ignore[misc]
        }
        for what, work in cases.items():
            kind = what.split()[0]
            taken = milliseconds(work, ROUNDS[kind])
            too_slow += taken > BUDGET_MS[kind]
            print(f"{name:22} {what:12} {taken:7.1f} ms  (budget {BUDGET_MS[kind]:.0f} ms)")
    return 1 if too_slow else 0


if __name__ == "__main__":
    sys.exit(main())
