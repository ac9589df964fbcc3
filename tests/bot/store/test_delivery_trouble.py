"""The sender in trouble: how long it waits for the database, and what it counts."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.delivery import Refused, RetryLater
from bot.dropped import Dropped, Why
from bot.retry import RetryPolicy
from bot.store import counters, outbox
from bot.store.engine import Store
from bot.store.schema import outbox as table
from tests.bot.handed_time import HandedTime
from tests.bot.store.sending import Rig, running, to


async def test_a_database_that_is_away_is_asked_less_and_less_often_and_each_time_anew(
    file_store: Store, tmp_path: Path
) -> None:
    file, away = tmp_path / "selis.sqlite3", tmp_path / "away"
    async with running(file_store) as rig:
        await rig.put(to(file_store, "ilze", 1))
        await rig.empty()
        for outage in (1, 2):
            file.rename(away)
            rig.delivery.wake.set()
            for wait in (0.5, 1, 2):
                await rig.time.asleep(wait)
                rig.time.advance(wait)
            await rig.time.asleep(4)
            assert rig.delivery.figures["database"] == 4 * outage
            away.rename(file)
            rig.time.advance(4)
            await rig.put(to(file_store, "ilze", 1 + outage))
            await rig.phone.until(1 + outage)
            await rig.empty()


async def test_an_outcome_is_noted_as_soon_as_the_database_is_back(file_store: Store, tmp_path: Path) -> None:
    file, away = tmp_path / "selis.sqlite3", tmp_path / "away"
    async with running(file_store) as rig:
        rig.phone.answers["ilze"] = [lambda: file.rename(away)]
        await rig.put(to(file_store, "ilze", 1))
        await rig.phone.until(1)
        await rig.time.asleep(0.5)
        rig.time.advance(0.5)
        await rig.time.asleep(1)
        away.rename(file)
        rig.time.advance(1)
        await rig.empty()
        assert rig.phone.took == ["ilze/1"]
        assert rig.delivery.figures == {"sent": 1, "database": 2}


async def test_what_nobody_can_read_is_told_and_counted_by_letters(store: Store) -> None:
    async with store.transaction() as connection:
        for person in ("ilze", "jānis"):
            await outbox.enqueue(connection, to(store, person, 1), HandedTime().now)
        await connection.execute(update(table).values(reply="{}"))
    async with running(store) as rig:
        await _told(rig, 2)
        async with store.reading() as connection:
            counted = await counters.between(connection, date.min, date.max)
    assert rig.dropped == [Dropped(network="telegram", why=Why.UNREADABLE, letters=2)]
    assert rig.delivery.figures == {"dropped": 2}
    assert [(one.day, one.kind, one.label, one.n) for one in counted] == [
        (HandedTime().now.date(), "dropped", "unreadable", 2)
    ]


async def test_each_letter_that_is_refused_is_counted(store: Store) -> None:
    async with running(store) as rig:
        rig.phone.answers["ilze"] = [Refused("blocked"), Refused("blocked")]
        await rig.put(*(to(store, "ilze", number) for number in range(3)))
        await rig.phone.until(1)
        await rig.empty()
    assert rig.delivery.figures == {"sent": 1, "dropped": 2}


async def _told(rig: Rig, letters: int) -> None:
    async with asyncio.timeout(20):
        while sum(told.letters for told in rig.dropped) < letters:  # noqa: ASYNC110 - what is told is the event
            await asyncio.sleep(0)


async def test_what_nobody_foresaw_is_counted_as_a_fault(store: Store) -> None:
    async with running(store) as rig:
        rig.phone.answers["ilze"] = [ValueError("unforeseen")] * 2
        await rig.put(to(store, "ilze", 1))
        for wait in (0.5, 1):
            await rig.time.asleep(wait)
            rig.time.advance(wait)
        await rig.phone.until(1)
    assert rig.delivery.figures == {"faults": 2, "retried": 2, "sent": 1}


async def test_a_listener_that_fails_is_counted_as_a_fault(store: Store) -> None:
    async def fail(_: Dropped) -> None:
        raise RuntimeError

    async with running(store, dropped=fail) as rig:
        rig.phone.answers["ilze"] = [Refused("blocked"), Refused("blocked")]
        await rig.put(*(to(store, "ilze", number) for number in range(3)))
        await rig.phone.until(1)
    assert rig.delivery.figures == {"faults": 2, "dropped": 2, "sent": 1}


async def test_what_is_too_old_is_told_without_a_reason_of_the_network(store: Store) -> None:
    async with running(store, policy=RetryPolicy(maximum_age=timedelta(seconds=-1))) as rig:
        await rig.put(to(store, "ilze", 1))
        await _told(rig, 1)
    (told,) = rig.dropped
    assert (told.why, told.detail, rig.phone.tried) == (Why.TOO_OLD, "", [])


async def test_files_are_made_unreadable_once_and_then_nothing_is_waited_for(file_store: Store) -> None:
    async with running(file_store, idle=timedelta(seconds=4)) as rig:
        for number in range(2):
            await rig.put(to(file_store, "ilze", number))
            await rig.empty()
            await rig.time.asleep(4)
            rig.time.advance(4)
            async with asyncio.timeout(20):
                while rig.time.sleepers:  # noqa: ASYNC110 - that nobody sleeps is the event
                    await asyncio.sleep(0)
            await asyncio.sleep(0.05)
            assert rig.time.sleepers == 0


async def test_one_that_the_network_wants_later_holds_up_the_others_only_where_it_says_so(store: Store) -> None:
    async with running(store) as rig:
        rig.phone.answers["ilze"] = [RetryLater(everywhere=True), RetryLater(timedelta(seconds=6))]
        await rig.put(to(store, "ilze", 1))
        await rig.time.asleep(0.5)
        await rig.put(to(store, "jānis", 1))
        await rig.phone.until(1)
        rig.time.advance(0.5)
        await rig.time.asleep(6)
        await rig.put(to(store, "anna", 1))
        await rig.phone.until(2)
    assert rig.phone.took == ["jānis/1", "anna/1"]
    assert rig.delivery.figures == {"limited": 2, "retried": 2, "sent": 2}


async def test_who_sends_alone_takes_over_what_anybody_had_in_hand(store: Store) -> None:
    now = HandedTime().now
    async with store.transaction() as connection:
        await outbox.enqueue(connection, to(store, "ilze", 1), now)
        await outbox.claim(connection, "telegram", now, lease=timedelta(hours=1), most=1, holder="another")
    async with running(store, alone=True) as rig:
        await rig.phone.until(1)
        await rig.empty()


async def test_what_is_under_way_is_in_the_hands_of_this_process(store: Store) -> None:
    async with running(store) as rig:
        rig.phone.open.clear()
        await rig.put(to(store, "ilze", 1))
        await rig.phone.until(1, rig.phone.tried)
        async with store.transaction() as connection:
            held = await outbox.next_due(connection, "telegram")
            await outbox.take_over(connection, "telegram", store.holder.name, rig.time.now)
            assert await outbox.next_due(connection, "telegram") == rig.time.now
        assert held == rig.time.now + rig.delivery.lease
        rig.phone.open.set()
        await rig.empty()


async def test_being_woken_begins_no_more_than_allowed(store: Store) -> None:
    async with running(store, at_once=2) as rig:
        rig.phone.open.clear()
        await rig.put(*(to(store, f"person {number}", number) for number in range(6)))
        await rig.phone.until(2, rig.phone.tried)
        await rig.looked()
        assert len(rig.phone.tried) == 2
        rig.phone.open.set()
        await rig.phone.until(6)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (RetryLater(timedelta(seconds=3)), "the network wants it later, after 0:00:03"),
        (Refused("blocked"), "the network refused it: blocked"),
    ],
)
def test_what_the_network_answered_is_said_in_words(error: Exception, says: str) -> None:
    assert str(error) == says
