"""`selis matrix`: what an operator does with the account on Matrix."""

from __future__ import annotations

import asyncio
import logging
import sys
from typing import Annotated

import typer

from bot.errors import SettingsError
from bot.settings import Settings, load_settings

app = typer.Typer(help="The account on Matrix: logging in, its keys, and whether other clients trust it.")


@app.command()
def login() -> None:
    """Log in, make the account's keys where it has none, and show their recovery key, once."""
    from adapters.matrix import operator

    asyncio.run(operator.login(_settings()))


@app.command()
def status() -> None:
    """Tell whether other clients see a green or a red device: exit 0 or 1."""
    from adapters.matrix import operator

    if not asyncio.run(operator.status(_settings())):
        raise typer.Exit(1)


@app.command()
def recover() -> None:
    """Restore the account's keys with their recovery key, and sign this device with them."""
    from adapters.matrix import operator

    settings = _settings()
    typed = typer.prompt("Recovery key", hide_input=True) if sys.stdin.isatty() else sys.stdin.readline()
    asyncio.run(operator.recover(settings, typed))


@app.command()
def reset(
    identity: Annotated[
        bool, typer.Option("--identity", help="Keep the device, and give the account new cross-signing keys.")
    ] = False,
) -> None:
    """Log the device out and forget its keys: the next start is a new device."""
    from adapters.matrix import operator

    settings = _settings()
    asyncio.run(operator.new_identity(settings) if identity else operator.reset(settings))


def _settings() -> Settings:
    from adapters import logs
    from adapters.secret_settings import secrets

    settings = load_settings()
    if not settings.on_matrix:
        raise SettingsError("SELIS_MATRIX_USER_ID", "is missing: name the bot's account, as @selis:example.org")
    logs.set_up(secrets(settings), level=logging.ERROR)
    return settings
