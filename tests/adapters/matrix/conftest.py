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
from msgspec.structs import replace

from adapters import wiring
from adapters.matrix.house import Measures
from adapters.matrix.invites import Caps
from adapters.matrix.run import Matrix
from adapters.matrix.session import Session, open_session
from bot.limits import Limits
from bot.secret import Secret
from bot.settings import Settings
from tests.adapters.matrix.street import PASSWORD, Street
from tests.adapters.matrix.strict import StrictResident
from tests.bot.reloading import House, furnish
from tests.servers.relay import Relay
from tests.servers.resident import Resident
from tests.servers.synapse import Synapse

Start = Callable[..., AbstractAsyncContextManager[Matrix]]
Move = Callable[..., Awaitable[Resident]]
Open = Callable[..., Awaitable[Session]]
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """The small knowledge in files, with its model learned."""
    return furnish(tmp_path_factory.mktemp("house"))


@pytest.fixture
def bot(synapse: Synapse) -> str:
    """A new account for Sēlis."""
    return synapse.register(f"selis{next(_numbers)}", PASSWORD)


@asynccontextmanager
async def carrying(
    settings: Settings, limits: Limits | None = None, hint_after: float = 60.0, caps: Caps | None = None
) -> AsyncIterator[Matrix]:
    """Sēlis, from its first sync on; it is stopped when the block ends."""
    async with wiring.service(settings, limits=limits) as service:
        # A test opens more rooms than a person does.
        caps = caps or Caps(of_one_person_an_hour=1000)
        measures = Measures(wait_seconds=1.0, hint_after=timedelta(seconds=hint_after), caps=caps)
        matrix = Matrix(service=service, settings=settings, measures=measures)
        running = asyncio.create_task(matrix.run())
        try:
            await until(lambda: matrix.last is not None or running.done())
            yield matrix
        finally:
            matrix.stop()
            async with asyncio.timeout(15):
                await running


def on_matrix(server: Synapse | Relay, user_id: str, directory: Path, house: House, **more: Any) -> Settings:
    """Settings for an account, over the small knowledge."""
    if not (directory / "models").exists():
        (directory / "models").symlink_to(house.data / "models")
    return Settings(
        knowledge_dir=house.directory, data_dir=directory, matrix_homeserver=server.url, matrix_user_id=user_id,
        matrix_password=Secret(PASSWORD), **more,
    )  # fmt: skip


@pytest.fixture
def start(synapse: Synapse, bot: str, house: House, tmp_path: Path) -> Start:
    """Starts Sēlis. Over one test all starts share a database and a device."""

    def started(
        limits: Limits | None = None,
        *,
        hint_after: float = 60.0,
        caps: Caps | None = None,
        server: Synapse | Relay = synapse,
        **more: Any,
    ) -> AbstractAsyncContextManager[Matrix]:
        return carrying(on_matrix(server, bot, tmp_path, house, **more), limits, hint_after, caps)

    return started


@asynccontextmanager
async def moving_in(server: Synapse, directory: Path) -> AsyncIterator[Move]:
    """Lets somebody move in: a new account, or another device of an account."""
    async with AsyncExitStack() as stack:

        async def moved_in(user_id: str = "") -> Resident:
            one = await Resident.of(server, directory / f"resident{next(_numbers)}", user_id)
            stack.push_async_callback(one.close)
            return one

        yield moved_in


@pytest_asyncio.fixture
async def resident(synapse: Synapse, tmp_path: Path) -> AsyncIterator[Move]:
    async with moving_in(synapse, tmp_path) as moves:
        yield moves


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def street(synapse: Synapse, house: House, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Street]:
    """Sēlis and some residents, for all tests of a file: each opens rooms of its own."""
    directory = tmp_path_factory.mktemp("street")
    (directory / "selis").mkdir()
    bot = synapse.register(f"selis{next(_numbers)}", PASSWORD)
    async with moving_in(synapse, directory) as moves:
        anna, berta, admin = await moves(), await moves(), await moves()
        settings = on_matrix(synapse, bot, directory / "selis", house, admins=f"matrix:{admin.user_id}")
        async with carrying(settings, Limits(person=10_000, group=10_000)) as matrix:
            yield Street(
                synapse=synapse, bot=bot, matrix=matrix, anna=anna, berta=berta, admin=admin, moves=moves, house=house
            )


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
        matrix_password=Secret(PASSWORD),
    )


@pytest.fixture
async def opened(matrix_settings: Settings) -> AsyncIterator[Open]:
    """Opens sessions, with other settings where they are given; they are closed in the end."""
    async with AsyncExitStack() as stack:

        async def opened(**settings: Any) -> Session:
            session = await open_session(replace(matrix_settings, **settings))
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


async def until(is_so: Callable[[], bool], within: float = 30.0) -> None:
    """Wait for something of our own process, which tells nobody."""
    async with asyncio.timeout(within):
        while not is_so():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
