"""How much memory the three processes take after many turns. The budget is 1.1 GB together.

Run: .venv/bin/python -m bench.memory [--turns 5000] [--people 100]

People talk to the real system through the website's API, each in a talk of their own: questions of every topic from
our held-out sentences, searches, costs and plans among them. Printed is the proportional set size (`Pss` of
/proc/PID/smaps_rollup, so that what processes share is counted once), before and every thousand turns. What a job
takes that the application starts now and then (a search for groups of unknown questions) is printed beside it.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.content.edit.sentences import HELD_OUT, read_sentences
from bot.content.evaluation.golden import DAY
from bot.ops import system, training
from bot.ops.supervisor import Supervisor
from bot.settings import ROOT, settings
from tests.visitor import Visitor

BUDGET_GB = 1.1
AT_ONCE = 8


def sizes(supervisor: Supervisor) -> dict[str, float]:
    """Gigabytes of each process."""
    return {item.name: _size(item.running.pid) for item in supervisor.processes if item.running}


def jobs(supervisor: Supervisor) -> float:
    """Gigabytes of what the processes have started themselves."""
    return sum(_size(pid) for item in supervisor.processes if item.running for pid in _started(item.running.pid))


def _started(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in map(int, (task / "children").read_text().split()):
            yield child
            yield from _started(child)


def _size(pid: int) -> float:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):  # a job that has ended meanwhile
        return 0.0
    return sum(int(line.split()[1]) for line in rollup if line.startswith("Pss:")) / 1024**2


def main() -> int:
    """Prints a line for every thousand turns; ends with 1 over the budget or when a turn was not answered."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--turns", type=int, default=5000)
    parser.add_argument("--people", type=int, default=100)
    options = parser.parse_args()
    texts = itertools.cycle(dict.fromkeys(item.text for item in read_sentences(ROOT, HELD_OUT)))
    unanswered = 0
    with (
        TemporaryDirectory() as folder,
        system.temporary(
            Path(folder), training.train(settings()), today=DAY, rate_per_conversation="100000/minute"
        ) as (chosen, supervisor),
        ThreadPoolExecutor(AT_ONCE) as pool,
    ):
        people = [Visitor(chosen.base_url) for _ in range(options.people)]
        together = _say(0, supervisor)
        for first in range(0, options.turns, 1000):
            count = min(1000, options.turns - first)
            turns = [(people[number % len(people)], next(texts)) for number in range(count)]
            statuses = [said["status"] for said in pool.map(lambda turn: turn[0].say(turn[1]), turns)]
            unanswered += len([status for status in statuses if status != "answered"])
            together = _say(first + count, supervisor)
    print(f"{unanswered} of {options.turns} turns were not answered within their ten seconds; budget {BUDGET_GB} GB")
    return int(together > BUDGET_GB or unanswered > 0)


def _say(turns: int, supervisor: Supervisor) -> float:
    measured, beside = sizes(supervisor), jobs(supervisor)
    together = sum(measured.values())
    parts = ", ".join(f"{name} {size:.2f}" for name, size in measured.items())
    print(f"after {turns} turns: {together:.2f} GB ({parts}), jobs beside them {beside:.2f}", flush=True)
    return together


if __name__ == "__main__":
    sys.exit(main())
