"""Uploading our device's keys so that a crash at any moment loses none."""

from __future__ import annotations

import nio

from adapters.matrix.answers import checked
from adapters.matrix.api import call
from adapters.matrix.errors import MatrixError, RefusedError


class KeysClashError(MatrixError):
    """The server has other one-time keys of this device than we: the crypto store is older than the device."""

    def __init__(self) -> None:
        super().__init__(
            "the keys in the data directory are older than what the server has of this device (a backup?): "
            "run `selis matrix reset` for a new device"
        )


async def upload_keys(client: nio.AsyncClient) -> None:
    """Upload the keys of the device and one-time keys, if any are wanted.

    nio's own way keeps new one-time keys only after the server has taken them; killed in between, it makes others under
    the same names, which the server refuses from then on. Kept before, they are simply offered again.

    Raises:
        KeysClashError: the server has others under their names.
        MatrixError: what `answers.checked` raises.
    """
    if not client.should_upload_keys:
        return
    wanted = client.olm.share_keys()
    client.olm.save_account()
    try:
        body = await call(client, "POST", "/v3/keys/upload", wanted)
    except RefusedError as error:
        if "already exists" in error.detail:
            raise KeysClashError from error
        raise
    counts = body.get("one_time_key_counts")
    # Some servers leave out what they have none of.
    whole = {"curve25519": 0, "signed_curve25519": 0} | (counts if isinstance(counts, dict) else {})
    await client.receive_response(checked(nio.KeysUploadResponse.from_dict({"one_time_key_counts": whole})))
