"""Whether other clients will believe a device: the chain from its account's master key down to it. Pure.

Clients that follow the specification's advice of 2026 (1.18, "excluding insecure devices") send no keys to a device
whose chain does not hold, and do not show what it says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from adapters.matrix.signing import is_signed


class Break(StrEnum):
    """Where a chain is broken."""

    NO_DEVICE = "the server has no keys of this device"
    OTHER_KEYS = "the server shows other keys for this device than its own"
    NO_IDENTITY = "the account has no cross-signing keys"
    BROKEN_IDENTITY = "the account's cross-signing keys are not signed by its master key"
    NOT_SIGNED = "this device is not signed by its account"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """What /keys/query shows of an account and one device of it. `broken` is None where all holds."""

    broken: Break | None
    master: str | None = None
    self_signing: str | None = None
    device: Mapping[str, Any] | None = None

    @property
    def green(self) -> bool:
        """Whether other clients will exchange encrypted messages with the device."""
        return self.broken is None


def chain(answer: Mapping[str, Any], user_id: str, device_id: str, fingerprint: str | None = None) -> Chain:
    """The chain in an answer of /keys/query. `fingerprint` is the device's own Ed25519 key, where we know it."""
    master_keys = _of(answer, "master_keys", user_id)
    master = _public(master_keys, user_id, "master")
    below = _of(answer, "self_signing_keys", user_id)
    self_signing = _public(below, user_id, "self_signing")
    device = _of(_of(answer, "device_keys", user_id), device_id)
    return Chain(
        broken=_device_break(device, user_id, device_id, fingerprint)
        or _identity_break(master, self_signing, below, user_id)
        or (None if is_signed(device, user_id, self_signing or "") else Break.NOT_SIGNED),
        master=master,
        self_signing=self_signing,
        device=device or None,
    )


def _device_break(device: Any, user_id: str, device_id: str, fingerprint: str | None) -> Break | None:
    if not device:
        return Break.NO_DEVICE
    key_id = f"ed25519:{device_id}"
    public = _of(device, "keys").get(key_id)
    named = (device.get("user_id"), device.get("device_id")) == (user_id, device_id)
    ours = fingerprint is None or fingerprint == public
    if not ours or not named or not isinstance(public, str) or not is_signed(device, user_id, public, key_id):
        return Break.OTHER_KEYS
    return None


def _identity_break(master: str | None, self_signing: str | None, below: Any, user_id: str) -> Break | None:
    if master is None:
        return Break.NO_IDENTITY
    if self_signing is None or not is_signed(below, user_id, master):
        return Break.BROKEN_IDENTITY
    return None


def _public(key: Mapping[str, Any], user_id: str, usage: str) -> str | None:
    """The public part of a cross-signing key, None where it is not one for this use."""
    keys, uses = key.get("keys"), key.get("usage")
    if key.get("user_id") != user_id or not isinstance(uses, list) or usage not in uses or not isinstance(keys, dict):
        return None
    named = [public for key_id, public in keys.items() if key_id == f"ed25519:{public}"]
    return str(named[0]) if len(named) == 1 else None


def _of(found: Any, *path: str) -> dict[str, Any]:
    """What stands under a path; nothing where there is no such thing."""
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}
