"""The evaluation as one HTML page that needs nothing from elsewhere."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Sequence

from bot.content.evaluation.asking import INTENTS, AskedQuestion, PlayedTurn
from bot.content.evaluation.figures import Summary

SHOWN_MEANINGS = 3
STYLE = """
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:80rem;padding:0 1rem;color:#1c2b30}
table{border-collapse:collapse}td,th{border:1px solid #cfd8dc;padding:.3rem .5rem;text-align:left;vertical-align:top}
.wide{overflow-x:auto}.matrix th{font-weight:400;font-size:.75rem}.matrix .up{writing-mode:vertical-rl}
.matrix td{text-align:center}.right{outline:2px solid #0f6e7c;outline-offset:-2px}
.says{white-space:pre-wrap}.silent{background:#fde0dc}
"""


def page(summary: Summary) -> str:
    """The whole page: figures, confusion matrix, misses, dialogues."""
    misses = [item for item in summary.asked if not item.is_right]
    return "".join(
        [
            '<!doctype html><html lang="en"><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width"><title>Evaluation</title>',
            "<style>",
            STYLE,
            "</style><h1>Evaluation</h1>",
            "<pre>",
            _safe("\n".join(summary.lines())),
            "</pre>",
            "<h2>Confusion</h2><p>Rows: the topic. Columns: what was understood. Darker: a larger share of the row; "
            "framed: right.</p>",
            _matrix(summary.asked),
            f"<h2>{len(misses)} misses</h2><table><tr><th>topic<th>style<th>question<th>the likeliest meanings",
            *map(_miss, misses),
            "</table>",
            "<h2>Dialogues</h2>",
            *(_dialogue(name, turns) for name, turns in summary.dialogues.items()),
        ]
    )


def _matrix(asked: Sequence[AskedQuestion]) -> str:
    counts = Counter((item.topic, _shown(item)) for item in asked)
    rows = Counter(item.topic for item in asked)
    intents = sorted({intent for _, intent in counts})
    head = "".join(f'<th class="up">{_safe(intent)}' for intent in intents)
    body = "".join(
        f"<tr><th>{_safe(topic)}" + "".join(_cell(topic, intent, counts[topic, intent] / total) for intent in intents)
        for topic, total in sorted(rows.items())
    )
    return f'<div class="wide"><table class="matrix"><tr><th>{head}{body}</table></div>'


def _shown(item: AskedQuestion) -> str:
    """The meaning for the matrix: of several, the right one if it is among them."""
    right = _wanted(item.topic) & set(item.understood)
    return min(right) if right and item.is_right else item.understood[0]


def _cell(topic: str, intent: str, share: float) -> str:
    right = ' class="right"' if intent in _wanted(topic) else ""
    shade = f' style="background:rgba(15,110,124,{share:.2f});color:{"#fff" if share > 0.5 else "inherit"}"'
    return f"<td{right}{shade if share else ''}>{f'{share:.0%}' if share else ''}"


def _wanted(topic: str) -> set[str]:
    return INTENTS.get(topic, {f"faq_{topic}"})


def _miss(item: AskedQuestion) -> str:
    ranking = ", ".join(f"{name} {sure:.2f}" for name, sure in item.ranking[:SHOWN_MEANINGS])
    near = " (near)" if item.is_near else ""
    parts = f"; answered: {', '.join(item.understood)}" if len(item.understood) > 1 else ""
    return (
        f"<tr><td>{_safe(item.topic + near)}<td>{_safe(item.style)}<td>{_safe(item.text)}<td>{_safe(ranking + parts)}"
    )


def _dialogue(name: str, turns: Sequence[PlayedTurn]) -> str:
    return f"<h3>{_safe(name)}</h3><table><tr><th>said<th>answered<th>expected{''.join(map(_turn, turns))}</table>"


def _turn(turn: PlayedTurn) -> str:
    answer = f'<td class="says">{_safe(turn.answer)}' if turn.answer else '<td class="silent">no answer'
    return f"<tr><td>{_safe(turn.said)}{answer}<td>{_safe(turn.expected)}"


def _safe(text: str) -> str:
    return html.escape(text)
