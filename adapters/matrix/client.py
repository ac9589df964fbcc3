"""nio's client, made safe against being killed at any moment."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from copy import deepcopy
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

import aiohttp
import nio
from nio.api import Api

from adapters.matrix.fields import mapping

# In its warnings it names people, rooms and devices.
logging.getLogger("nio").setLevel(logging.CRITICAL)


class Client(nio.AsyncClient):  # type: ignore[misc]  # nio ships no types
    """A client that answers errors at once, instead of trying on by itself, and keeps its keys whole."""

    invites: Mapping[str, Any] = MappingProxyType({})
    """What the last sync told of invites, as JSON: nio leaves out what kind of room it is."""

    async def parse_body(self, transport_response: aiohttp.ClientResponse) -> dict[Any, Any]:
        """The JSON of an answer."""
        body: dict[Any, Any] = await super().parse_body(transport_response)
        if "next_batch" in body:
            # nio takes events apart while it reads them.
            self.invites = deepcopy(mapping(mapping(body.get("rooms")).get("invite")))
        return body

    async def receive_response(self, response: nio.Response) -> None:
        """Take an answer in; what it changes in the keys is kept whole or not at all.

        A message between devices moves a ratchet on and brings the key of a room. nio keeps these one after the other:
        killed in between, it could not read the message when the server sends it again, and the key would be lost.
        """
        if self.store is None:
            await super().receive_response(response)
            return
        fault: Exception | None = None
        with self.store.database.atomic():
            try:
                await super().receive_response(response)
            except Exception as error:
                # In memory the ratchets have moved on: what is on disk has to follow.
                fault = error
        if fault is not None:
            raise fault

    async def keys_upload(self) -> nio.KeysUploadResponse | nio.KeysUploadError:
        """Upload keys that are on disk already: the server may hand them out although we are killed now."""
        if self.olm is None:
            raise nio.LocalProtocolError("there are no keys")
        keys = self.olm.share_keys()
        self.olm.save_account()
        answer: nio.KeysUploadResponse | nio.KeysUploadError = await self._send(
            nio.KeysUploadResponse, *Api.keys_upload(self.access_token, keys)
        )
        return answer

    async def join_by(self, room_id: str, via: Sequence[str] = ()) -> nio.JoinResponse | nio.JoinError:
        """Join a room that these servers know; an id alone does not tell where a room can be found."""
        # Servers before 1.12 of the specification know `via` by its older name.
        query = urlencode([("via", server) for server in via] + [("server_name", server) for server in via])
        path = Api._build_path(["join", room_id])
        answer: nio.JoinResponse | nio.JoinError = await self._send(
            nio.JoinResponse, "POST", f"{path}?{query}" if query else path, "{}"
        )
        return answer

    async def put_account_data(
        self, kind: str, content: Mapping[str, Any]
    ) -> nio.responses.EmptyResponse | nio.ErrorResponse:
        """Write one of the account's own data, such as m.direct."""
        path = Api._build_path(["user", self.user_id, "account_data", kind])
        answer: nio.responses.EmptyResponse | nio.ErrorResponse = await self._send(
            nio.responses.EmptyResponse, "PUT", path, json.dumps(content)
        )
        return answer

    async def send_clear(
        self, room_id: str, content: Mapping[str, Any], transaction: str
    ) -> nio.RoomSendResponse | nio.RoomSendError:
        """Send a message as it is, even to an encrypted room."""
        method, path, data = Api.room_send(self.access_token, room_id, "m.room.message", content, transaction)
        answer: nio.RoomSendResponse | nio.RoomSendError = await self._send(
            nio.RoomSendResponse, method, path, data, (room_id,)
        )
        return answer
