"""Keyed hashes in the place of ids of people, chats and messages: without the key file they lead nowhere.

BLAKE2b, 16 bytes, with a key of 32 bytes. The purpose of a hash is part of it, so a person's key is never a chat's.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from msgspec import Struct

from bot.store.errors import KeyFileError

KEY_FILE = "identity.key"
_KEY_BYTES = 32
_DIGEST_BYTES = 16


class Whose(Struct, frozen=True, kw_only=True, gc=False):
    """Whom a row belongs to: the keys of a conversation, its chat and its person."""

    conversation: bytes
    chat: bytes
    person: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """Makes the keys. `secret` is the content of the key file."""

    secret: bytes = field(repr=False)

    def whose(self, *, network: str, chat: str, person: str, thread: str = "") -> Whose:
        """The keys of one person's conversation in a chat, or in a thread of it."""
        return Whose(
            conversation=self._hash("conversation", network, chat, thread, person),
            chat=self.chat(network, chat),
            person=self.person(network, person),
        )

    def chat(self, network: str, chat: str) -> bytes:
        """The key of a chat or room."""
        return self._hash("chat", network, chat)

    def person(self, network: str, person: str) -> bytes:
        """The key of a person, the same in all chats of a network."""
        return self._hash("person", network, person)

    def event(self, network: str, chat: str, event: str) -> bytes:
        """The key of a message by the network's id of it."""
        return self._hash("event", network, chat, event)

    def pace(self, *of: str) -> bytes:
        """The key under which it is counted how fast somebody writes; it leads to no other row."""
        return self._hash("pace", *of)

    def webhook(self, network: str, account: str) -> str:
        """What a network says to us at our webhook, in hex: the same for all replicas, which share the key file."""
        return self._hash("webhook", network, account).hex()

    @property
    def fingerprint(self) -> str:
        """Tells whether a database was written with this key, in hex; the key cannot be had from it."""
        return self._hash("fingerprint").hex()

    def _hash(self, purpose: str, *parts: str) -> bytes:
        hashed = hashlib.blake2b(digest_size=_DIGEST_BYTES, key=self.secret, person=purpose.encode())
        for part in parts:
            encoded = part.encode(errors="surrogatepass")  # JSON can hold half a letter, also in a network's id
            # With its length before it, no part can run into the next.
            hashed.update(len(encoded).to_bytes(4) + encoded)
        return hashed.digest()


def load_keys(data_dir: Path) -> Keys:
    """The keys of a data directory; the key file is made where there is none, for its owner alone (mode 0600).

    Raises:
        KeyFileError: the file cannot be read or written, or holds no key.
    """
    path = data_dir / KEY_FILE
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _make(path)
        secret = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except OSError as error:
        raise KeyFileError(str(path), f"cannot be used ({error.strerror}): mend the rights of the directory") from error
    except ValueError:
        secret = b""
    if len(secret) != _KEY_BYTES:
        raise KeyFileError(str(path), f"holds no key of {_KEY_BYTES} bytes in hex: restore it from a backup")
    return Keys(secret=secret)


def _make(path: Path) -> None:
    """Write a new key. Two processes that start together end up with the same one: the first link wins."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(_KEY_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
