"""People, chats and messages as Telegram holds them; json() is how the Bot API shows them to the bot."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(eq=False, slots=True, kw_only=True)
class User:
    """https://core.telegram.org/bots/api#user"""

    id: int
    first_name: str
    username: str = ""
    language: str = ""
    is_bot: bool = False

    def json(self) -> Json:
        shown: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        shown |= {"username": self.username} if self.username else {}
        return shown | ({"language_code": self.language} if self.language else {})


@dataclass(eq=False, slots=True, kw_only=True)
class Topic:
    """A forum topic; its id is that of the message that made it. General has the id 1."""

    id: int
    name: str
    closed: bool = False


@dataclass(eq=False, slots=True, kw_only=True)
class Chat:
    """https://core.telegram.org/bots/api#chat. Statuses are those of ChatMember: creator, administrator, member,
    restricted, left, kicked (banned)."""

    id: int
    kind: str
    title: str = ""
    username: str = ""
    person: User | None = None
    statuses: dict[int, str] = field(default_factory=dict)
    is_forum: bool = False
    topics: dict[int, Topic] = field(default_factory=dict)
    messages: dict[int, "Message"] = field(default_factory=dict)
    migrated_to: int | None = None
    # A person has to write first: https://core.telegram.org/bots/features#what-features-do-bots-have
    started: bool = False
    blocked: bool = False
    deactivated: bool = False
    anonymous_admins: set[int] = field(default_factory=set)
    last_bot: int | None = None

    def json(self) -> Json:
        shown: Json = {"id": self.id, "type": self.kind}
        if self.person:
            shown["first_name"] = self.person.first_name
            shown |= {"username": self.person.username} if self.person.username else {}
        else:
            shown["title"] = self.title
        shown |= {"username": self.username} if self.username else {}
        return shown | ({"is_forum": True} if self.is_forum else {})

    def status(self, user: User) -> str:
        return self.statuses.get(user.id, "left")

    @property
    def visible(self) -> list["Message"]:
        """What a person sees who opens the chat: messages that were not deleted, after all edits."""
        return [message for message in self.messages.values() if not message.deleted]

    @property
    def lines(self) -> list[str]:
        """The visible messages as "Anna: labdien"."""
        return [f"{message.author}: {message.text}" for message in self.visible]

    def place(self, reply: "Message | None", topic: int | None) -> Json:
        """The fields that say where in the chat a message stands. Outside topics (and in General) a thread is a chain
        of replies: it has an id too, but "is_topic_message" is missing, and nothing can be sent to it by that id, see
        https://github.com/tdlib/telegram-bot-api/issues/447."""
        topic = topic or (reply.thread if reply and reply.in_topic else None)
        chain = (reply.thread or reply.id) if reply and self.kind == "supergroup" else None
        return {"reply_to": reply.id if reply else None, "thread": topic or chain, "in_topic": bool(topic)}

    def from_bot(self, bot: User) -> list["Message"]:
        return [message for message in self.visible if message.sender is bot]


@dataclass(eq=False, slots=True, kw_only=True)
class Message:
    """https://core.telegram.org/bots/api#message; content holds the fields as they stand there (text, entities …)."""

    id: int
    chat: Chat
    sender: User | None
    date: int
    content: Json
    sender_chat: Chat | None = None
    reply_to: int | None = None
    thread: int | None = None
    in_topic: bool = False
    markup: Json | None = None
    edited: int | None = None
    deleted: bool = False

    @property
    def text(self) -> str:
        return str(self.content.get("text") or self.content.get("caption") or "")

    @property
    def entities(self) -> list[Json]:
        return list(self.content.get("entities") or self.content.get("caption_entities") or [])

    @property
    def author(self) -> str:
        return self.sender.first_name if self.sender else (self.sender_chat or self.chat).title

    @property
    def rows(self) -> list[list[Json]]:
        return list((self.markup or {}).get("inline_keyboard", []))

    @property
    def labels(self) -> list[str]:
        """What stands on the buttons, row after row."""
        return [str(button["text"]) for row in self.rows for button in row]

    def json(self, *, deep: bool = True) -> Json:
        """With the message it replies to, but without that one's own: "will not contain further reply_to_message"."""
        shown: Json = {"message_id": self.id, "date": self.date, "chat": self.chat.json()}
        shown |= {"from": self.sender.json()} if self.sender else {}
        shown |= {"sender_chat": self.sender_chat.json()} if self.sender_chat else {}
        shown |= {"edit_date": self.edited} if self.edited else {}
        shown |= {"message_thread_id": self.thread} if self.thread else {}
        shown |= {"is_topic_message": True} if self.in_topic else {}
        # In a forum a message that replies to nothing is shown as a reply to the message that opened its topic.
        replied = self.chat.messages.get(self.reply_to or (self.thread if self.in_topic and self.thread else 0))
        if deep and replied and replied is not self and not replied.deleted:
            shown["reply_to_message"] = replied.json(deep=False)
        shown |= self.content
        return shown | ({"reply_markup": self.markup} if self.rows else {})
