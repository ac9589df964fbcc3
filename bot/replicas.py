"""Replicas over one PostgreSQL: a version of the knowledge that one takes into use reaches all.

The version in force stands in the database, its files beside it, compressed: replicas on other machines share no
directory. A notification makes the others look at once; a look now and then makes up for one that went astray. Each
compares the files with the name of the version before it takes them.
"""

from __future__ import annotations

import asyncio
import io
import zipfile
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NoReturn

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.reload import Files, Reload
from bot.reload_outcomes import NoVersion, Outcome, Refused, Unchanged
from bot.store import archives, bookmarks, history, paces
from bot.store.engine import Store
from bot.store.errors import StoreUnavailableError
from bot.versions import unpacked

START = "start"
"""The note of a version in the history that came with a directory, and by no admin."""
_DIRECTORY = "directory "


def _nobody(_: Outcome) -> None:
    return


@dataclass(slots=True, kw_only=True)
class Replicas:
    """What one of several processes does to have the knowledge that all have. Only for PostgreSQL.

    `told` hears what came of each version that was followed; `look` is how often it looks without being told,
    `again` how soon it connects anew.
    """

    store: Store
    reload: Reload
    clock: Callable[[], datetime]
    told: Callable[[Outcome], None] = _nobody
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    look: timedelta = timedelta(seconds=30)
    again: timedelta = timedelta(seconds=2)
    _refused: str = field(default="", init=False)

    async def publish(self, connection: AsyncConnection, version: str) -> None:
        """Hand a version that this process takes into use to the others, in the transaction that enters it."""
        path = self.reload.versions.path(version)
        await archives.publish(connection, version, await asyncio.to_thread(path.read_bytes))

    async def join(self) -> None:
        """A directory that we started with and no replica has seen is in force from now on.

        So a newly delivered directory is taken, and a process that merely starts again undoes nothing.
        """
        found = await self.reload.of_directory()
        if found and found == self.reload.live.current.version:
            await self._enter(found)

    async def run(self) -> NoReturn:
        """Follow the others, until cancelled."""
        while True:
            try:
                async with self.store.apart() as connection:
                    await self._listen(connection)
            except StoreUnavailableError:
                pass  # the store remembers what ails it, and tells whoever asks how it is
            await self.sleep(self.again.total_seconds())

    async def _listen(self, connection: Any) -> None:
        heard = asyncio.Event()
        await connection.add_listener(archives.CHANNEL, lambda *_: heard.set())
        connection.add_termination_listener(lambda _: heard.set())
        await self.join()
        while not connection.is_closed():
            heard.clear()
            await self._follow()
            async with self.store.transaction() as pruning:
                await paces.prune(pruning, self.clock())
            try:
                async with asyncio.timeout(self.look.total_seconds()):
                    await heard.wait()
            except TimeoutError:
                # A connection that died in silence is found out here.
                await connection.execute("SELECT 1", timeout=self.look.total_seconds())

    async def _enter(self, version: str) -> None:
        async with self.store.transaction() as connection:
            await history.alone(connection)
            name = _DIRECTORY + version
            known = await bookmarks.get(connection, name) is not None
            await bookmarks.put(connection, name, self.clock().isoformat())
            if known or version in {one.version for one in await history.latest(connection, history.MOST)}:
                return
            await history.enter(connection, version, self.clock(), note=START)
            await self.publish(connection, version)

    async def _follow(self) -> None:
        """Take the version in force, if it is another; one that cannot be used is not tried again."""
        async with self.store.reading() as connection:
            active = await history.active(connection)
        if active is None or active.version in (self.reload.live.current.version, self._refused):
            return
        outcome = await self.reload.follow(active.version, self.clock(), self._fetched)
        self._refused = active.version if isinstance(outcome, Refused | NoVersion) else ""
        if not isinstance(outcome, Unchanged):
            self.told(outcome)

    async def _fetched(self, version: str) -> Files | None:
        async with self.store.reading() as connection:
            archive = await archives.get(connection, version)
        if archive is None:
            return None
        try:
            return await asyncio.to_thread(unpacked, io.BytesIO(archive))
        except (zipfile.BadZipFile, zlib.error, EOFError):
            return None
