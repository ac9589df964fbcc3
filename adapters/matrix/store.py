"""The client with the keys of our device, if those are the keys that the server has of it."""

from __future__ import annotations

from dataclasses import replace

import nio
import peewee

from adapters.matrix.api import own_keys
from adapters.matrix.chain import chain
from adapters.matrix.client import Client
from adapters.matrix.errors import MatrixError
from adapters.matrix.kept import Folder, Kept
from adapters.matrix.keys import KeysClashError, upload_keys
from adapters.matrix.login import REQUEST_SECONDS


class StoreLostError(MatrixError):
    """The keys of our device are gone, or others than the server's; `why` says how we know."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(f"the keys of this device cannot be used: {why}")


async def with_keys(folder: Folder, kept: Kept) -> tuple[Client, Kept]:
    """A client that encrypts, and our device with its fingerprint.

    Raises:
        StoreLostError: it takes a new device.
        MatrixError: what `answers.checked` raises.
    """
    if kept.fingerprint and not folder.has_store(kept.device_id):
        raise StoreLostError("the crypto store is gone")
    folder.guard_store(kept.device_id)
    client = _client(folder, kept)
    try:
        try:
            client.restore_login(kept.user_id, kept.device_id, kept.access_token)
        except (peewee.PeeweeException, ValueError) as error:
            raise StoreLostError("the crypto store is damaged, or encrypted with another key") from error
        fingerprint = str(client.olm.account.identity_keys["ed25519"])
        if kept.fingerprint not in ("", fingerprint):
            raise StoreLostError("the crypto store is another device's")
        if fingerprint != kept.fingerprint:
            kept = replace(kept, fingerprint=fingerprint)
            folder.keep_session(kept)
        await _agreed(client, kept)
    except BaseException:
        await close(client)
        raise
    return client, kept


async def close(client: nio.AsyncClient) -> None:
    """Let go of the connection and of the crypto store."""
    await client.close()
    if client.store is not None:
        client.store.database.close()


async def _agreed(client: nio.AsyncClient, kept: Kept) -> None:
    """See to it that the server has our keys, and no others for our device."""
    found = chain(await own_keys(client, kept.user_id), kept.user_id, kept.device_id)
    theirs = (found.device or {}).get("keys", {}).get(f"ed25519:{kept.device_id}")
    if theirs not in (None, kept.fingerprint):
        raise StoreLostError("the server has other keys of this device")
    if theirs is None and client.olm.account.shared:
        raise StoreLostError("the server has forgotten this device's keys")
    try:
        await upload_keys(client)
    except KeysClashError as error:
        raise StoreLostError("the server has newer keys of this device") from error


def _client(folder: Folder, kept: Kept) -> Client:
    config = nio.AsyncClientConfig(
        store=nio.store.SqliteStore,
        store_name=folder.store_name(kept.device_id),
        pickle_key=folder.pickle_key(),
        # nio would note a token before what came with it is handled.
        store_sync_tokens=False,
        # Who waits and tries again is ours to say; one try more is for a connection that was closed while it was idle.
        max_limit_exceeded=0,
        max_timeouts=1,
        request_timeout=REQUEST_SECONDS,
    )
    return Client(kept.homeserver, kept.user_id, device_id=kept.device_id, store_path=str(folder.path), config=config)
