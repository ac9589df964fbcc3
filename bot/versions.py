"""The last versions of the knowledge, kept on disk to go back to: one compressed archive each, and which is in use.

`line` is the way that led to the version in use, the last one: going back takes it one step shorter, so that a version
an admin went back from is not come back to by going back once more.
"""

from __future__ import annotations

import io
import json
import os
import re
import tempfile
import zipfile
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from bot.errors import SelisError
from knowledge.files import version_of

KEPT = 10
"""Versions kept; the one in use is never dropped."""
_EFFORT = 3
"""Of zlib: twice as quick as 6 and a tenth larger."""
_STAMP = "%Y%m%dT%H%M%S.%fZ"
_NAME = re.compile(r"([0-9]{8}T[0-9]{6}\.[0-9]{6}Z)-([0-9a-f]{64})\.zip")
_ACTIVE = "active.json"
_ABANDONED = timedelta(days=1)
"""What a process that was killed left half written is older than this."""


class VersionError(SelisError):
    """A version that is not kept, or whose archive is damaged."""

    def __init__(self, version: str) -> None:
        self.version = version
        super().__init__(f"version {version[:8]} is not kept or damaged: choose another")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A kept version: its name (64 hex digits), when it was kept (UTC), and whether it is the one in use."""

    version: str
    at: datetime
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Active:
    """`left` is the version of the directory that was gone back from, empty where the directory is in use."""

    line: tuple[str, ...] = ()
    left: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """The archives in one directory, which is made when first needed and is for its owner alone."""

    directory: Path

    def keep(self, data: Mapping[str, bytes], now: datetime) -> Path:
        """Write the archive of these files, or make the one there is the newest; its path.

        Raises:
            OSError: when it cannot be written; then nothing is changed.
        """
        version = version_of(data)
        path = self.directory / f"{now.astimezone(UTC).strftime(_STAMP)}-{version}.zip"
        before = self._paths().get(version)
        if before is not None:
            before.replace(path)
        else:
            self.stage(data).replace(path)
        self._prune(now, spare=version)
        return path

    def stage(self, data: Mapping[str, bytes]) -> Path:
        """Write these files to an archive without a name, to be looked at and thrown away; its path.

        Raises:
            OSError: when it cannot be written.
        """
        return self._written(_packed(data))

    def all(self) -> tuple[Kept, ...]:
        """Every kept version, the newest first."""
        active = self.active
        return tuple(
            Kept(version=version, at=_time(path), active=version == active)
            for version, path in sorted(self._paths().items(), key=lambda held: held[1].name, reverse=True)
        )

    def read(self, version: str) -> dict[str, bytes]:
        """The files of a version, by name.

        Raises:
            VersionError: when it is not kept, or is not what its name says.
        """
        try:
            data = unpacked(self.path(version))
        except (OSError, zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise VersionError(version) from error
        if version_of(data) != version:
            raise VersionError(version)
        return data

    def path(self, version: str) -> Path:
        """Where the archive of a version is.

        Raises:
            VersionError: when it is not kept.
        """
        path = self.find(version)
        if path is None:
            raise VersionError(version)
        return path

    def find(self, version: str) -> Path | None:
        """Where the archive of a version is, if it is kept."""
        return self._paths().get(version)

    def named(self, start: str) -> str | None:
        """The kept version whose name begins so, at least 4 digits; None where there is none, or more than one."""
        found = [version for version in self._paths() if version.startswith(start.lower())]
        return found[0] if len(found) == 1 and len(start) >= 4 else None

    @property
    def active(self) -> str | None:
        """The version in use, as it was noted last."""
        line = self._noted().line
        return line[-1] if line else None

    @property
    def before(self) -> str | None:
        """The version that was in use before; None where there was none, or it is no longer kept."""
        line = self._noted().line
        return line[-2] if len(line) > 1 and line[-2] in self._paths() else None

    def use(self, version: str, *, left: str = "") -> None:
        """Note that a version is in use; `left` is the version of the directory where that is another.

        Raises:
            OSError: when it cannot be written.
        """
        line = self._noted().line
        if version in line:
            line = line[: line.index(version) + 1]
        else:
            line = (*line[-KEPT:], version)
        noted = json.dumps({"line": line, "left": left})
        self._written(noted.encode()).replace(self.directory / _ACTIVE)

    def to_start_with(self, data: Mapping[str, bytes]) -> Mapping[str, bytes]:
        """The files to start with: the directory's, or those an admin went back to where the directory is as it was."""
        noted = self._noted()
        if noted.left and noted.left == version_of(data):
            with suppress(VersionError):
                return self.read(noted.line[-1])
        return data

    def _noted(self) -> _Active:
        try:
            held = json.loads((self.directory / _ACTIVE).read_bytes())
            return _Active(line=tuple(map(str, held["line"])), left=str(held["left"]))
        except (OSError, ValueError, KeyError, TypeError):
            return _Active()

    def _paths(self) -> dict[str, Path]:
        found = {path.name: path for path in self.directory.glob("*.zip")} if self.directory.is_dir() else {}
        return {match[2]: found[name] for name in sorted(found) if (match := _NAME.fullmatch(name))}

    def _written(self, content: bytes) -> Path:
        """A new file, for its owner alone (mkstemp sees to that), safe on the disk."""
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=self.directory, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
        return Path(name)

    def _prune(self, now: datetime, spare: str) -> None:
        kept = self.all()
        for old in kept[KEPT:]:
            if not old.active and old.version != spare:
                self.path(old.version).unlink(missing_ok=True)
        for part in self.directory.glob("*.part"):
            with suppress(FileNotFoundError):
                if now.timestamp() - part.stat().st_mtime > _ABANDONED.total_seconds():
                    part.unlink()


def unpacked(path: Path | BinaryIO) -> dict[str, bytes]:
    """The files of an archive, by name.

    Raises:
        OSError: when it cannot be read; BadZipFile, zlib.error or EOFError when it is damaged.
    """
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _packed(data: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=_EFFORT) as archive:
        for name in sorted(data):
            archive.writestr(name, data[name])
    return packed.getvalue()


def _time(path: Path) -> datetime:
    return datetime.strptime(path.name.partition("-")[0], _STAMP).replace(tzinfo=UTC)
