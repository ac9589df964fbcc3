"""What `selis matrix` does; each tells the operator what came of it, and whether other clients see a green device."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import typer

from adapters.lock import locked
from adapters.matrix.api import call
from adapters.matrix.chain import Chain
from adapters.matrix.cross_signing import Signer, advice
from adapters.matrix.errors import LoginError, MatrixError
from adapters.matrix.kept import Folder, Kept
from adapters.matrix.login import plain_client
from adapters.matrix.session import DOES, LOCK, open_session, signer_of
from bot.settings import Settings


async def login(settings: Settings) -> bool:
    """Log in, and show the recovery key if nobody has taken it yet."""
    session = await open_session(settings)
    try:
        typer.echo(f"Logged in as {session.user_id} on {session.client.homeserver}, device {session.device_id}.")
        return _told(session.chain, session.signer.folder)
    finally:
        await session.close()


async def status(settings: Settings) -> bool:
    """Look at the device from outside. It opens no crypto store, so `selis run` may go on meanwhile."""
    async with _signer(settings) as signer:
        found = await call(signer.client, "GET", "/v3/account/whoami")
        typer.echo(f"{found.get('user_id')} on {signer.client.homeserver}, device {signer.device_id}")
        green = _told(await signer.chain())
        if signer.folder.recovery_file.exists():
            typer.echo(f"The recovery key still lies in {signer.folder.recovery_file}: `selis matrix login` shows it.")
        return green


async def recover(settings: Settings, typed: str) -> bool:
    """Restore the account's keys with the recovery key, logging in first where that was not done."""
    if _kept(Folder.of(settings.data_dir)) is None:
        await login(settings)
    async with _signer(settings) as signer:
        return _told(await signer.recovered(typed.strip()), signer.folder)


async def new_identity(settings: Settings) -> bool:
    """Give the account new cross-signing keys."""
    session = await open_session(settings)
    try:
        return _told(await session.signer.replaced(), session.signer.folder)
    finally:
        await session.close()


async def reset(settings: Settings) -> bool:
    """Log the device out, and forget its keys."""
    folder = Folder.of(settings.data_dir)
    with locked(folder.path / LOCK, DOES):
        kept = folder.session()
        if kept is None:
            typer.echo("There is no device to forget.")
            return True
        client = plain_client(kept)
        try:
            with suppress(MatrixError):
                await call(client, "POST", "/v3/logout", {})
        finally:
            await client.close()
        folder.forget_device(kept.device_id)
    typer.echo(f"Device {kept.device_id} is logged out and forgotten; the next start is a new one.")
    if settings.matrix_access_token is not None:
        typer.echo("The access token went with it: set SELIS_MATRIX_ACCESS_TOKEN to a new one.")
    return True


@asynccontextmanager
async def _signer(settings: Settings) -> AsyncIterator[Signer]:
    """What looks at the device and signs it. It opens no crypto store, so `selis run` may go on meanwhile."""
    folder = Folder.of(settings.data_dir)
    kept = _kept(folder)
    if kept is None:
        raise LoginError("there is no device yet: `selis matrix login` or `selis run` makes one")
    client = plain_client(kept)
    try:
        yield signer_of(client, kept, folder, settings)
    finally:
        await client.close()


def _kept(folder: Folder) -> Kept | None:
    """The device, if it is logged in and has keys."""
    kept = folder.session()
    return kept if kept is not None and kept.access_token and kept.fingerprint else None


def _told(chain: Chain, folder: Folder | None = None) -> bool:
    """Say what others see, and show the recovery key if it was not taken yet."""
    if chain.broken is None:
        typer.echo("Green: the device is signed by its account; other clients exchange encrypted messages with it.")
    else:
        typer.echo(f"Red: {chain.broken}. Many clients will not talk with it.")
        typer.echo(f"What to do: {advice(chain.broken)}.")
    written = folder.take_recovery_key() if folder is not None else None
    if written is not None:
        typer.echo(
            "\nThe recovery key of the account's keys, shown this once. Write it down and keep it safe: "
            f"it is needed when the data directory is lost.\n\n    {written}\n"
        )
    return chain.green
