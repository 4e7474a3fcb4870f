"""One FAQ turn, our pipeline against Rasa's default pipeline: same content, same actions, same harness, one run.

    .venv/bin/python -m bench.faq_turn [--sentences 12] [--turns 200]

Both models are trained on the same `--sentences` per intent (Rasa's default at its own 100 epochs would take an hour
on all of them) and kept in var/bench by a hash of what they are made of. Ours runs as `bot run` starts it; the
default runs under plain `rasa run` with Rasa's own SQL tracker store. Turns go through the engine's REST channel to
the same action server; times are wall time and hold for the machine as it was, so read the ratios.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import yaml

from bot.content.edit.sentences import LEARNED, read_sentences
from bot.data_files import read_yaml
from bot.ops import system, training
from bot.ops.supervisor import Process, Supervisor
from bot.settings import ROOT, Settings

SENDERS = 8
LONG_TALK = 105
DEFAULT = """
recipe: default.v1
assistant_id: rasa-default
language: en
pipeline:
- name: WhitespaceTokenizer
- name: RegexFeaturizer
- name: LexicalSyntacticFeaturizer
- name: CountVectorsFeaturizer
- {name: CountVectorsFeaturizer, analyzer: char_wb, min_ngram: 1, max_ngram: 4}
- {name: DIETClassifier, epochs: 100, constrain_similarities: true}
- name: EntitySynonymMapper
- {name: ResponseSelector, epochs: 100, constrain_similarities: true}
- {name: FallbackClassifier, threshold: 0.3, ambiguity_threshold: 0.1}
policies:
- name: MemoizationPolicy
- {name: RulePolicy, check_for_contradictions: false}  # our stories go further than our rules
- {name: UnexpecTEDIntentPolicy, max_history: 5, epochs: 100}
- {name: TEDPolicy, max_history: 5, epochs: 100, constrain_similarities: true}
"""


def subset(sentences: int) -> str:
    """The first sentences of each intent, as one NLU file."""
    found: dict[str, list[str]] = {}
    for item in read_sentences(ROOT, LEARNED):
        found.setdefault(item.intent, []).append(f"- {item.text}")
    nlu = [{"intent": name, "examples": "\n".join(lines[:sentences]) + "\n"} for name, lines in found.items()]
    return yaml.safe_dump({"version": "3.1", "nlu": nlu}, allow_unicode=True)


def train(name: str, config: str, sentences: int) -> tuple[Path, float]:
    """The model's file and the seconds that training took (0 when it was there already)."""
    nlu = subset(sentences)
    key = hashlib.sha256((config + nlu + training.fingerprint()).encode()).hexdigest()[:12]
    folder = ROOT / "var" / "bench" / f"{name}-{key}"
    trained, started = folder / "model.tar.gz", time.monotonic()
    if trained.exists():
        return trained, 0.0
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "nlu.yml").write_text(nlu, encoding="utf8")
    (folder / "config.yml").write_text(config, encoding="utf8")
    fresh = {"RASA_CACHE_DIRECTORY": str(folder / "cache")}  # what was trained before must not come back
    with (folder / "train.log").open("w", encoding="utf8") as log:
        subprocess.run(
            [
                training.ENGINE_PYTHON,
                "-m",
                "rotation_engine",
                "train",
                "--config",
                folder / "config.yml",
                "--domain",
                "domain.yml",
                "--data",
                folder / "nlu.yml",
                "data/rules.yml",
                "data/stories.yml",
                "data/responses",
                "--out",
                folder,
                "--fixed-model-name",
                "model",
            ],
            cwd=ROOT,
            env=training.engine_environment(Settings()) | fresh,
            stdout=log,
            stderr=log,
            check=True,  # type: ignore[call-arg]
        )
    return trained, time.monotonic() - started


@contextmanager
def engine(trained: Path, *, plain: bool) -> Iterator[str]:
    """The address of an engine with a model, and the real action server behind it; `plain` is Rasa without our room."""
    with TemporaryDirectory() as var, system.reserved_ports(3) as found:
        ports = dict(zip(("ENGINE_PORT", "ACTIONS_PORT", "BOT_PORT"), map(str, found), strict=True))
        os.environ.update({**ports, "VAR": var, "ENGINE_TOKEN": ""})
        settings = Settings()  # type: ignore[call-arg]
        system.prepare_database(settings)
        processes = system.processes(settings, trained)[:2]
        if plain:
            _without_our_room(processes[0], settings)
        supervisor = Supervisor(processes, ROOT, say=lambda _line: None)
        supervisor.start()
        try:
            supervisor.wait_until_healthy(180)
            yield settings.engine_url
        finally:
            supervisor.stop()


def _without_our_room(process: Process, settings: Settings) -> None:
    """The same engine as `rasa run` starts it: Rasa's own tracker store, action calls and logs."""
    endpoints = settings.var / "endpoints.yml"
    store = {"type": "SQL", "dialect": "sqlite", "db": str(settings.var / "plain.db")}
    address = {
        "url": f"{settings.actions_url}/webhook",
        "headers": {"Authorization": f"Bearer {settings.engine_key()}"},
    }
    endpoints.write_text(yaml.safe_dump({"action_endpoint": address, "tracker_store": store}), encoding="utf8")
    given = [str(word) for word in process.command]
    given[given.index("rotation_engine")] = "rasa"
    given[given.index("--endpoints") + 1] = str(endpoints)
    process.command = given


def questions() -> list[str]:
    """Held-out FAQ questions."""
    items = read_yaml(ROOT / "tests" / "nlu" / "faq.yml")["nlu"]
    return [text for item in items for text in re.findall(r"^- (.+)$", item["examples"], re.MULTILINE)]


def turn(client: httpx.Client, sender: str, text: str) -> float:
    """Milliseconds of one turn; a silent one ends the run."""
    started = time.perf_counter()
    sent = client.post("/webhooks/rest/webhook", json={"sender": sender, "message": text}).raise_for_status().json()
    if not sent:
        raise SystemExit(f"no answer to “{text}”")
    return (time.perf_counter() - started) * 1000


def measure(url: str, turns: int) -> dict[str, float]:
    """All figures of one engine."""
    asked = itertools.cycle(questions())
    with httpx.Client(base_url=url, timeout=60) as client:
        for at in range(10):
            turn(client, f"warm-{at}", next(asked))
        alone = [turn(client, f"alone-{at // 5}", next(asked)) for at in range(turns)]
        talk = [turn(client, "long", next(asked)) for _ in range(LONG_TALK)]
        started = time.perf_counter()
        with ThreadPoolExecutor(SENDERS) as pool:
            texts = list(itertools.islice(asked, turns))
            list(pool.map(lambda at: turn(client, f"many-{at % SENDERS}-{at // 40}", texts[at]), range(turns)))
        together = turns / (time.perf_counter() - started)
    return {
        "p50, 1 sender (ms)": statistics.median(alone),
        "p95, 1 sender (ms)": statistics.quantiles(alone, n=20)[18],
        "turns/s, 1 sender": 1000 / statistics.mean(alone),
        f"turns/s, {SENDERS} senders": together,
        "turn 100 against turn 5": statistics.median(talk[95:]) / statistics.median(talk[2:8]),
    }


def main() -> None:
    """Prints a Markdown table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--sentences", type=int, default=12)
    arguments.add_argument("--turns", type=int, default=200)
    given = arguments.parse_args()
    columns = {}
    for name, config in (("ours", (ROOT / "config.yml").read_text(encoding="utf8")), ("Rasa's default", DEFAULT)):
        trained, seconds = train(name.split("'")[0].lower(), config, given.sentences)
        with engine(trained, plain=name != "ours") as url:
            columns[name] = {"training (s)": seconds} | measure(url, given.turns)
        print(f"{name}: measured", file=sys.stderr)
    ours, default = columns.values()
    print(f"{given.sentences} sentences per intent, {given.turns} turns each\n")
    print("| | ours | Rasa's default | ratio |\n|---|---|---|---|")
    for row, value in ours.items():
        other = default[row]
        small, large = sorted((value, other))
        print(f"| {row} | {value:.1f} | {other:.1f} | {large / small:.1f} |" if small else f"| {row} | kept | kept | |")


if __name__ == "__main__":
    main()
