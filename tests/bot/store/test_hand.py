"""A reply that goes straight to a sender is a claimed letter like any other."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.delivery import RetryLater
from bot.hand import Hand
from bot.store import exchange, outbox
from bot.store.conversations import Remembered
from bot.store.engine import Store
from bot.store.outbox import Claim, Letter, Outgoing
from bot.store.schema import outbox as table
from tests.bot.store.samples import NOW, letter
from tests.bot.store.sending import Rig, running, to

LEASE = timedelta(minutes=1)
MINE = Claim(holder="one", until=NOW + LEASE)


async def finish(store: Store, one: Letter, claim: Claim | None = MINE) -> Outgoing | None:
    async with store.transaction() as connection:
        await exchange.begin(connection, one.event, one.whose, NOW)
        return await exchange.finish(connection, one.whose, NOW, Remembered(), letter=one, claim=claim)


async def claim(store: Store, after: timedelta = timedelta(0)) -> list[Outgoing]:
    async with store.transaction() as connection:
        return (await outbox.claim(connection, "telegram", NOW + after, lease=LEASE, most=9, holder="two"))[0]


async def rows(store: Store) -> list[tuple[object, ...]]:
    async with store.reading() as connection:
        found = await connection.execute(select(table.c.tries, table.c.holder, table.c.due).order_by(table.c.id))
        return [tuple(row) for row in found]


async def test_what_is_claimed_as_it_is_put_there_is_what_claiming_gives(store: Store) -> None:
    handed = await finish(store, letter(store))
    assert handed is not None
    assert await claim(store) == []
    (claimed,) = await claim(store, LEASE)
    assert (claimed.id, claimed.letter, claimed.enqueued) == (handed.id, handed.letter, handed.enqueued)
    assert (claimed.tries, handed.tries) == (2, 1)


async def test_a_dead_sender_s_successor_has_it_at_once(store: Store) -> None:
    handed = await finish(store, letter(store))
    assert handed is not None
    async with store.transaction() as connection:
        await outbox.take_over(connection, "telegram", MINE.holder, NOW)
    assert [one.id for one in await claim(store)] == [handed.id]


async def test_behind_another_it_is_claimed_by_nobody_and_waits(store: Store) -> None:
    first = await finish(store, letter(store, 1))
    assert first is not None
    assert await finish(store, letter(store, 2)) is None
    assert (await rows(store))[1] == (0, None, None)
    async with store.transaction() as connection:
        await outbox.take_over(connection, "telegram", MINE.holder, NOW)
        await outbox.mark_sent(connection, first, ["1"], NOW)
    (second,) = await claim(store)
    assert (second.letter.event, second.tries) == (letter(store, 2).event, 1)


async def test_an_edited_answer_is_looked_for_with_the_messages_that_it_edits(store: Store) -> None:
    first = await finish(store, letter(store, 1))
    assert first is not None
    async with store.transaction() as connection:
        await outbox.mark_sent(connection, first, ["m1"], NOW)
    assert await finish(store, letter(store, 2, edits=first.letter.event)) is None
    assert [one.edits for one in await claim(store)] == [("m1",)]


async def hand_over(rig: Rig, one: Letter) -> Hand:
    now = rig.time.now
    with rig.delivery.hand(now) as hand:
        async with rig.store.transaction() as connection:
            await exchange.begin(connection, one.event, one.whose, now)
            claimed = await exchange.finish(connection, one.whose, now, None, letter=one, claim=hand.claim)
        hand.takes = claimed
    return hand


async def test_what_a_hand_takes_is_sent_without_being_looked_for(store: Store) -> None:
    async with running(store) as rig:
        await rig.looked()
        for number in range(3):
            assert (await hand_over(rig, to(store, "ilze", number))).takes is not None
            await rig.empty()
        assert rig.phone.took == ["ilze/0", "ilze/1", "ilze/2"]
        assert rig.delivery.figures == {"sent": 3}


async def test_what_the_network_wants_later_is_looked_for_then(store: Store) -> None:
    async with running(store) as rig:
        await rig.looked()
        rig.phone.answers["ilze"] = [RetryLater(timedelta(seconds=3))]
        await hand_over(rig, to(store, "ilze", 1))
        assert (await hand_over(rig, to(store, "ilze", 2))).takes is None
        await rig.time.asleep(3)
        rig.time.advance(3)
        await rig.phone.until(2)
        assert rig.phone.took == ["ilze/1", "ilze/2"]


async def test_no_hand_is_free_while_all_are_in_use_or_the_network_wants_nothing(store: Store) -> None:
    async with running(store, at_once=2) as rig:
        await rig.looked()
        rig.phone.open.clear()
        rig.phone.answers["anna"] = [RetryLater(timedelta(seconds=3), everywhere=True)]
        await hand_over(rig, to(store, "ilze", 1))
        with rig.delivery.hand(rig.time.now) as one, rig.delivery.hand(rig.time.now) as another:
            assert (one.claim is None, another.claim is None) == (False, True)
        await hand_over(rig, to(store, "anna", 1))
        with rig.delivery.hand(rig.time.now) as hand:
            assert hand.claim is None
        rig.phone.open.set()
        await rig.time.asleep(3)
        with rig.delivery.hand(rig.time.now) as hand:
            assert hand.claim is None
        rig.time.advance(3)
        await rig.phone.until(2)


async def test_a_reply_that_is_not_kept_is_not_sent(store: Store) -> None:
    async with running(store) as rig:
        await rig.looked()
        with pytest.raises(LookupError), rig.delivery.hand(rig.time.now):
            async with store.transaction() as connection:
                one = to(store, "ilze", 1)
                await exchange.begin(connection, one.event, one.whose, rig.time.now)
                raise LookupError
        await hand_over(rig, to(store, "anna", 1))
        await rig.empty()
        assert rig.phone.took == ["anna/1"]


async def test_who_stops_waits_for_hands_that_are_held_out_and_holds_out_no_more(store: Store) -> None:
    async with running(store) as rig:
        await rig.looked()
        now = rig.time.now
        one = to(store, "ilze", 1)
        with rig.delivery.hand(now) as hand:
            rig.delivery.stop()
            with rig.delivery.hand(now) as late:
                assert late.claim is None
            for _ in range(5):
                await asyncio.sleep(0)
            async with store.transaction() as connection:
                await exchange.begin(connection, one.event, one.whose, now)
                claimed = await exchange.finish(connection, one.whose, now, None, letter=one, claim=hand.claim)
            hand.takes = claimed
        await rig.phone.until(1)
    assert rig.phone.took == ["ilze/1"]
