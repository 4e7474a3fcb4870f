"""How long a search takes over 1,000, 10,000 and 100,000 synthetic programs. The budget is p95 <= 50 ms at 10,000.

Run: .venv/bin/python -m bench.search [--sizes 1000 10000 100000] [--rounds 300]

The programs are made from the values of `data/programs.csv`, mixed at random with a fixed seed, so that every facet has
as many different values as it really has, and the prices and names far more.
"""

from __future__ import annotations

import argparse
import csv
import random
import statistics
import sys
import time
from dataclasses import fields, replace
from datetime import date

from bot.dialogue.profile import Profile
from bot.programs.catalog import Catalog
from bot.programs.facets import Surroundings
from bot.programs.program import Program
from bot.programs.query import Query
from bot.programs.rows import read_program
from bot.programs.search import search
from bot.programs.vocabulary import DATA, vocabulary

BUDGET_MS, BUDGET_SIZE = 50.0, 10_000
TODAY = date(2026, 11, 23)
PERSON = Profile(graduation_year=2019, goal="residency", visa_status="needs", nationality="India")
"""Somebody whom some pages turn away, so that this is judged, too."""
OWN = ("slug", "institution", "program_name")


def seed_programs() -> list[Program]:
    """The real programs."""
    with (DATA / "programs.csv").open(encoding="utf8", newline="") as file:
        read = [read_program(row, line)[0] for line, row in enumerate(csv.DictReader(file), 2)]
    return [program for program in read if program]


def synthetic(count: int, chance: random.Random) -> list[Program]:
    """Programs whose values come from different real rows, with prices of their own."""
    seeds = seed_programs()
    columns = [item.name for item in fields(Program) if item.name not in OWN]
    made = []
    for number in range(count):
        values = {name: getattr(chance.choice(seeds), name) for name in columns}
        fee = chance.choice([None, None, float(chance.randrange(100, 6000, 25))])
        values |= {
            "fee_usd_min": fee,
            "fee_usd_max": fee,
            "fee_period": chance.choice(["per_week", "per_4_weeks"]) if fee else "",
        }
        made.append(
            Program(slug=f"program-{number}", institution=f"Hospital {number}", program_name="Program", **values)
        )
    return made


def queries(count: int, chance: random.Random) -> list[Query]:
    """Searches of one to seven wishes, some that match nothing and must be relaxed, some for later pages."""
    seeds = seed_programs()
    specialties = sorted({name for program in seeds for name in program.specialties if name != "many"})
    states = sorted({program.state for program in seeds if program.state})
    made = []
    for _ in range(count):
        query = Query(
            specialties=tuple(chance.sample(specialties, chance.choice([0, 1, 1, 2]))),
            states=tuple(chance.sample(states, chance.choice([0, 1, 1, 12]))),
            rotation_types=chance.choice([(), ("observership",), ("elective",), ("externship", "observership")]),
            audience=chance.choice(["", "students", "graduates"]),
            hands_on=chance.choice([None, None, True, False]),
            budget_usd=chance.choice([None, None, 500.0, 1500.0]),
            no_step1=chance.random() < 0.3,
            weeks=chance.choice([None, None, 4.0, 8.0]),
            start_month=chance.choice(["", "", "2027-06"]),
            sort=chance.choice(["", "price"]),
            page=chance.choice([0, 0, 1, 5]),
        )
        made.append(query if chance.random() < 0.9 else replace(query, states=("AK",), specialties=("nursing",)))
    return made


def measure(size: int, rounds: int) -> float:
    """Prints one line and returns the p95 in milliseconds."""
    chance = random.Random(size)
    programs, known = synthetic(size, chance), vocabulary()
    started = time.perf_counter()
    catalog = Catalog(programs)
    catalog.warm()
    built = time.perf_counter() - started
    around = Surroundings(known.specialties, TODAY, catalog.homes, PERSON)
    times = []
    for query in queries(rounds, chance):
        started = time.perf_counter()
        search(catalog, query, around=around, regions=known.regions)
        times.append((time.perf_counter() - started) * 1000)
    p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    print(
        f"{size:>8} programs: p50 {p50:7.2f} ms, p95 {p95:7.2f} ms, max {max(times):7.2f} ms; index built in "
        f"{built:.2f} s"
    )
    return p95


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=300)
    options = parser.parse_args()
    measured = {size: measure(size, options.rounds) for size in options.sizes}
    return int(measured.get(BUDGET_SIZE, 0.0) > BUDGET_MS)


if __name__ == "__main__":
    sys.exit(main())
