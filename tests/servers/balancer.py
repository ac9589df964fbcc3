"""One address before several processes: each connection goes to one of those that answer, by turns."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from types import TracebackType

from tests.servers.free_port import free_port


class Balancer:
    """Its own `port`, and those of the processes behind it. What breaks on one side breaks on the other."""

    def __init__(self, count: int) -> None:
        self.port = free_port()
        self.behind = [free_port() for _ in range(count)]
        self._turns = itertools.count()
        self._open: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Balancer:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self.port)
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        task.add_done_callback(self._open.discard)
        first = next(self._turns)
        with contextlib.closing(writer):
            for number in range(len(self.behind)):
                port = self.behind[(first + number) % len(self.behind)]
                with contextlib.suppress(OSError):
                    await _joined(reader, writer, *await asyncio.open_connection("127.0.0.1", port))
                    return


async def _joined(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    other_reader: asyncio.StreamReader,
    other_writer: asyncio.StreamWriter,
) -> None:
    ways = [
        asyncio.create_task(_copied(reader, other_writer)),
        asyncio.create_task(_copied(other_reader, writer)),
    ]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        other_writer.close()


async def _copied(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
