"""A lock between the processes of a machine, for what two of them must not do at once."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import SelisError


class AlreadyRunningError(SelisError):
    """Another process has the lock. `process` is its number, as it wrote it; `does` is what it does."""

    def __init__(self, process: str, does: str) -> None:
        self.process = process
        self.does = does
        super().__init__(
            f"another `selis` (process {process or '?'}) {does}: stop it first, "
            "or give this one an account and a data directory of its own"
        )


@contextmanager
def locked(path: Path, does: str) -> Iterator[None]:
    """Hold a lock; the system lets go of it when the process ends, however it ends. `does` tells others what for.

    Raises:
        AlreadyRunningError: another process holds it.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunningError(os.read(file, 20).decode(errors="replace").strip(), does) from None
        os.ftruncate(file, 0)
        os.write(file, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(file)
