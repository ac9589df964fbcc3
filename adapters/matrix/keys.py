"""Uploading our device's keys so that a crash at any moment spoils none."""

from __future__ import annotations

from typing import Any

import nio

from adapters.matrix.answers import checked
from adapters.matrix.api import call
from adapters.matrix.errors import MatrixError, RefusedError


class KeysClashError(MatrixError):
    """The server has other one-time keys of this device than we: the crypto store is older than the device.

    What is encrypted with them nobody can read; it takes a new device (`Session.discard_keys`, and a new session).
    """

    def __init__(self) -> None:
        super().__init__("the keys in the data directory are older than what the server has of this device (a backup?)")


async def upload_keys(client: nio.AsyncClient) -> None:
    """Upload the keys of the device and one-time keys, if any are wanted; to be called before and after each sync.

    nio's own way writes new one-time keys down only after the server has taken them; killed in between, it makes others
    under the same names, which the server refuses from then on. Here they are written down first. What was not answered
    is not offered again, since the server may have taken and given them away: others are made.

    Raises:
        KeysClashError: the server has others under their names.
        MatrixError: what `answers.checked` raises.
    """
    olm = client.olm
    if olm.account.shared and olm.uploaded_key_count is None:
        olm.uploaded_key_count = (await _counts(client, {}))["signed_curve25519"]
    if not client.should_upload_keys:
        return
    olm.mark_keys_as_published()
    wanted = olm.share_keys()
    olm.save_account()
    try:
        counts = await _counts(client, wanted)
    except RefusedError as error:
        if "already exists" in error.detail:
            raise KeysClashError from error
        raise
    await client.receive_response(checked(nio.KeysUploadResponse.from_dict({"one_time_key_counts": counts})))


async def _counts(client: nio.AsyncClient, wanted: dict[str, Any]) -> dict[str, int]:
    """Upload, and hear how many one-time keys the server has; some servers leave out what they have none of."""
    said = (await call(client, "POST", "/v3/keys/upload", wanted)).get("one_time_key_counts")
    counts = said if isinstance(said, dict) else {}
    return {kind: int(counts.get(kind, 0)) for kind in ("curve25519", "signed_curve25519")}
