"""Backup: all that a machine must not take with it when it is lost, in one file, made while Sēlis runs.

The file is a zip archive: the database as `database.sqlite3`, the data directory below `data/`, and last `backup.json`,
which names every member with its SHA-256. It holds the key of the hashes: who has it and the database knows as much as
Sēlis does.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from bot.errors import SelisError
from bot.held import UNFINISHED
from bot.store.identity import KEY_FILE

FORMAT = 1
MANIFEST = "backup.json"
DATABASE = "database.sqlite3"
DATA = "data/"
REPLACED = "replaced-"
"""What a restore put aside begins with."""
STAGING = ".restore-"
MODELS = "models"
"""Learned anew from the knowledge where it is missing."""

_HEADER = b"SQLite format 3\0"
_BESIDE_SQLITE = ("-wal", "-shm", "-journal", ".lock")
_PASSING = (".lock", ".sock", ".part")
_PATIENCE_SECONDS = 30.0
_CHUNK = 1 << 20


class BackupError(SelisError):
    """Base of what can go wrong with backups."""


class NothingToBackUpError(BackupError):
    """There is no Sēlis in the data directory."""

    def __init__(self, missing: Path) -> None:
        super().__init__(f"{missing} is not there: set SELIS_DATA_DIR (and SELIS_DATABASE_URL) as `selis run` has them")


class DamagedDatabaseError(BackupError):
    """The database has damaged pages: a backup of it would be none."""

    def __init__(self, file: Path, problem: str) -> None:
        super().__init__(f"{file} is damaged ({problem}): no backup was made; restore the last one that is whole")


class BackupFileError(BackupError):
    """The file of the backup cannot be written."""

    def __init__(self, file: Path, problem: str) -> None:
        super().__init__(f"{file} cannot be written: {problem}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A backup that was made: its files, its bytes, and whether the database is in it."""

    files: int
    bytes: int
    with_database: bool


@dataclass(slots=True, kw_only=True)
class _Members:
    """What is written into the archive, and what stands there by now."""

    archive: zipfile.ZipFile
    room: Path
    digests: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, file: Path) -> None:
        digest = hashlib.sha256()
        with file.open("rb") as source, self.archive.open(name, "w", force_zip64=True) as target:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                target.write(chunk)
        self.digests[name] = digest.hexdigest()

    def add_sqlite(self, name: str, file: Path) -> str | None:
        """Add a database as it stands at one moment, and give its schema."""
        copy = self.room / "copy"
        try:
            schema = _copied(file, copy)
            self.add(name, copy)
        finally:
            copy.unlink(missing_ok=True)
        return schema


def back_up(file: Path, data_dir: Path, database: Path | None, *, selis: str, now: datetime) -> Made:
    """Write a backup of a data directory and a database, whole or not at all, for its owner alone.

    `database` is the file of SQLite, None where PostgreSQL keeps it: then only the rest is backed up.

    Raises:
        BackupError: as its kinds tell.
    """
    for needed in (data_dir / KEY_FILE, *([database] if database is not None else [])):
        if not needed.is_file():
            raise NothingToBackUpError(needed)
    try:
        with tempfile.TemporaryDirectory(dir=file.absolute().parent, prefix=".selis-backup-") as made:
            room = Path(made)
            written = room / "backup"
            files = _write(written, room, data_dir, database, {"selis": selis, "made": now.isoformat()})
            size = written.stat().st_size
            written.replace(file)
    except OSError as error:
        raise BackupFileError(file, error.strerror or str(error)) from error
    return Made(files=files, bytes=size, with_database=database is not None)


def _write(written: Path, room: Path, data_dir: Path, database: Path | None, of: dict[str, str]) -> int:
    with open(written, "wb", opener=_for_owner) as raw:
        with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
            members = _Members(archive=archive, room=room)
            # The database first: it must not name a version, or remember a token, that the rest does not have yet.
            schema = members.add_sqlite(DATABASE, database) if database is not None else None
            for path in kept(data_dir, database):
                name = DATA + path.relative_to(data_dir).as_posix()
                try:
                    if _is_sqlite(path):
                        members.add_sqlite(name, path)
                    else:
                        members.add(name, path)
                except FileNotFoundError:
                    # A version that was pruned meanwhile.
                    continue
            told = {"format": FORMAT, "schema": schema, **of, "files": members.digests}
            archive.writestr(MANIFEST, json.dumps(told, indent=1))
        raw.flush()
        os.fsync(raw.fileno())
    return len(members.digests)


def kept(data_dir: Path, database: Path | None) -> Iterator[Path]:
    """The files of a data directory that cannot be made anew, but for the database."""
    skipped = [f"{database}{end}" for end in ("", *_BESIDE_SQLITE)] if database is not None else []
    for folder, folders, names in os.walk(data_dir):
        if Path(folder) == data_dir:
            folders[:] = [name for name in folders if not is_aside(name) and name != MODELS]
        folders.sort()
        for name in sorted(names):
            path = Path(folder, name)
            if name.endswith(_PASSING) or name == UNFINISHED or str(path.absolute()) in skipped:
                continue
            if any(name.endswith(end) and _is_sqlite(Path(str(path).removesuffix(end))) for end in _BESIDE_SQLITE):
                continue
            if path.is_file():
                yield path


def is_aside(name: str) -> bool:
    """Whether a folder of the data directory is what a restore, or a backup under way, put there."""
    return name.startswith((REPLACED, STAGING, ".selis-backup-"))


def remove_replaced(data_dir: Path) -> int:
    """Delete what restores put aside; how many there were."""
    found = [path for path in data_dir.glob(f"{REPLACED}*") if path.is_dir()] if data_dir.is_dir() else []
    for path in found:
        shutil.rmtree(path)
    return len(found)


def _is_sqlite(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(_HEADER)) == _HEADER
    except OSError:
        return False


def _copied(file: Path, copy: Path) -> str | None:
    """Copy a database in one read transaction: writers go on meanwhile, and none of what they do is seen by half."""
    try:
        with (
            closing(sqlite3.connect(f"file:{quote(str(file))}?mode=ro", uri=True, timeout=_PATIENCE_SECONDS)) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
            return checked(target, file)
    except sqlite3.Error as error:
        raise DamagedDatabaseError(file, str(error)) from error


def checked(connection: sqlite3.Connection, file: Path) -> str | None:
    """The schema of a database whose pages are whole; None where it is not ours.

    Raises:
        DamagedDatabaseError: they are not.
        sqlite3.Error: it cannot be read at all.
    """
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise DamagedDatabaseError(file, str(found))
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else None


def _for_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
