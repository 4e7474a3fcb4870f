"""How long a machine takes from a missed message to its answer: a new question is trained, compared and published.

Run: .venv/bin/python -m bench.candidate [--rounds 2]. The budget is 90 s on two free cores.

A whole system runs meanwhile, in a folder of its own; its first round asks the live model the held-out sentences for
the first time and knows no vector of them, later rounds remember them, as on a machine in use. The message is asked
before and after as somebody on the website. Wall time holds for the machine as it was, so look at the load; the CPU
time is that of the candidate's own processes, and grows too where others take the caches.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

from bot.content import service as changes
from bot.content.candidates.starting import bring_live
from bot.content.change import NewAspect
from bot.content.releases.publishing import publish
from bot.content.tables import CandidateRow
from bot.db.base import Database
from bot.ops import jobs, system
from bot.settings import Settings
from tests import trained
from tests.conftest import TODAY
from tests.visitor import Visitor, words

BUDGET = 90.0
LOOK_SECONDS = 0.2
ENDED = frozenset({"ready", "failed"})
WAYS = (
    "can I get a {thing} for my bag",
    "is there a {thing} for rotators",
    "will the clinic give me a {thing}",
    "does the hospital have a {thing} I may use",
    "do observers get a {thing}",
    "where do I find a {thing} on the first day",
    "do I have to pay for a {thing}",
    "who hands out the {thing}",
    "how do I ask for a {thing}",
    "is a {thing} included in the fee",
    "my own {thing} on the ward",
    "a {thing} for students please",
)
HELD_OUT = (
    "I would like a {thing} during my month",
    "could they lend me a {thing}",
    "any {thing} for visiting students",
    "is it normal to be given a {thing}",
)
THINGS = ("locker", "parking sticker", "pager", "lunch card")
ANSWER = "Most pages do not say it: ask the coordinator about a {thing} before the first day."


def question(thing: str) -> NewAspect:
    """The new question inside a topic, with a quarter of its sentences held out."""
    ways, held_out, answer = ([line.format(thing=thing) for line in lines] for lines in (WAYS, HELD_OUT, [ANSWER]))
    aspect = f"faq_what_are_rotations/{thing.replace(' ', '_')}"
    return NewAspect(
        aspect, f"Is there a {thing}?", tuple(ways), tuple(held_out), *answer, is_unknown=True, reviewed=TODAY
    )


def candidate_of(settings: Settings, database: Database, thing: str) -> CandidateRow:
    """The question proposed, and its candidate as it has ended: made by the process that the console starts."""
    with database.unit() as session:
        changes.propose(session, "ann", question(thing))
        number = changes.ask_for_candidate(session, "ann").id
    jobs.start("train", str(number), settings=settings)
    while True:
        with database.unit() as session:
            row = session.get(CandidateRow, number)
            assert row is not None
            if row.status in ENDED:
                return row
        time.sleep(LOOK_SECONDS)


def cpu_seconds() -> float:
    """What the processes that this one started and that have ended took."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def answered(settings: Settings, text: str) -> str:
    """What somebody new on the website reads who asks it."""
    return " ".join(map(words, Visitor(settings.base_url).say(text)["replies"]))


def one_round(settings: Settings, database: Database, thing: str) -> float:
    """Seconds from the proposal to the answer; prints them."""
    asked, answer = WAYS[0].format(thing=thing), ANSWER.format(thing=thing)
    load, started, used = os.getloadavg()[0], time.monotonic(), cpu_seconds()
    row = candidate_of(settings, database, thing)
    assert row.report, row.error
    assert row.report["is_green"], row.report
    made = time.monotonic() - started
    publish(settings, database, row.id, by="ann")
    seconds = time.monotonic() - started
    assert answer in answered(settings, asked), "the message is not answered"
    phases = ", ".join(f"{name} {value:.0f}" for name, value in row.report["seconds"].items())
    print(f"{thing}: {seconds:.0f} s to live ({phases}, publishing {seconds - made:.0f}),", end=" ")
    print(f"{cpu_seconds() - used:.0f} s of CPU;", end=" ")
    print(f"load before {load:.1f}, after {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores", flush=True)
    return seconds


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=2, choices=range(1, len(THINGS) + 1))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        var = Path(folder)
        trained.share(var)
        (var / trained.JUDGED).unlink()  # what is asked for the first time shall be
        first = Settings(var=var)  # type: ignore[call-arg]
        live = bring_live(first, system.prepare_database(first))
        with system.temporary(var, live, today=TODAY) as (settings, _):
            database = Database(settings.database)
            seconds = [one_round(settings, database, thing) for thing in THINGS[: options.rounds]]
    sys.exit(seconds[-1] > BUDGET)


if __name__ == "__main__":
    main()
