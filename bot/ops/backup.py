"""One file with all that cannot be made again: both databases, the key, and the content that is live.

Ours is copied first: a message that is pending there may be answered in the engine's copy, where its answer is found by
its id. The other way round an answered turn would be missing in the engine's memory.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import tarfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic.script import ScriptDirectory
from sqlalchemy import URL, create_engine, inspect, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from bot.db.base import with_driver
from bot.db.migrate import configuration
from bot.errors import BackupError
from bot.settings import Settings

FORMAT = 1
MANIFEST, KEY, KEPT = "manifest.json", "secret.key", "kept"
OURS, ENGINES = "bot", "tracker"
_MARKS = {OURS: "alembic_version", ENGINES: "events"}
_SIDE_FILES = ("-wal", "-shm", "-journal")


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself; `databases` are the kinds by name, without those that were not there yet."""

    format: int
    made_at: str
    schema: str
    key: str
    databases: dict[str, str]


def save(settings: Settings, target: Path, *, keep: Sequence[Path] = ()) -> Manifest:
    """Write a backup while the bot runs; `keep` are files and folders inside `var` that go along.

    Raises:
        BackupError: a database cannot be copied.
    """
    with TemporaryDirectory(dir=_folder(settings)) as name:
        folder = Path(name)
        schema, databases = _revision(settings.database) or "", {}
        for label, url in _urls(settings).items():
            if kind := _copy(url, folder / label):
                databases[label] = kind
        if OURS not in databases:
            raise BackupError("There is no database yet, so there is nothing to back up.")
        (folder / KEY).write_text(settings.signing_key(), encoding="utf8")
        made = Manifest(FORMAT, datetime.now(UTC).isoformat(), schema, _fingerprint(settings.signing_key()), databases)
        (folder / MANIFEST).write_text(json.dumps(asdict(made)), encoding="utf8")
        _pack(folder, target, settings, [item for item in keep if item.exists()])
    return made


def restore(settings: Settings, archive: Path, *, replace: bool = False) -> Manifest:
    """Bring a backup back; everything is read and looked at before anything is replaced.

    Raises:
        BackupError: it cannot be read, does not fit this installation, or would replace what `replace` does not allow.
    """
    _require_stopped(settings)
    with TemporaryDirectory(dir=_folder(settings)) as name:
        folder = Path(name)
        _unpack(archive, folder)
        made = _manifest(folder)
        urls = {label: _urls(settings)[label] for label in made.databases}
        _require_fit(settings, made, folder)
        for label, url in urls.items():
            _require_place(label, url, kind=made.databases[label], schema=made.schema, replace=replace)
        for label, url in urls.items():
            _bring_back(url, folder / label)
        if not settings.secret_key:
            shutil.copyfile(folder / KEY, settings.var / KEY)
        if (folder / KEPT).exists():
            shutil.copytree(folder / KEPT, settings.var, dirs_exist_ok=True)
    return made


def _folder(settings: Settings) -> Path:
    settings.var.mkdir(parents=True, exist_ok=True)
    return settings.var


def _urls(settings: Settings) -> dict[str, str]:
    return {OURS: settings.database, ENGINES: settings.tracker}


def _fingerprint(key: str) -> str:
    return hashlib.sha256(b"backup" + key.encode()).hexdigest()[:16]


def _file(url: str) -> Path | None:
    """Where a SQLite database lies; None for another one."""
    return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None


def _revision(url: str) -> str | None:
    """The version of the tables; None where there are none."""
    if (file := _file(url)) and not file.exists():
        return None
    engine = create_engine(with_driver(url))
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            return str(connection.scalar(text("SELECT version_num FROM alembic_version")))
    except SQLAlchemyError as error:
        raise BackupError(f"The database cannot be read ({type(error).__name__}). Check that it runs.") from error
    finally:
        engine.dispose()


def _copy(url: str, target: Path) -> str:
    """Copies one database while others write to it; its kind, or nothing when it is not there yet."""
    file = _file(url)
    if file is None:
        _postgres("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")
        return "postgresql"
    if not file.exists():
        return ""
    try:
        with closing(sqlite3.connect(file, timeout=30)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
    except sqlite3.Error as error:
        raise BackupError(f"{file} cannot be copied: {error}.") from error
    return "sqlite"


def _postgres(program: str, url: str, *options: str) -> None:
    """Runs a program of PostgreSQL on a database; the password is not on the command line, where others read it."""
    found = shutil.which(program)
    if found is None:
        raise BackupError(f"{program} was not found. Install it (Debian: apt-get install postgresql-client).")
    address, password = _address(make_url(url))
    done = subprocess.run(
        [found, *options, f"--dbname={address}"],
        env=os.environ | ({"PGPASSWORD": password} if password else {}),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupError(f"{program} failed: {(done.stderr.strip().splitlines() or ['without a word'])[-1]}")


def _address(url: URL) -> tuple[str, str]:
    plain = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
    return plain.render_as_string(), str(url.password or "")


def _pack(folder: Path, target: Path, settings: Settings, keep: Sequence[Path]) -> None:
    fresh = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with tarfile.open(fresh, "w:gz", compresslevel=6) as archive:
            for item in sorted(folder.iterdir()):
                archive.add(item, item.name)
            for item in keep:
                archive.add(item, f"{KEPT}/{item.relative_to(settings.var)}")
        os.replace(fresh, target)
    except OSError as error:
        raise BackupError(f"{target} cannot be written: {error.strerror}.") from error
    finally:
        fresh.unlink(missing_ok=True)


def _unpack(archive: Path, folder: Path) -> None:
    try:
        with tarfile.open(archive, "r:gz") as packed:
            packed.extractall(folder, filter="data")
    except (OSError, EOFError, tarfile.TarError) as error:
        raise BackupError(f"{archive} cannot be read: {error}.") from error


def _manifest(folder: Path) -> Manifest:
    try:
        made = Manifest(**json.loads((folder / MANIFEST).read_text(encoding="utf8")))
    except (OSError, ValueError, TypeError) as error:
        raise BackupError("This is no backup of the bot: it has no manifest that can be read.") from error
    if made.format != FORMAT:
        raise BackupError(f"The backup has format {made.format}; this version reads format {FORMAT}.")
    return made


def _require_stopped(settings: Settings) -> None:
    for port in (settings.bot_port, settings.engine_port, settings.actions_port):
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                raise BackupError(f"Something answers on port {port}. Stop the bot before you restore a backup.")


def _require_fit(settings: Settings, made: Manifest, folder: Path) -> None:
    """The key is the one of the environment, this version knows the tables, and the files are whole."""
    if settings.secret_key and _fingerprint(settings.secret_key) != made.key:
        raise BackupError("SECRET_KEY is not the key of this backup. Set the one it was made with, or leave it out.")
    known = {script.revision for script in ScriptDirectory.from_config(configuration("")).walk_revisions()}
    if made.schema not in known:
        raise BackupError(f"The backup has tables of version {made.schema}, newer than this bot. Update it first.")
    for label, kind in made.databases.items():
        if kind == "sqlite" and not _is_whole(folder / label):
            raise BackupError(f"The copy of the database {label} is damaged. Nothing was changed.")


def _is_whole(file: Path) -> bool:
    try:
        with closing(sqlite3.connect(file)) as copy:
            return bool(copy.execute("PRAGMA quick_check").fetchone() == ("ok",))
    except sqlite3.Error:
        return False


def _require_place(label: str, url: str, *, kind: str, schema: str, replace: bool) -> None:
    file, name = _file(url), "DATABASE_URL" if label == OURS else "TRACKER_URL"
    if kind != ("postgresql" if file is None else "sqlite"):
        raise BackupError(f"The backup holds {kind}, and {name} names another kind of database. Correct {name}.")
    if file is not None:
        if file.exists() and not replace:
            raise BackupError(f"{file} is there already. Say --replace to put the backup in its place.")
        return
    engine = create_engine(with_driver(url))
    try:
        is_used = inspect(engine).has_table(_MARKS[label])
    except SQLAlchemyError as error:
        raise BackupError(f"The database of {name} cannot be reached ({type(error).__name__}).") from error
    finally:
        engine.dispose()
    if is_used and not replace:
        raise BackupError(f"The database of {name} is not empty. Say --replace to put the backup in its place.")
    if is_used and label == OURS and (there := _revision(url)) != schema:
        raise BackupError(
            f"The database of {name} has tables of version {there}, the backup of {schema}. Name an empty database."
        )


def _bring_back(url: str, copy: Path) -> None:
    file = _file(url)
    if file is None:
        options = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
        _postgres("pg_restore", url, *options, str(copy))
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    for ending in _SIDE_FILES:
        file.with_name(file.name + ending).unlink(missing_ok=True)
    fresh = file.with_name(f".{file.name}.restored")
    shutil.copyfile(copy, fresh)
    os.replace(fresh, file)
