"""Sēlis on Matrix, whole: the real parts of the process over a real Synapse, and real clients as residents."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from pydantic import SecretStr

from adapters import wiring
from adapters.matrix.run import Matrix
from bot.limits import Limits
from bot.settings import Settings
from tests.bot.reloading import House, furnish
from tests.servers.resident import Resident
from tests.servers.synapse import Synapse

PASSWORD = "a password"
Start = Callable[..., AbstractAsyncContextManager[Matrix]]
Move = Callable[..., Awaitable[Resident]]
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """The small knowledge in files, with its model learned."""
    return furnish(tmp_path_factory.mktemp("house"))


@pytest.fixture
def bot(synapse: Synapse) -> str:
    """A new account for Sēlis."""
    return synapse.register(f"selis{next(_numbers)}", PASSWORD)


def on_matrix(server: Synapse, user_id: str, directory: Path, house: House, **more: Any) -> Settings:
    """Settings for an account, over the small knowledge."""
    if not (directory / "models").exists():
        (directory / "models").symlink_to(house.data / "models")
    return Settings(
        knowledge_dir=house.directory, data_dir=directory, matrix_homeserver=server.url, matrix_user_id=user_id,
        matrix_password=SecretStr(PASSWORD), **more,
    )  # fmt: skip


@pytest.fixture
def start(synapse: Synapse, bot: str, house: House, tmp_path: Path) -> Start:
    """Starts Sēlis; it is stopped when the block ends. Over one test all starts share a database and a device."""

    @asynccontextmanager
    async def started(
        limits: Limits | None = None, *, hint_after: float = 60.0, server: Synapse = synapse, **more: Any
    ) -> AsyncIterator[Matrix]:
        settings = on_matrix(server, bot, tmp_path, house, **more)
        async with wiring.service(settings, limits=limits) as service:
            matrix = Matrix(
                service=service, settings=settings, wait_seconds=1.0, hint_after=timedelta(seconds=hint_after)
            )
            running = asyncio.create_task(matrix.run())
            try:
                await until(lambda: matrix.last is not None or running.done())
                yield matrix
            finally:
                matrix.stop()
                async with asyncio.timeout(15):
                    await running

    return started


@pytest_asyncio.fixture
async def resident(synapse: Synapse, tmp_path: Path) -> AsyncIterator[Move]:
    """Lets somebody move in: a new account, or another device of an account."""
    async with AsyncExitStack() as stack:

        async def moved_in(user_id: str = "") -> Resident:
            directory = tmp_path / f"resident{next(_numbers)}"
            one = await Resident.of(synapse, directory, user_id)
            stack.push_async_callback(one.close)
            return one

        yield moved_in


async def until(is_so: Callable[[], bool], within: float = 30.0) -> None:
    """Wait for something of our own process, which tells nobody."""
    async with asyncio.timeout(within):
        while not is_so():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
