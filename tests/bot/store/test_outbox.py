"""Replies go out in order within a conversation, once, and nobody waits for anybody else's."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

from msgspec.structs import replace
from sqlalchemy import update

from bot.messages import Attachment
from bot.store import outbox, promises
from bot.store.depth import Depth, depth
from bot.store.engine import Store, open_store
from bot.store.outbox import Address, Outgoing
from bot.store.schema import outbox as table
from bot.store.steps import _compiled
from tests.bot.store.samples import NOW, REPLY, letter

LEASE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


async def enqueue(store: Store, *letters: outbox.Letter) -> None:
    async with store.transaction() as connection:
        for one in letters:
            await outbox.enqueue(connection, one, NOW)


async def claim(
    store: Store, at: timedelta = timedelta(0), most: int = 10, network: str = "telegram", holder: str | None = None
) -> list[Outgoing]:
    async with store.transaction() as connection:
        claimed, unreadable = await outbox.claim(connection, network, NOW + at, lease=LEASE, most=most, holder=holder)
    assert not unreadable
    return claimed


async def sent(store: Store, outgoing: Outgoing, *messages: str) -> None:
    async with store.transaction() as connection:
        await outbox.mark_sent(connection, outgoing, messages, NOW)


async def due(store: Store) -> timedelta | None:
    async with store.reading() as connection:
        found = await outbox.next_due(connection, "telegram")
    return None if found is None else found - NOW


async def test_a_letter_comes_out_as_it_went_in(store: Store) -> None:
    one = letter(store, part=2, address=Address(chat="šī", thread="t", reply_to="r"), keep=False)
    await enqueue(store, one)
    (claimed,) = await claim(store)
    assert claimed.letter == one
    assert (claimed.enqueued, claimed.tries, claimed.edits) == (NOW, 1, ())
    assert claimed.transaction == f"{one.event.hex()}.2"


async def test_the_second_letter_of_a_conversation_waits_for_the_first(store: Store) -> None:
    await enqueue(store, letter(store, 1), letter(store, 2), letter(store, 3, "jānis"))
    first, other = await claim(store)
    assert [first.letter.event, other.letter.event] == [letter(store, 1).event, letter(store, 3, "jānis").event]
    assert await claim(store) == []
    await sent(store, first)
    (second,) = await claim(store)
    assert second.letter.event == letter(store, 2).event


async def test_a_letter_that_is_tried_later_holds_up_its_own_conversation_only(store: Store) -> None:
    await enqueue(store, letter(store, 1), letter(store, 2), letter(store, 3, "jānis"))
    first, other = await claim(store)
    async with store.transaction() as connection:
        await outbox.postpone(connection, first, NOW + 30 * SECOND)
    await sent(store, other)
    assert await claim(store, 29 * SECOND) == []
    assert await due(store) == 30 * SECOND
    (again,) = await claim(store, 30 * SECOND)
    assert (again.id, again.tries, again.transaction) == (first.id, 2, first.transaction)


async def test_what_a_dead_sender_claimed_comes_due_again(store: Store) -> None:
    await enqueue(store, letter(store))
    (first,) = await claim(store)
    assert await due(store) == LEASE
    assert await claim(store, LEASE - SECOND) == []
    (again,) = await claim(store, LEASE)
    assert again.id == first.id


async def test_a_successor_takes_over_what_was_claimed_and_nothing_else(store: Store) -> None:
    await enqueue(store, *(letter(store, number, person) for number, person in enumerate(("ilze", "jānis", "anna"))))
    (mine,) = await claim(store, most=1, holder="one")
    (later,) = await claim(store, most=1, holder="one")
    await claim(store, most=1, holder="two")
    async with store.transaction() as connection:
        await outbox.postpone(connection, later, NOW + 30 * SECOND)
        for network in ("matrix", "telegram"):
            await outbox.take_over(connection, network, "one" if network == "telegram" else "two", NOW)
    (again,) = await claim(store, holder="one")
    assert (again.id, again.tries, again.transaction) == (mine.id, 2, mine.transaction)
    assert await due(store) == 30 * SECOND, "what the network wants later stays for later"


async def test_a_letter_that_is_held_back_goes_out_only_when_it_is_let_go(store: Store) -> None:
    promise = letter(store, part=promises.PART, keep=False)
    promise = replace(promise, whose=replace(promise.whose, conversation=promise.event))
    async with store.transaction() as connection:
        await promises.hold_back(connection, promise, NOW, until=NOW + 20 * LEASE, holder="one")
    await enqueue(store, letter(store))
    (reply,) = await claim(store, holder="one")
    assert reply.letter.part == 0
    await sent(store, reply)
    async with store.reading() as connection:
        assert await depth(connection) == {}
    async with store.transaction() as connection:
        await promises.let_go(connection, promise.event, NOW)
    (told,) = await claim(store)
    assert told.letter == promise
    async with store.transaction() as connection:
        await promises.withdraw(connection, promise.event)
    assert await due(store) is None


async def test_a_dropped_letter_lets_the_next_go(store: Store) -> None:
    await enqueue(store, letter(store, 1), letter(store, 2))
    (first,) = await claim(store)
    async with store.transaction() as connection:
        await outbox.drop(connection, first, NOW)
    (second,) = await claim(store)
    assert second.letter.event == letter(store, 2).event


async def test_a_letter_nobody_can_read_any_more_is_dropped_and_counted(store: Store) -> None:
    await enqueue(store, letter(store, 1), letter(store, 2), letter(store, 3, "jānis"))
    async with store.transaction() as connection:
        await connection.execute(
            update(table).where(table.c.event == letter(store, 1).event).values(reply='{"kind": "song"}')
        )
    async with store.transaction() as connection:
        claimed, unreadable = await outbox.claim(connection, "telegram", NOW, lease=LEASE, most=10)
    assert unreadable == 1
    assert [one.letter.event for one in claimed] == [letter(store, 3, "jānis").event]
    assert [one.letter.event for one in await claim(store)] == [letter(store, 2).event]


async def test_networks_do_not_get_each_others_letters(store: Store) -> None:
    await enqueue(store, letter(store, 1), letter(store, 2, "anna", network="matrix"))
    assert [one.letter.network for one in await claim(store, network="matrix")] == ["matrix"]
    assert [one.letter.network for one in await claim(store)] == ["telegram"]


async def test_no_more_are_claimed_than_asked_for_and_the_longest_waiting_first(store: Store) -> None:
    for number in range(5):
        await enqueue(store, letter(store, number, f"person {number}"))
    assert [one.letter.address.reply_to for one in await claim(store, most=3)] == ["0", "1", "2"]
    assert [one.letter.address.reply_to for one in await claim(store, most=3)] == ["3", "4"]


async def test_an_edit_knows_the_messages_it_replaces(store: Store) -> None:
    question = letter(store, 1)
    await enqueue(store, question, letter(store, 2, edits=question.event))
    (answer,) = await claim(store)
    await sent(store, answer, "100", "101")
    (edit,) = await claim(store)
    assert (edit.edits, edit.tries) == (("100", "101"), 1)
    await sent(store, edit)
    assert await due(store) is None


async def test_without_keep_nothing_is_left_of_a_letter(store: Store) -> None:
    forgotten = letter(store, 1, keep=False)
    await enqueue(store, forgotten, letter(store, 2, edits=forgotten.event))
    (answer,) = await claim(store)
    await sent(store, answer, "100")
    (edit,) = await claim(store)
    assert edit.edits == ()


async def test_depth_tells_how_much_waits_and_how_long(store: Store) -> None:
    async with store.transaction() as connection:
        assert await depth(connection) == {}
        await outbox.enqueue(connection, letter(store, 1), NOW)
        await outbox.enqueue(connection, letter(store, 2), NOW + SECOND)
        found = await depth(connection)
    assert found == {"telegram": Depth(letters=2, oldest=NOW)}
    assert await due(store) == timedelta(0)


async def test_two_processes_never_get_the_same_letter(store: Store, url: str, tmp_path: Path) -> None:
    """Two stores stand for two processes; on PostgreSQL they claim at the same time."""
    other = await open_store(url, tmp_path)
    try:
        for number in range(60):
            await enqueue(store, letter(store, number, f"person {number % 20}", reply=REPLY))
        order: dict[str, list[int]] = {}
        taken: list[int] = []

        async def work(mine: Store) -> None:
            while claimed := await claim(mine, most=3):
                for one in claimed:
                    taken.append(one.id)
                    order.setdefault(one.letter.address.chat, []).append(one.id)
                    await sent(mine, one, "1")

        while await due(store) is not None:
            await asyncio.gather(*(work(mine) for mine in (store, other, store, other)))
        assert sorted(taken) == sorted(set(taken))
        assert len(taken) == 60
        assert all(ids == sorted(ids) for ids in order.values())
    finally:
        await other.close()


async def test_a_letter_left_waiting_for_nothing_is_made_due(store: Store) -> None:
    await enqueue(store, letter(store, 1), letter(store, 2), letter(store, 3, "jānis"))
    async with store.transaction() as connection:
        await connection.execute(table.delete().where(table.c.event == letter(store, 1).event))
        await outbox.mend(connection, NOW + SECOND)
    assert [one.letter.address.reply_to for one in await claim(store, SECOND)] == ["2", "3"]


async def test_enqueuing_beside_a_sender_leaves_no_letter_behind(store: Store, url: str, tmp_path: Path) -> None:
    """What is put behind a letter just as that is deleted must not wait for it for ever."""
    other = await open_store(url, tmp_path)
    done = 0

    async def send_all() -> None:
        nonlocal done
        while done < 100:
            for one in await claim(other):
                await sent(other, one, "1")
                done += 1
            await asyncio.sleep(0)

    async def put_all() -> None:
        for number in range(100):
            await enqueue(store, letter(store, number, f"person {number % 2}"))

    try:
        async with asyncio.timeout(60):
            await asyncio.gather(send_all(), put_all())
    finally:
        await other.close()


async def test_a_long_queue_is_not_read_to_claim_from_it(file_store: Store) -> None:
    sql, names, _ = _compiled(outbox._CLAIM, "sqlite")
    async with file_store.transaction() as connection:
        plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", tuple(1 for _ in names))
        steps = list(plan.scalars(3))
    assert not [step for step in steps if step == "SCAN outbox" or "TEMP B-TREE" in step], steps
    assert any("outbox_by_due" in step for step in steps)


async def test_a_picture_goes_out_as_it_came_in(store: Store) -> None:
    picture = Attachment(name="skaitļi.png", data=bytes(range(256)) * 40)
    sent = replace(REPLY, attachments=(picture,))
    await enqueue(store, letter(store, reply=sent))
    assert [one.letter.reply for one in await claim(store)] == [sent]
