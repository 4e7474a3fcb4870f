"""What the bot understands and says, recorded, and every difference between two recordings: the net under a rebuilding.

    .venv/bin/python -m bench.behavior record before.jsonl [--talks FILE ...]
    .venv/bin/python -m bench.behavior compare before.jsonl after.jsonl

A recording holds the parse data of every learned and held-out sentence and every reply of the golden dialogues, and of
the talks in `--talks` (one JSON object a line: `id` and `turns` with `user`), played on a frozen day in an empty
database. `compare` prints one line for each value that differs and ends with 1 when there is any; so it does when
something stands in one recording only. Recordings belong outside of git, in var/ for instance.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from bot.content.edit.sentences import HELD_OUT, LEARNED, read_sentences
from bot.content.evaluation.asking import read_lines
from bot.content.evaluation.golden import DAY, read_dialogues
from bot.ops import system, training
from bot.settings import ROOT, settings

DIGITS = 4
"""Confidences are kept to that many digits: the order of sentences moves those behind."""
PASSING = re.compile(r"/api/v1/files/[\w.-]+")
"""What is new in every run: the tokens of downloads."""


def record(base: str, talks: dict[str, list[str]]) -> Iterator[dict[str, Any]]:
    """Rows `{kind, key, value}`: a parse of each sentence, the replies to each turn of each talk."""
    with httpx.Client(base_url=base, timeout=60) as engine:
        for folder in (LEARNED, HELD_OUT):
            for text in dict.fromkeys(item.text for item in read_sentences(ROOT, folder)):
                yield {"kind": "parse", "key": text, "value": _steady(_post(engine, "/model/parse", {"text": text}))}
        for title, said in talks.items():
            sender = f"behavior:{uuid.uuid4()}"
            for number, text in enumerate(said, start=1):
                sent = _post(engine, "/webhooks/rest/webhook", {"sender": sender, "message": text})
                replies = [{name: item[name] for name in item if name != "recipient_id"} for item in sent]
                yield {"kind": "talk", "key": f"{title} / {number} / {text}", "value": _steady(replies)}


def read_talks(files: list[Path]) -> dict[str, list[str]]:
    """What a person says in each talk, turn by turn: our golden dialogues, then those of `files`."""
    golden = {f"golden {title}": [turn["user"] for turn in turns] for title, turns in read_dialogues(ROOT).items()}
    rows = ((path, row) for path in files for row in read_lines(path, "id", "turns"))
    return golden | {f"{path.stem} {row['id']}": [turn["user"] for turn in row["turns"]] for path, row in rows}


def differences(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    """One line for each value that differs between two recordings, with the way to it."""
    for key in before.keys() | after.keys():
        if key not in after or key not in before:
            yield f"{key}: only {'before' if key in before else 'after'}"
        else:
            for way, old, new in _apart(before[key], after[key]):
                yield f"{key}{way}: {json.dumps(old, ensure_ascii=False)} -> {json.dumps(new, ensure_ascii=False)}"


def _apart(old: Any, new: Any, way: str = "") -> Iterator[tuple[str, Any, Any]]:
    if isinstance(old, dict) and isinstance(new, dict):
        for name in old | new:
            yield from _apart(old.get(name), new.get(name), f"{way}.{name}")
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for number, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from _apart(one, other, f"{way}[{number}]")
    elif old != new:
        yield way, old, new


def _steady(value: Any) -> Any:
    """The value without what changes from run to run."""
    if isinstance(value, dict):
        return {name: _steady(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_steady(item) for item in value]
    if isinstance(value, float):
        return round(value, DIGITS)
    return PASSING.sub("/api/v1/files/...", value) if isinstance(value, str) else value


def _post(engine: httpx.Client, path: str, body: dict[str, Any]) -> Any:
    return engine.post(path, json=body).raise_for_status().json()


def _read(path: Path) -> dict[str, Any]:
    rows = map(json.loads, path.read_text(encoding="utf8").splitlines())
    found = {f"{row['kind']}: {row['key']}": row["value"] for row in rows}
    if not found:
        sys.exit(f"{path} holds nothing, so there is nothing to compare.")
    return found


def _record(options: argparse.Namespace) -> int:
    trained, count = training.train(settings()), 0
    with (
        TemporaryDirectory() as folder,
        options.file.open("w", encoding="utf8") as out,
        system.temporary(Path(folder), trained, today=DAY, only=("engine", "actions")) as (running, _),
    ):
        for row in record(running.engine_url, read_talks(options.talks)):
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
            count += 1
    print(f"{count} rows in {options.file}")
    return 0


def _compare(options: argparse.Namespace) -> int:
    before, after = _read(options.before), _read(options.after)
    lines = sorted(differences(before, after))
    print("\n".join([*lines, f"{len(lines)} differences in {len(before)} and {len(after)} rows"]))
    return int(bool(lines))


def main() -> int:
    """Records or compares, as the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    verbs = parser.add_subparsers(required=True)
    recording = verbs.add_parser("record", help="write a recording of what stands here")
    recording.add_argument("file", type=Path)
    recording.add_argument("--talks", type=Path, nargs="*", default=[])
    recording.set_defaults(do=_record)
    comparing = verbs.add_parser("compare", help="print every difference of two recordings")
    comparing.add_argument("before", type=Path)
    comparing.add_argument("after", type=Path)
    comparing.set_defaults(do=_compare)
    options = parser.parse_args()
    do: Callable[[argparse.Namespace], int] = options.do
    return do(options)


if __name__ == "__main__":
    sys.exit(main())
