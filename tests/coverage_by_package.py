"""Prints the coverage of each package of bot/ in a line, from coverage's JSON: `make unit` ends with it."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def lines_of(report: Mapping[str, Any]) -> list[str]:
    """One line for each package and one for all: covered statements, statements, percent.

    Raises:
        ValueError: the report holds no file, so it says nothing.
    """
    covered: Counter[str] = Counter()
    all_: Counter[str] = Counter()
    for name, file in report["files"].items():
        parts = Path(name).parts
        for package in ("/".join(parts[:2]) if len(parts) > 2 else parts[0], "total"):
            covered[package] += file["summary"]["covered_lines"]
            all_[package] += file["summary"]["num_statements"]
    if not all_["total"]:
        raise ValueError("The report holds no file.")
    names = sorted(name for name in all_ if name != "total" and all_[name])
    return [
        f"{name:<20} {covered[name]:>5} of {all_[name]:>5} {covered[name] / all_[name]:>6.1%}"
        for name in [*names, "total"]
    ]


if __name__ == "__main__":
    print("\n".join(lines_of(json.loads(Path(sys.argv[1]).read_text(encoding="utf8")))))
