"""The sender: in order, once, obeying the network, and surviving whatever fails."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import update

from bot.delivery import Refused, RetryLater, Unreachable
from bot.dropped import Dropped, Why
from bot.retry import RetryPolicy
from bot.store import counters, outbox, sent
from bot.store.engine import Store, open_store
from bot.store.schema import outbox as table
from tests.bot.handed_time import HandedTime
from tests.bot.store.sending import running, to


async def test_everything_is_sent_in_order_and_its_messages_kept(store: Store) -> None:
    async with running(store) as rig:
        letters = [to(store, person, number) for number in range(5) for person in ("ilze", "jānis", "anna")]
        await rig.put(*letters)
        await rig.empty()
        assert len(rig.phone.took) == 15
        for person in ("ilze", "jānis", "anna"):
            mine = [one for one in rig.phone.took if one.startswith(person)]
            assert mine == [f"{person}/{number}" for number in range(5)]
        async with store.reading() as connection:
            assert await sent.messages_of(connection, letters[0].event) == ("m0",)
        assert rig.delivery.figures == {"sent": 15}


async def test_what_waited_before_the_start_is_sent(store: Store) -> None:
    async with store.transaction() as connection:
        await outbox.enqueue(connection, to(store, "ilze", 1), HandedTime().now)
    async with running(store) as rig:
        await rig.phone.until(1)


async def test_retry_after_is_obeyed_exactly_and_holds_up_nobody_else(store: Store) -> None:
    async with running(store) as rig:
        rig.phone.answers["ilze"] = [RetryLater(timedelta(seconds=3))]
        await rig.put(to(store, "ilze", 1), to(store, "ilze", 2), to(store, "jānis", 1))
        await rig.phone.until(1)
        await rig.time.asleep(3)
        assert rig.phone.took == ["jānis/1"]
        rig.time.advance(2.999)
        await rig.time.asleep(0.001)
        assert len(rig.phone.tried) == 2
        rig.time.advance(0.001)
        await rig.phone.until(3)
        assert rig.phone.took == ["jānis/1", "ilze/1", "ilze/2"]


async def test_a_limit_for_the_whole_network_stops_all(store: Store) -> None:
    async with running(store) as rig:
        rig.phone.answers["ilze"] = [RetryLater(timedelta(seconds=3), everywhere=True)]
        await rig.put(to(store, "ilze", 1))
        await rig.time.asleep(3)
        await rig.put(to(store, "jānis", 1))
        await rig.looked()
        assert len(rig.phone.tried) == 1
        rig.time.advance(2.999)
        await rig.looked()
        assert len(rig.phone.tried) == 1
        rig.time.advance(0.001)
        await rig.looked()
        await rig.phone.until(2)


async def test_an_unreachable_network_is_tried_less_and_less_often(store: Store) -> None:
    async with running(store) as rig:
        rig.phone.answers["ilze"] = [Unreachable()] * 3 + [TimeoutError()]
        await rig.put(to(store, "ilze", 1))
        for tries, wait in enumerate((0.5, 1, 2, 4), 1):
            await rig.time.asleep(wait)
            assert len(rig.phone.tried) == tries
            rig.time.advance(wait)
        await rig.phone.until(1)
        assert rig.delivery.figures == {"unreachable": 4, "retried": 4, "sent": 1}


async def test_what_is_refused_is_dropped_counted_told_and_blocks_nobody(store: Store) -> None:
    async with running(store) as rig:
        rig.phone.answers["ilze"] = [Refused("blocked")]
        await rig.put(to(store, "ilze", 1), to(store, "ilze", 2), to(store, "jānis", 1))
        await rig.empty()
        assert sorted(rig.phone.took) == ["ilze/2", "jānis/1"]
        (told,) = rig.dropped
        assert (told.why, told.detail, told.network) == (Why.REFUSED, "blocked", "telegram")
        assert told.outgoing is not None
        async with store.reading() as connection:
            counted = await counters.between(connection, date.min, date.max)
        assert [(one.kind, one.label, one.n) for one in counted] == [("dropped", "refused", 1)]


async def test_what_is_too_old_is_dropped_untried(store: Store) -> None:
    async with running(store, policy=RetryPolicy(maximum_age=timedelta(seconds=10))) as rig:
        rig.phone.answers["ilze"] = [RetryLater(timedelta(seconds=6.5)), RetryLater(timedelta(seconds=6.5))]
        await rig.put(to(store, "ilze", 1))
        for _ in range(2):
            await rig.time.asleep(6.5)
            rig.time.advance(6.5)
        await rig.empty()
        assert len(rig.phone.tried) == 2
        assert [told.why for told in rig.dropped] == [Why.TOO_OLD]


async def test_a_letter_that_breaks_the_sending_is_given_up_and_the_next_goes(store: Store) -> None:
    async with running(store, policy=RetryPolicy(most_faults=3)) as rig:
        rig.phone.answers["ilze"] = [ValueError("unforeseen")] * 3
        await rig.put(to(store, "ilze", 1), to(store, "ilze", 2))
        for wait in (0.5, 1):
            await rig.time.asleep(wait)
            rig.time.advance(wait)
        await rig.phone.until(1)
        assert rig.phone.took == ["ilze/2"]
        assert [(told.why, told.detail) for told in rig.dropped] == [(Why.FAULT, "ValueError")]


async def test_a_letter_nobody_can_read_is_told_and_the_rest_goes(store: Store) -> None:
    async with running(store) as rig:
        rig.phone.open.clear()
        await rig.put(to(store, "ilze", 0), to(store, "ilze", 1), to(store, "ilze", 2))
        await rig.phone.until(1, rig.phone.tried)
        async with store.transaction() as connection:
            broken = table.c.event == to(store, "ilze", 1).event
            await connection.execute(update(table).where(broken).values(reply="{}"))
        rig.phone.open.set()
        await rig.phone.until(2)
        assert rig.phone.took == ["ilze/0", "ilze/2"]
        assert [(told.why, told.letters) for told in rig.dropped] == [(Why.UNREADABLE, 1)]


async def test_a_listener_that_fails_stops_nothing(store: Store) -> None:
    async def fail(_: Dropped) -> None:
        raise RuntimeError

    async with running(store, dropped=fail) as rig:
        rig.phone.answers["ilze"] = [Refused("blocked")]
        await rig.put(to(store, "ilze", 1), to(store, "ilze", 2))
        await rig.phone.until(1)


async def test_no_more_go_at_once_than_allowed_and_one_of_a_conversation(store: Store) -> None:
    async with running(store, at_once=4) as rig:
        rig.phone.open.clear()
        await rig.put(*(to(store, f"person {number % 10}", number) for number in range(30)))
        await rig.phone.until(4, rig.phone.tried)
        assert len(rig.phone.tried) == 4
        rig.phone.open.set()
        await rig.phone.until(30)
        assert rig.phone.most == 4


async def test_two_letters_of_a_conversation_are_never_under_way_together(store: Store) -> None:
    async with running(store) as rig:
        await rig.put(*(to(store, "ilze", number) for number in range(10)))
        await rig.phone.until(10)
        assert rig.phone.most == 1


async def test_a_slow_send_is_not_sent_again_when_its_lease_ends(store: Store) -> None:
    async with running(store, lease=timedelta(seconds=60)) as rig:
        rig.phone.open.clear()
        await rig.put(to(store, "ilze", 1))
        await rig.phone.until(1, rig.phone.tried)
        rig.time.advance(61)
        await rig.put(to(store, "jānis", 1))
        await rig.phone.until(2, rig.phone.tried)
        rig.phone.open.set()
        await rig.empty()
        assert sorted(rig.phone.took) == ["ilze/1", "jānis/1"]


async def test_a_successor_sends_at_once_what_was_under_way(store: Store) -> None:
    async with store.transaction() as connection:
        await outbox.enqueue(connection, to(store, "ilze", 1), HandedTime().now)
        await outbox.claim(
            connection, "telegram", HandedTime().now, lease=timedelta(hours=1), most=1, holder=store.holder.name
        )
    async with running(store) as rig:
        await rig.phone.until(1)
        await rig.empty()


async def test_what_a_living_process_has_in_hand_is_left_to_it(url: str, store: Store, tmp_path: Path) -> None:
    other = await open_store(url, tmp_path)
    # With its one hand full it takes nothing more, however often it looks.
    async with running(store, at_once=1) as one:
        one.phone.open.clear()
        await one.put(to(store, "ilze", 1))
        await one.phone.until(1, one.phone.tried)
        async with running(other) as beside:
            await beside.put(to(store, "jānis", 1))
            await beside.phone.until(1)
            assert beside.phone.took == ["jānis/1"]
        one.phone.open.set()
        await one.empty()
        assert one.phone.took == ["ilze/1"]
    await other.close()


async def test_an_edit_is_sent_with_the_messages_it_replaces(store: Store) -> None:
    async with running(store) as rig:
        question = to(store, "ilze", 1)
        await rig.put(question, replace(to(store, "ilze", 2), edits=question.event))
        await rig.phone.until(2)
        assert rig.phone.edits == [(), ("m1",)]


async def test_stopping_finishes_what_is_under_way(store: Store) -> None:
    async with running(store, at_once=1) as rig:
        rig.phone.open.clear()
        await rig.put(to(store, "ilze", 1), to(store, "jānis", 1))
        await rig.phone.until(1, rig.phone.tried)
        rig.delivery.stop()
        rig.phone.open.set()
        await rig.phone.until(1)
    assert rig.phone.took == ["ilze/1"]
    assert await rig.depth() == 1


async def test_a_database_that_goes_after_the_send_makes_no_second_send(file_store: Store, tmp_path: Path) -> None:
    file, away = tmp_path / "selis.sqlite3", tmp_path / "away"
    async with running(file_store) as rig:
        rig.phone.answers["ilze"] = [lambda: file.rename(away)]
        await rig.put(to(file_store, "ilze", 1), to(file_store, "ilze", 2))
        await rig.phone.until(1)
        for wait in (0.5, 1, 2):
            await rig.time.asleep(wait)
            rig.time.advance(wait)
        assert rig.phone.took == ["ilze/1"]
        await rig.time.asleep(4)
        away.rename(file)
        rig.time.advance(4)
        await rig.empty()
        assert rig.phone.took == ["ilze/1", "ilze/2"]


async def test_ids_of_chats_leave_the_files_when_all_is_sent(file_store: Store, files: Callable[[], bytes]) -> None:
    async with running(file_store, idle=timedelta(seconds=4)) as rig:
        await rig.put(to(file_store, "9911228833", 1))
        await rig.empty()
        await rig.time.asleep(4)
        assert b"9911228833" in files()
        rig.time.advance(4)
        async with asyncio.timeout(20):
            while b"9911228833" in files():  # noqa: ASYNC110 - the file itself is the event
                await asyncio.sleep(0)


async def test_what_is_empty_is_not_emptied_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    emptied, scrub = [], Store.scrub

    async def counted(self: Store) -> None:
        emptied.append(self)
        await scrub(self)

    monkeypatch.setattr(Store, "scrub", counted)
    async with running(store, idle=timedelta(seconds=4), look=timedelta(seconds=4)) as rig:
        await rig.put(to(store, "ilze", 1))
        await rig.empty()
        async with asyncio.timeout(20):
            while not emptied:
                # It may sleep once more until it looks again, before it has noted that the letter is sent.
                if rig.time.is_asleep(4):
                    rig.time.advance(4)
                await asyncio.sleep(0)
        for _ in range(0 if store.is_sqlite else 3):
            # Only where others write to the same database is it looked into without being woken.
            await rig.time.asleep(4)
            rig.time.advance(4)
        await rig.looked()
        assert len(emptied) == 1
