"""A resident on Matrix: a real nio client with keys of its own, told to do what a person does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import nio

from tests.servers.synapse import Synapse

_FILTER = {"room": {"timeline": {"limit": 100}}}
_T = TypeVar("_T")


class Resident:
    """One client of one user. `heard` are the events of all rooms, decrypted where that was possible, oldest first."""

    def __init__(self, client: nio.AsyncClient) -> None:
        self.client = client
        self.heard: list[tuple[str, nio.Event]] = []
        self.invited: list[str] = []
        self._since: str | None = None
        self._unread: dict[str, nio.MegolmEvent] = {}

    @property
    def user_id(self) -> str:
        return str(self.client.user_id)

    @classmethod
    async def of(
        cls, server: Synapse, directory: Path, user_id: str = "", *, password: str = "a password", device: str = ""
    ) -> Resident:
        """A client that is logged in; `directory` gets its keys. Without `user_id` a new user is made."""
        user_id = user_id or await asyncio.to_thread(server.register)
        await asyncio.to_thread(directory.mkdir, parents=True, exist_ok=True)
        client = nio.AsyncClient(
            server.url,
            user_id,
            device_id=device or None,
            store_path=str(directory),
            config=nio.AsyncClientConfig(
                store=nio.store.SqliteStore, pickle_key="resident", max_timeouts=20, max_limit_exceeded=20
            ),
        )
        resident = cls(client)
        said = await client.login(password, device_name="a resident's")
        if not isinstance(said, nio.LoginResponse):
            raise RuntimeError(str(said))
        await resident.sync()
        return resident

    async def close(self) -> None:
        await self.client.close()
        if self.client.store is not None:
            self.client.store.database.close()

    # ---- hearing ----------------------------------------------------------------------------------------------------

    async def sync(self, wait: float = 0.0) -> nio.SyncResponse:
        """Hear once what is new, for at most `wait` seconds, and do what encryption wants done after it."""
        if self.client.should_upload_keys:
            await self.client.keys_upload()
        answer = await self.client.sync(
            timeout=int(wait * 1000), sync_filter=_FILTER, since=self._since, full_state=self._since is None
        )
        if not isinstance(answer, nio.SyncResponse):
            raise RuntimeError(str(answer))
        self._since = answer.next_batch
        self.invited += [room_id for room_id in answer.rooms.invite if room_id not in self.invited]
        await self.mind_keys()
        for room_id, joined in answer.rooms.join.items():
            for event in joined.timeline.events:
                self._take(room_id, event)
        self._try_again()
        return answer

    async def mind_keys(self) -> None:
        """Upload, query, claim and send what waits: everything that nio's own loop does."""
        if self.client.should_upload_keys:
            await self.client.keys_upload()
        if self.client.should_query_keys:
            await self.client.keys_query()
        if self.client.should_claim_keys:
            await self.client.keys_claim(self.client.get_users_for_key_claiming())
        await self.client.send_to_device_messages()

    async def until(self, found: Callable[[], _T], within: float = 30.0) -> _T:
        """Sync until `found` gives something true, and give that.

        Raises:
            TimeoutError: it did not within so many seconds.
        """
        async with asyncio.timeout(within):
            while not (result := found()):
                await self.sync(1.0)
            return result

    async def hears(self, text: str, room_id: str, within: float = 30.0) -> nio.RoomMessage:
        """The first message of somebody else in a room that has this text in it."""
        return await self.until(
            lambda: next((event for event in self.messages(room_id) if text in event.body), None), within
        )

    def messages(self, room_id: str, *, own: bool = False) -> list[Any]:
        """The readable messages of a room, those of other people unless `own`."""
        found = [event for where, event in self.heard if where == room_id]
        return [
            event
            for event in found
            if isinstance(event, nio.RoomMessageFormatted) and (own or event.sender != self.user_id)
        ]

    def unreadable(self, room_id: str) -> list[nio.MegolmEvent]:
        """What could not be decrypted yet."""
        return [event for event in self._unread.values() if event.room_id == room_id]

    def _take(self, room_id: str, event: Any) -> None:
        if isinstance(event, nio.MegolmEvent):
            event.room_id = room_id
            self._unread[event.event_id] = event
        else:
            self.heard.append((room_id, event))

    def _try_again(self) -> None:
        """A key may come after the message that it opens."""
        for event in list(self._unread.values()):
            try:
                opened = self.client.decrypt_event(event)
            except nio.EncryptionError:
                continue
            del self._unread[event.event_id]
            self._take(event.room_id, opened)

    # ---- doing ------------------------------------------------------------------------------------------------------

    async def room(self, *people: str, encrypted: bool = False, direct: bool = False, name: str = "") -> str:
        """A new room to which people are invited; its id."""
        state = [{"type": "m.room.encryption", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}] if encrypted else []
        made = await self.client.room_create(
            name=name or None, invite=people, is_direct=direct, initial_state=state,
            preset=nio.RoomPreset.trusted_private_chat if direct else nio.RoomPreset.private_chat,
        )  # fmt: skip
        room_id = _answered(made, nio.RoomCreateResponse).room_id
        await self.until(lambda: room_id in self.client.rooms)
        return str(room_id)

    async def join(self, room_id: str) -> None:
        """Join a room, when the invitation has come."""
        await self.until(lambda: room_id in self.invited)
        _answered(await self.client.join(room_id), nio.JoinResponse)
        await self.until(lambda: room_id in self.client.rooms)

    async def joined_by(self, user_id: str, room_id: str, within: float = 30.0) -> None:
        """Wait until somebody has joined."""
        await self.until(lambda: user_id in self.client.rooms[room_id].users and not any(
            user_id == invited for invited in self.client.rooms[room_id].invited_users
        ), within)  # fmt: skip

    async def says(self, text: str, room_id: str, **content: Any) -> str:
        """Send a text message, encrypted where the room is; further `content` goes along. Its event id."""
        return await self.sends(room_id, {"msgtype": "m.text", "body": text, **content})

    async def sends(self, room_id: str, content: dict[str, Any], kind: str = "m.room.message") -> str:
        """Send any event; its id."""
        await self.mind_keys()
        sent = await self.client.room_send(room_id, kind, content, ignore_unverified_devices=True)
        return str(_answered(sent, nio.RoomSendResponse).event_id)

    async def redacts(self, event_id: str, room_id: str) -> None:
        """Delete a message."""
        _answered(await self.client.room_redact(room_id, event_id), nio.RoomRedactResponse)


def _answered(answer: Any, kind: type[_T]) -> _T:
    if not isinstance(answer, kind):
        raise RuntimeError(str(answer))
    return answer
