"""Chats: what is done when a group's chat is left, or gets another id from its network."""

from __future__ import annotations

from dataclasses import dataclass

from bot.store import groups
from bot.store.engine import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Chats:
    """What adapters tell about chats, by the network's own ids. Telling the same again does nothing more.

    Every method raises StoreUnavailableError where it could not be done to the end: the network is not to be
    acknowledged then, and brings it again.
    """

    store: Store

    async def left(self, network: str, chat: str) -> None:
        """Sēlis is in a chat no longer: delete all that belongs to it, from the files, too."""
        async with self.store.transaction() as connection:
            await groups.leave(connection, self.store.keys.chat(network, chat))
        await self.store.scrub()

    async def moved(self, network: str, old: str, new: str) -> None:
        """A chat has another id: its settings follow, with what waits to be sent there; the old id leaves the files."""
        if old == new:
            return
        keys = self.store.keys
        async with self.store.transaction() as connection:
            await groups.move(connection, keys.chat(network, old), keys.chat(network, new), new)
        await self.store.scrub()
