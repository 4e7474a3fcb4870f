"""How well the bot understands: questions asked of a running engine, dialogues played and written down.

The questions are for measuring only; none may stand in the training data.
"""

from __future__ import annotations

from pathlib import Path

from bot.content.evaluation.asking import ask, play, read_lines
from bot.content.evaluation.figures import Summary
from bot.content.evaluation.report import page

REPORT = "report.html"


def run(engine_url: str, *, questions: Path, dialogues: Path | None, out: Path) -> Summary:
    """Asks every question and plays every dialogue of two .jsonl files, and writes report.html into `out`.

    Raises:
        MeasuringError: a file cannot be read as it should, or the engine does not answer.
    """
    asked = ask(engine_url, read_lines(questions, "text", "topic"))
    rows = read_lines(dialogues, "id", "turns") if dialogues else []
    summary = Summary(tuple(asked), {str(row["id"]): play(engine_url, row) for row in rows})
    out.mkdir(parents=True, exist_ok=True)
    (out / REPORT).write_text(page(summary), encoding="utf8")
    return summary
