"""Groups with Sēlis on Telegram, end to end."""

from __future__ import annotations

import json

import pytest

from bot.store import groups
from tests.adapters.telegram.conftest import Start
from tests.servers.botapi.people import Person
from tests.servers.botapi.server import BotApi
from tests.servers.botapi.things import Chat, Message


async def answered(api: BotApi, person: Person, text: str, chat: Chat, topic: int | None = None) -> Message:
    before = len(chat.from_bot(api.bot))
    person.sends(text, chat, topic=topic)
    await api.world.until(lambda: len(chat.from_bot(api.bot)) > before)
    return chat.from_bot(api.bot)[-1]


async def test_a_group_is_answered_when_it_speaks_to_selis(api: BotApi, start: Start) -> None:
    anna = api.person("Anna")
    api.world.privacy_mode = False
    group = api.supergroup("Ciems", anna)
    async with start():
        anna.sends("kur celt trauksmi Krāslavā?", group)
        anna.sends("/weather", group)
        anna.sends("@cits_bot dome Dagdā", group)
        mentioned = await answered(api, anna, "@selis_bot sociālais dienests Krāslavā", group)
        replied_to = anna.sends("un e-pasts?", group, reply_to=mentioned)
        await api.world.until(lambda: len(group.from_bot(api.bot)) == 2)
        commanded = await answered(api, anna, "/jautat sociālais dienests Jēkabpilī", group)
    first, second, third = group.from_bot(api.bot)
    assert "+371 65622528" in first.text
    assert "socdienests@kraslava.lv" in second.text
    assert (second.reply_to, third) == (replied_to.id, commanded)
    assert "sd@jekabpils.lv" in third.text


async def test_a_deleted_question_is_answered_without_naming_it(api: BotApi, start: Start) -> None:
    anna = api.person("Anna")
    group = api.supergroup("Ciems", anna)
    anna.deletes(anna.sends("/jautat dome Dagdā", group))
    async with start():
        await api.world.until(lambda: group.from_bot(api.bot))
    assert json.loads(api.log.of("sendMessage")[0]["reply_parameters"])["allow_sending_without_reply"] is True


async def test_whistle_blowing_in_a_group_goes_on_in_private(api: BotApi, start: Start) -> None:
    anna = api.person("Anna")
    group = api.supergroup("Ciems", anna)
    async with start():
        reply = await answered(api, anna, "@selis_bot kur celt trauksmi Krāslavā?", group)
    assert reply.text.endswith("rakstiet man, lūdzu, privāti, ne grupā.")


async def test_a_press_works_for_anyone(api: BotApi, start: Start) -> None:
    anna, berta = api.person("Anna"), api.person("Berta")
    group = api.supergroup("Ciems", anna, berta)
    async with start():
        question = await answered(api, anna, "@selis_bot kāds ir izpilddirektora tālrunis?", group)
        berta.presses("Aizkraukles novads", group)
        await api.world.until(lambda: "+371 27775539" in question.text)


async def test_only_owners_set_the_place_of_the_group(api: BotApi, start: Start) -> None:
    anna, berta = api.person("Anna"), api.person("Berta")
    group = api.supergroup("Ciems", anna, berta)
    async with start():
        refused = await answered(api, berta, "/novads@selis_bot Dagda", group)
        assert "tikai grupas īpašnieki" in refused.text
        done = await answered(api, anna, "/novads@selis_bot Dagda", group)
        assert "Krāslavas novads" in done.text
        reply = await answered(api, berta, "/jautat@selis_bot sociālais dienests", group)
        assert "+371 65622528" in reply.text
        await answered(api, anna, "/novads@selis_bot", group)
    assert len(api.log.of("getChatMember")) == 2, "what Telegram said of a person is known for some minutes"


async def test_a_topic_is_answered_in_the_topic_and_general_without_one(api: BotApi, start: Start) -> None:
    anna = api.person("Anna")
    forum = api.supergroup("Ciems", anna, forum=True)
    topic = anna.opens_topic(forum, "Jautājumi")
    async with start():
        there = await answered(api, anna, "@selis_bot sociālais dienests Krāslavā", forum, topic)
        here = await answered(api, anna, "@selis_bot sociālais dienests Krāslavā", forum)
    assert (there.thread, there.in_topic, here.in_topic) == (topic, True, False)
    assert [call["message_thread_id"] for call in api.log.of("sendMessage")] == [str(topic), None]


@pytest.mark.parametrize("closing", [True, False], ids=["closed", "deleted"])
async def test_a_topic_that_takes_nothing_more_is_answered_outside(closing: bool, api: BotApi, start: Start) -> None:
    anna = api.person("Anna")
    forum = api.supergroup("Ciems", anna, forum=True)
    topic = anna.opens_topic(forum, "Jautājumi")
    anna.sends("@selis_bot sociālais dienests Krāslavā", forum, topic=topic)
    if closing:
        anna.closes_topic(forum, topic)
    else:
        anna.deletes_topic(forum, topic)
    async with start():
        await api.world.until(lambda: forum.from_bot(api.bot))


async def test_anonymous_admins_channels_and_bots_are_not_answered(api: BotApi, start: Start) -> None:
    anna, berta, robot = api.person("Anna"), api.person("Berta"), api.other_bot()
    group = api.supergroup("Ciems", anna, berta, robot)
    channel = api.channel("Ziņas", anna)
    api.world.privacy_mode, api.world.bots_see_bots = False, True
    anna.hides(group)
    async with start():
        anna.sends("@selis_bot dome Dagdā", group)
        robot.sends("@selis_bot dome Dagdā", group)
        anna.sends("@selis_bot dome Dagdā", channel)
        api.forwarded(channel, group, "@selis_bot dome Dagdā")
        await answered(api, berta, "@selis_bot paldies", group)
    assert (len(group.from_bot(api.bot)), len(channel.from_bot(api.bot))) == (1, 0)


@pytest.mark.parametrize(
    ("privacy", "status", "language", "words"),
    [
        (True, "member", "lv", "Jūsu sarunas es neredzu. Jautājiet tā: /jautat@selis_bot"),
        (False, "member", "lv", "/jautat@selis_bot kur celt trauksmi Krāslavā? – vai pieminiet @selis_bot"),
        (True, "administrator", "en", "/ask@selis_bot social service in Dagda – or mention @selis_bot"),
        (True, "member", "ru", "/sprosit@selis_bot"),
    ],
)
async def test_a_group_is_told_once_how_to_ask(
    privacy: bool, status: str, language: str, words: str, api: BotApi, start: Start
) -> None:
    anna = api.person("Anna", language=language)
    group = api.supergroup("Ciems", anna, bot="left")
    api.world.privacy_mode = privacy
    async with start():
        anna.adds_bot(group, status)
        await api.world.until(lambda: group.from_bot(api.bot))
        await answered(api, anna, "/jautat@selis_bot paldies", group)
    greeting, _ = group.from_bot(api.bot)
    assert words in greeting.text


async def test_settings_follow_a_group_that_moves_and_die_when_selis_leaves(api: BotApi, start: Start) -> None:
    anna = api.person("Anna")
    group = api.group("Ciems", anna)
    async with start() as telegram:
        await answered(api, anna, "/novads@selis_bot Dagda", group)
        moved = anna.migrates(group)
        reply = await answered(api, anna, "/jautat@selis_bot sociālais dienests", moved)
        assert "+371 65622528" in reply.text
        anna.removes_bot(moved)
        store = telegram.service.store
        key = store.keys.chat("telegram", str(moved.id))
        await api.world.until(lambda: not api.world.queue.pending)
        async with store.transaction() as connection:
            assert await groups.get(connection, key) is None


async def test_an_answer_on_its_way_follows_a_group_that_moved(api: BotApi, start: Start) -> None:
    anna = api.person("Anna")
    group = api.group("Ciems", anna)
    async with start():
        api.world.flood.close(group.id, seconds=1)
        anna.sends("/jautat@selis_bot sociālais dienests Krāslavā", group)
        await api.world.until(lambda: api.log.of("sendMessage"))
        moved = anna.migrates(group)
        await api.world.until(lambda: moved.from_bot(api.bot))
    assert len(moved.from_bot(api.bot)) == 1
