"""Getting an access token that is valid: the one of before, the operator's, or a new one by password."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import nio

from adapters.logs import logger
from adapters.matrix.api import call
from adapters.matrix.errors import LoginError, RefusedError, UnknownTokenError
from adapters.matrix.kept import Folder, Kept, new_device_id
from bot.secret import Secret
from bot.settings import Settings

DISPLAY_NAME = "Sēlis"
REQUEST_SECONDS = 60.0
_log = logger("matrix")


def revealed(setting: Secret | None) -> str | None:
    """The text of a secret setting."""
    return setting.get_secret_value() if setting is not None else None


def plain_client(kept: Kept) -> nio.AsyncClient:
    """A client without encryption, which opens no crypto store: for calls of the API."""
    config = nio.AsyncClientConfig(
        encryption_enabled=False, max_limit_exceeded=0, max_timeouts=1, request_timeout=REQUEST_SECONDS
    )
    client = nio.AsyncClient(kept.homeserver, kept.user_id, config=config)
    client.user_id, client.access_token = kept.user_id, kept.access_token
    return client


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """Logs in to a homeserver, at `address`."""

    settings: Settings
    folder: Folder
    address: str

    async def device(self) -> Kept:
        """The device we are, with a token that the server has just accepted.

        Raises:
            LoginError: an operator has to do something.
            MatrixError: what `answers.checked` raises.
        """
        kept = self.folder.session()
        if kept is not None and kept.user_id != self.user_id:
            raise LoginError(
                f"the data directory holds the keys of {kept.user_id}: give {self.user_id} a SELIS_DATA_DIR of its own"
            )
        token = revealed(self.settings.matrix_access_token)
        if token is not None:
            return await self._by_token(kept, token)
        if kept is not None and kept.access_token:
            try:
                await _whoami(replace(kept, homeserver=self.address))
            except UnknownTokenError as logged_out:
                _log.warning("the homeserver has logged us out; logging in again", same_device=logged_out.soft)
                if not logged_out.soft:
                    # The server has deleted the device and its keys with the token.
                    self.folder.forget_device(kept.device_id)
                    kept = None
            else:
                return self._keep(replace(kept, homeserver=self.address))
        return await self._by_password(kept)

    async def log_out(self, kept: Kept) -> None:
        """Delete a device that is of no use any more.

        Raises:
            MatrixError: what `answers.checked` raises.
        """
        await _called(replace(kept, homeserver=self.address), "POST", "/v3/logout", {})

    @property
    def user_id(self) -> str:
        """Whose account it is."""
        return str(self.settings.matrix_user_id)

    async def _by_token(self, kept: Kept | None, token: str) -> Kept:
        new = Kept(user_id=self.user_id, device_id="", homeserver=self.address, access_token=token)
        try:
            said = await _whoami(new)
        except UnknownTokenError:
            raise LoginError(
                "SELIS_MATRIX_ACCESS_TOKEN is not valid (any more): set a new one, see docs/matrix-keys.md"
            ) from None
        if said.get("user_id") != self.user_id:
            raise LoginError(f"SELIS_MATRIX_ACCESS_TOKEN belongs to {said.get('user_id')}, not to {self.user_id}")
        device_id = said.get("device_id")
        if not isinstance(device_id, str):
            raise LoginError("SELIS_MATRIX_ACCESS_TOKEN belongs to no device, and only devices have keys: make another")
        known = kept is not None and kept.device_id == device_id
        return self._keep(replace(new, device_id=device_id, fingerprint=kept.fingerprint if kept and known else ""))

    async def _by_password(self, kept: Kept | None) -> Kept:
        password = revealed(self.settings.matrix_password)
        device_id = kept.device_id if kept is not None else new_device_id()
        # Written down before: killed in between, the next start is the same device.
        mine = self._keep(
            replace(kept, homeserver=self.address, access_token="")
            if kept is not None
            else Kept(user_id=self.user_id, device_id=device_id, homeserver=self.address)
        )
        flows = (await _called(mine, "GET", "/v3/login")).get("flows")
        if not any(isinstance(flow, dict) and flow.get("type") == "m.login.password" for flow in flows or ()):
            raise LoginError(
                "this homeserver lets nobody in by password: set SELIS_MATRIX_ACCESS_TOKEN, see docs/matrix-keys.md"
            )
        asked = {
            "type": "m.login.password",
            "identifier": {"type": "m.id.user", "user": self.user_id},
            "password": password,
            "device_id": device_id,
            "initial_device_display_name": DISPLAY_NAME,
        }
        try:
            said = await _called(mine, "POST", "/v3/login", asked)
        except RefusedError as error:
            raise LoginError(
                f"the homeserver does not let {self.user_id} in ({error.detail or error.code}): "
                "mend SELIS_MATRIX_USER_ID or SELIS_MATRIX_PASSWORD"
            ) from error
        token = said.get("access_token")
        if said.get("device_id") != device_id or not isinstance(token, str):
            raise LoginError("the homeserver gave another device than asked for: it cannot be used")
        return self._keep(replace(mine, access_token=token))

    def _keep(self, kept: Kept) -> Kept:
        if kept != self.folder.session():
            self.folder.keep_session(kept)
        return kept


async def _whoami(kept: Kept) -> dict[str, Any]:
    return await _called(kept, "GET", "/v3/account/whoami")


async def _called(kept: Kept, method: str, path: str, content: dict[str, Any] | None = None) -> dict[str, Any]:
    client = plain_client(kept)
    try:
        return await call(client, method, path, content)
    finally:
        await client.close()
