"""What a fault costs while people talk to the real system: processes killed, databases locked, read-only, away, full.

Run: .venv/bin/python -m bench.faults [--kills 50] [--seconds 25] [--databases sqlite postgresql] [--only KIND ...]

People tell facts about themselves, ask questions, and correct one of them again and again, half a second after they
were answered; what is not taken is sent again under the same id, as the widget does. After each kind of fault all is
read back: `lost` messages are without an answer when none came for two minutes, `doubled` ones have two or stand twice
in the talk, `given up` ones got the line that the bot could not work it out, `out of order` are talks whose answers are
in another order than their questions, and `forgotten` are facts told that "what do you know about me?" does not name.
The slowest answer is counted from the first try to send its message, fault included. It ends with 1 when anything is
not 0.

Filling a disk needs the right to mount one (Linux, root); without it these kinds are left out, and that is said.
PostgreSQL's programs must be installed for its kinds.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import signal
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

import httpx

from bot.content.evaluation.golden import DAY
from bot.content.releases.live_responses import read_words
from bot.ops import system, training
from bot.ops.supervisor import Process, Supervisor
from bot.settings import ROOT, Settings, settings
from tests.database_faults import PostgresFaults, SqliteFaults, full_server, small_disk
from tests.postgres import postgres
from tests.visitor import Visitor, is_final, words

PEOPLE = 4
QUIET_SECONDS = 120.0
BACK_SECONDS = 120.0
BETWEEN_SECONDS = 0.5
SUMMARY = "what do you know about me?"
TOLD = {
    "I'm a graduate": "graduate",
    "I want internal medicine": "internal medicine",
    "I passed USMLE Step 1": "step 1",
}
QUESTIONS = ("Do I need USMLE Step 1?", "how much does it cost", "which documents do I need", "when should I apply")
Fault = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True)
class House:
    """A running system and what can go wrong with its databases, by name."""

    settings: Settings
    supervisor: Supervisor
    faults: dict[str, Fault]


@dataclass
class Result:
    """One row of the table."""

    database: str
    kind: str
    times: int
    counts: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0

    COLUMNS = ("messages", "lost", "doubled", "given up", "out of order", "forgotten")

    def __str__(self) -> str:
        numbers = " | ".join(str(self.counts[name]) for name in self.COLUMNS)
        return f"| {self.database} | {self.kind} | {self.times} | {numbers} | {self.slowest:.0f} s |"

    @property
    def is_clean(self) -> bool:
        return self.counts["messages"] > 0 and not any(self.counts[name] for name in self.COLUMNS[1:])


class Person(Thread):
    """Somebody who talks until told to stop, sends again what was not taken, and knows what was sent."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self._visitor = Visitor(url)
        self._given_up = read_words(ROOT).text("utter_turn_failed")
        self._ends = Event()
        self.sent: dict[str, datetime] = {}
        self.slowest = 0.0
        self._years = itertools.cycle(range(2001, 2025))
        self.year = 0
        for fact in TOLD:
            self._say(fact)

    def run(self) -> None:
        """Another year of graduation, two questions, and so on."""
        while not self._ends.is_set():
            self.year = next(self._years)
            for text in (f"I graduated in {self.year}", *random.sample(QUESTIONS, 2)):
                self._say(text)
                self._ends.wait(BETWEEN_SECONDS)

    def _say(self, text: str) -> str:
        """Returns when the message is taken; what is pending then is waited for at the end only."""
        message = str(uuid.uuid4())
        self.sent[message] = datetime.now(UTC)
        while True:
            try:
                self._visitor.say(text, message)
                return message
            except httpx.HTTPStatusError as error:
                if error.response.status_code < 500 and error.response.status_code != 429:
                    raise
            except httpx.TransportError:
                pass
            time.sleep(BETWEEN_SECONDS)

    def finish(self) -> Counter[str]:
        """Stops talking, waits until all is answered, asks what is known; what was wrong, counted."""
        self._ends.set()
        self.join()
        summary = self._say(SUMMARY)
        deadline, final = time.monotonic() + QUIET_SECONDS, Counter[str]()
        while time.monotonic() < deadline:
            before, history = len(final), self._visitor.history()
            final = Counter(item["in_reply_to"] for item in history if is_final(item))
            if all(final[message] for message in self.sent):
                break
            if len(final) > before:  # What has piled up is being worked off.
                deadline = time.monotonic() + QUIET_SECONDS
            time.sleep(BETWEEN_SECONDS)
        time.sleep(2.0)  # A second answer would come soon after the first.
        history = self._visitor.history()
        answers = [item for item in history if is_final(item)]
        final = Counter(item["in_reply_to"] for item in answers)
        taken = Counter(item["id"] for item in history if item["from"] == "visitor")
        first = list(dict.fromkeys(item["in_reply_to"] for item in answers))
        known = " ".join(words(item) for item in answers if item["in_reply_to"] == summary).lower()
        waits = [datetime.fromisoformat(item["at"]) - self.sent[item["in_reply_to"]] for item in answers]
        self.slowest = max(wait.total_seconds() for wait in waits)
        facts = [*TOLD.values(), str(self.year)]
        return Counter(
            {
                "messages": len(self.sent),
                "lost": sum(final[message] == 0 for message in self.sent),
                "doubled": sum(max(final[message], taken[message]) > 1 for message in self.sent),
                "given up": sum(self._given_up in words(item) for item in answers),
                "out of order": int(first != [message for message in self.sent if final[message]]),
                "forgotten": sum(fact not in known for fact in facts),
            }
        )


def suffer(house: House, fault: Callable[[], None], result: Result) -> Result:
    """People talk, the fault happens, and what came of it is counted."""
    people = [Person(house.settings.base_url) for _ in range(PEOPLE)]
    for person in people:
        person.start()
    fault()
    for person in people:
        result.counts += person.finish()
        result.slowest = max(result.slowest, person.slowest)
    return result


def end(house: House, name: str, number: signal.Signals, times: int) -> None:
    """Signals one process again and again, each time soon after all are well."""
    for _ in range(times):
        wait_until_well(house)
        time.sleep(random.uniform(0.1, 1.0))
        process = next(item for item in house.supervisor.processes if item.name == name)
        killed = process.running
        process.end_group(number)
        deadline = time.monotonic() + BACK_SECONDS
        while process.running is killed and time.monotonic() < deadline:
            time.sleep(0.05)
        process.pause = 1.0  # It did not die of itself, so its next start need not wait longer.
    wait_until_well(house)


def wait_until_well(house: House) -> None:
    """Raises: TimeoutError when a process is not healthy in two minutes."""
    deadline = time.monotonic() + BACK_SECONDS
    while not all(_is_well(process) for process in house.supervisor.processes):
        if time.monotonic() > deadline:
            raise TimeoutError("a process does not come back; see the logs")
        time.sleep(0.1)


def _is_well(process: Process) -> bool:
    return process.is_alive and process.is_healthy()


def break_for(house: House, fault: Fault, seconds: float) -> None:
    """A database fails for so long."""
    time.sleep(1.0)
    with fault():
        time.sleep(seconds)
    wait_until_well(house)


@contextmanager
def house_on_sqlite(folder: Path, trained: Path) -> Iterator[House]:
    """Both databases are files, each on a disk of its own where one can be mounted."""
    files, faults = {"ours": folder / "ours" / "bot.db", "the engine's": folder / "engines" / "tracker.db"}, {}
    with ExitStack() as stack:
        for whose, file in files.items():
            if os.geteuid() == 0:
                disk = stack.enter_context(small_disk(file.parent, 200))
                faults[f"{whose} full"] = partial(SqliteFaults(file).full, disk)
            file.parent.mkdir(exist_ok=True)
            broken = SqliteFaults(file)
            faults |= {f"{whose} locked": broken.locked, f"{whose} read-only": broken.read_only}
        faults["the engine's away"] = SqliteFaults(files["the engine's"]).away
        ours, engines = (f"sqlite:///{file}" for file in files.values())
        yield stack.enter_context(_house(folder / "var", trained, ours, engines, faults))


@contextmanager
def house_on_postgresql(folder: Path, trained: Path) -> Iterator[House]:
    """Each database has a server of its own, on a disk of its own where one can be mounted."""
    urls, faults = [], {}
    folder.chmod(0o711)  # PostgreSQL's own account must get through to its disks.
    with ExitStack() as stack:
        for whose in ("ours", "the engine's"):
            disk = folder / whose.replace("'", "").replace(" ", "_")
            disk.mkdir()
            if os.geteuid() == 0:
                stack.enter_context(small_disk(disk, 300))
            server = stack.enter_context(postgres(disk))
            urls.append(server.bare())
            broken = PostgresFaults(urls[-1])
            faults |= {f"{whose} locked": broken.locked, f"{whose} read-only": broken.read_only}
            faults[f"{whose} restarted"] = server.stopped
            if os.geteuid() == 0:
                faults[f"{whose} full"] = partial(full_server, disk, server)
        yield stack.enter_context(_house(folder / "var", trained, *urls, faults))


@contextmanager
def _house(var: Path, trained: Path, ours: str, engines: str, faults: dict[str, Fault]) -> Iterator[House]:
    with system.temporary(
        var, trained, today=DAY, database_url=ours, tracker_url=engines, rate_per_conversation="100000/minute"
    ) as (chosen, supervisor):
        yield House(chosen, supervisor, faults)


HOUSES = {"sqlite": house_on_sqlite, "postgresql": house_on_postgresql}


def cases(house: House, kills: int, seconds: float) -> Iterator[tuple[str, int, Callable[[], None]]]:
    """Each kind of fault: its name, how often it happens, and how."""
    for process in house.supervisor.processes:
        yield f"{process.name} killed", kills, partial(end, house, process.name, signal.SIGKILL, kills)
        times = max(1, kills // 10)
        yield f"{process.name} restarted", times, partial(end, house, process.name, signal.SIGTERM, times)
    for name, fault in house.faults.items():
        yield f"database: {name}", 1, partial(break_for, house, fault, seconds)


def main() -> int:
    """Prints a Markdown table, row by row."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=25.0, help="how long a database fails")
    parser.add_argument("--databases", nargs="+", choices=HOUSES, default=list(HOUSES))
    parser.add_argument("--only", nargs="*", default=[], help="kinds whose name holds one of these words")
    options = parser.parse_args()
    trained, is_clean = training.train(settings()), True
    if os.geteuid() != 0:
        print("Not root: no disk can be mounted, so none is filled.", file=sys.stderr)
    print("| database | fault | times |", " | ".join(Result.COLUMNS), "| slowest answer |")
    print("|---|---|" + "---:|" * (len(Result.COLUMNS) + 2), flush=True)
    for name in options.databases:
        with TemporaryDirectory() as folder, HOUSES[name](Path(folder), trained) as house:
            for kind, times, fault in cases(house, options.kills, options.seconds):
                if options.only and not any(word in kind for word in options.only):
                    continue
                result = suffer(house, fault, Result(name, kind, times))
                is_clean &= result.is_clean
                print(result, flush=True)
    return int(not is_clean)


if __name__ == "__main__":
    sys.exit(main())
