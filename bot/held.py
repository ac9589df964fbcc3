"""Who uses a data directory: any number of processes beside each other, or one alone that puts another in its place."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import SelisError

LOCK = "in-use.lock"
UNFINISHED = "restore.unfinished"
"""Stands in a data directory while a restore puts files in their places."""


class InUseError(SelisError):
    """Another process uses the data directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        super().__init__(f"Sēlis is running with {directory}: stop `selis run` and `selis chat` first")


class DataDirError(SelisError):
    """The data directory cannot be used."""

    def __init__(self, directory: Path, problem: str) -> None:
        self.directory = directory
        super().__init__(f"{directory} cannot be used ({problem}): set SELIS_DATA_DIR to one that can be written")


class UnfinishedRestoreError(SelisError):
    """A restore was broken off in the middle."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        super().__init__(f"a restore into {directory} was broken off: run `selis restore FILE` again")


@contextmanager
def shared(directory: Path) -> Iterator[None]:
    """Use a data directory, which is made where there is none; the system lets go of it when the process ends.

    Raises:
        DataDirError: it cannot be made or written.
        InUseError: a restore is at work.
        UnfinishedRestoreError: a restore was broken off.
    """
    with _locked(directory, fcntl.LOCK_SH):
        if (directory / UNFINISHED).exists():
            raise UnfinishedRestoreError(directory)
        yield


@contextmanager
def alone(directory: Path) -> Iterator[None]:
    """Have a data directory to oneself.

    Raises:
        InUseError: a process uses it.
    """
    with _locked(directory, fcntl.LOCK_EX):
        yield


@contextmanager
def _locked(directory: Path, how: int) -> Iterator[None]:
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(directory / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise DataDirError(directory, error.strerror or "") from error
    try:
        try:
            fcntl.flock(file, how | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUseError(directory) from None
        yield
    finally:
        os.close(file)
