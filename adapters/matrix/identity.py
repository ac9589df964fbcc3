"""The three cross-signing keys of an account, and how they are published (specification, "Cross-signing"). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from adapters.matrix.signing import SigningKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The private keys."""

    master: SigningKey
    self_signing: SigningKey
    user_signing: SigningKey

    @classmethod
    def new(cls) -> Identity:
        """New keys."""
        return cls(master=SigningKey.new(), self_signing=SigningKey.new(), user_signing=SigningKey.new())

    @classmethod
    def of(cls, secrets: Mapping[str, str]) -> Identity:
        """The keys of their secrets, by usage.

        Raises:
            KeyError: one is missing.
            ValueError: one is no key.
        """
        return cls(**{f"{usage}": SigningKey.of_secret(secrets[usage]) for usage in _USAGES})

    def parts(self) -> Iterator[tuple[str, SigningKey]]:
        """Each key with its usage."""
        for usage in _USAGES:
            yield usage, getattr(self, usage)

    def published(self, user_id: str) -> dict[str, Any]:
        """What is uploaded: the public keys, the other two signed by the master key."""
        found = {}
        for usage, key in self.parts():
            public = {"user_id": user_id, "usage": [usage], "keys": {key.id: key.public}}
            found[f"{usage}_key"] = public if usage == "master" else self.master.signed(public, user_id)
        return found


_USAGES = ("master", "self_signing", "user_signing")
