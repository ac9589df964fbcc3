"""Writing, editing and pressing buttons, as a person does it."""

from collections.abc import Mapping
from typing import Any

from tests.servers.botapi.delivery import tell
from tests.servers.botapi.entities import found
from tests.servers.botapi.things import Chat, Json, Message, User
from tests.servers.botapi.units import units
from tests.servers.botapi.world import Query, World


class Writer:
    """A user who writes; where no chat is named, the deed is done in the private chat with the bot."""

    def __init__(self, world: World, user: User, private: Chat) -> None:
        self.world = world
        self.user = user
        self.private = private
        self.id = user.id

    def sends(
        self,
        text: str,
        chat: Chat | None = None,
        *,
        reply_to: Message | None = None,
        topic: int | None = None,
        mentions: Mapping[str, User] | None = None,
        **content: Any,
    ) -> Message:
        """Writes a message. mentions: words of the text that name people without a username (text_mention);
        content: more fields of the Message, such as via_bot or forward_origin."""
        body: Json = {"text": text}
        taken = [
            {
                "type": "text_mention",
                "offset": units(text[: text.index(name)]),
                "length": units(name),
                "user": user.json(),
            }
            for name, user in (mentions or {}).items()
        ]
        entities = found(text, taken)
        body |= {"entities": entities} if entities else {}
        return self.posts(body | content, chat, reply_to=reply_to, topic=topic)

    def posts(
        self,
        content: Json,
        chat: Chat | None = None,
        *,
        reply_to: Message | None = None,
        topic: int | None = None,
        as_channel: Chat | None = None,
    ) -> Message:
        """A message of any content; the fields are those of the Bot API's Message. as_channel: in the name of a
        channel that the person owns."""
        chat = chat or self.private
        rest = chat.place(reply_to, topic)
        if chat.kind == "private":
            chat.started, chat.blocked = True, False
        if as_channel:
            message = self.world.post(chat, CHANNEL_BOT, content, sender_chat=as_channel, **rest)
        elif chat.kind == "channel":
            message = self.world.post(chat, None, content, sender_chat=chat, **rest)
        elif self.user.id in chat.anonymous_admins:
            message = self.world.post(chat, ANONYMOUS, content, sender_chat=chat, **rest)
        else:
            message = self.world.post(chat, self.user, content, **rest)
        tell(self.world, "channel_post" if chat.kind == "channel" else "message", message)
        return message

    def edits(self, message: Message, text: str) -> Message:
        """The bot learns of it as edited_message (edited_channel_post in a channel)."""
        entities = found(text, [])
        message.content = message.content | {"text": text, "entities": entities}
        if not entities:
            del message.content["entities"]
        message.edited = int(self.world.clock.now())
        self.world.changed()
        tell(self.world, "edited_channel_post" if message.chat.kind == "channel" else "edited_message", message)
        return message

    def deletes(self, message: Message) -> None:
        """Bots are not told."""
        message.deleted = True
        self.world.changed()

    def presses(self, label: str, chat: Chat | None = None, *, message: Message | None = None) -> Query:
        """Presses the button of that label: the newest in the chat, or that under the message. Only buttons with
        callback_data tell the bot; see https://core.telegram.org/bots/api#callbackquery."""
        messages = [message] if message else (chat or self.private).visible[::-1]
        for shown in messages:
            for button in (button for row in shown.rows for button in row):
                if button["text"] == label:
                    return self.press(shown, button)
        seen = [f"{shown.text!r}: {shown.labels}" for shown in messages if shown.labels]
        raise LookupError(f"no button {label!r} is to be seen among {seen}")

    def press(self, message: Message, button: Json) -> Query:
        if "callback_data" not in button:
            raise LookupError(f"{button['text']!r} opens or copies something: the bot learns nothing of a press")
        query = self.world.ask(self.user, message=message, data=button["callback_data"])
        inline = next((name for name, sent in self.world.inline_messages.items() if sent is message), None)
        where = {"inline_message_id": inline} if inline else {"message": message.json()}
        shown = {"id": query.id, "from": self.user.json(), "data": query.data} | where
        self.world.queue.add("callback_query", shown | {"chat_instance": str(hash(message.chat.id))})
        return query


# "from: [...] For backward compatibility, if the message was sent on behalf of a chat, the field contains a fake sender
# user in non-channel chats": the first for channels, the second for administrators who stay anonymous.
CHANNEL_BOT = User(id=136817688, first_name="Channel", username="Channel_Bot", is_bot=True)
ANONYMOUS = User(id=1087968824, first_name="Group", username="GroupAnonymousBot", is_bot=True)
