"""Nothing is lost and nothing is doubled when Sēlis is killed; `make chaos` does the same ten times."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.adapters.matrix.conftest import Move
from tests.bot.reloading import House
from tests.chaos.matrix import CONFIRMS_FIRST, Burst
from tests.servers.synapse import Synapse


@pytest.fixture
async def burst(synapse: Synapse, bot: str, resident: Move, house: House, tmp_path: Path) -> Burst:
    (tmp_path / "models").symlink_to(house.data / "models")
    people = [await resident() for _ in range(5)]
    return Burst(server=synapse, directory=tmp_path, house=house, bot=bot, people=people)


async def test_kills_lose_and_double_nothing(burst: Burst) -> None:
    wrong = await burst.run(answers=8, outcomes=3)
    assert not wrong
    assert burst.answers == 55
    assert burst.handed_out_again, "the second kill came too late to show anything"


async def test_one_that_keeps_its_token_first_is_found_out(burst: Burst) -> None:
    burst.module, burst.people, burst.each = CONFIRMS_FIRST, burst.people[:3], 6
    assert (await burst.run(answers=3, outcomes=1))["lost"]
