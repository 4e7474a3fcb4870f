"""How long the engine's reader takes for one message: p50 and p95 over the sentences of data/nlu.yml.

Run: .venv/bin/python -m bench.reading [--rounds 3]

The budget is what names alone took before there was a frame (p95 0.3 ms) plus 1.5 ms. Exit 1
above it.
"""

from __future__ import annotations

import argparse
import sys
import time

from bot.content.edit.sentences import LEARNED, read_sentences
from bot.settings import ROOT
from tests.nlu import frames

BUDGET_MS = 1.8


def milliseconds(texts: list[str], rounds: int) -> list[float]:
    """The times of all readings, sorted; the first round only warms up."""
    reader, taken = frames.reader(), []
    for number in range(rounds + 1):
        for text in texts:
            started = time.perf_counter()
            reader.read(text)
            if number:
                taken.append((time.perf_counter() - started) * 1000)
    return sorted(taken)


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    started = time.perf_counter()
    frames.reader()
    built = time.perf_counter() - started
    texts = [sentence.text for sentence in read_sentences(ROOT, LEARNED)]
    taken = milliseconds(texts, options.rounds)
    p50, p95 = taken[len(taken) // 2], taken[int(len(taken) * 0.95)]
    print(
        f"built in {built:.1f} s; {len(texts)} sentences: p50 {p50:.2f} ms, p95 {p95:.2f} ms, most {taken[-1]:.1f} ms"
    )
    return int(p95 > BUDGET_MS)


if __name__ == "__main__":
    sys.exit(main())
