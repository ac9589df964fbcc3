"""Only one process of a machine polls with a token: two would take each other's messages away."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import SelisError


class AlreadyRunningError(SelisError):
    """Another process has the lock. `process` is its number, as it wrote it."""

    def __init__(self, process: str) -> None:
        self.process = process
        super().__init__(
            f"another `selis run` (process {process or '?'}) talks on Telegram with this token: stop it first, "
            "or give this one a token and a data directory of its own"
        )


@contextmanager
def locked(data_dir: Path, token: str) -> Iterator[None]:
    """Hold the lock of a token; the system lets go of it when the process ends, however it ends.

    Raises:
        AlreadyRunningError: another process holds it.
    """
    # Before the colon stands the bot's id, which is no secret.
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = data_dir / f"telegram-{token.partition(':')[0]}.lock"
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunningError(os.read(file, 20).decode(errors="replace").strip()) from None
        os.ftruncate(file, 0)
        os.write(file, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(file)
