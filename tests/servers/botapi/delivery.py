"""Which messages a bot is told of: https://core.telegram.org/bots/features#privacy-mode

"Privacy mode is enabled by default for all bots, except bots that were added to a group as admins (bot admins always
receive all messages)." In privacy mode these reach it: "Commands explicitly meant for them (e.g., /command@this_bot).
General commands (e.g. /start) if the bot was the last bot to send a message to the group. Inline messages sent via the
bot. Replies to any messages implicitly or explicitly meant for this bot." And always: "All service messages. All
messages from private chats with users. All messages from channels where they are a member."
"""

from tests.servers.botapi.things import Message
from tests.servers.botapi.units import cut
from tests.servers.botapi.world import World

SERVICE = {
    "new_chat_members", "left_chat_member", "new_chat_title", "group_chat_created", "supergroup_chat_created",
    "migrate_to_chat_id", "migrate_from_chat_id", "pinned_message", "forum_topic_created", "forum_topic_closed",
    "forum_topic_reopened", "forum_topic_edited", "general_forum_topic_hidden",
}  # fmt: skip


def tell(world: World, kind: str, message: Message) -> None:
    if reaches(world, message):
        world.queue.add(kind, message.json())


def reaches(world: World, message: Message) -> bool:
    chat = message.chat
    if chat.kind == "private":
        return not chat.blocked
    if chat.status(world.bot) in {"left", "kicked"} or message.sender is world.bot:
        return False
    if chat.kind == "channel" or SERVICE & message.content.keys():
        return True
    # An anonymous administrator writes through a bot's account, and is a person all the same.
    if message.sender and message.sender.is_bot and not message.sender_chat and not world.bots_see_bots:
        return False
    all_of_it = not world.privacy_mode or chat.status(world.bot) == "administrator"
    return all_of_it or is_meant(world, message)


def is_meant(world: World, message: Message) -> bool:
    bot = world.bot
    replied = message.chat.messages.get(message.reply_to or 0)
    if replied and (replied.sender is bot or is_meant(world, replied)):
        return True
    if message.content.get("via_bot", {}).get("id") == bot.id:
        return True
    for entity in message.entities:
        said = cut(message.text, entity["offset"], entity["length"]).lower()
        if entity["type"] == "bot_command":
            _, at, name = said.partition("@")
            if name == bot.username.lower() if at else message.chat.last_bot in {None, bot.id}:
                return True
        mention = entity["type"] == "mention" and said == f"@{bot.username}".lower()
        named = entity["type"] == "text_mention" and entity["user"]["id"] == bot.id
        if (mention or named) and world.mentions_reach_bot:
            return True
    return False
