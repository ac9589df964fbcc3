"""What runs beside the messages: it is finished, or ended, when the service ends."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters import wiring
from bot.delivery import Refused
from bot.messages import ConversationId, IncomingMessage, Reply
from bot.settings import Settings
from bot.store import seen
from bot.store.engine import open_store
from bot.store.outbox import Outgoing
from bot.store.prune import rows_by_table
from bot.store.steps import run
from bot.versions import Versions
from tests.bot.desk.office import Office
from tests.bot.reloading import furnish
from tests.bot.test_dialogue_desk import ADMINS, NEW, OLD, carry


def message(person: str, text: str) -> IncomingMessage:
    of = ConversationId(network="telegram", chat=person, person=person)
    return IncomingMessage(conversation=of, id="1", text=text)


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine takes longer over a reload than a process that stops waits for one."""
    monkeypatch.setattr(wiring, "_PATIENCE_SECONDS", 60)


async def test_a_reload_that_is_under_way_at_the_end_is_finished_and_told(tmp_path: Path, patient: None) -> None:
    house = furnish(tmp_path)
    settings = Settings(knowledge_dir=house.directory, data_dir=house.data, admins=ADMINS)
    async with wiring.service(settings) as service:
        before = service.live.current.version
        house.edit("contacts/aa.yaml", OLD, NEW)
        await service.dialogue.respond(message("ilze", "/parladet"))
    assert Versions(directory=house.data / "versions").active not in {None, before}
    got: dict[str, list[Reply]] = {}
    store = await open_store(None, house.data)
    await carry(store, got, wiring.now())
    await store.close()
    assert NEW in got["ilze"][-1].text


async def test_a_reload_nobody_waits_for_is_finished_before_the_end(tmp_path: Path, patient: None) -> None:
    house = furnish(tmp_path)
    settings = Settings(knowledge_dir=house.directory, data_dir=house.data, admins=ADMINS)
    async with wiring.service(settings) as service:
        before = service.live.current.version
        house.edit("contacts/aa.yaml", OLD, NEW)
        desk = service.dialogue.desk
        assert desk is not None
        office = Office(house=house, store=service.store)
        office.desk = desk  # type: ignore[assignment]
        async for reply in office.serve("/parladet"):
            assert reply.text == "Lasu un pārbaudu failus …"
            break
    assert Versions(directory=house.data / "versions").active not in {None, before}


async def test_what_is_too_old_goes_beside_the_messages(tmp_path: Path) -> None:
    house = furnish(tmp_path)
    store = await open_store(None, house.data)
    async with store.transaction() as connection:
        long_ago = datetime.now(UTC) - timedelta(days=30)
        await run(connection, seen.marking(store.keys.event("telegram", "1", "1"), long_ago))
    await store.close()
    settings = Settings(knowledge_dir=house.directory, data_dir=house.data)
    async with wiring.service(settings) as service, asyncio.timeout(20):
        while (await rows_by_table(service.store))["seen"]:  # noqa: ASYNC110 - the table itself is the event
            await asyncio.sleep(0.01)


async def test_admins_are_told_of_what_a_network_refuses(tmp_path: Path) -> None:
    told = asyncio.Event()
    got: dict[str, str] = {}

    class Phone:
        async def send(self, outgoing: Outgoing) -> Sequence[str]:
            chat = outgoing.letter.address.chat
            if chat == "anna":
                raise Refused("blocked")
            got[chat] = outgoing.letter.reply.text
            if len(got) == 2:
                told.set()
            return ["1"]

    house = furnish(tmp_path)
    settings = Settings(knowledge_dir=house.directory, data_dir=house.data, admins=ADMINS)
    async with wiring.service(settings) as service:
        delivery = service.delivery("telegram", Phone())
        sending = asyncio.create_task(delivery.run())
        await service.dialogue.respond(message("anna", "policija aa"))
        delivery.wake.set()
        await asyncio.wait_for(told.wait(), 20)
        delivery.stop()
        await sending
    assert set(got) == {"ilze", "juris"}
    assert "tīkls atteicās pieņemt (blocked)" in got["ilze"]
