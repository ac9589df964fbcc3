"""The Bot API server, driven by the real library: groups, topics, who is in them, and what reaches the bot."""

import pytest
import telegram
from telegram.error import BadRequest, ChatMigrated, Forbidden

from tests.servers.botapi.client import Raw
from tests.servers.botapi.people import Person
from tests.servers.botapi.server import BotApi


async def texts(bot: telegram.Bot) -> list[str | None]:
    """What the bot reads next; confirmed at once."""
    updates = await bot.get_updates()
    if updates:
        await bot.get_updates(offset=updates[-1].update_id + 1)
    return [update.effective_message.text for update in updates if update.effective_message]


async def test_in_privacy_mode_only_what_is_meant_for_the_bot_reaches_it(
    api: BotApi, anna: Person, bot: telegram.Bot
) -> None:
    group = api.supergroup("Biedrība", anna)
    answer = await bot.send_message(group.id, "Labdien")
    said = group.messages[answer.message_id]
    anna.sends("labrīt visiem", group)
    anna.sends("/kur", group)
    anna.sends("/kur@selis_bot", group)
    anna.sends("/kur@cits_bot", group)
    anna.sends("@selis_bot kur?", group)
    anna.sends("@cits_bot kur?", group)
    anna.sends("Sēli, kur?", group, mentions={"Sēli": api.bot})
    reply = anna.sends("un Preiļos?", group, reply_to=said)
    anna.sends("tiešām?", group, reply_to=reply)
    assert await texts(bot) == ["/kur", "/kur@selis_bot", "@selis_bot kur?", "Sēli, kur?", "un Preiļos?", "tiešām?"]


async def test_a_mention_may_not_reach_it_and_all_may(api: BotApi, anna: Person, bot: telegram.Bot) -> None:
    group = api.supergroup("Biedrība", anna)
    api.world.mentions_reach_bot = False
    anna.sends("@selis_bot kur?", group)
    assert await texts(bot) == []
    api.world.privacy_mode = False
    anna.sends("labrīt", group)
    assert (await bot.get_me()).can_read_all_group_messages
    assert await texts(bot) == ["labrīt"]


async def test_an_administrator_reads_all(api: BotApi, anna: Person, bot: telegram.Bot) -> None:
    group = api.supergroup("Biedrība", anna, bot="administrator")
    anna.sends("labrīt", group)
    assert await texts(bot) == ["labrīt"]


async def test_a_bare_command_reaches_the_bot_that_spoke_last(api: BotApi, anna: Person, bot: telegram.Bot) -> None:
    other = api.other_bot()
    group = api.supergroup("Biedrība", anna, other)
    anna.sends("/a", group)
    other.sends("Mani sauc Cits", group)
    anna.sends("/b", group)
    await bot.send_message(group.id, "Labdien")
    anna.sends("/c", group)
    assert await texts(bot) == ["/a", "/c"]


async def test_other_bots_are_not_heard(api: BotApi, anna: Person, bot: telegram.Bot) -> None:
    other = api.other_bot()
    group = api.supergroup("Biedrība", anna, other, bot="administrator")
    other.sends("@selis_bot", group)
    assert await texts(bot) == []
    api.world.bots_see_bots = True
    other.sends("@selis_bot", group)
    [update] = await bot.get_updates()
    assert update.effective_user
    assert update.effective_user.is_bot


async def test_who_writes_in_the_name_of_a_chat(api: BotApi, anna: Person, bot: telegram.Bot) -> None:
    group = api.supergroup("Biedrība", anna, bot="administrator")
    channel = api.channel("Ziņas", anna)
    anna.posts({"text": "no kanāla"}, group, as_channel=channel)
    api.forwarded(channel, group, "jauns ieraksts")
    anna.hides(group)
    anna.sends("anonīmi", group)
    anna.sends("kanālā", channel)
    updates = await bot.get_updates()
    for_channel, forwarded, anonymous, post = [update.effective_message for update in updates]
    assert for_channel
    assert for_channel.sender_chat
    assert (for_channel.sender_chat.id, for_channel.from_user and for_channel.from_user.id) == (channel.id, 136817688)
    assert forwarded
    assert forwarded.is_automatic_forward
    assert anonymous
    assert anonymous.sender_chat
    assert (anonymous.sender_chat.id, anonymous.from_user and anonymous.from_user.id) == (group.id, 1087968824)
    assert updates[3].channel_post is post
    assert post
    assert post.from_user is None


async def test_the_bot_comes_and_goes(api: BotApi, anna: Person, bot: telegram.Bot) -> None:
    group = api.supergroup("Biedrība", anna, bot="left")
    with pytest.raises(Forbidden, match="bot is not a member of the supergroup chat"):
        await bot.send_message(group.id, "Labdien")
    anna.adds_bot(group)
    anna.promotes_bot(group)
    anna.removes_bot(group)
    added, greeting, promoted, farewell, removed = await bot.get_updates()
    changes = [update.my_chat_member for update in (added, promoted, removed)]
    statuses = [change and (change.old_chat_member.status, change.new_chat_member.status) for change in changes]
    assert statuses == [("left", "member"), ("member", "administrator"), ("administrator", "kicked")]
    assert greeting.message
    assert [user.id for user in greeting.message.new_chat_members] == [api.bot.id]
    assert farewell.message
    assert farewell.message.left_chat_member
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await bot.send_message(group.id, "Labdien")
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await bot.get_chat_member(group.id, anna.id)


async def test_the_bot_leaves(api: BotApi, anna: Person, bot: telegram.Bot) -> None:
    group = api.group("Kaimiņi", anna)
    assert await bot.leave_chat(group.id)
    [update] = await bot.get_updates()
    assert update.my_chat_member
    assert update.my_chat_member.new_chat_member.status == "left"
    with pytest.raises(Forbidden, match="bot is not a member of the group chat"):
        await bot.send_message(group.id, "x")


async def test_a_restricted_bot_may_not_write(api: BotApi, anna: Person, bot: telegram.Bot) -> None:
    group = api.supergroup("Biedrība", anna)
    anna.restricts_bot(group)
    [update] = await bot.get_updates()
    assert update.my_chat_member
    with pytest.raises(BadRequest, match=r"(?i)not enough rights to send text messages to the chat"):
        await bot.send_message(group.id, "x")


async def test_a_channel_wants_an_administrator(api: BotApi, anna: Person, bot: telegram.Bot) -> None:
    channel = api.channel("Ziņas", anna, bot="member")
    with pytest.raises(BadRequest, match=r"(?i)need administrator rights in the channel chat"):
        await bot.send_message(channel.id, "x")
    anna.promotes_bot(channel)
    sent = await bot.send_message(channel.id, "x")
    assert (sent.from_user, sent.sender_chat and sent.sender_chat.id) == (None, channel.id)
    assert await sent.edit_text("y")
    assert channel.lines == ["Ziņas: y"]


async def test_a_group_becomes_a_supergroup(api: BotApi, anna: Person, bot: telegram.Bot) -> None:
    group = api.group("Kaimiņi", anna)
    supergroup = anna.migrates(group)
    old, new = [update.message for update in await bot.get_updates()]
    assert old
    assert (old.chat.id, old.migrate_to_chat_id) == (group.id, supergroup.id)
    assert new
    assert (new.chat.id, new.migrate_from_chat_id) == (supergroup.id, group.id)
    with pytest.raises(ChatMigrated) as refused:
        await bot.send_message(group.id, "x")
    assert refused.value.new_chat_id == supergroup.id
    await bot.send_message(supergroup.id, "x")


async def test_topics(api: BotApi, anna: Person, bot: telegram.Bot, raw: Raw) -> None:
    forum = api.supergroup("Biedrība", anna, forum=True)
    topic = anna.opens_topic(forum, "Jautājumi")
    asked = anna.sends("/kur", forum, topic=topic)
    opened, update = await bot.get_updates()
    assert opened.message
    assert opened.message.reply_to_message is None
    assert update.message
    assert (update.message.message_thread_id, update.message.is_topic_message) == (topic, True)
    # Telegram shows the message that opened the topic as the one that is replied to.
    assert update.message.reply_to_message
    assert update.message.reply_to_message.forum_topic_created
    sent = await bot.send_message(forum.id, "Te.", message_thread_id=topic)
    assert (sent.message_thread_id, sent.is_topic_message) == (topic, True)
    replied = await bot.send_message(forum.id, "Te.", reply_parameters=telegram.ReplyParameters(asked.id))
    assert replied.message_thread_id == topic
    general = await bot.send_message(forum.id, "Visiem")
    assert general.message_thread_id is None
    anna.sends("un te?", forum, reply_to=forum.messages[general.message_id])
    in_general = (await bot.get_updates())[-1].message
    assert in_general
    assert (in_general.message_thread_id, in_general.is_topic_message) == (general.message_id, None)
    with pytest.raises(BadRequest, match=r"(?i)message thread not found"):
        await bot.send_message(forum.id, "x", message_thread_id=general.message_id)
    reply = telegram.ReplyParameters(in_general.message_id)
    assert (await bot.send_message(forum.id, "x", reply_parameters=reply)).is_topic_message is None
    place = {"chat_id": forum.id, "text": "x"}
    assert await raw.refused("sendMessage", **place, message_thread_id=1) == "Bad Request: message thread not found"
    anna.closes_topic(forum, topic)
    assert await raw.refused("sendMessage", **place, message_thread_id=topic) == "Bad Request: TOPIC_CLOSED"
    anna.reopens_topic(forum, topic)
    assert (await raw("sendMessage", **place, message_thread_id=topic))["ok"]
    anna.deletes_topic(forum, topic)
    assert await raw.refused("sendMessage", **place, message_thread_id=topic) == "Bad Request: message thread not found"
    anna.closes_topic(forum)
    assert await raw.refused("sendMessage", **place) == "Bad Request: TOPIC_CLOSED"


async def test_a_thread_of_replies_is_no_topic(api: BotApi, anna: Person, bot: telegram.Bot, raw: Raw) -> None:
    group = api.supergroup("Biedrība", anna)
    first = anna.sends("@selis_bot sveiks", group)
    anna.sends("@selis_bot kur?", group, reply_to=first)
    _, update = await bot.get_updates()
    assert update.message
    assert (update.message.message_thread_id, update.message.is_topic_message) == (first.id, None)
    refused = await raw.refused("sendMessage", chat_id=group.id, text="x", message_thread_id=first.id)
    assert refused == "Bad Request: message thread not found"


async def test_who_is_in_a_chat(api: BotApi, anna: Person, bot: telegram.Bot, raw: Raw) -> None:
    ilze, stranger = api.person("Ilze"), api.person("Svešais")
    group = api.supergroup("Biedrība", anna, ilze)
    assert (await bot.get_chat(group.id)).title == "Biedrība"
    assert (await bot.get_chat_member(group.id, anna.id)).status == "creator"
    assert (await bot.get_chat_member(group.id, ilze.id)).status == "member"
    assert (await bot.get_chat_member(group.id, stranger.id)).status == "left"
    assert await raw.refused("getChatMember", chat_id=group.id, user_id=5) == "Bad Request: user not found"
    anna.promotes(ilze.user, group)
    assert {member.user.id for member in await bot.get_chat_administrators(group.id)} == {anna.id, ilze.id}
    assert (await bot.get_chat_member(group.id, ilze.id)).status == "administrator"
    assert await bot.get_chat_member_count(group.id) == 3
    assert (await bot.get_chat(anna.id)).first_name == "Anna"
    with pytest.raises(BadRequest, match=r"(?i)there are no administrators in the private chat"):
        await bot.get_chat_administrators(anna.id)
