"""The built files are what the source makes, and stay within their budgets."""

from __future__ import annotations

import gzip
import subprocess
from pathlib import Path

import pytest

from bot.web.widget import BUILT, manifest
from tests.e2e.conftest import WIDGET

KB = 1024


def test_the_committed_files_are_what_the_source_makes(widget_packages: Path, tmp_path: Path) -> None:
    subprocess.run(["node", "build.mjs", tmp_path], cwd=WIDGET, check=True, timeout=120, capture_output=True)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    committed = {path.name: path.read_bytes() for path in BUILT.iterdir()}
    assert len(made) == 12
    assert sorted(made) == sorted(committed), "run `make widget` and commit what it makes"
    assert made == committed


def test_types_are_right(widget_packages: Path) -> None:
    checked = subprocess.run(["npx", "tsc", "--noEmit"], cwd=WIDGET, capture_output=True, text=True, timeout=120)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize(("part", "kilobytes"), [("loader", 2), ("views", 6)])
def test_it_stays_small(part: str, kilobytes: int) -> None:
    content = (BUILT / manifest()[part]["file"]).read_bytes()
    assert len(gzip.compress(content, 9)) <= kilobytes * KB


def test_the_chat_as_it_opens_stays_small() -> None:
    parts = [(BUILT / manifest()[part]["file"]).read_bytes() for part in ("loader", "component")]
    assert sum(len(gzip.compress(content, 9)) for content in parts) <= 25 * KB


def test_no_source_reads_data_as_markup() -> None:
    sources = list((WIDGET / "src").glob("*.ts"))
    assert len(sources) > 10
    for source in sources:
        text = source.read_text(encoding="utf8")
        for way in (
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "unsafeHTML",
            "document.write",
            "eval(",
            "new Function",
        ):
            assert way not in text, f"{source.name}: {way}"
