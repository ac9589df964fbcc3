"""nio's client, made safe against being killed at any moment."""

from __future__ import annotations

import logging

import nio
from nio.api import Api

# In its warnings it names people, rooms and devices.
logging.getLogger("nio").setLevel(logging.CRITICAL)


class Client(nio.AsyncClient):
    """A client that answers errors at once, instead of trying on by itself, and keeps its keys whole."""

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
