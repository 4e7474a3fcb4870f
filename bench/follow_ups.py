"""Whether what people say right after an answer is understood in its talk, through the whole bot.

Run: .venv/bin/python -m bench.follow_ups [--rows 50] [--wrong]

Each row of tests/follow_ups.yml is a talk of two messages with the real engine and actions: a question, and what is
said after its answer. Right is one of the answers that the row names. Where the bot took the question before for
another one, the talk is put where the row says it is, so that only the follow-up is measured.
"""

from __future__ import annotations

import argparse
import sys
import uuid
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from bot.content.evaluation.golden import DAY
from bot.data_files import read_yaml
from bot.ops import system, training
from bot.reply.responses import answer_of
from bot.settings import ROOT, settings

ROWS = ROOT / "tests" / "follow_ups.yml"


class Talk:
    """One conversation with the engine."""

    def __init__(self, client: httpx.Client) -> None:
        self._client, self._name = client, f"bench:{uuid.uuid4()}"

    def say(self, text: str) -> str:
        """What was answered last: the slot after a message."""
        said = {"sender": self._name, "message": text}
        self._client.post("/webhooks/rest/webhook", json=said).raise_for_status()
        tracker = self._client.get(f"/conversations/{self._name}/tracker", params={"include_events": "NONE"})
        return str(tracker.raise_for_status().json()["slots"].get("last_topic") or "")

    def put(self, **slots: str) -> None:
        """Sets slots, as if the talk had come there."""
        events = [{"event": "slot", "name": name, "value": value} for name, value in slots.items()]
        self._client.post(f"/conversations/{self._name}/tracker/events", json=events).raise_for_status()


def understood(client: httpx.Client, row: dict[str, Any], title: str) -> tuple[bool, str]:
    """Whether the follow-up of a row got a right answer, and which it got."""
    talk = Talk(client)
    if talk.say(row["before"]) != row["topic"]:
        talk.put(last_topic=row["topic"], last_question=row["before"], last_title=title)
    found = talk.say(row["after"])
    return found in row["means"], found


@cache
def _responses() -> dict[str, Any]:
    responses: dict[str, Any] = read_yaml(ROOT / "data" / "responses" / "faq.yml")["responses"]
    return responses


def title_of(aspect: str) -> str:
    """What an answer is about, in the words that its button has."""
    return str(_responses()[answer_of(aspect)][0]["metadata"]["title"])


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=None, help="only so many of them, the first ones")
    parser.add_argument("--wrong", action="store_true", help="list those that were taken for something else")
    options = parser.parse_args()
    rows = read_yaml(ROWS)[: options.rows]
    trained = training.train(settings())
    with (
        TemporaryDirectory() as folder,
        system.temporary(Path(folder), trained, today=DAY, only=("engine", "actions")) as (running, _),
        httpx.Client(
            base_url=running.engine_url, timeout=60, headers={"Authorization": f"Bearer {running.engine_key()}"}
        ) as client,
    ):
        right = 0
        for row in rows:
            is_right, found = understood(client, row, title_of(row["topic"]))
            right += is_right
            if options.wrong and not is_right:
                print(f"{row['before']} - {row['after']}: {found}, not {' or '.join(row['means'])}")
    print(f"{right} of {len(rows)} follow-ups are understood in their talk")
    return 0


if __name__ == "__main__":
    sys.exit(main())
