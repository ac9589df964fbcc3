"""After "delete me" nothing of the person is in the files; after pruning nothing that is too old."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import func, select

from bot.state import ConversationState
from bot.store import audit, conversations, counters, exchange, feedback, outbox, unanswered
from bot.store.conversations import Remembered
from bot.store.counters import Count
from bot.store.engine import Store
from bot.store.erase import erase_person
from bot.store.outbox import Address
from bot.store.prune import Retention, prune, rows_by_table
from bot.store.schema import metadata
from tests.bot.store.samples import NOW, REPLY, letter, whose

DAY = timedelta(days=1)
LEASE = timedelta(minutes=1)
CHAT = "7700112233"


async def live(store: Store, person: str, chat: str) -> None:
    """All that a person can leave behind: answered, waiting to be answered, in doubt, content, unanswered."""
    who = whose(store, person, chat)
    for number in range(3):
        event = store.keys.event("telegram", chat, f"{person} {number}")
        async with store.transaction() as connection:
            await exchange.begin(connection, event, who, NOW)
            state = Remembered(state=ConversationState(home=f"home-of-{person}"), prompted=NOW)
            await exchange.finish(
                connection,
                who,
                NOW,
                remembered=state,
                letter=letter(store, whose=who, event=event, address=Address(chat=chat), reply=REPLY),
                counts=[Count(NOW.date(), "outcome", "answer")],
            )
            await feedback.give(connection, who, f"entry {number}", NOW, verdict="wrong", version="1")
            await unanswered.note(connection, f"only {person} asked {number}", "c", who, NOW)
            await unanswered.note(connection, "everybody asked", "d", who, NOW)
        if number < 2:
            await send_one(store)


async def send_one(store: Store) -> None:
    async with store.transaction() as connection:
        for claimed in (await outbox.claim(connection, "telegram", NOW, lease=LEASE, most=10))[0]:
            await outbox.mark_sent(connection, claimed, [f"message-in-{claimed.letter.address.chat}"], NOW)


def marks(store: Store, person: str, chat: str) -> list[bytes]:
    """What would tell in the files that somebody was here."""
    who = whose(store, person, chat)
    words = (chat, f"home-of-{person}", f"only {person} asked")
    return [who.person, who.chat, who.conversation, *(word.encode() for word in words)]


async def test_deleted_means_deleted_in_the_files(file_store: Store, files: Callable[[], bytes]) -> None:
    store = file_store
    await live(store, "ilze", CHAT)
    await live(store, "jānis", "8800")
    assert all(mark in files() for mark in marks(store, "ilze", CHAT))
    async with store.transaction() as connection:
        await erase_person(connection, whose(store, "ilze", CHAT).person)
    await store.scrub()
    left = files()
    assert not any(mark in left for mark in marks(store, "ilze", CHAT))
    assert all(mark in left for mark in marks(store, "jānis", "8800"))


async def test_the_answer_to_a_deletion_leaves_nothing_either(file_store: Store, files: Callable[[], bytes]) -> None:
    store = file_store
    who, event = whose(store, "ilze", CHAT), store.keys.event("telegram", CHAT, "9")
    await live(store, "ilze", CHAT)
    async with store.transaction() as connection:
        assert (await exchange.begin(connection, event, who, NOW)).fresh
        await erase_person(connection, who.person)
        bye = letter(store, whose=who, event=event, address=Address(chat=CHAT), keep=False)
        await exchange.finish(connection, who, NOW, remembered=None, letter=bye)
    await send_one(store)
    await store.scrub()
    left = files()
    assert not any(mark in left for mark in marks(store, "ilze", CHAT))


async def test_what_is_sent_leaves_no_id_of_a_chat(file_store: Store, files: Callable[[], bytes]) -> None:
    await live(file_store, "ilze", CHAT)
    assert CHAT.encode() in files()
    async with file_store.transaction() as connection:
        for claimed in (await outbox.claim(connection, "telegram", NOW, lease=LEASE, most=10))[0]:
            await outbox.mark_sent(connection, claimed, ["5"], NOW)
    await file_store.scrub()
    left = files()
    assert CHAT.encode() not in left.replace(f"message-in-{CHAT}".encode(), b"")


async def test_only_the_person_is_deleted_in_both_engines(store: Store) -> None:
    await live(store, "ilze", CHAT)
    await live(store, "jānis", CHAT)
    async with store.transaction() as connection:
        await erase_person(connection, whose(store, "ilze", CHAT).person)
        for table in metadata.sorted_tables:
            if "person" in table.c:
                found = {row[0] for row in await connection.execute(select(table.c.person).distinct())}
                assert found == {whose(store, "jānis").person}, table.name
        assert (await conversations.load(connection, whose(store, "jānis", CHAT))).prompted == NOW
        clusters = await unanswered.clusters(connection, NOW, at_least=1)
        assert {text for cluster in clusters for text in cluster.texts} == {
            "everybody asked",
            *(f"only jānis asked {number}" for number in range(3)),
        }
    await store.scrub()


async def test_pruning_deletes_what_is_too_old_and_nothing_younger(store: Store) -> None:
    keep = Retention()
    await live(store, "ilze", CHAT)
    async with store.transaction() as connection:
        await audit.note(connection, whose(store).person, "reload", NOW)
        await feedback.close(connection, "wrong", "entry 0", NOW)
    everything = await rows_by_table(store)
    assert all(everything.values())
    assert sum((await prune(store, NOW + keep.sent)).values()) == 0
    assert await rows_by_table(store) == everything
    for age, gone in [
        (keep.sent, {"sent": 2}),
        (keep.seen, {"seen": 3}),
        (keep.unanswered, {"unanswered_asked": 4, "unanswered": 4, "feedback": 1}),
        (keep.conversations, {"conversations": 1, "feedback": 2}),
        (keep.audit, {"audit": 1}),
        (keep.counters + DAY, {"counters": 1}),
    ]:
        deleted = await prune(store, NOW + age + timedelta(microseconds=1))
        assert {name: count for name, count in deleted.items() if count} == gone
    assert not any((await rows_by_table(store)).values())


async def test_every_table_that_names_people_can_be_erased(store: Store) -> None:
    """A new table with a person in it must come into `erase`, or this fails."""
    await live(store, "ilze", CHAT)
    async with store.transaction() as connection:
        filled = [table for table in metadata.sorted_tables if "person" in table.c]
        for table in filled:
            assert (await connection.execute(select(func.count()).select_from(table))).scalar_one(), table.name
        await erase_person(connection, whose(store).person)
        for table in filled:
            assert not (await connection.execute(select(func.count()).select_from(table))).scalar_one(), table.name
        assert await counters.between(connection, NOW.date(), NOW.date())
