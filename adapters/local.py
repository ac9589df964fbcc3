"""The door for this machine alone: a socket file in the data directory, through which `selis health` asks.

It needs no port and works in a container whose network is closed; only who may read the data directory gets in.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

from adapters.logs import logger

SOCKET = "health.sock"
_CHUNK = 1 << 16
_LONGEST = 100
"""The system takes some bytes more in the name of a socket."""
_log = logger("run")


@asynccontextmanager
async def listening(directory: Path, told: Callable[[], Awaitable[str]]) -> AsyncIterator[None]:
    """Tell whoever connects in a directory what there is to tell, until the block ends.

    Where another process does so already nothing is done; a file system that knows no sockets costs `selis health`, and
    nothing else.
    """
    door = _door(directory)
    if door is None:
        yield
        return

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            writer.write((await told()).encode())
            await writer.drain()
        writer.close()

    server = await asyncio.start_unix_server(answer, sock=door)
    try:
        yield
    finally:
        server.close()
        (directory / SOCKET).unlink(missing_ok=True)


def asked(directory: Path, seconds: float) -> bytes:
    """What is told in a directory.

    Raises:
        OSError: nobody is there.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
        door.settimeout(seconds)
        with _named(directory) as name:
            door.connect(name)
        return b"".join(iter(lambda: door.recv(_CHUNK), b""))


def _door(directory: Path) -> socket.socket | None:
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _named(directory) as name:
            return _opened(name)
    except OSError as error:
        _log.warning("selis health cannot ask in the data directory: set SELIS_HTTP_PORT", detail=error.strerror)
        return None


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
