"""nio's client, made safe against being killed at any moment."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from types import MappingProxyType
from typing import Any

import aiohttp
import nio

from adapters.logs import logger
from adapters.matrix.fields import mapping
from adapters.matrix.recent import Recent
from adapters.matrix.sound import sound

_DECRYPTED = 2_000
_log = logger("matrix")


class Client(nio.AsyncClient):  # type: ignore[misc]  # nio ships no types
    """A client that keeps its keys whole."""

    invites: Mapping[str, Any] = MappingProxyType({})
    """What the last sync told of invites, as JSON: nio leaves out what kind of room it is."""

    def load_store(self) -> None:
        """Load our keys. Of what was decrypted the last is remembered, to tell when a server shows it anew.

        nio remembers 100,000 messages, of ours and of others, at about a kilobyte each. Of the older ones an event that
        comes again is known by its id to the dialogue, and under another id it only asks again what was asked; a
        restart forgets them all the same.
        """
        super().load_store()
        if self.olm is not None:
            self.olm.message_index_store = Recent(_DECRYPTED)

    async def parse_body(self, transport_response: aiohttp.ClientResponse) -> dict[Any, Any]:
        """The JSON of an answer."""
        body: Any = await super().parse_body(transport_response)
        if not isinstance(body, dict):
            # Valid JSON all the same: null, a list, a word.
            return {}
        if "next_batch" in body:
            # nio takes events apart while it reads them.
            self.invites = deepcopy(mapping(mapping(body.get("rooms")).get("invite")))
        return sound(body)

    def _handle_timeline_event(self, event: Any, *rest: Any) -> Any:
        """Take an event in, decrypted if it can be. What makes nio fail is left as it is: all else would go with it."""
        try:
            return super()._handle_timeline_event(event, *rest)
        except Exception as fault:
            _log.warning("an event makes the library fail, and stays unread", fault=type(fault).__name__)
            return None

    def _handle_decrypt_to_device(self, to_device_event: Any) -> Any:
        """The same for messages between devices."""
        try:
            return super()._handle_decrypt_to_device(to_device_event)
        except Exception as fault:
            _log.warning("a message between devices makes the library fail", fault=type(fault).__name__)
            return None

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
