"""A resident whose client refuses devices that are not cross-signed, as current clients do.

The check is written here anew, with Synapse's own library for signatures: it shares no line with what it checks.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nio
import signedjson.key
import signedjson.sign

from tests.servers.resident import Resident
from tests.servers.synapse import Synapse


def believed(answer: dict[str, Any], user_id: str, device_id: str) -> bool:
    """Whether an answer of /keys/query shows a whole chain from the user's master key down to a device."""
    try:
        master = answer["master_keys"][user_id]
        self_signing = answer["self_signing_keys"][user_id]
        device = answer["device_keys"][user_id][device_id]
        assert master["usage"] == ["master"]
        assert self_signing["usage"] == ["self_signing"]
        assert {key["user_id"] for key in (master, self_signing, device)} == {user_id}
        assert device["device_id"] == device_id
        [(master_id, master_public)] = master["keys"].items()
        [(self_signing_id, self_signing_public)] = self_signing["keys"].items()
        _check(self_signing, user_id, master_id, master_public)
        _check(device, user_id, self_signing_id, self_signing_public)
        _check(device, user_id, f"ed25519:{device_id}", device["keys"][f"ed25519:{device_id}"])
    except (KeyError, TypeError, ValueError, AssertionError, signedjson.sign.SignatureVerifyException):
        return False
    return True


def keys_of(server: Synapse, user_id: str, token: str) -> dict[str, Any]:
    """What the server shows of a user to the owner of the token."""
    return server.call("POST", "/_matrix/client/v3/keys/query", {"device_keys": {user_id: []}}, token=token)


def _check(value: dict[str, Any], user_id: str, key_id: str, public: str) -> None:
    key = signedjson.key.decode_verify_key_base64("ed25519", key_id.removeprefix("ed25519:"), public)
    signedjson.sign.verify_signed_json(value, user_id, key)


class StrictResident(Resident):
    """Sends no keys to devices it does not believe, and does not show what they say."""

    def __init__(self, client: nio.AsyncClient) -> None:
        super().__init__(client)
        self.server: Synapse | None = None
        self.refused: set[str] = set()

    @classmethod
    async def at(cls, server: Synapse, directory: Path) -> StrictResident:
        resident = await cls.of(server, directory)
        assert isinstance(resident, cls)
        resident.server = server
        return resident

    async def mind_keys(self) -> None:
        await super().mind_keys()
        await self._exclude()

    async def sends(self, room_id: str, content: dict[str, Any], kind: str = "m.room.message") -> str:
        await self.mind_keys()
        sent = await self.client.room_send(room_id, kind, content)
        assert isinstance(sent, nio.RoomSendResponse), sent
        return str(sent.event_id)

    def _take(self, room_id: str, event: Any) -> None:
        if getattr(event, "decrypted", False) and not self._is_believed(event):
            self.refused.add(event.event_id)
        else:
            super()._take(room_id, event)

    def _is_believed(self, event: Any) -> bool:
        """The device whose key the message was encrypted with, and not the one that it names."""
        devices = self.client.device_store.active_user_devices(event.sender)
        return event.sender == self.user_id or any(
            device.curve25519 == event.sender_key and self.client.olm.is_device_verified(device) for device in devices
        )

    async def _exclude(self) -> None:
        """Trust the devices that are vouched for, and put the others on the black list."""
        assert self.server is not None or not list(self.client.device_store)
        for device in list(self.client.device_store):
            assert self.server is not None
            answer = keys_of(self.server, device.user_id, self.client.access_token)
            if believed(answer, device.user_id, device.id):
                if not self.client.olm.is_device_verified(device):
                    self.client.verify_device(device)
            elif not self.client.olm.is_device_blacklisted(device):
                self.client.blacklist_device(device)
