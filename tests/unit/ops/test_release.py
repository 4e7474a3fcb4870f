"""A release has the version of its tag, in both rooms and in the changelog; `.ci/release` makes what goes with it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.settings import ROOT

FILES = (".ci/release", "pyproject.toml", "engine/pyproject.toml")
CHANGELOG = "# Changelog\n\n## 0.1.1 - 2026-12-24\n- later\n\n## 0.1.0 - 2026-12-01\n\n- first\n- second\n\n## 0.0.9"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A copy of what a release reads, in which both rooms have version 0.1.0."""
    for name in FILES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    for room in (".", "engine"):
        give_version(tmp_path / room, "0.1.0")
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG, encoding="utf8")
    return tmp_path


def give_version(room: Path, version: str) -> None:
    project = room / "pyproject.toml"
    told = re.sub(r'^version = ".*"', f'version = "{version}"', project.read_text(encoding="utf8"), flags=re.MULTILINE)
    project.write_text(told, encoding="utf8")


def release(repository: Path, tag: str) -> subprocess.CompletedProcess[str]:
    path = f"{ROOT / 'var' / 'tools' / 'uv' / 'bin'}:{os.environ['PATH']}"
    command = [repository / ".ci" / "release", tag, "notes"]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env={**os.environ, "PATH": path})


def test_the_notes_are_the_versions_own_section(repository: Path) -> None:
    made = release(repository, "v0.1.0")
    assert made.returncode == 0, made.stderr
    notes = (repository / "var" / "release" / "notes.md").read_text(encoding="utf8")
    assert notes.split() == ["-", "first", "-", "second"]


def test_a_tag_without_its_section_is_no_release(repository: Path) -> None:
    (repository / "CHANGELOG.md").write_text(CHANGELOG.replace("## 0.1.0 - 2026-12-01", "## Unreleased"))
    made = release(repository, "v0.1.0")
    assert made.returncode == 1
    assert 'no section "## 0.1.0"' in made.stderr


@pytest.mark.parametrize("room", [".", "engine"])
def test_both_rooms_have_the_version_of_the_tag(repository: Path, room: str) -> None:
    give_version(repository / room, "0.1.1")
    made = release(repository, "v0.1.0")
    assert made.returncode == 1
    assert f"{room}/pyproject.toml says 0.1.1" in made.stderr
