"""What is kept of a session: a folder for its owner alone (0700), every file in it 0600.

- session.json: which device we are, and its access token.
- pickle.key: what the crypto store is encrypted with.
- keys-DEVICE.db: the crypto store of nio.
- self-signing.json: the key with which our own devices are signed, so that a new one needs no person.
- pending-identity.json: cross-signing keys, while they are being uploaded.
- recovery-key.txt: only until the operator has taken it away.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from adapters.matrix.errors import StoreError
from adapters.matrix.identity import Identity
from adapters.matrix.signing import SigningKey

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Which device we are. `fingerprint` is its Ed25519 key, once it has one."""

    user_id: str
    device_id: str
    homeserver: str
    access_token: str = field(default="", repr=False)
    fingerprint: str = ""


def new_device_id() -> str:
    """The id of a new device."""
    return "SELIS" + "".join(secrets.choice(_LETTERS) for _ in range(8))


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """The folder of a session, in a data directory."""

    path: Path

    @classmethod
    def of(cls, data_dir: Path) -> Folder:
        """The folder, made where there is none.

        Raises:
            StoreError: it cannot be made.
        """
        path = data_dir / "matrix"
        try:
            data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.mkdir(mode=0o700, exist_ok=True)
            path.chmod(0o700)
        except OSError as error:
            raise StoreError(str(path), f"cannot be used ({error.strerror}): mend its rights") from error
        return cls(path=path)

    # ---- the device -------------------------------------------------------------------------------------------------

    def session(self) -> Kept | None:
        """The device we are, None where there is none yet.

        Raises:
            StoreError: the file is damaged.
        """
        found = self._read("session.json")
        if found is None:
            return None
        names = {part.name for part in fields(Kept)}
        try:
            return Kept(**{name: str(value) for name, value in found.items() if name in names})
        except TypeError:
            raise self._damaged("session.json") from None

    def keep_session(self, kept: Kept) -> None:
        """Be this device from now on."""
        self._write("session.json", asdict(kept))

    def forget_device(self, device_id: str) -> None:
        """Be no device."""
        (self.path / "session.json").unlink(missing_ok=True)
        self.set_store_aside(device_id)

    def set_store_aside(self, device_id: str) -> None:
        """Use a crypto store no more. It is not deleted: it may be a good one that was tried with a wrong key."""
        store = self.path / self.store_name(device_id)
        if store.exists():
            store.replace(store.with_suffix(".old"))

    # ---- its keys ---------------------------------------------------------------------------------------------------

    @staticmethod
    def store_name(device_id: str) -> str:
        """The file of a device's crypto store. A server may have chosen any letters for it."""
        return f"keys-{device_id if device_id.isalnum() else device_id.encode().hex()}.db"

    def has_store(self, device_id: str) -> bool:
        """Whether a device's crypto store is there."""
        file = self.path / self.store_name(device_id)
        return file.is_file() and file.stat().st_size > 0

    def guard_store(self, device_id: str) -> None:
        """See to it that a crypto store is for its owner alone before anything is written to it."""
        file = self.path / self.store_name(device_id)
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
        file.chmod(0o600)

    def pickle_key(self) -> str:
        """What crypto stores are encrypted with.

        Raises:
            StoreError: the file is damaged.
        """
        found = self._read("pickle.key")
        if found is None:
            found = {"key": secrets.token_hex(32)}
            self._write("pickle.key", found)
        key = found.get("key")
        if not isinstance(key, str) or not key:
            raise self._damaged("pickle.key")
        return key

    def self_signing(self) -> SigningKey | None:
        """The key that signs our devices, where we have it.

        Raises:
            StoreError: the file is damaged.
        """
        found = self._read("self-signing.json")
        try:
            return SigningKey.of_secret(str(found["seed"])) if found is not None else None
        except (KeyError, ValueError):
            raise self._damaged("self-signing.json") from None

    def keep_self_signing(self, key: SigningKey) -> None:
        """Keep the key that signs our devices."""
        self._write("self-signing.json", {"seed": key.secret})

    def pending_identity(self) -> Identity | None:
        """Cross-signing keys of which it was not known, when they were written down, whether they are the account's.

        Raises:
            StoreError: the file is damaged.
        """
        found = self._read("pending-identity.json")
        try:
            return Identity.of(found) if found is not None else None
        except (KeyError, ValueError, TypeError):
            raise self._damaged("pending-identity.json") from None

    def keep_pending_identity(self, identity: Identity) -> None:
        """Write cross-signing keys down before they are uploaded."""
        self._write("pending-identity.json", {usage: key.secret for usage, key in identity.parts()})

    def forget_pending_identity(self) -> None:
        """They are kept elsewhere now."""
        (self.path / "pending-identity.json").unlink(missing_ok=True)

    # ---- the recovery key -------------------------------------------------------------------------------------------

    @property
    def recovery_file(self) -> Path:
        """Where the recovery key is until the operator takes it away."""
        return self.path / "recovery-key.txt"

    def leave_recovery_key(self, written: str) -> None:
        """Put the recovery key where only the operator finds it."""
        self._replace("recovery-key.txt", written + "\n")

    def take_recovery_key(self) -> str | None:
        """The recovery key, which is deleted here; None where there is none any more."""
        try:
            written = self.recovery_file.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return None
        self.recovery_file.unlink()
        return written

    # ---- files ------------------------------------------------------------------------------------------------------

    def _read(self, name: str) -> dict[str, Any] | None:
        try:
            found = json.loads((self.path / name).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError):
            raise self._damaged(name) from None
        if not isinstance(found, dict):
            raise self._damaged(name)
        return found

    def _write(self, name: str, content: Mapping[str, Any]) -> None:
        self._replace(name, json.dumps(content) + "\n")

    def _replace(self, name: str, text: str) -> None:
        """Write a file whole or not at all, whatever happens meanwhile."""
        path = self.path / name
        draft = path.with_name(f".{name}.{secrets.token_hex(4)}")
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise StoreError(str(path), f"cannot be written ({error.strerror})") from error

    def _damaged(self, name: str) -> StoreError:
        return StoreError(
            str(self.path / name), "is damaged: restore it from a backup, or start anew with `selis matrix reset`"
        )
