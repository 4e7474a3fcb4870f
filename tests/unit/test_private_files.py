"""What is made at run time is read by the account that runs the bot and by nobody else."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.private_files import be_private, shared, tighten, tighten_database


@pytest.fixture(autouse=True)
def usual() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def made(folder: Path) -> Path:
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "file").touch()
    return folder


def test_new_files_and_folders_are_private(tmp_path: Path) -> None:
    be_private()
    folder = made(tmp_path / "var")
    assert (mode(folder), mode(folder / "deep"), mode(folder / "deep" / "file")) == (0o700, 0o700, 0o600)


def test_what_belongs_to_the_repository_keeps_its_usual_modes(tmp_path: Path) -> None:
    be_private()
    with shared():
        assert mode(made(tmp_path / "data") / "deep" / "file") == 0o644
    assert mode(made(tmp_path / "var") / "deep" / "file") == 0o600


def test_an_old_installation_is_tightened_and_programs_stay_programs(tmp_path: Path) -> None:
    folder = made(tmp_path / "var")
    (folder / "tool").touch()
    (folder / "tool").chmod(0o755)
    tighten(folder)
    assert [mode(folder / name) for name in (".", "deep", "deep/file", "tool")] == [0o700, 0o700, 0o600, 0o700]


def test_what_a_link_points_at_is_left_alone_but_not_where_var_itself_lies(tmp_path: Path) -> None:
    outside, real = made(tmp_path / "outside"), made(tmp_path / "disk")
    (real / "link").symlink_to(outside)
    (tmp_path / "var").symlink_to(real)
    tighten(tmp_path / "var")
    assert (mode(outside), mode(outside / "deep" / "file")) == (0o755, 0o644)
    assert (mode(real), mode(real / "deep" / "file")) == (0o700, 0o600)


def test_a_database_elsewhere_is_tightened_with_its_journals_but_not_its_folder(tmp_path: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        (tmp_path / f"bot.db{ending}").touch()
    (tmp_path / "other").touch()
    before = mode(tmp_path)
    tighten_database(f"sqlite:///{tmp_path / 'bot.db'}")
    assert [mode(tmp_path / f"bot.db{ending}") for ending in ("", "-wal", "-shm")] == [0o600] * 3
    assert (mode(tmp_path / "other"), mode(tmp_path)) == (0o644, before)


@pytest.mark.parametrize("url", ["postgresql://bot@db/bot", "sqlite://", "sqlite:////nowhere/bot.db"])
def test_another_database_or_none_is_nothing_to_tighten(url: str) -> None:
    tighten_database(url)
