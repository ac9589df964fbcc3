"""Cross-signing: the account's three keys are made, uploaded, kept and restored, and our device is signed with them.

The master key vouches for the self-signing key, and that for our devices; the user-signing key is for people whom other
clients of the account may want to verify. Their private parts stand in the account's data, under the recovery key; the
self-signing key is kept here as well, so that a new device of ours needs no person.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import nio

from adapters.logs import logger
from adapters.matrix import recovery_key, secret_storage
from adapters.matrix.api import AuthenticationWantedError, account_data, call, keep_account_data, own_keys
from adapters.matrix.chain import Break, Chain, chain
from adapters.matrix.errors import CrossSigningError, RecoveryKeyError
from adapters.matrix.identity import Identity
from adapters.matrix.kept import Folder
from adapters.matrix.signing import SigningKey

_log = logger("matrix")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Signs one device of an account. `password` is said where the server asks for it."""

    client: nio.AsyncClient
    user_id: str
    device_id: str
    fingerprint: str
    folder: Folder
    password: str | None = field(default=None, repr=False)

    async def chain(self) -> Chain:
        """What others see of the account and this device.

        Raises:
            MatrixError: what `answers.checked` raises.
        """
        return chain(await own_keys(self.client, self.user_id), self.user_id, self.device_id, self.fingerprint)

    async def settled(self) -> Chain:
        """The chain, after what can be done for it without a person is done.

        Raises:
            CrossSigningError: the server does not let us.
            MatrixError: what `answers.checked` raises.
        """
        found = await self.chain()
        pending = self.folder.pending_identity()
        if pending is not None and pending.master.public == found.master:
            await self._keep(pending)
        elif found.broken is Break.NO_IDENTITY:
            await self._upload(Identity.new())
            found = await self.chain()
        elif pending is not None:
            self.folder.forget_pending_identity()
        key = self.folder.self_signing()
        if found.broken is Break.NOT_SIGNED and key is not None and key.public == found.self_signing:
            await self._sign(found, key)
            found = await self.chain()
        return found

    async def replaced(self) -> Chain:
        """The chain, after the account got new keys: people who had verified it are told that it changed.

        Raises:
            CrossSigningError: the server does not let us.
            MatrixError: what `answers.checked` raises.
        """
        await self._upload(Identity.new())
        return await self.settled()

    async def recovered(self, typed: str) -> Chain:
        """The chain, after the account's keys were restored with a recovery key (or passphrase).

        Raises:
            RecoveryKeyError: it is mistyped, or opens nothing.
            CrossSigningError: there is nothing to restore, or it is of no use.
            MatrixError: what `answers.checked` raises.
        """
        found = await self.chain()
        if found.self_signing is None:
            raise CrossSigningError(
                "the account has no cross-signing keys to restore: `selis matrix login` or `selis run` makes some"
            )
        key = await self._restored(typed)
        if key.public != found.self_signing:
            raise CrossSigningError(
                "the recovery key opens keys that the account does not use any more: use the one of its present keys, "
                "or make new ones with `selis matrix reset --identity`"
            )
        self.folder.keep_self_signing(key)
        return await self.settled()

    # ---- uploading --------------------------------------------------------------------------------------------------

    async def _upload(self, identity: Identity) -> None:
        """Make an identity the account's. It is written down before, since the answer may never reach us."""
        self.folder.keep_pending_identity(identity)
        content = identity.published(self.user_id)
        path = "/v3/keys/device_signing/upload"
        try:
            await call(self.client, "POST", path, content)
        except AuthenticationWantedError as wanted:
            try:
                await call(self.client, "POST", path, content | {"auth": self._authentication(wanted.answer)})
            except AuthenticationWantedError:
                raise CrossSigningError(
                    "the homeserver does not take SELIS_MATRIX_PASSWORD as leave to upload cross-signing keys"
                ) from wanted
        await self._keep(identity)

    def _authentication(self, answer: Mapping[str, Any]) -> dict[str, Any]:
        flows = [flow.get("stages") for flow in answer["flows"] if isinstance(flow, dict)]
        if ["m.login.password"] in flows and self.password is not None:
            return {
                "type": "m.login.password",
                "identifier": {"type": "m.id.user", "user": self.user_id},
                "password": self.password,
                "session": answer.get("session"),
            }
        if ["m.login.password"] in flows:
            raise CrossSigningError(
                "the homeserver asks for the password before it takes cross-signing keys: set SELIS_MATRIX_PASSWORD too"
            )
        page = _page(answer.get("params"))
        raise CrossSigningError(
            "the homeserver wants the account's owner to allow new cross-signing keys"
            + (f": do so at {page} and try again" if page else ", in a way that needs a browser: use another client")
        )

    async def _keep(self, identity: Identity) -> None:
        """Keep the keys of an identity that the account has: here, and in its data under a new recovery key."""
        self.folder.keep_self_signing(identity.self_signing)
        key, key_id = secrets.token_bytes(recovery_key.KEY_BYTES), secrets.token_hex(16)
        description = secret_storage.described(key, "Sēlis")
        await keep_account_data(self.client, self.user_id, secret_storage.key_type(key_id), description)
        for usage, kept in identity.parts():
            name = _kept_as(usage)
            content = secret_storage.encrypted(key, key_id, name, kept.secret)
            await keep_account_data(self.client, self.user_id, name, content)
        await keep_account_data(self.client, self.user_id, secret_storage.DEFAULT_KEY, {"key": key_id})
        self.folder.leave_recovery_key(recovery_key.written(key))
        self.folder.forget_pending_identity()
        _log.warning("cross-signing keys were made; take their recovery key away", file=str(self.folder.recovery_file))

    # ---- signing and restoring --------------------------------------------------------------------------------------

    async def _sign(self, found: Chain, key: SigningKey) -> None:
        device = {name: part for name, part in (found.device or {}).items() if name != "unsigned"}
        content = {self.user_id: {self.device_id: key.signed(device, self.user_id)}}
        answer = await call(self.client, "POST", "/v3/keys/signatures/upload", content)
        if answer.get("failures"):
            raise CrossSigningError("the homeserver does not take the signature of our device: `selis matrix reset`")

    async def _restored(self, typed: str) -> SigningKey:
        name = _kept_as("self_signing")
        kept = await account_data(self.client, self.user_id, name)
        under = kept.get("encrypted") if kept is not None else None
        problem: Exception = CrossSigningError(
            "the account's data holds no cross-signing keys: make new ones with `selis matrix reset --identity`"
        )
        for key_id, secret in (under if isinstance(under, dict) else {}).items():
            description = await account_data(self.client, self.user_id, secret_storage.key_type(key_id))
            try:
                key = secret_storage.key_of(typed, description or {})
                return SigningKey.of_secret(secret_storage.decrypted(key, name, secret))
            except (RecoveryKeyError, ValueError) as error:
                problem = error
        raise problem


def _kept_as(usage: str) -> str:
    """The account data of a key."""
    return f"m.cross_signing.{usage}"


def _page(params: Any) -> str | None:
    """The page where an account is managed, as servers with delegated authentication tell it."""
    found = [told.get("url") for told in params.values() if isinstance(told, dict)] if isinstance(params, dict) else []
    return next((url for url in found if isinstance(url, str) and url.startswith("https://")), None)


def advice(broken: Break) -> str:
    """What an operator can do about a broken chain."""
    return {
        Break.NO_DEVICE: "`selis matrix login` or `selis run` uploads them",
        Break.OTHER_KEYS: "`selis matrix reset` makes a new device",
        Break.NO_IDENTITY: "`selis matrix login` makes them",
        Break.BROKEN_IDENTITY: "`selis matrix reset --identity` makes new ones",
        Break.NOT_SIGNED: "`selis matrix recover` signs it with the account's recovery key; "
        "where that is lost, `selis matrix reset --identity` makes new keys",
    }[broken]
