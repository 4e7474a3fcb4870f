"""Draws a plan for a chat that shows pictures only: one row a step, its time as a bar, today and the goal as lines."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from datetime import date
from threading import Lock
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num
from matplotlib.figure import Figure

from bot.timeline.plan import PictureWords, Step

MIME = "image/png"
COLORS = {"on_track": "#2f7d5b", "tight": "#c77700", "late": "#b3261e", "event": "#3b5b92"}
INK, FAINT = "#1c1c1e", "#d9dce1"
WIDTH_INCHES, ROW_INCHES, DPI = 6.0, 0.56, 144
HEAD_INCHES, FOOT_INCHES = 0.85, 0.78
SHORTEST_SHARE = 0.012
TITLE_LETTERS = 44
_DRAWING = Lock()
"""Matplotlib shares its fonts between figures; drawing takes turns."""


def picture(steps: Sequence[Step], words: PictureWords, *, computed: date) -> bytes:
    """The plan as PNG, 864 pixels wide. Takes a few hundred milliseconds: never call it in an event loop."""
    with _DRAWING:
        figure = _figure(steps, words, computed)
        target = io.BytesIO()
        figure.savefig(target, format="png", dpi=DPI, pil_kwargs={"compress_level": 1})
        return target.getvalue()


def _figure(steps: Sequence[Step], words: PictureWords, computed: date) -> Figure:
    height = HEAD_INCHES + FOOT_INCHES + ROW_INCHES * max(len(steps), 1)
    figure = Figure(figsize=(WIDTH_INCHES, height), facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.04, FOOT_INCHES / height, 0.92, 1 - (HEAD_INCHES + FOOT_INCHES) / height))
    end = max((_bar(step, computed)[1] for step in steps), default=computed)
    days = max((end - computed).days, 30) * 1.03
    axes.set_xlim(date2num(computed), date2num(computed) + days)
    axes.set_ylim(max(len(steps), 1) - 0.35, -0.65)
    _frame(axes)
    axes.axvline(date2num(computed), color=COLORS["late"], linewidth=2, zorder=1)
    axes.text(
        0,
        -0.72,
        words.today,
        color=COLORS["late"],
        fontsize=9.5,
        ha="left",
        va="bottom",
        transform=axes.get_yaxis_transform(),
    )
    _bars(axes, steps, computed=computed, shortest=days * SHORTEST_SHARE)
    for row, step in enumerate(steps):
        _label(axes, step, row, computed=computed)
    title = "\n".join(textwrap.wrap(words.title, 46))
    figure.text(0.04, 1 - 0.14 / height, title, fontsize=13, fontweight="bold", color=INK, va="top")
    _legend(figure, steps, words, height=height)
    return figure


def _frame(axes: Any) -> None:
    axes.set_yticks([])
    locator = AutoDateLocator(minticks=3, maxticks=7)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator, show_offset=False))
    axes.tick_params(axis="x", labelsize=10, colors=INK, length=0)
    axes.grid(axis="x", color=FAINT, linewidth=0.8)
    axes.set_axisbelow(True)
    for side in ("top", "left", "right"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(FAINT)


def _bars(axes: Any, steps: Sequence[Step], *, computed: date, shortest: float) -> None:
    """All bars at once, and a diamond for each fixed day."""
    spans = [_bar(step, computed) for step in steps]
    points = [row for row, step in enumerate(steps) if step.event and spans[row][0] == spans[row][1]]
    rows = [row for row in range(len(steps)) if row not in points]
    axes.barh(
        [row + 0.27 for row in rows],
        [max((spans[row][1] - spans[row][0]).days, shortest) for row in rows],
        left=[date2num(spans[row][0]) for row in rows],
        height=0.22,
        zorder=3,
        color=[COLORS[_state(steps[row])] for row in rows],
    )
    axes.scatter(
        [date2num(spans[row][0]) for row in points],
        [row + 0.27 for row in points],
        marker="D",
        s=44,
        zorder=3,
        color=[COLORS[_state(steps[row])] for row in points],
        clip_on=False,
    )


def _label(axes: Any, step: Step, row: int, *, computed: date) -> None:
    """The title on the left, the day by which it must be done on the right."""
    end = _bar(step, computed)[1]
    place = {"va": "center", "transform": axes.get_yaxis_transform(), "zorder": 4}
    title = textwrap.shorten(step.title, TITLE_LETTERS, placeholder="…")
    axes.text(0.015, row - 0.1, title, fontsize=10.5, color=INK, ha="left", **place)
    day = f"{end:%b} {end.day}, {end.year}" + ("*" if step.estimated else "")
    axes.text(1, row - 0.1, day, fontsize=10, color=COLORS[_state(step)], ha="right", **place)


def _bar(step: Step, computed: date) -> tuple[date, date]:
    """From the first day to the last; what is overdue is due today."""
    if step.event and step.status == "on_track":
        return step.earliest, step.earliest
    start = max(step.starts, computed)
    if step.status != "on_track":
        return start, max(step.earliest, start)
    return start, max(step.latest, start)


def _legend(figure: Figure, steps: Sequence[Step], words: PictureWords, *, height: float) -> None:
    used = [name for name in COLORS if any(_state(step) == name for step in steps)]
    for position, name in enumerate(used):
        left = 0.05 + position * 0.2
        figure.text(left, 0.22 / height, "■", color=COLORS[name], fontsize=12, va="center")
        figure.text(left + 0.04, 0.22 / height, words.states[name], color=INK, fontsize=10, va="center")
    if any(step.estimated for step in steps):
        figure.text(0.96, 0.22 / height, f"* {words.estimated}", color=INK, fontsize=10, va="center", ha="right")


def _state(step: Step) -> str:
    return "event" if step.event and step.status == "on_track" else step.status
