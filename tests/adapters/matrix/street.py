"""A street: Sēlis and residents who know each other, for tests that only talk."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from adapters.matrix.run import Matrix
from tests.bot.reloading import House
from tests.servers.resident import Resident
from tests.servers.synapse import Synapse

PASSWORD = "the bot's password"
POLICE, DESK, DESK_BB = "+371 65283888", "+371 65207081", "+371 65133931"


@dataclass(frozen=True, slots=True, kw_only=True)
class Street:
    """`moves` lets one more move in, or one more device of somebody."""

    synapse: Synapse
    bot: str
    matrix: Matrix
    anna: Resident
    berta: Resident
    admin: Resident
    moves: Callable[..., Awaitable[Resident]]
    house: House

    async def alone(self, one: Resident, *, encrypted: bool = True) -> str:
        """A direct room of somebody and Sēlis."""
        room = await one.room(self.bot, encrypted=encrypted, direct=True)
        await one.joined_by(self.bot, room)
        return room

    async def group(self, *, encrypted: bool = True) -> str:
        """A group that Anna owns, with Berta and Sēlis."""
        room = await self.anna.room(self.bot, self.berta.user_id, encrypted=encrypted, name="Kaimiņi")
        await self.berta.join(room)
        for one in (self.bot, self.berta.user_id):
            await self.anna.joined_by(one, room)
        await self.berta.joined_by(self.bot, room)
        # It says hello to whoever reads it.
        await self.anna.until(lambda: self.anna.messages(room))
        await self.berta.sync()
        return room

    def mention(self, text: str) -> dict[str, Any]:
        """The content of a message that calls Sēlis."""
        return {
            "msgtype": "m.text",
            "body": f"Sēlis: {text}",
            "format": "org.matrix.custom.html",
            "formatted_body": f'<a href="https://matrix.to/#/{self.bot}">Sēlis</a>: {text}',
            "m.mentions": {"user_ids": [self.bot]},
        }


def content(event: Any) -> dict[str, Any]:
    """The content of an event, decrypted."""
    found: dict[str, Any] = event.source["content"]
    return found


def replaced(one: Resident, room: str, message: str) -> list[Any]:
    """The edits of a message."""
    relations = [(event, content(event).get("m.relates_to", {})) for event in one.messages(room)]
    return [event for event, to in relations if to.get("rel_type") == "m.replace" and to.get("event_id") == message]


def read_by(one: Resident, room: str, person: str) -> list[str]:
    """Up to which messages of a room somebody has read, as another one is shown."""
    return [receipt.event_id for receipt in one.client.rooms[room].threaded_read_receipts.get(person, {}).values()]
