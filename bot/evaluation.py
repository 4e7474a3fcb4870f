"""How well the bot understands: questions asked of a running engine, dialogues played and written down.

Prints accuracy per topic and style and writes one HTML page with the confusion matrix, every miss, and each dialogue
beside what was expected of it. The questions are for measuring only; none may stand in the training data.
"""

from __future__ import annotations

import html
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

OUT_OF_SCOPE = "out_of_scope"
INTENTS = {
    "program_search": {"search_programs", "refine_search"},
    "program_details": {"ask_program", "compare_programs"},
    "cost_estimate": {"estimate_cost"},
    "timeline": {"plan_timeline"},
    "recommend_type": {"recommend_rotation"},
    "human_handoff": {"request_human"},
    "smalltalk_greet": {"greet"},
    "smalltalk_thanks": {"thank"},
    "smalltalk_bye": {"goodbye"},
    "bot_identity": {"ask_bot", "help"},
    OUT_OF_SCOPE: {OUT_OF_SCOPE, "nlu_fallback"},
}
"""Topics of the measuring files that are not called `faq_<topic>` (design, section 11)."""
NEIGHBORS = {
    "document_review": {"faq_documents"},
    "documents": {"faq_document_review", "faq_how_to_apply"},
    "eligibility": {"faq_graduate_no_electives", "faq_usmle_needed"},
    "graduate_no_electives": {"faq_observership", "recommend_rotation", "faq_eligibility"},
    "hands_on": {"faq_rotation_types", "faq_observership"},
    "lor_type": {"faq_lor_count", "faq_inpatient_vs_outpatient"},
    "match_impact": {"faq_what_are_rotations"},
    "observership": {"faq_graduate_no_electives", "faq_hands_on", "faq_rotation_types"},
    "rotation_types": {"faq_hands_on", "faq_observership"},
    "scholarships": {"faq_cost"},
    "telehealth": {"faq_rotation_types"},
    "timeline": {"faq_when_to_apply"},
    "usmle_needed": {"faq_eligibility"},
    "what_are_rotations": {"faq_match_impact"},
    "when_to_apply": {"plan_timeline"},
    "cost": {"estimate_cost"},
    "cost_estimate": {"faq_cost"},
    "recommend_type": {"faq_rotation_types", "faq_graduate_no_electives"},
}
"""Neighbors whose answer answers the question too; counted apart, never as strictly right."""


@dataclass(frozen=True)
class Asked:
    """One question, what it should mean, and what the engine took it for (`ranking` is best first)."""

    text: str
    topic: str
    style: str
    understood: tuple[str, ...]
    ranking: tuple[tuple[str, float], ...]

    @property
    def is_right(self) -> bool:
        return bool(INTENTS.get(self.topic, {f"faq_{self.topic}"}) & set(self.understood))

    @property
    def is_near(self) -> bool:
        return self.is_right or bool(NEIGHBORS.get(self.topic, set()) & set(self.understood))


@dataclass(frozen=True)
class Turn:
    """What was said, what was expected, and what the bot said (empty when it stayed silent)."""

    said: str
    expected: str
    answer: str


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The rows of a .jsonl file."""
    return [json.loads(line) for line in path.read_text(encoding="utf8").splitlines() if line.strip()]


def ask(engine_url: str, rows: Iterable[dict[str, Any]]) -> list[Asked]:
    """Each row `{text, topic, style}` with what the engine understands."""
    with httpx.Client(base_url=engine_url, timeout=30) as engine:
        return [_asked(row, engine.post("/model/parse", json={"text": row["text"]}).json()) for row in rows]


def _asked(row: dict[str, Any], parse: dict[str, Any]) -> Asked:
    parts = [part["intent"] for part in parse.get("questions") or ()]
    ranking = tuple((item["name"], item["confidence"]) for item in parse.get("intent_ranking") or ())
    return Asked(row["text"], row["topic"], row.get("style") or "", (parse["intent"]["name"], *parts), ranking)


def play(engine_url: str, dialogue: dict[str, Any]) -> list[Turn]:
    """A dialogue `{id, turns: [{user, expect}]}`, said to the engine turn by turn."""
    with httpx.Client(base_url=engine_url, timeout=60) as engine:
        turns = []
        for turn in dialogue["turns"]:
            body = {"sender": f"evaluation:{dialogue['id']}", "message": turn["user"]}
            sent = engine.post("/webhooks/rest/webhook", json=body).json()
            turns.append(Turn(turn["user"], turn.get("expect") or "", "\n".join(_words(item) for item in sent)))
        return turns


def _words(item: dict[str, Any]) -> str:
    reply = item.get("custom") or {"parts": [{"type": "text", "text": item.get("text") or ""}]}
    lines = [_part(part) for part in reply.get("parts") or ()]
    buttons = " · ".join(button["title"] for button in reply.get("suggestions") or ())
    return "\n".join([*lines, f"[{buttons}]" if buttons else ""]).strip()


def _part(part: dict[str, Any]) -> str:
    if part["type"] == "programs":
        return "\n".join(f"* {card['title']}: {card.get('subtitle', '')}" for card in part["cards"])
    if part["type"] == "timeline":
        return "\n".join(f"* {item['title']}: {item.get('latest', '')}" for item in part["milestones"])
    return part.get("text") or json.dumps(part, ensure_ascii=False)


def share(asked: Sequence[Asked], *, near: bool = False) -> float:
    """The share that is right (or near), 0 to 1; 0 of nothing."""
    return sum(item.is_near if near else item.is_right for item in asked) / len(asked) if asked else 0.0


def groups(asked: Sequence[Asked]) -> dict[str, list[Asked]]:
    """The questions by kind: FAQ and talk, tasks, out of scope."""
    found: dict[str, list[Asked]] = defaultdict(list)
    tasks = {"program_search", "program_details", "cost_estimate", "timeline", "recommend_type"}
    for item in asked:
        kind = "out of scope" if item.topic == OUT_OF_SCOPE else "tasks" if item.topic in tasks else "FAQ and talk"
        found[kind].append(item)
    return dict(found)


def summary(asked: Sequence[Asked]) -> list[str]:
    """The figures as lines of text: by kind, by topic, by style."""
    lines = [f"{'':26}  right  or near   asked"]
    by_topic = {topic: [item for item in asked if item.topic == topic] for topic in sorted({a.topic for a in asked})}
    by_style = {style: [item for item in asked if item.style == style] for style in sorted({a.style for a in asked})}
    for table in (groups(asked), by_topic, by_style):
        for name, items in table.items():
            lines.append(f"{name:26}  {share(items):5.3f}    {share(items, near=True):5.3f}   {len(items):5}")
        lines.append("")
    return lines


def report(asked: Sequence[Asked], dialogues: dict[str, list[Turn]]) -> str:
    """The whole evaluation as one HTML page without anything from elsewhere."""
    misses = [item for item in asked if not item.is_right]
    return "".join(
        [
            "<!doctype html><html lang=en><meta charset=utf-8><title>Evaluation</title><style>", STYLE, "</style>",
            "<h1>Evaluation</h1><pre>", html.escape("\n".join(summary(asked))), "</pre>",
            "<h2>Confusion: topic by what was understood</h2>", _matrix(asked),
            f"<h2>{len(misses)} misses</h2><table><tr><th>topic<th>question<th>understood as", *map(_miss, misses),
            "</table><h2>Dialogues</h2>", *(_dialogue(name, turns) for name, turns in dialogues.items()),
        ]
    )  # fmt: skip


STYLE = """
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem;color:#1c2b30}
table{border-collapse:collapse}td,th{border:1px solid #cfd8dc;padding:.3rem .5rem;text-align:left;vertical-align:top}
.matrix th{font-weight:400;font-size:.75rem}.matrix .up{writing-mode:vertical-rl}.matrix td{text-align:center}
.says{white-space:pre-wrap}
"""


def _matrix(asked: Sequence[Asked]) -> str:
    counts = Counter((item.topic, item.understood[0]) for item in asked)
    topics, intents = sorted({pair[0] for pair in counts}), sorted({pair[1] for pair in counts})
    largest = max(counts.values(), default=1)
    head = "".join(f"<th class=up>{html.escape(intent)}" for intent in intents)
    rows = []
    for topic in topics:
        cells = "".join(_cell(counts[topic, intent], largest) for intent in intents)
        rows.append(f"<tr><th>{html.escape(topic)}{cells}")
    return f"<table class=matrix><tr><th>{head}{''.join(rows)}</table>"


def _cell(count: int, largest: int) -> str:
    return f'<td style="background:rgba(15,110,124,{count / largest:.2f})">{count or ""}'


def _miss(item: Asked) -> str:
    ranking = ", ".join(f"{name} {sure:.2f}" for name, sure in item.ranking[:4])
    near = " (near)" if item.is_near else ""
    return f"<tr><td>{html.escape(item.topic)}{near}<td>{html.escape(item.text)}<td>{html.escape(ranking)}"


def _dialogue(name: str, turns: Sequence[Turn]) -> str:
    rows = "".join(
        f"<tr><td>{html.escape(turn.said)}<td class=says>{html.escape(turn.answer)}<td>{html.escape(turn.expected)}"
        for turn in turns
    )
    return f"<h3>{html.escape(name)}</h3><table><tr><th>said<th>answered<th>expected{rows}</table>"
