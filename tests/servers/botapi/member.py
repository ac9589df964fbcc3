"""What people do to groups and channels, and to the bot in them; "bot" is always the bot of this server."""

from tests.servers.botapi.delivery import tell
from tests.servers.botapi.membership import change_status
from tests.servers.botapi.things import Chat, Topic, User
from tests.servers.botapi.world import GENERAL, World
from tests.servers.botapi.writer import Writer


class Member(Writer):
    """A person among others."""

    # ---- the bot -----------------------------------------------------------------------------------------------------

    def blocks_bot(self) -> None:
        """my_chat_member: "For private chats, this update is received only when the bot is blocked or unblocked"."""
        change_status(self.world, self.private, self.world.bot, self.user, "kicked")
        self.private.blocked = True

    def unblocks_bot(self) -> None:
        change_status(self.world, self.private, self.world.bot, self.user, "member")
        self.private.blocked = False

    def deletes_account(self) -> None:
        self.private.deactivated = True

    def adds_bot(self, chat: Chat, status: str = "member") -> None:
        """Two updates: my_chat_member, and (but not in a channel) a message with new_chat_members, "the bot itself may
        be one of these members"."""
        change_status(self.world, chat, self.world.bot, self.user, status)
        if chat.kind != "channel":
            self.posts({"new_chat_members": [self.world.bot.json()]}, chat)

    def removes_bot(self, chat: Chat) -> None:
        """left_chat_member: "information about them (this member may be the bot itself)"; afterwards it is banned."""
        if chat.kind != "channel":
            self.posts({"left_chat_member": self.world.bot.json()}, chat)
        change_status(self.world, chat, self.world.bot, self.user, "kicked")

    def promotes_bot(self, chat: Chat) -> None:
        change_status(self.world, chat, self.world.bot, self.user, "administrator")

    def demotes_bot(self, chat: Chat) -> None:
        change_status(self.world, chat, self.world.bot, self.user, "member")

    def restricts_bot(self, chat: Chat) -> None:
        """It stays, and may not write."""
        change_status(self.world, chat, self.world.bot, self.user, "restricted")

    # ---- people ------------------------------------------------------------------------------------------------------

    def joins(self, chat: Chat) -> None:
        change_status(self.world, chat, self.user, self.user, "member")
        self.posts({"new_chat_members": [self.user.json()]}, chat)

    def leaves(self, chat: Chat) -> None:
        self.posts({"left_chat_member": self.user.json()}, chat)
        change_status(self.world, chat, self.user, self.user, "left")

    def promotes(self, user: User, chat: Chat) -> None:
        change_status(self.world, chat, user, self.user, "administrator")

    def demotes(self, user: User, chat: Chat) -> None:
        change_status(self.world, chat, user, self.user, "member")

    def hides(self, chat: Chat) -> None:
        """From now on an anonymous administrator."""
        chat.anonymous_admins.add(self.user.id)

    # ---- topics ------------------------------------------------------------------------------------------------------

    def opens_topic(self, chat: Chat, name: str) -> int:
        """The id of the new topic, which is the id of the message that opened it."""
        message = self.world.post(chat, self.user, {"forum_topic_created": {"name": name, "icon_color": 7322096}})
        message.thread, message.in_topic = message.id, True
        chat.topics[message.id] = Topic(id=message.id, name=name)
        tell(self.world, "message", message)
        return message.id

    def closes_topic(self, chat: Chat, topic: int = GENERAL) -> None:
        chat.topics[topic].closed = True
        self.posts({"forum_topic_closed": {}}, chat, topic=None if topic == GENERAL else topic)

    def reopens_topic(self, chat: Chat, topic: int = GENERAL) -> None:
        chat.topics[topic].closed = False
        self.posts({"forum_topic_reopened": {}}, chat, topic=None if topic == GENERAL else topic)

    def deletes_topic(self, chat: Chat, topic: int) -> None:
        """With all its messages; bots are not told."""
        del chat.topics[topic]
        for message in chat.messages.values():
            message.deleted |= message.thread == topic
        self.world.changed()

    # ---- groups ------------------------------------------------------------------------------------------------------

    def migrates(self, group: Chat) -> Chat:
        """The supergroup that a basic group becomes. Two messages tell of it: migrate_to_chat_id in the old chat,
        migrate_from_chat_id in the new one; requests to the old one are refused with migrate_to_chat_id."""
        supergroup = new_chat(self.world, "supergroup", group.title, dict(group.statuses))
        self.posts({"migrate_to_chat_id": supergroup.id}, group)
        group.migrated_to = supergroup.id
        self.posts({"migrate_from_chat_id": group.id}, supergroup)
        return supergroup


def new_chat(world: World, kind: str, title: str, statuses: dict[int, str], *, forum: bool = False) -> Chat:
    """Ids as Telegram gives them: small negative ones for groups, below -1000000000000 for supergroups and channels."""
    number = -(4_000_000 + next(world.numbers)) - (0 if kind == "group" else 1_000_000_000_000)
    topics = {GENERAL: Topic(id=GENERAL, name="General")} if forum else {}
    chat = Chat(id=number, kind=kind, title=title, statuses=statuses, is_forum=forum, topics=topics)
    world.chats[number] = chat
    return chat
