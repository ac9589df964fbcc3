"""Opening: single events fetched from the server, decrypted, as JSON; and files that come with them."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import nio
from nio.crypto.attachments import decrypt_attachment

from adapters.matrix.answers import answered
from adapters.matrix.api import event_of
from adapters.matrix.client import Client
from adapters.matrix.errors import RefusedError
from adapters.matrix.fields import mapping
from adapters.matrix.files import SentFile
from bot.messages import Attachment
from bot.proposal import MAX_BYTES


async def fetched(client: Client, room_id: str, event_id: str) -> Mapping[str, Any] | None:
    """An event as JSON, with what it was edited to; None where there is none, or none that can be read.

    Raises:
        MatrixError: the server did not answer.
    """
    try:
        found = await event_of(client, room_id, event_id)
    except RefusedError:
        return None
    event = opened(client, room_id, found)
    if event is None:
        return None
    # An edit is brought along as it was sent, and so may be encrypted.
    edit = mapping(mapping(mapping(found.get("unsigned")).get("m.relations")).get("m.replace"))
    if edit:
        event = {**event, "unsigned": {"m.relations": {"m.replace": opened(client, room_id, edit) or {}}}}
    return event


def opened(client: Client, room_id: str, found: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """An event, decrypted where it was encrypted; None where its key is missing, or nobody can read it."""
    event = nio.Event.parse_event(deepcopy(dict(found)))
    if isinstance(event, nio.MegolmEvent):
        event.room_id = room_id
        try:
            event = client.decrypt_event(event)
        except Exception:
            # Whatever stands in there: anybody may have encrypted it.
            return None
    source = getattr(event, "source", None)
    return source if isinstance(source, Mapping) else None


async def fetched_file(client: Client, sent: SentFile) -> Attachment | None:
    """A file with what is in it; None where it cannot be had. Of one that is too large nothing is fetched.

    Raises:
        MatrixError: the server did not answer.
    """
    if sent.size > MAX_BYTES:
        # Its name and size are enough to say so.
        return Attachment(name=sent.name, data=bytes(MAX_BYTES + 1))
    try:
        found = await answered(client.download(mxc=sent.url))
        data = found.body
        if sent.cipher is not None:
            data = decrypt_attachment(data, sent.cipher.key, sent.cipher.sha256, sent.cipher.iv)
    except (RefusedError, nio.EncryptionError, ValueError):
        return None
    return Attachment(name=sent.name, data=data)
