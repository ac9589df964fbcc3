"""Who holds a claimed letter: a name that a dead process shares with its successor, and with no living one.

Whoever has the lock of one and the same file, since one and the same start of the machine, has the same name. The
system gives the lock back when a process ends, however it ends; so what a successor finds claimed in its own name was
claimed by a process that is dead, and will be sent by nobody else. Copies of a data directory are other files, and
other machines have other starts: replicas never take each other's letters.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

_LOCK = "holder.lock"
_START = Path("/proc/sys/kernel/random/boot_id")
"""Linux's name for one start of the machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """`name` is 32 hex digits; `descriptor` is the open lock file, None for a name that nobody will have again."""

    name: str
    descriptor: int | None = None

    def close(self) -> None:
        """Let go of the lock."""
        if self.descriptor is not None:
            os.close(self.descriptor)


def take_name(data_dir: Path, start: Path = _START) -> Holder:
    """The name for a process that uses a data directory; one of its own where another process is there already, or the
    system cannot tell its starts apart: then what it has claimed waits for the end of its lease.
    """
    descriptor: int | None = None
    try:
        booted = start.read_text(encoding="ascii").strip()
        descriptor = os.open(data_dir / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        if descriptor is not None:
            os.close(descriptor)
        return Holder(name=secrets.token_hex(16))
    file = os.fstat(descriptor)
    told = f"{booted} {file.st_dev} {file.st_ino}"
    return Holder(name=hashlib.blake2b(told.encode(), digest_size=16).hexdigest(), descriptor=descriptor)
