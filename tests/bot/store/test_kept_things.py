"""What each table promises, in both engines."""

from __future__ import annotations

from datetime import date, timedelta

from msgspec.structs import replace

from bot.store import audit, bookmarks, counters, feedback, groups, history, outbox, seen, sent, unanswered
from bot.store.counters import Count, Tally
from bot.store.depth import depth
from bot.store.engine import Store
from bot.store.erase import erase_person
from bot.store.groups import Group
from bot.store.outbox import Address
from bot.store.size import size
from tests.bot.store.samples import NOW, letter, whose

DAY = timedelta(days=1)


async def test_a_message_is_handled_once(store: Store) -> None:
    one, other = (store.keys.event("telegram", "chat", event) for event in "12")
    async with store.transaction() as connection:
        assert await seen.mark(connection, one, NOW)
        assert not await seen.mark(connection, one, NOW + DAY)
        assert await seen.mark(connection, other, NOW)
    async with store.transaction() as connection:
        assert not await seen.mark(connection, one, NOW)


async def test_bookmarks_are_replaced(store: Store) -> None:
    async with store.transaction() as connection:
        assert await bookmarks.get(connection, "matrix") is None
        await bookmarks.put(connection, "matrix", "s1")
        await bookmarks.put(connection, "matrix", "s2")
        assert await bookmarks.get(connection, "matrix") == "s2"


async def test_counts_add_up_by_day(store: Store) -> None:
    today, tomorrow = NOW.date(), (NOW + DAY).date()
    async with store.transaction() as connection:
        await counters.add(connection, [Count(today, "topic", "b"), Count(today, "topic", "a", 2)])
        await counters.add(connection, [Count(today, "topic", "b"), Count(tomorrow, "topic", "b", 5)])
        assert await counters.between(connection, today, today) == [
            Count(today, "topic", "a", 2),
            Count(today, "topic", "b", 2),
        ]
        assert len(await counters.between(connection, date.min, date.max)) == 3


def test_a_tally_gathers_counts_and_gives_them_once() -> None:
    tally = Tally()
    tally.add(Count(NOW.date(), "topic", "a"), Count(NOW.date(), "topic", "a", 2), Count(NOW.date(), "topic", "b"))
    assert tally.take() == [Count(NOW.date(), "topic", "a", 3), Count(NOW.date(), "topic", "b", 1)]
    assert tally.take() == []


async def test_a_group_keeps_its_settings(store: Store) -> None:
    chat = store.keys.chat("telegram", "-100")
    group = Group(network="telegram", since=NOW, home="p", language="ru")
    async with store.transaction() as connection:
        assert await groups.get(connection, chat) is None
        await groups.put(connection, chat, Group(network="telegram", since=NOW))
        await groups.put(connection, chat, replace(group, since=NOW + DAY))
        assert await groups.get(connection, chat) == group


async def test_all_of_a_group_follows_it_to_its_new_id(store: Store) -> None:
    old, new = (store.keys.chat("telegram", chat) for chat in ("-1", "-1001"))
    who = whose(store, chat="-1")
    async with store.transaction() as connection:
        await groups.put(connection, old, Group(network="telegram", since=NOW, home="p"))
        await groups.put(connection, new, Group(network="telegram", since=NOW + DAY, language="ru"))
        waiting = letter(store, whose=who, address=Address(chat="-1", reply_to="5"))
        await outbox.enqueue(connection, waiting, NOW)
        await outbox.enqueue(connection, letter(store, 2, "jānis"), NOW)
        await groups.move(connection, old, new, "-1001")
        assert await groups.get(connection, old) is None
        assert await groups.get(connection, new) == Group(network="telegram", since=NOW, home="p", language="ru")
        claimed, _ = await outbox.claim(connection, "telegram", NOW, lease=DAY, most=9)
        assert [one.letter.address.chat for one in claimed] == ["-1001", "private-jānis"]
        assert claimed[0].letter.address.reply_to == "5"
        assert claimed[0].letter.whose.chat == new


async def test_leaving_a_group_deletes_all_of_it_and_nothing_else(store: Store) -> None:
    chat = store.keys.chat("telegram", "-1")
    inside, outside = whose(store, chat="-1"), whose(store)
    async with store.transaction() as connection:
        for who, number in ((inside, 1), (outside, 2)):
            await groups.put(connection, who.chat, Group(network="telegram", since=NOW))
            await outbox.enqueue(connection, letter(store, number, whose=who), NOW)
            await feedback.give(connection, who, "entry", NOW, verdict="wrong", version="1")
            await unanswered.note(connection, f"jautājums {number}", "c", who, NOW)
        await groups.leave(connection, chat)
        assert await groups.get(connection, chat) is None
        assert await groups.get(connection, outside.chat) is not None
        assert (await depth(connection))["telegram"].letters == 1
        assert [report.times for report in await feedback.open_reports(connection, "wrong")] == [1]
        assert [c.texts for c in await unanswered.clusters(connection, NOW - DAY, at_least=1)] == [("jautājums 2",)]


async def test_the_messages_of_an_answer_are_found_by_its_question(store: Store) -> None:
    event = letter(store, 1).event

    async def send(part: int, *messages: str) -> None:
        await outbox.enqueue(connection, letter(store, 1, part=part), NOW)
        ((outgoing,), _) = await outbox.claim(connection, "telegram", NOW, lease=DAY, most=1)
        await outbox.mark_sent(connection, outgoing, messages, NOW)

    async with store.transaction() as connection:
        await send(1, "12")
        await send(0, "10", "$11:ē")
        assert await sent.messages_of(connection, event) == ("10", "$11:ē", "12")
        await send(0, "13")
        assert await sent.messages_of(connection, event) == ("13", "12")
        assert await sent.messages_of(connection, letter(store, 2).event) == ()


async def test_a_letter_under_way_leaves_nothing_of_who_is_forgotten_meanwhile(store: Store) -> None:
    async with store.transaction() as connection:
        await outbox.enqueue(connection, letter(store, 1), NOW)
        ((outgoing,), _) = await outbox.claim(connection, "telegram", NOW, lease=DAY, most=1)
        await erase_person(connection, whose(store).person)
        await outbox.mark_sent(connection, outgoing, ["12"], NOW)
        assert await sent.messages_of(connection, outgoing.letter.event) == ()


async def test_reports_are_counted_by_entry_until_they_are_closed(store: Store) -> None:
    async with store.transaction() as connection:
        for person, entry, verdict, reason in [
            ("ilze", "a", "wrong", None),
            ("ilze", "a", "wrong", "phone"),  # the reason comes with a second press
            ("jānis", "a", "wrong", "phone"),
            ("anna", "b", "wrong", "email"),
            ("anna", "a", "useful", None),
        ]:
            await feedback.give(
                connection, whose(store, person), entry, NOW, verdict=verdict, reason=reason, version="1"
            )
        reports = await feedback.open_reports(connection, "wrong")
        assert [(report.entry, report.reason, report.times) for report in reports] == [
            ("a", "phone", 2),
            ("b", "email", 1),
        ]
        assert reports[0].first == reports[0].last == NOW
        assert await feedback.close(connection, "wrong", "a", NOW) == 2
        assert await feedback.close(connection, "wrong", "a", NOW) == 0
        assert [report.entry for report in await feedback.open_reports(connection, "wrong")] == ["b"]
        assert await feedback.figures(connection, NOW) == {"useful": 1, "wrong": 3}
        assert await feedback.figures(connection, NOW + DAY) == {}
        await feedback.give(connection, whose(store, "jānis"), "a", NOW, verdict="wrong", version="2")
        assert [report.entry for report in await feedback.open_reports(connection, "wrong")] == ["a", "b"]


async def test_unanswered_questions_show_once_two_conversations_asked(store: Store) -> None:
    async with store.transaction() as connection:
        for person, text, cluster, at in [
            ("ilze", "kur ir baseins", "baseins", NOW),
            ("ilze", "kur ir baseins", "baseins", NOW + DAY),
            ("ilze", "kas te dzīvo", "dzīvo", NOW),
            ("jānis", "baseins kur", "baseins", NOW),
            ("anna", "baseins kur", "baseins", NOW),
        ]:
            await unanswered.note(connection, text, cluster, whose(store, person), at)
        (found,) = await unanswered.clusters(connection, NOW)
        assert found.name == "baseins"
        assert found.texts == ("baseins kur", "kur ir baseins")
        assert (found.conversations, found.times, found.last) == (3, 4, NOW + DAY)
        assert await unanswered.clusters(connection, NOW + DAY) == []
        await unanswered.forget(connection, "baseins")
        assert [one.name for one in await unanswered.clusters(connection, NOW, at_least=1)] == ["dzīvo"]


async def test_one_version_of_the_knowledge_is_in_force(store: Store) -> None:
    admin = store.keys.person("telegram", "1001")
    async with store.transaction() as connection:
        assert await history.active(connection) is None
        await history.enter(connection, "v1", NOW)
        await history.enter(connection, "v2", NOW + DAY, who=admin, accuracy=0.97, note="+2 kontakti")
        active = await history.active(connection)
        assert active is not None
        assert (active.version, active.who, active.accuracy, active.note) == ("v2", admin, 0.97, "+2 kontakti")
        await history.enter(connection, "v1", NOW + 2 * DAY, who=admin, note="atcelts")
        listed = await history.latest(connection)
        assert [(one.version, one.active, one.at) for one in listed] == [
            ("v1", True, NOW + 2 * DAY),
            ("v2", False, NOW + DAY),
        ]
        await history.drop(connection, "v2")
        assert [one.version for one in await history.latest(connection, 5)] == ["v1"]


async def test_the_audit_tells_who_did_what_newest_first(store: Store) -> None:
    admin = store.keys.person("telegram", "1001")
    async with store.transaction() as connection:
        await audit.note(connection, admin, "reload", NOW, "v1 -> v2")
        await audit.note(connection, admin, "rollback", NOW)
        acts = await audit.latest(connection)
        assert [(act.act, act.detail, act.who, act.at) for act in acts] == [
            ("rollback", "", admin, NOW),
            ("reload", "v1 -> v2", admin, NOW),
        ]
        assert len(await audit.latest(connection, 1)) == 1


async def test_reports_are_closed_up_to_a_time(store: Store) -> None:
    async with store.transaction() as connection:
        for number in range(3):
            who = whose(store, f"p{number}")
            await feedback.give(connection, who, "a", NOW + number * DAY, verdict="wrong", version="1")
        assert await feedback.close(connection, "wrong", "a", NOW + 5 * DAY, until=NOW + DAY) == 2
        assert [report.first for report in await feedback.open_reports(connection, "wrong")] == [NOW + 2 * DAY]


async def test_unanswered_questions_are_had_by_conversation(store: Store) -> None:
    anna, berta = whose(store, "anna"), whose(store, "berta")
    async with store.transaction() as connection:
        await unanswered.note(connection, "kur malka", "c", anna, NOW - DAY)
        for who in (anna, berta, berta):
            await unanswered.note(connection, "cik malka", "c", who, NOW)
        asked = await unanswered.asked(connection, NOW)
    assert {(one.text, one.conversation, one.times, one.at) for one in asked} == {
        ("cik malka", anna.conversation, 1, NOW),
        ("cik malka", berta.conversation, 2, NOW),
    }


async def test_the_database_has_a_size(store: Store) -> None:
    assert await size(store) > 10_000
