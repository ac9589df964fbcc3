"""Only one process of a machine carries an account of a network: two would take each other's messages away."""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import SelisError

_ODD = re.compile(r"[^A-Za-z0-9._=-]")


class AlreadyRunningError(SelisError):
    """Another process has the lock. `process` is its number, as it wrote it."""

    def __init__(self, network: str, process: str) -> None:
        self.process = process
        super().__init__(
            f"another `selis run` (process {process or '?'}) talks on {network.capitalize()} with this account: "
            "stop it first, or give this one an account and a data directory of its own"
        )


@contextmanager
def locked(data_dir: Path, network: str, account: str) -> Iterator[None]:
    """Hold the lock of an account, which is no secret; the system lets go of it when the process ends, however it ends.

    Raises:
        AlreadyRunningError: another process holds it.
    """
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = data_dir / f"{network}-{_ODD.sub('_', account)}.lock"
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunningError(network, os.read(file, 20).decode(errors="replace").strip()) from None
        os.ftruncate(file, 0)
        os.write(file, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(file)
