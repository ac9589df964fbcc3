"""Admins hear once that a network cannot be carried, and once that it can again."""

from __future__ import annotations

from datetime import timedelta

import pytest_asyncio

from bot.alarms import LONG, Alarm, Alarms
from bot.notices import EVERY
from bot.store.engine import Store
from knowledge.index import Index
from tests.bot.test_notices import Watch

MINUTE = timedelta(minutes=1)


class Office:
    """The alarms of Telegram, and the admins of both networks."""

    def __init__(self, store: Store, index: Index) -> None:
        self.here = Watch(store=store, index=index)
        self.there = Watch(store=store, index=index, network="matrix")
        self.alarms = Alarms(network="telegram", notices={"telegram": self.here.notices, "matrix": self.there.notices})

    async def told(self, watch: Watch) -> set[str]:
        await self.alarms.idle()
        return {outgoing.letter.reply.text for outgoing in await watch.sent()}


@pytest_asyncio.fixture
async def office(file_store: Store, shipped: Index) -> Office:
    return Office(file_store, shipped)


async def test_another_process_is_told_of_where_messages_still_go_out(office: Office) -> None:
    for lasted in range(5):
        office.alarms.goes_on(Alarm.CONFLICT, lasted * MINUTE)
    (begun,) = await office.told(office.here)
    assert "vēl kāds process" in begun
    assert await office.told(office.there) == set()
    office.alarms.over(Alarm.CONFLICT, 4 * MINUTE)
    assert await office.told(office.here) == {"telegram: atkal viss kārtībā. Traucējums ilga: 4 minūtes."}


async def test_who_is_not_let_in_tells_others_at_once_and_its_own_when_it_is_over(office: Office) -> None:
    office.alarms.goes_on(Alarm.REFUSED, timedelta(0))
    office.alarms.goes_on(Alarm.REFUSED, MINUTE)
    assert await office.told(office.here) == set()
    (told,) = await office.told(office.there)
    assert "mani nelaiž iekšā" in told
    office.alarms.over(Alarm.REFUSED, 2 * MINUTE)
    for watch in (office.here, office.there):
        (told,) = await office.told(watch)
        assert "atkal viss kārtībā" in told


async def test_a_network_that_begins_later_hears_of_it_too(office: Office) -> None:
    notices = dict(office.alarms.notices)
    later, chat = notices.pop("matrix"), ""

    async def private_chat(_: str) -> str | None:
        return chat or None

    later.private_chat = private_chat
    office.alarms.notices = notices
    office.alarms.goes_on(Alarm.ENDED, timedelta(0))
    notices["matrix"] = later
    office.alarms.goes_on(Alarm.ENDED, timedelta(0))
    assert await office.told(office.there) == set(), "no chat is known before the first sync"
    chat = "!room"
    office.alarms.goes_on(Alarm.ENDED, timedelta(0))
    (told,) = await office.told(office.there)
    assert "žurnālā" in told
    office.alarms.goes_on(Alarm.ENDED, timedelta(0))
    assert await office.told(office.there) == set()


async def test_an_outage_is_told_of_once_it_is_long(office: Office) -> None:
    office.alarms.goes_on(Alarm.AWAY, LONG - MINUTE)
    office.alarms.over(Alarm.AWAY, LONG - MINUTE)
    assert await office.told(office.there) == set()
    office.alarms.goes_on(Alarm.AWAY, LONG)
    office.alarms.goes_on(Alarm.AWAY, 2 * LONG)
    (told,) = await office.told(office.there)
    assert "neatbild" in told
    office.alarms.over(Alarm.AWAY, 3 * LONG)
    assert len(await office.told(office.here)) == len(await office.told(office.there)) == 1


async def test_what_comes_and_goes_is_told_once_an_hour(office: Office) -> None:
    for _ in range(3):
        office.alarms.goes_on(Alarm.CONFLICT, timedelta(0))
        await office.alarms.idle()
        office.alarms.over(Alarm.CONFLICT, MINUTE)
        await office.alarms.idle()
    assert len(await office.told(office.here)) == 1, "and once that it is over, behind it"
    assert len(await office.told(office.here)) == 1
    assert await office.told(office.here) == set()
    office.here.time.advance(EVERY.total_seconds())
    office.alarms.goes_on(Alarm.CONFLICT, timedelta(0))
    assert len(await office.told(office.here)) == 1
