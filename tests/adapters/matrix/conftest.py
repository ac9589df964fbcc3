"""An account of the bot on a real homeserver, its settings, and people who write to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from adapters.matrix.session import Session, open_session
from bot.settings import Settings
from tests.adapters.matrix.strict import StrictResident
from tests.servers.relay import Relay
from tests.servers.synapse import Synapse

PASSWORD = "the bot's password"
Open = Callable[..., Awaitable[Session]]


@pytest.fixture
def account(synapse: Synapse) -> str:
    """A new account for the bot."""
    return synapse.register(password=PASSWORD)


@pytest.fixture
def matrix_settings(synapse: Synapse, account: str, tmp_path: Path) -> Settings:
    """What an operator sets: homeserver, account and password."""
    return Settings(
        data_dir=tmp_path / "data",
        matrix_homeserver=synapse.url,
        matrix_user_id=account,
        matrix_password=PASSWORD,
        _env_file=None,
    )


@pytest.fixture
async def opened(matrix_settings: Settings) -> AsyncIterator[Open]:
    """Opens sessions, with other settings where they are given; they are closed in the end."""
    async with AsyncExitStack() as stack:

        async def opened(**settings: Any) -> Session:
            session = await open_session(matrix_settings.model_copy(update=settings))
            stack.push_async_callback(session.close)
            return session

        yield opened


@pytest.fixture
async def anna(synapse: Synapse, tmp_path: Path) -> AsyncIterator[StrictResident]:
    """Her client believes cross-signed devices alone."""
    resident = await StrictResident.at(synapse, tmp_path / "anna")
    yield resident
    await resident.close()


@pytest.fixture
async def relay(synapse: Synapse) -> AsyncIterator[Relay]:
    """An address before the homeserver's, where things go wrong by plan."""
    async with Relay(synapse.url) as started:
        yield started
