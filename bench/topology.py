"""What faults cost where several of each process run: two applications, two engines, two action servers behind a proxy.

Run: .venv/bin/python -m bench.topology [--kills 50] [--seconds 20] [--locked 30] [--senders 20] [--between 4]

PostgreSQL, Redis and nginx run beside them, all on loopback; each is a real server of its own. Senders write numbered
messages through the proxy, which gives each to either application, and send again under the same id what was not
taken; beside them go Telegram, reminders, mails and releases (`bench.deliveries`). Meanwhile every kind of process is
killed (`kill -9`, in a random order), restarted (SIGTERM) or frozen (SIGSTOP), the servers are stopped, both databases
are locked, and their disk is full (as root, who may mount a small one). At the end all is read back: `lost` messages
have no answer, `doubled` ones have two, in the talk or in the engine's memory, `given up` ones got the line that the
bot could not work it out, and `out of order` are talks whose answers are in another order than their messages. "Back"
is the longest time from a fault's end, or from a kill, until all processes were well. It ends with 1 when anything is
not 0, but for what was `sent again`. PostgreSQL, Redis and nginx must be installed.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import secrets
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

import httpx
import psycopg
from aiosmtpd.controller import Controller

from bench.deliveries import Activity, Chat, Mails, Releases, Reminders, two_models
from bot.bootstrap import Container
from bot.content.evaluation.golden import DAY
from bot.content.releases import places
from bot.content.releases.live_responses import read_words
from bot.db.base import Database
from bot.ops import system, training
from bot.ops.supervisor import Process, Supervisor
from bot.settings import ROOT, Settings, settings
from tests.database_faults import PostgresFaults, full_server, lock, small_disk
from tests.fake_telegram.server import TOKEN, FakeTelegram
from tests.ports import free_port
from tests.postgres import PostgresServer, postgres
from tests.redis_server import redis_server
from tests.visitor import Visitor, is_final, words

BACK_SECONDS = 240.0
QUIET_SECONDS = 120.0
DISK_MEGABYTES = 500
CHATS = 4
KEPT = ("lost", "doubled", "given up", "out of order")
COLUMNS = ("messages", *KEPT, "sent again")
QUESTIONS = ("Do I need USMLE Step 1?", "how much does it cost", "which documents do I need", "when should I apply")
PROXY = """
worker_processes 1;
daemon off;
error_log /dev/null;
pid {folder}/nginx.pid;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    upstream bot {{ {servers} }}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://bot;
            proxy_set_header Host $host;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_connect_timeout 2s;
            proxy_read_timeout 75s;
        }}
    }}
}}
"""


@dataclass
class House:
    """All that runs, and the address of the proxy."""

    url: str
    settings: Settings
    telegram: FakeTelegram
    mails: Mails
    other_model: Path
    supervisor: Supervisor
    database: PostgresServer
    bot: str
    tracker: str
    redis_away: Callable[[], AbstractContextManager[None]]
    proxy_away: Callable[[], AbstractContextManager[None]]
    disk: Path


@contextmanager
def house(folder: Path, trained: Path) -> Iterator[House]:
    """Everything up and well."""
    folder.chmod(0o711)  # PostgreSQL's own account must get through to its disk.
    with ExitStack() as stack:
        disk = folder / "disk"
        disk.mkdir()
        if os.geteuid() == 0:
            stack.enter_context(small_disk(disk, DISK_MEGABYTES))
        server = stack.enter_context(postgres(disk))
        *ports, proxy_port, redis_port = stack.enter_context(system.reserved_ports(8))
        redis = Switch(partial(redis_server, redis_port))
        stack.callback(redis.stop)
        redis.start()
        bot, tracker = server.bare(), server.bare()
        telegram, mails = FakeTelegram(free_port()), Mails(Database(bot), 20.0)
        telegram.start()
        stack.callback(telegram.stop)
        post = Controller(mails, hostname="127.0.0.1", port=free_port())
        post.start()
        stack.callback(post.stop)
        common = {
            "var": folder / "var",
            "bot_today": DAY,
            "secret_key": secrets.token_urlsafe(),
            "database_url": bot,
            "tracker_url": tracker,
            "redis_url": f"redis://127.0.0.1:{redis_port}/0",
            "rate_per_conversation": "100000/minute",
            "discover_after": 0,
            "telegram_token": TOKEN,
            "telegram_api_base": telegram.url,
            "smtp_url": f"smtp://127.0.0.1:{post.port}",
            "smtp_to": "staff@team.example",
            "engine_urls": ", ".join(f"http://127.0.0.1:{port}" for port in ports[2:4]),
        }
        actions = ", ".join(f"http://127.0.0.1:{port}" for port in ports[4:])
        settings = _settings(common)
        other = two_models(settings, system.prepare_database(settings), trained)
        live = places.live_link(settings)
        supervisor = Supervisor(list(_processes(common, ports, actions, live)), ROOT, say=lambda _: None)
        supervisor.start()
        stack.callback(supervisor.stop)
        supervisor.wait_until_healthy(BACK_SECONDS)
        Thread(target=supervisor.run, daemon=True).start()
        proxy = Switch(partial(nginx, folder, proxy_port, ports[:2]))
        stack.callback(proxy.stop)
        proxy.start()
        url = f"http://127.0.0.1:{proxy_port}"
        yield House(
            url, settings, telegram, mails, other, supervisor, server, bot, tracker, redis.away, proxy.away, disk
        )


def _settings(given: dict[str, Any]) -> Settings:
    return Settings(**system.OUTSIDE | given)


def _processes(common: dict[str, Any], ports: list[int], actions: str, trained: Path) -> Iterator[Process]:
    """Both of each kind, numbered; an engine asks the action server of its own number."""
    for number in (1, 2):
        own = dict(zip(("bot_port", "engine_port", "actions_port"), ports[number - 1 :: 2], strict=True))
        for name in system.ALL:
            given = common | own | ({"actions_urls": actions} if name == "app" else {})
            changes = {key.upper(): "" for key in system.OUTSIDE} | {key.upper(): str(given[key]) for key in given}
            chosen = next(item for item in system.processes(_settings(given), trained, changes) if item.name == name)
            yield replace(chosen, name=f"{name} {number}", log=chosen.log.with_name(f"{name}-{number}.log"))


class Switch:
    """A server that can be stopped and started again."""

    def __init__(self, make: Callable[[], AbstractContextManager[Any]]) -> None:
        self._make = make
        self._stack = ExitStack()

    def start(self) -> None:
        self._stack.enter_context(self._make())

    def stop(self) -> None:
        self._stack.close()

    @contextmanager
    def away(self) -> Iterator[None]:
        """Stopped as long as the block lasts."""
        self.stop()
        try:
            yield
        finally:
            self.start()


@contextmanager
def nginx(folder: Path, port: int, apps: list[int]) -> Iterator[None]:
    """The proxy; one after the other, each application gets a request."""
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    servers = " ".join(f"server 127.0.0.1:{app} max_fails=1 fail_timeout=2s;" for app in apps)
    (folder / "nginx.conf").write_text(PROXY.format(folder=folder, port=port, servers=servers), encoding="utf8")
    process = subprocess.Popen([program, "-c", str(folder / "nginx.conf")])
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


class Sender(Activity):
    """Writes numbered messages on the website; each is sent until it is taken."""

    name_in_table = "website"

    def __init__(self, url: str, given_up: str, between: float) -> None:
        super().__init__(between)
        self._visitor = Visitor(url)
        self._given_up = given_up
        self.sent: dict[str, float] = {}

    def act(self, number: int) -> None:
        text = f"{random.choice(QUESTIONS)} ({number})"
        message = str(uuid.uuid4())
        self.sent[message] = time.time()
        while True:
            try:
                self._visitor.say(text, message)
                return
            except httpx.HTTPStatusError as error:
                if error.response.status_code < 500 and error.response.status_code != 429:
                    raise
            except httpx.TransportError:
                pass
            time.sleep(0.5)

    def finish(self) -> Counter[str]:
        """Stops, waits for what is open, and counts."""
        self.stop()
        deadline = time.monotonic() + QUIET_SECONDS
        while time.monotonic() < deadline and not self._is_all_answered():
            time.sleep(1.0)
        history = self._visitor.history()
        answers = [item for item in history if is_final(item)]
        final = Counter(item["in_reply_to"] for item in answers)
        taken = Counter(item["id"] for item in history if item["from"] == "visitor")
        return Counter(
            {
                "messages": len(self.sent),
                "lost": sum(final[message] == 0 for message in self.sent),
                "doubled": sum(max(final[message], taken[message]) > 1 for message in self.sent),
                "given up": sum(self._given_up in words(item) for item in answers),
                "out of order": int(list(dict.fromkeys(item["in_reply_to"] for item in answers)) != list(self.sent)),
            }
        )

    def _is_all_answered(self) -> bool:
        final = {item["in_reply_to"] for item in self._visitor.history() if is_final(item)}
        return final >= self.sent.keys()


def answered_twice(tracker: str) -> int:
    """Messages that the engine's memory holds more than once with an answer."""
    turns: Counter[tuple[str, str]] = Counter()
    asked: dict[str, str] = {}
    with psycopg.connect(tracker) as connection:
        rows = connection.execute("SELECT sender_id, data FROM events WHERE type_name IN ('user', 'bot') ORDER BY id")
        for sender, data in rows:
            event = json.loads(data)
            if event["event"] == "user":
                asked[sender] = (event.get("metadata") or {}).get("message_id", "")
            elif message := asked.pop(sender, ""):
                turns[sender, message] += 1
    return sum(count > 1 for count in turns.values())


def end(supervisor: Supervisor, process: Process, how: signal.Signals) -> float:
    """A process ends and is started again; the seconds until all are well."""
    killed, began = process.running, time.monotonic()
    process.end_group(how)
    while process.running is killed:
        time.sleep(0.05)
    process.pause = 1.0  # It did not die of itself, so its next start need not wait longer.
    return until_well(supervisor, began)


@contextmanager
def locked(database: str) -> Iterator[None]:
    """Somebody else has the tables in which messages and answers are kept."""
    with psycopg.connect(database) as connection:
        lock(connection, ("conversations", "inbox", "outbox"), mode="ACCESS EXCLUSIVE")
        yield


@contextmanager
def frozen(process: Process) -> Iterator[None]:
    """It lives and does nothing."""
    process.end_group(signal.SIGSTOP)
    try:
        yield
    finally:
        process.end_group(signal.SIGCONT)


def until_well(supervisor: Supervisor, began: float) -> float:
    """Raises: TimeoutError when that takes longer than four minutes; it names who does not come back."""
    while ill := [process.name for process in supervisor.processes if not _is_well(process)]:
        if time.monotonic() - began > BACK_SECONDS:
            raise TimeoutError(f"{', '.join(ill)}: not well again")
        time.sleep(0.2)
    return time.monotonic() - began


def _is_well(process: Process) -> bool:
    """Two seconds, the supervisor's patience, are too short where senders and faults keep all cores busy."""
    try:
        return process.is_alive and httpx.get(process.health, timeout=10).is_success
    except httpx.HTTPError:
        return False


def last(supervisor: Supervisor, fault: AbstractContextManager[None], seconds: float) -> float:
    """A fault that lasts so long; the seconds from its end until all are well."""
    with fault:
        time.sleep(seconds)
    return until_well(supervisor, time.monotonic())


def faults(running: House, kills: int, seconds: float, locked_for: float) -> Iterator[tuple[str, int, list[float]]]:
    """Each kind of fault: its name, how often it happened, and how long it took to be back."""
    by_name = {process.name: process for process in running.supervisor.processes}
    for how, count in ((signal.SIGKILL, kills), (signal.SIGTERM, len(by_name))):
        back: dict[str, list[float]] = {name: [] for name in by_name}
        names = list(itertools.islice(itertools.cycle(by_name), count))
        random.shuffle(names)
        for name in names:
            back[name].append(end(running.supervisor, by_name[name], how))
            time.sleep(random.uniform(0.1, 2.0))
        for kind in system.ALL:
            times = [seconds for name, found in back.items() if name.startswith(kind) for seconds in found]
            yield f"{kind} {'killed' if how is signal.SIGKILL else 'restarted'}", len(times), times
    lasting: dict[str, tuple[Callable[[], AbstractContextManager[None]], float]] = {
        **{f"{name} frozen": (partial(frozen, by_name[name]), seconds) for name in ("app 1", "engine 1", "actions 1")},
        "PostgreSQL stopped": (running.database.stopped, seconds),
        "Redis stopped": (running.redis_away, seconds),
        "proxy stopped": (running.proxy_away, seconds),
        "our tables locked": (partial(locked, running.bot), locked_for),
        "the engines' tables locked": (PostgresFaults(running.tracker).locked, locked_for),
    }
    if os.geteuid() == 0:
        lasting["disk of PostgreSQL full"] = (partial(full_server, running.disk, running.database), seconds)
    for name, (fault, how_long) in lasting.items():
        yield f"{name} for {how_long:.0f} s", 1, [last(running.supervisor, fault(), how_long)]


def activities(running: House, senders: int, between: float) -> list[Activity]:
    """Everything that goes on while faults happen; what is to be sent on must be looked at after who makes it."""
    given_up, database = read_words(ROOT).text("utter_turn_failed"), Database(running.bot)
    chats = [
        Chat(running.telegram, database, 500 + number, asks=QUESTIONS, given_up=given_up, between=between)
        for number in range(CHATS)
    ]
    return [
        Releases(running.settings, database, running.other_model, 45.0),
        Reminders(Container(running.settings, database), [chat.conversation for chat in chats], 15.0),
        running.mails,
        *(Sender(running.url, given_up, between) for _ in range(senders)),
        *chats,
    ]


def table(found: dict[str, list[Counter[str]]]) -> Iterator[str]:
    """A row for each kind of what went on."""
    yield f"| what | of them | {' | '.join(COLUMNS)} |"
    yield "|---|" + "---:|" * (len(COLUMNS) + 1)
    for name, counts in found.items():
        together = sum(counts, Counter[str]())
        yield f"| {name} | {len(counts)} | {' | '.join(str(together[column]) for column in COLUMNS)} |"


def main() -> int:
    """Prints a Markdown table of the faults and one of what came of the messages."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--kills", type=int, default=50, help="of all processes together, in a random order")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long a process is frozen or a server stopped")
    parser.add_argument("--locked", type=float, default=30.0, help="how long a database is locked")
    parser.add_argument("--senders", type=int, default=20)
    parser.add_argument("--between", type=float, default=4.0, help="seconds between two messages of one sender")
    parser.add_argument("--seed", type=int, default=0, help="of everything that happens at random")
    options = parser.parse_args()
    random.seed(options.seed)
    trained, found = training.train(settings()), dict[str, list[Counter[str]]]()
    with TemporaryDirectory() as folder, house(Path(folder), trained) as running:
        going_on = activities(running, options.senders, options.between)
        for activity in going_on:
            activity.start()
        print("| fault | times | back after |\n|---|---:|---:|", flush=True)
        for name, times, back in faults(running, options.kills, options.seconds, options.locked):
            print(f"| {name} | {times} | {max(back, default=0):.0f} s |", flush=True)
        for activity in going_on:
            found.setdefault(activity.name_in_table, []).append(activity.finish())
        found["website"][0]["doubled"] += answered_twice(running.tracker)
    print("", *table(found), sep="\n")
    print(f"\nReleases refused: {sum(item.refused for item in going_on if isinstance(item, Releases))}")
    every = [counts for all_of_a_kind in found.values() for counts in all_of_a_kind]
    return int(not all(counts["messages"] and not any(counts[name] for name in KEPT) for counts in every))


if __name__ == "__main__":
    sys.exit(main())
