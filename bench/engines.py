"""Throughput of two engines against one, in one run: the same questions, straight at the engines' REST channel.

Run: .venv/bin/python -m bench.engines [--senders 1 8 16] [--turns 300] [--rounds 3]

Everything of `bench.topology` runs: two engines, each with an action server of its own, over PostgreSQL and Redis. One
engine and both take turns, round by round, so that whatever else the machine does hits both; read the ratio. Senders,
PostgreSQL and the rest share its cores with them, so on two cores two engines cannot reach twice the throughput of
one; the processor time of a turn by process says what is left to share.
"""

from __future__ import annotations

import argparse
import itertools
import os
import statistics
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from bench.faq_turn import questions, turn
from bench.topology import house
from bot.ops import training
from bot.ops.supervisor import Process
from bot.settings import settings

TICKS = os.sysconf("SC_CLK_TCK")


def worked(processes: Sequence[Process], kind: str) -> float:
    """Seconds of a processor that the processes of a kind have taken so far."""
    pids = [item.running.pid for item in processes if item.running and item.name.startswith(kind)]
    return sum(sum(map(int, Path(f"/proc/{pid}/stat").read_text().split()[13:15])) for pid in pids) / TICKS


def measure(urls: Sequence[str], senders: int, turns: int, asked: Iterator[str], talk: str) -> tuple[float, float]:
    """Turns a second, and the milliseconds of the turn in the middle; each sender stays with its engine."""
    texts = list(itertools.islice(asked, turns))
    clients = [httpx.Client(base_url=url, timeout=60) for url in urls]

    def ask(sender: int) -> list[float]:
        client = clients[sender % len(clients)]
        return [turn(client, f"{talk}-{sender}-{at // 200}", texts[at]) for at in range(sender, turns, senders)]

    started = time.perf_counter()
    with ThreadPoolExecutor(senders) as pool:
        times = list(itertools.chain(*pool.map(ask, range(senders))))
    took = time.perf_counter() - started
    for client in clients:
        client.close()
    return turns / took, statistics.median(times)


def main() -> None:
    """Prints two Markdown tables: throughput, and the processor time of a turn."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--senders", type=int, nargs="+", default=[1, 8, 16])
    parser.add_argument("--turns", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    trained, asked = training.train(settings()), itertools.cycle(questions())
    with TemporaryDirectory() as folder, house(Path(folder), trained) as running:
        processes = running.supervisor.processes
        urls = [item.health.removesuffix("/status") for item in processes if item.name.startswith("engine")]
        measure(urls, 4, 80, asked, "warm")
        print(f"{os.cpu_count()} processors, a load of {os.getloadavg()[0]:.1f} before\n")
        print("| senders | one engine: turns/s, p50 | two | ratio of turns/s |\n|---:|---|---|---:|", flush=True)
        before, done = {kind: worked(processes, kind) for kind in ("engine", "actions", "app")}, 0
        for senders in options.senders:
            found: dict[int, list[tuple[float, float]]] = {1: [], 2: []}
            for number in range(options.rounds):
                for count, results in found.items():
                    name = f"t{senders}-{number}-{count}"
                    results.append(measure(urls[:count], senders, options.turns, asked, name))
                    done += options.turns
            one, two = ([statistics.median(column) for column in zip(*found[count], strict=True)] for count in (1, 2))
            cells = " | ".join(f"{rate:.1f}, {middle:.0f} ms" for rate, middle in (one, two))
            print(f"| {senders} | {cells} | {two[0] / one[0]:.2f} |", flush=True)
        print(f"\nProcessor time of a turn, of {done} turns:")
        for kind, spent in before.items():
            print(f"- {kind}: {(worked(processes, kind) - spent) / done * 1000:.1f} ms")


if __name__ == "__main__":
    main()
