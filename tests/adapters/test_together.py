"""Networks side by side: what ends one of them, and what ends all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from adapters import wiring
from adapters.together import together
from adapters.wiring import Service
from bot.alarms import Alarm
from bot.errors import SelisError
from bot.health import AdapterHealth
from bot.settings import Settings
from tests.bot.reloading import furnish


@dataclass(slots=True, kw_only=True)
class Net:
    """Carries nothing, until it is stopped or `ends`."""

    name: str
    ends: Exception | None = None
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        if self.ends is not None:
            raise self.ends
        await self.stopping.wait()

    def stop(self) -> None:
        self.stopping.set()

    def health(self) -> AdapterHealth:
        return AdapterHealth(name=self.name, last=None, late_after=timedelta(minutes=1))


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    house = furnish(tmp_path / "house")
    async with wiring.service(Settings(knowledge_dir=house.directory, data_dir=house.data)) as begun:
        yield begun


async def test_what_ends_one_and_what_ends_all(service: Service) -> None:
    mended, well = SelisError("mend it"), Net(name="well")
    running = asyncio.create_task(together([Net(name="ill", ends=mended), well], service))
    async with asyncio.timeout(10):
        while not service.watched:  # noqa: ASYNC110
            await asyncio.sleep(0)
    (ill,) = (await service.health()).adapters
    assert (ill.name, ill.ails) == ("ill", Alarm.ENDED)
    assert not running.done()
    well.stop()
    await running

    with pytest.raises(SelisError, match="mend it"):
        await together([Net(name="ill", ends=mended), Net(name="ill", ends=mended)], service)
    well = Net(name="well")
    with pytest.raises(ZeroDivisionError):
        await together([well, Net(name="faulty", ends=ZeroDivisionError())], service)
    assert well.stopping.is_set()
