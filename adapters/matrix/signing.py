"""Signed JSON as the specification has it (appendices, "Signing JSON"): Ed25519 over canonical JSON.

Signatures are checked by vodozemac. It has no way to sign with a seed, so that is done by the library which nio brings
along for encrypted files.
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import vodozemac
from Crypto.PublicKey import ECC
from Crypto.Signature import eddsa

SEED_BYTES = 32
_UNSIGNED = ("signatures", "unsigned")


def canonical_json(value: Any) -> bytes:
    """The one way to write a value down: sorted by code points, no spaces, UTF-8.

    Raises:
        ValueError: it holds a number that is no whole one, for which there is no such way.
    """
    _refuse_fractions(value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _refuse_fractions(value: Any) -> None:
    if isinstance(value, float):
        raise ValueError("canonical JSON knows whole numbers alone")
    below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in below:
        _refuse_fractions(part)


def encoded(raw: bytes) -> str:
    """Base64 without padding."""
    return base64.b64encode(raw).decode().rstrip("=")


def decoded(text: str) -> bytes:
    """The bytes of base64, with padding or without.

    Raises:
        ValueError: it is none.
    """
    try:
        return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), validate=True)
    except binascii.Error as error:
        raise ValueError("no base64") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """A private Ed25519 key. `public` is what others know it by, and its name in signatures: ed25519:PUBLIC."""

    seed: bytes = field(repr=False)
    public: str

    @classmethod
    def of(cls, seed: bytes) -> SigningKey:
        """The key of 32 bytes."""
        key = ECC.construct(curve="Ed25519", seed=seed)
        return cls(seed=seed, public=encoded(key.public_key().export_key(format="raw")))

    @classmethod
    def new(cls) -> SigningKey:
        """A new key."""
        return cls.of(secrets.token_bytes(SEED_BYTES))

    @classmethod
    def of_secret(cls, secret: str) -> SigningKey:
        """The key of a secret, which is the base64 of its seed.

        Raises:
            ValueError: it is none.
        """
        seed = decoded(secret)
        if len(seed) != SEED_BYTES:
            raise ValueError(f"a key has {SEED_BYTES} bytes")
        return cls.of(seed)

    @property
    def secret(self) -> str:
        """What it is kept as."""
        return encoded(self.seed)

    @property
    def id(self) -> str:
        """Its name in signatures."""
        return f"ed25519:{self.public}"

    def sign(self, value: Mapping[str, Any]) -> str:
        """The signature of an object, whose own signatures are no part of it."""
        signer = eddsa.new(ECC.construct(curve="Ed25519", seed=self.seed), "rfc8032")
        return encoded(signer.sign(_signed_part(value)))

    def signed(self, value: Mapping[str, Any], user_id: str) -> dict[str, Any]:
        """The object with our signature among its signatures."""
        signatures = {user: dict(made) for user, made in value.get("signatures", {}).items()}
        signatures.setdefault(user_id, {})[self.id] = self.sign(value)
        return {**value, "signatures": signatures}


def is_signed(value: Any, user_id: str, public: str, key_id: str | None = None) -> bool:
    """Whether an object that came from outside is signed by a key; `key_id` is its name where that is another."""
    try:
        signature = value["signatures"][user_id][key_id or f"ed25519:{public}"]
        key = vodozemac.Ed25519PublicKey.from_base64(public)
        key.verify_signature(_signed_part(value), vodozemac.Ed25519Signature.from_base64(signature))
    except (KeyError, TypeError, ValueError):
        return False
    return True


def _signed_part(value: Mapping[str, Any]) -> bytes:
    return canonical_json({name: part for name, part in value.items() if name not in _UNSIGNED})
