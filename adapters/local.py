"""The door for this machine alone: a socket file in the data directory, through which `selis health` asks.

It needs no port and works in a container whose network is closed; only who may read the data directory gets in.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from adapters.logs import logger

SOCKET = "health.sock"
_LONGEST = 100
"""The system takes some bytes more in the name of a socket."""
_log = logger("http")


@contextmanager
def listening(directory: Path | None) -> Iterator[socket.socket | None]:
    """A listening socket in a directory; None where there is none, or another process already listens.

    A file system that knows no sockets costs `selis health`, and nothing else.
    """
    if directory is None:
        yield None
        return
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    door = None
    with _named(directory) as name:
        try:
            door = _opened(name)
        except OSError as error:
            _log.warning("selis health cannot ask in the data directory: set SELIS_HTTP_PORT", detail=error.strerror)
    try:
        yield door
    finally:
        if door is not None:
            door.close()
            (directory / SOCKET).unlink(missing_ok=True)


def connected(directory: Path, seconds: float) -> socket.socket:
    """A connection to who listens in a directory.

    Raises:
        OSError: nobody does.
    """
    door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    door.settimeout(seconds)
    try:
        with _named(directory) as name:
            door.connect(name)
    except BaseException:
        door.close()
        raise
    return door


def _opened(name: str) -> socket.socket | None:
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as other:
        other.connect(name)
        _log.info("another process with this data directory answers selis health")
        return None
    # What a killed process left behind.
    with suppress(FileNotFoundError):
        os.unlink(name)  # noqa: PTH108 - the name may lead through an open directory
    door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        door.bind(name)
        os.chmod(name, 0o600)  # noqa: PTH101
        door.setblocking(False)
    except OSError:
        door.close()
        raise
    return door


@contextmanager
def _named(directory: Path) -> Iterator[str]:
    """The name of the socket, short enough for the system: through the open directory where the path is long."""
    path = str(directory.absolute() / SOCKET)
    if len(os.fsencode(path)) <= _LONGEST:
        yield path
        return
    opened = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{opened}/{SOCKET}"
    finally:
        os.close(opened)
