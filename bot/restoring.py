"""Restore: a backup put in the place of a data directory and its database, all of it or nothing.

Everything is unpacked and looked at beside what is there. Only then files change places, and what was there is put
aside, never deleted. A mark stands meanwhile: should the power fail just then, Sēlis does not start on half of it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from bot.backup import (
    DATA,
    DATABASE,
    FORMAT,
    MANIFEST,
    MODELS,
    REPLACED,
    STAGING,
    BackupError,
    DamagedDatabaseError,
    checked,
    is_aside,
)
from bot.held import LOCK, UNFINISHED, alone
from bot.store.identity import KEY_FILE
from bot.store.schema import SCHEMA

_CHUNK = 1 << 20
_SCHEMA_DIGITS = 4
_BESIDE = ("-wal", "-shm", "-journal")


class DamagedBackupError(BackupError):
    """The file is not whole, or no backup."""

    def __init__(self, file: Path, problem: str) -> None:
        super().__init__(f"{file} is damaged or no backup of Sēlis ({problem}): nothing was changed; take another")


class NewerBackupError(BackupError):
    """It was made by a Sēlis that is newer than this one."""

    def __init__(self, file: Path, what: str) -> None:
        super().__init__(f"{file} has {what}: nothing was changed; restore it with the Sēlis that made it")


class OtherDatabaseError(BackupError):
    """The backup and the settings do not mean the same kind of database."""


class BrokenOffError(BackupError):
    """Files could not change places."""

    def __init__(self, directory: Path, problem: str) -> None:
        super().__init__(f"the restore into {directory} was broken off ({problem}): mend that and run it again")


class NotEmptyError(BackupError):
    """There is a Sēlis already."""

    def __init__(self, directory: Path) -> None:
        super().__init__(f"{directory} holds a Sēlis already: with --replace it is put aside there, and not deleted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was restored, when it was made (as it says itself), and where that which was there is now, if anywhere."""

    files: int
    made: str
    with_database: bool
    replaced: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Manifest:
    made: str
    schema: str | None
    files: dict[str, str]


def restore(file: Path, data_dir: Path, database: Path | None, *, now: datetime, replace: bool = False) -> Restored:
    """Put a backup in its place. `database` is SQLite's file, None where PostgreSQL keeps it.

    Raises:
        InUseError: a process uses the data directory.
        BackupError: as its kinds tell; nothing was changed.
    """
    with alone(data_dir):
        staging = Path(tempfile.mkdtemp(dir=data_dir, prefix=STAGING))
        try:
            manifest = _unpacked(file, staging)
            with_database = _looked_at(file, staging, database)
            there = _there(data_dir)
            outside = _outside(data_dir, database)
            unfinished = (data_dir / UNFINISHED).exists()
            if (there or outside) and not (replace or unfinished):
                raise NotEmptyError(data_dir)
            aside = _aside(data_dir, now) if there or outside else None
            try:
                _swap(data_dir, staging, database, there, outside, aside)
            except OSError as error:
                raise BrokenOffError(data_dir, error.strerror or str(error)) from error
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    return Restored(files=len(manifest.files), made=manifest.made, with_database=with_database, replaced=aside)


def _unpacked(file: Path, staging: Path) -> _Manifest:
    """Unpack what the manifest names, and compare it."""
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = _manifest(file, json.loads(archive.read(MANIFEST)))
            for name, digest in manifest.files.items():
                _unpack(archive, name, digest, staging)
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error, RuntimeError) as error:
        raise DamagedBackupError(file, str(error) or type(error).__name__) from error
    return manifest


def _manifest(file: Path, held: Any) -> _Manifest:
    if int(held["format"]) > FORMAT:
        raise NewerBackupError(file, f"format {held['format']}, and this Sēlis knows {FORMAT}")
    schema = held["schema"]
    files = {str(name): str(digest) for name, digest in held["files"].items()}
    if DATA + KEY_FILE not in files:
        raise ValueError("the key is missing")
    return _Manifest(made=str(held["made"]), schema=None if schema is None else str(schema), files=files)


def _unpack(archive: zipfile.ZipFile, name: str, wanted: str, staging: Path) -> None:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not (name == DATABASE or name.startswith(DATA)):
        raise ValueError(f"{name!r} has no place in a backup")
    target = staging / path
    for folder in reversed([parent for parent in target.parents if staging in parent.parents]):
        folder.mkdir(mode=0o700, exist_ok=True)
    digest = hashlib.sha256()
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as written, archive.open(name) as source:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            written.write(chunk)
        written.flush()
        os.fsync(written.fileno())
    if digest.hexdigest() != wanted:
        raise ValueError(f"{name} is not what was written")


def _looked_at(file: Path, staging: Path, database: Path | None) -> bool:
    """Look at the database of the backup; whether there is one."""
    copy = staging / DATABASE
    if not copy.exists():
        if database is not None:
            raise OtherDatabaseError(
                f"{file} was made with PostgreSQL and has no database in it: set SELIS_DATABASE_URL to that, and "
                "restore the database with pg_restore or psql"
            )
        return False
    if database is None:
        raise OtherDatabaseError(f"{file} holds a database of SQLite: restore it without SELIS_DATABASE_URL")
    try:
        with closing(sqlite3.connect(copy)) as connection:
            schema = checked(connection, copy)
    except (sqlite3.Error, DamagedDatabaseError) as error:
        raise DamagedBackupError(file, str(error)) from error
    if schema is None:
        raise DamagedBackupError(file, "its database is not Sēlis's")
    if schema.zfill(_SCHEMA_DIGITS) > SCHEMA:
        raise NewerBackupError(file, f"database schema {schema}, and this Sēlis knows schemas up to {SCHEMA}")
    return True


def _there(data_dir: Path) -> list[Path]:
    """What a data directory holds of a Sēlis."""
    passing = {LOCK, UNFINISHED, MODELS}
    return [
        path
        for path in sorted(data_dir.iterdir())
        if path.name not in passing and not is_aside(path.name) and path.suffix not in {".lock", ".sock"}
    ]


def _outside(data_dir: Path, database: Path | None) -> list[Path]:
    """The files of a database that lies elsewhere."""
    if database is None or data_dir.absolute() in database.absolute().parents:
        return []
    return [path for end in ("", *_BESIDE) if (path := Path(f"{database}{end}")).exists()]


def _aside(data_dir: Path, now: datetime) -> Path:
    aside = data_dir / f"{REPLACED}{now.astimezone(UTC).strftime('%Y%m%dT%H%M%S%fZ')}"
    aside.mkdir(mode=0o700)
    return aside


def _swap(
    data_dir: Path, staging: Path, database: Path | None, there: list[Path], outside: list[Path], aside: Path | None
) -> None:
    """Files change places, the mark before the first and away after the last."""
    mark = data_dir / UNFINISHED
    mark.touch(mode=0o600)
    _settle(data_dir)
    for path in there:
        path.rename(_target(aside, path.name))
    for path in outside:
        shutil.move(path, _target(aside, path.name))
    for path in sorted((staging / DATA).iterdir()):
        path.rename(data_dir / path.name)
    if database is not None:
        database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Through a name beside it: it may lie on another disk.
        draft = database.with_name(f".{database.name}.restored")
        shutil.move(staging / DATABASE, draft)
        draft.replace(database)
        _settle(database.parent)
    _settle(data_dir)
    mark.unlink()
    _settle(data_dir)


def _target(aside: Path | None, name: str) -> Path:
    assert aside is not None  # noqa: S101 - made wherever there is anything to put there
    return aside / name


def _settle(directory: Path) -> None:
    """Wait until the disk has the names of a directory."""
    opened = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
