"""The dialogues of tests/conversations in an encrypted room on Matrix: word for word what they are elsewhere."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import yaml

from bot.limits import Limits
from bot.secret import Secret
from bot.settings import Settings
from knowledge.index import Index
from tests.adapters.matrix.conftest import Move, carrying
from tests.adapters.matrix.street import PASSWORD
from tests.servers.resident import Resident
from tests.servers.synapse import Synapse

FILES = sorted((Path(__file__).parents[2] / "conversations").glob("*.yaml"))
DIALOGUES: list[dict[str, Any]] = [one for path in FILES for one in yaml.safe_load(path.read_text(encoding="utf-8"))]
PEOPLE = 4


async def heard(one: Resident, room: str, number: int) -> str:
    """The so many-th answer in a room."""
    await one.until(lambda: len(one.messages(room)) >= number)
    return str(one.messages(room)[number - 1].body)


async def holds(one: Resident, bot: str, dialogues: list[dict[str, Any]]) -> None:
    """Hold dialogues one after the other, each as if it were the first."""
    room = await one.room(bot, encrypted=True, direct=True)
    await one.joined_by(bot, room)
    said = 0
    for dialogue in dialogues:
        for turn in dialogue["turns"]:
            await one.says(turn["says"], room)
            said += 1
            body = await heard(one, room, said)
            for fact in turn.get("shows", []):
                assert str(fact) in body, dialogue["name"]
            for fact in turn.get("hides", []):
                assert str(fact) not in body, dialogue["name"]
            for label in turn.get("offers", []):
                assert f". {label}\n" in f"{body}\n" or f". {label}: " in body, dialogue["name"]
        # What comes back to this comes before the next answer.
        await one.says("!dzest", room)
        said += 1


async def test_dialogues_are_what_they_are_in_the_terminal(
    synapse: Synapse, bot: str, resident: Move, shipped: Index, data_dir: Path, tmp_path: Path
) -> None:
    assert DIALOGUES
    (tmp_path / "models").symlink_to(data_dir / "models")
    settings = Settings(
        data_dir=tmp_path, matrix_homeserver=synapse.url, matrix_user_id=bot, matrix_password=Secret(PASSWORD)
    )
    people = [await resident() for _ in range(PEOPLE)]
    async with carrying(settings, Limits(person=10_000, group=10_000)), asyncio.TaskGroup() as group:
        for number, one in enumerate(people):
            group.create_task(holds(one, bot, DIALOGUES[number::PEOPLE]))
