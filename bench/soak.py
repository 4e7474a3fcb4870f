"""Half an hour of steady talk with one machine's system: memory, answers and processor time must stay as they are.

Run: .venv/bin/python -m bench.soak [--minutes 30] [--a-second 1] [--people 40]

People talk through the website's API, as in `bench.memory`, all together so many messages a second. Each minute a row
says how long answers took (p50, p95), what the machine was busy with otherwise (its load), the processor time of a
turn in all three processes, and their memory (`Pss`). At the end the last third is set against the middle one, the
first being left to warm up; it ends with 1 when a message was not answered or memory has grown by more than 3 %.
"""

from __future__ import annotations

import argparse
import itertools
import os
import statistics
import sys
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.engines import worked
from bench.memory import sizes
from bot.content.edit.sentences import HELD_OUT, read_sentences
from bot.content.evaluation.golden import DAY
from bot.ops import system, training
from bot.ops.supervisor import Supervisor
from bot.settings import ROOT, settings
from tests.visitor import Visitor

MINUTE = 60.0
GROWTH = 1.03
AT_ONCE = 16


@dataclass(frozen=True)
class Row:
    """One minute: milliseconds of its answers, of a processor for each of them, and gigabytes."""

    times: list[float]
    work: float
    memory: dict[str, float]
    load: float

    def __str__(self) -> str:
        p50, p95 = statistics.median(self.times), statistics.quantiles(self.times, n=20)[18]
        memory = " | ".join(f"{size:.3f}" for size in (*self.memory.values(), sum(self.memory.values())))
        return f"{len(self.times)} | {p50:.0f} ms | {p95:.0f} ms | {self.work:.0f} ms | {memory} | {self.load:.1f} |"


def ask(visitor: Visitor, text: str) -> float:
    """Milliseconds until the answer; 0 when none came at once."""
    started = time.perf_counter()
    said = visitor.say(text)
    return (time.perf_counter() - started) * 1000 if said["status"] == "answered" else 0.0


def minute(supervisor: Supervisor, talk: itertools.cycle[tuple[Visitor, str]], a_second: float) -> tuple[Row, int]:
    """One minute of talk, and how many messages had no answer when their request ended."""
    began, before = time.monotonic(), worked(supervisor.processes, "")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        asked: list[Future[float]] = []
        for number in range(int(MINUTE * a_second)):
            time.sleep(max(0.0, began + number / a_second - time.monotonic()))
            asked.append(pool.submit(ask, *next(talk)))
        times = [found for item in asked if (found := item.result())]
    work = (worked(supervisor.processes, "") - before) / len(asked) * 1000
    return Row(times, work, sizes(supervisor), os.getloadavg()[0]), len(asked) - len(times)


def summary(rows: Sequence[Row]) -> tuple[str, float]:
    """The last third against the middle one, in words, and how much memory has grown."""
    third = len(rows) // 3
    middle, last = rows[third : 2 * third] or rows, rows[-third:] or rows

    def ratio(value: str) -> float:
        of = {
            "memory": lambda row: sum(row.memory.values()),
            "p50": lambda row: statistics.median(row.times),
            "work": lambda row: row.work,
        }[value]
        return statistics.median(map(of, last)) / statistics.median(map(of, middle))

    said = ", ".join(f"{name} x {ratio(name):.3f}" for name in ("memory", "p50", "work"))
    return f"The last third against the middle one: {said}", ratio("memory")


def main() -> int:
    """Prints a row for each minute, and how it ended."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--minutes", type=int, default=30)
    parser.add_argument("--a-second", type=float, default=1.0)
    parser.add_argument("--people", type=int, default=40)
    options = parser.parse_args()
    texts = [item.text for item in read_sentences(ROOT, HELD_OUT)]
    trained, rows, late = training.train(settings()), list[Row](), 0
    with (
        TemporaryDirectory() as folder,
        system.temporary(Path(folder), trained, today=DAY, rate_per_address="100000/minute", patience=300.0) as (
            chosen,
            supervisor,
        ),
    ):
        visitors = [Visitor(chosen.base_url) for _ in range(options.people)]
        talk = itertools.cycle(zip(itertools.cycle(visitors), texts, strict=False))
        print("| minute | answers | p50 | p95 | work of a turn | engine GB | actions | app | all | load |")
        print("|---:|" + "---:|" * 9, flush=True)
        for number in range(1, options.minutes + 1):
            row, unanswered = minute(supervisor, talk, options.a_second)
            rows.append(row)
            late += unanswered
            print(f"| {number} | {row}", flush=True)
        pending = sum(item["from"] == "visitor" for visitor in visitors for item in visitor.history())
        answered = {item["in_reply_to"] for each in visitors for item in each.history() if item["from"] == "bot"}
    said, growth = summary(rows)
    print(f"\n{pending} messages, {pending - len(answered)} without an answer, {late} answered late. {said}.")
    return int(growth > GROWTH or pending > len(answered))


if __name__ == "__main__":
    sys.exit(main())
