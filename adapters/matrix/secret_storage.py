"""Secrets in the account's data, under a recovery key: m.secret_storage.v1.aes-hmac-sha2 of the specification. Pure.

Other clients can read what is written here, and what they wrote can be read.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Any

from Crypto.Cipher import AES
from Crypto.Hash import SHA256
from Crypto.Protocol.KDF import HKDF
from Crypto.Util import Counter

from adapters.matrix import recovery_key
from adapters.matrix.errors import RecoveryKeyError
from adapters.matrix.signing import decoded, encoded

ALGORITHM = "m.secret_storage.v1.aes-hmac-sha2"
DEFAULT_KEY = "m.secret_storage.default_key"
_KEY_CHECK = b"\0" * 32
_MOST_ROUNDS = 10_000_000


def key_type(key_id: str) -> str:
    """The account data that describes a key."""
    return f"m.secret_storage.key.{key_id}"


def described(key: bytes, name: str) -> dict[str, Any]:
    """The description of a key, by which it can be told whether one is it."""
    check = _encrypted(key, "", _KEY_CHECK)
    return {"name": name, "algorithm": ALGORITHM, "iv": check["iv"], "mac": check["mac"]}


def key_of(typed: str, description: Mapping[str, Any]) -> bytes:
    """The key that was typed, as letters or, where the description lets it be one, as a passphrase.

    Raises:
        RecoveryKeyError: it is mistyped, or not the one that is described.
    """
    if description.get("algorithm") != ALGORITHM:
        raise RecoveryKeyError(f"the account's secrets are kept in a way that is not known here: use {ALGORITHM}")
    try:
        key = recovery_key.read(typed)
    except RecoveryKeyError:
        passphrase = description.get("passphrase")
        if not isinstance(passphrase, Mapping):
            raise
        key = _of_passphrase(typed, passphrase)
    # Without a check the specification has us believe the person.
    if "mac" in description and not _is_the_one(key, description):
        raise RecoveryKeyError("this is another recovery key than the one of the account's secrets")
    return key


def encrypted(key: bytes, key_id: str, name: str, secret: str) -> dict[str, Any]:
    """The account data that keeps a secret."""
    return {"encrypted": {key_id: _encrypted(key, name, secret.encode())}}


def decrypted(key: bytes, name: str, kept: Any) -> str:
    """The secret of what was encrypted with this key.

    Raises:
        RecoveryKeyError: it was encrypted with another, or is damaged.
    """
    try:
        iv, ciphertext, mac = (decoded(kept[part]) for part in ("iv", "ciphertext", "mac"))
        aes, hmac_key = _derived(key, name)
        if not hmac.compare_digest(_mac(hmac_key, ciphertext), mac):
            raise ValueError("another key")
        return _ctr(aes, iv, ciphertext).decode()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RecoveryKeyError(f"the account's secret {name} cannot be opened with this recovery key") from error


def _of_passphrase(typed: str, passphrase: Mapping[str, Any]) -> bytes:
    salt, rounds = passphrase.get("salt"), passphrase.get("iterations")
    known = passphrase.get("algorithm") == "m.pbkdf2" and passphrase.get("bits", 256) == 256
    if not known or not isinstance(salt, str) or not isinstance(rounds, int) or not 0 < rounds <= _MOST_ROUNDS:
        raise RecoveryKeyError("the account's passphrase is kept in a way that is not known here: use the recovery key")
    return hashlib.pbkdf2_hmac("sha512", typed.encode(), salt.encode(), rounds, recovery_key.KEY_BYTES)


def _is_the_one(key: bytes, description: Mapping[str, Any]) -> bool:
    try:
        aes, hmac_key = _derived(key, "")
        made = _mac(hmac_key, _ctr(aes, decoded(description["iv"]), _KEY_CHECK))
        return hmac.compare_digest(made, decoded(description["mac"]))
    except (KeyError, TypeError, ValueError, AttributeError):
        return False


def _encrypted(key: bytes, name: str, secret: bytes) -> dict[str, str]:
    aes, hmac_key = _derived(key, name)
    # The specification clears bit 63, since not all libraries count on past it.
    iv = (secrets.randbits(128) & ~(1 << 63)).to_bytes(16)
    ciphertext = _ctr(aes, iv, secret)
    return {"iv": encoded(iv), "ciphertext": encoded(ciphertext), "mac": encoded(_mac(hmac_key, ciphertext))}


def _derived(key: bytes, name: str) -> tuple[bytes, bytes]:
    both: bytes = HKDF(key, 64, b"\0" * 32, SHA256, context=name.encode())
    return both[:32], both[32:]


def _ctr(key: bytes, iv: bytes, data: bytes) -> bytes:
    if len(iv) != 16:
        raise ValueError("the start of the counter has 16 bytes")
    counter = Counter.new(128, initial_value=int.from_bytes(iv))
    return AES.new(key, AES.MODE_CTR, counter=counter).encrypt(data)


def _mac(key: bytes, ciphertext: bytes) -> bytes:
    return hmac.new(key, ciphertext, hashlib.sha256).digest()
