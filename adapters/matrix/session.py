"""A session with a homeserver: logged in, with our own keys, the same device after every start."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from dataclasses import dataclass, field

import nio

from adapters.lock import locked
from adapters.logs import logger
from adapters.matrix.chain import Chain
from adapters.matrix.client import Client
from adapters.matrix.cross_signing import Signer, advice
from adapters.matrix.discovery import homeserver
from adapters.matrix.errors import CrossSigningError, LoginError, MatrixError
from adapters.matrix.kept import Folder, Kept
from adapters.matrix.login import Login, revealed
from adapters.matrix.store import StoreLostError, close, with_keys
from bot.settings import Settings

LOCK = "lock"
DOES = "uses the keys of this Matrix device"
_log = logger("matrix")


@dataclass(slots=True, kw_only=True)
class Session:
    """A client that is logged in, with encryption. `chain` is what other clients saw of our device at the start."""

    client: Client
    signer: Signer
    chain: Chain
    _held: ExitStack = field(repr=False)

    @property
    def user_id(self) -> str:
        """Who we are."""
        return self.signer.user_id

    @property
    def device_id(self) -> str:
        """Which device we are."""
        return self.signer.device_id

    def discard_keys(self) -> None:
        """The keys are of no use any more (KeysClashError): the next session is a new device."""
        self.signer.folder.set_store_aside(self.device_id)

    async def close(self) -> None:
        """Let go of the connection, of the crypto store and of its lock."""
        with self._held:
            await close(self.client)


async def open_session(settings: Settings) -> Session:
    """Log in, or go on with the session of before; the first time the account gets its cross-signing keys.

    Raises:
        UnreachableError, LimitExceededError: later it may go well.
        AlreadyRunningError: another process of this machine has the session.
        MatrixError: an operator has to do something; the message says what.
    """
    folder = Folder.of(settings.data_dir)
    with ExitStack() as held:
        held.enter_context(locked(folder.path / LOCK, DOES))
        client, kept = await _opened(settings, folder)
        signer = signer_of(client, kept, folder, settings)
        try:
            chain = await _settled(signer)
        except BaseException:
            await close(client)
            raise
        return Session(client=client, signer=signer, chain=chain, _held=held.pop_all())


def signer_of(client: nio.AsyncClient, kept: Kept, folder: Folder, settings: Settings) -> Signer:
    """What looks at a kept device and signs it."""
    return Signer(
        client=client,
        user_id=kept.user_id,
        device_id=kept.device_id,
        fingerprint=kept.fingerprint,
        folder=folder,
        password=revealed(settings.matrix_password),
    )


async def _opened(settings: Settings, folder: Folder) -> tuple[Client, Kept]:
    """A client with keys; where those of before are lost, as a new device."""
    before = folder.session()
    address = await homeserver(
        settings.matrix_homeserver, str(settings.matrix_user_id), before.homeserver if before is not None else None
    )
    login = Login(settings=settings, folder=folder, address=address)
    kept = await login.device()
    try:
        return await with_keys(folder, kept)
    except StoreLostError as lost:
        if settings.matrix_access_token is not None:
            raise LoginError(
                f"the keys of the device that SELIS_MATRIX_ACCESS_TOKEN belongs to cannot be used ({lost.why}): "
                "make a new token, which is a new device, see docs/matrix-keys.md"
            ) from lost
        _log.warning("the keys of our device cannot be used; logging in as a new device", why=lost.why)
        with suppress(MatrixError):
            await login.log_out(kept)
        folder.forget_device(kept.device_id)
    return await with_keys(folder, await login.device())


async def _settled(signer: Signer) -> Chain:
    """The chain; where it is broken and cannot be mended here, the log says what to do."""
    try:
        chain = await signer.settled()
    except CrossSigningError as error:
        _log.warning("the account could not get cross-signing keys", detail=str(error))
        chain = await signer.chain()
    if chain.broken is not None:
        _log.warning(
            "many clients will not talk with this device", why=chain.broken.value, cure=advice(chain.broken)
        )  # fmt: skip
    return chain
