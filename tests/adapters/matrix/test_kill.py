"""Nothing is lost and nothing is doubled when Sēlis is killed; `make chaos` does the same ten times.

There a Sēlis that keeps a sync's token too early has to be found out as well (`tests/chaos/confirms_first.py`).
"""

from __future__ import annotations

from pathlib import Path

from tests.adapters.matrix.conftest import Move
from tests.bot.reloading import House
from tests.chaos.matrix import Burst
from tests.servers.synapse import Synapse


async def test_kills_lose_and_double_nothing(
    synapse: Synapse, bot: str, resident: Move, house: House, tmp_path: Path
) -> None:
    (tmp_path / "models").symlink_to(house.data / "models")
    people = [await resident() for _ in range(5)]
    burst = Burst(server=synapse, directory=tmp_path, house=house, bot=bot, people=people)
    wrong = await burst.run(answers=8, outcomes=3)
    assert not wrong
    assert burst.answers == 55
    assert burst.handed_out_again, "the second kill came too late to show anything"
