"""Keyring: what encryption wants done after each sync, and before something is sent to an encrypted room."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

from adapters.matrix.answers import answered, checked
from adapters.matrix.client import Client
from adapters.matrix.errors import UnreachableError
from adapters.matrix.facts import Facts
from adapters.matrix.keys import upload_keys


@dataclass(slots=True, kw_only=True)
class Keyring:
    """The keys of one device. Devices of other people are trusted on first sight: nobody compares emoji with a bot."""

    client: Client
    facts: Facts
    _rooms: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary, init=False)

    async def mind(self) -> None:
        """Upload, query, claim and send whatever waits for it.

        Raises:
            MatrixError: not all of it was done; it waits on.
        """
        client = self.client
        await upload_keys(client)
        if client.should_query_keys:
            await answered(client.keys_query())
        if client.should_claim_keys:
            await answered(client.keys_claim(client.get_users_for_key_claiming()))
        for answer in await answered(client.send_to_device_messages()):
            checked(answer)

    async def share(self, room_id: str) -> None:
        """See to it that everybody in a room can read what is encrypted for it next; nothing for other rooms.

        Raises:
            MatrixError: not all of them could.
        """
        client = self.client
        room, olm = client.rooms.get(room_id), client.olm
        if room is None or not room.encrypted or olm is None:
            return
        async with self._rooms.setdefault(room_id, asyncio.Lock()):
            if not room.members_synced:
                await answered(client.joined_members(room_id))
            if client.should_query_keys:
                await answered(client.keys_query())
            if session := olm.outbound_group_sessions.get(room_id):
                session.max_messages, session.max_age = self.facts.rotation(room_id)
            if not olm.should_share_group_session(room_id):
                return
            missing = client.get_missing_sessions(room_id)
            if missing:
                await answered(client.keys_claim(missing))
            try:
                await answered(client.share_group_session(room_id, ignore_unverified_devices=True))
            finally:
                # Where claiming keys failed in there, it would wait for this for ever.
                client.sharing_session.pop(room_id, None)
            if self._left_out(room_id):
                client.invalidate_outbound_session(room_id)
                raise UnreachableError("the key of a room did not reach everybody")

    def _left_out(self, room_id: str) -> bool:
        """Whether a device did not get the key although it could have: nio calls a session shared all the same."""
        client = self.client
        session = client.olm.outbound_group_sessions[room_id]
        got = session.users_shared_with | session.users_ignored
        return any(
            (person, device.id) not in got and client.olm.session_store.get(device.curve25519)
            for person in client.rooms[room_id].users
            for device in client.device_store.active_user_devices(person)
        )
