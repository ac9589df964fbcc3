"""People who act: every deed changes the world as Telegram would, and tells the bot what Telegram would tell it."""

from tests.servers.botapi.files import kept
from tests.servers.botapi.inline import cached, content_of, inline_id
from tests.servers.botapi.member import Member
from tests.servers.botapi.profile import menu
from tests.servers.botapi.things import Chat, Json, Message
from tests.servers.botapi.world import Query


class Person(Member):
    """A user of Telegram: see also writer.py (sends, edits, presses) and member.py (groups, topics)."""

    def starts(self, parameter: str = "") -> Message:
        """Presses Start, or follows a link https://t.me/bot?start=PARAMETER."""
        return self.sends(f"/start {parameter}".strip())

    def shares_location(self, latitude: float, longitude: float, chat: Chat | None = None) -> Message:
        return self.posts({"location": {"latitude": latitude, "longitude": longitude}}, chat)

    def sends_document(self, name: str, data: bytes, *, caption: str = "", chat: Chat | None = None) -> Message:
        document = kept(self.world, name, data) | {"file_name": name, "mime_type": "application/octet-stream"}
        return self.posts({"document": document} | ({"caption": caption} if caption else {}), chat)

    def sends_photo(self, data: bytes = b"\xff\xd8photo", *, caption: str = "", chat: Chat | None = None) -> Message:
        """Two sizes, as Telegram makes them; "photo: Available sizes of the photo"."""
        sizes = [kept(self.world, "photo.jpg", data) | {"width": width, "height": width} for width in (90, 800)]
        return self.posts({"photo": sizes} | ({"caption": caption} if caption else {}), chat)

    def sends_voice(self, chat: Chat | None = None) -> Message:
        voice = kept(self.world, "voice.ogg", b"OggS") | {"duration": 3, "mime_type": "audio/ogg"}
        return self.posts({"voice": voice}, chat)

    def sends_sticker(self, chat: Chat | None = None) -> Message:
        shape: Json = {"width": 512, "height": 512, "type": "regular", "is_animated": False, "is_video": False}
        return self.posts({"sticker": kept(self.world, "sticker.webp", b"RIFF") | shape}, chat)

    def menu(self, chat: Chat | None = None) -> list[str]:
        """The commands that the person is offered in a chat."""
        return [str(command["command"]) for command in menu(self.world, chat or self.private, self.user)]

    async def hears(self, chat: Chat | None = None, *, within: float = 5) -> Message:
        """The first message of the bot after the person's own last one in the chat; waits for it. TimeoutError."""
        place = chat or self.private
        own = max((message.id for message in place.messages.values() if message.sender is self.user), default=0)
        heard = lambda: [message for message in place.from_bot(self.world.bot) if message.id > own]  # noqa: E731
        found: list[Message] = await self.world.until(heard, within)
        return found[0]

    # ---- inline mode and guest mode ----------------------------------------------------------------------------------

    def asks_inline(self, text: str, *, offset: str = "", chat: Chat | None = None) -> Query:
        """Types @bot and a text in any chat. What the server has cached is shown without asking the bot."""
        query = self.world.ask(self.user, data=text)
        query.answer = cached(self.world, query)
        if query.answer is None:
            shown: Json = {"id": query.id, "from": self.user.json(), "query": text, "offset": offset}
            self.world.queue.add("inline_query", shown | {"chat_type": chat.kind if chat else "sender"})
        return query

    def chooses(self, query: Query, number: int = 0, chat: Chat | None = None) -> Message:
        """Sends one of the results; the message is the person's, "via_bot". The bot learns of it as
        chosen_inline_result, as if inline feedback were on."""
        result: Json = (query.answer or {})["results"][number]
        message = self.posts(content_of(result) | {"via_bot": self.world.bot.json()}, chat)
        chosen = {"result_id": result["id"], "from": self.user.json(), "query": query.data}
        if result.get("reply_markup"):
            # "Available only if there is an inline keyboard attached to the message."
            message.markup = result["reply_markup"]
            chosen["inline_message_id"] = inline_id(self.world, message)
        self.world.queue.add("chosen_inline_result", chosen)
        return message

    def asks_guest(self, text: str, chat: Chat) -> Query:
        """Mentions the bot in a chat where it is not; reaches it only with guest mode on."""
        message = self.sends(text, chat)
        query = self.world.ask(self.user, message=message, data=text)
        if self.world.guest_mode:
            caller = {"guest_query_id": query.id, "guest_bot_caller_user": self.user.json()}
            self.world.queue.add("guest_message", message.json() | caller)
        return query
