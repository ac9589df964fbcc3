"""Everything that the server knows: people, chats, what the bot set up, and what waits for it."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

from tests.servers.botapi.clock import Clock
from tests.servers.botapi.flood import Flood
from tests.servers.botapi.refusal import bad_request
from tests.servers.botapi.things import Chat, Json, Message, User
from tests.servers.botapi.updates import UpdateQueue
from tests.servers.botapi.webhook import Webhook

GENERAL = 1


@dataclass(eq=False, slots=True, kw_only=True)
class Query:
    """A pressed button or an inline query that waits for its answer; answer holds the parameters that came."""

    id: str
    user: User
    born: float
    message: Message | None = None
    data: str = ""
    answer: Json | None = None


class World:
    def __init__(self, bot: User) -> None:
        self.bot = bot
        self.clock = Clock()
        self.changes = asyncio.Event()
        self.queue = UpdateQueue(self.clock, self.changed)
        self.flood = Flood(self.clock)
        self.webhook = Webhook(self.queue, self.clock)
        self.users: dict[int, User] = {bot.id: bot}
        self.chats: dict[int, Chat] = {}
        self.queries: dict[str, Query] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        self.profile: dict[tuple[str, ...], Any] = {}
        self.cached: dict[tuple[str, int], tuple[float, Json]] = {}
        self.inline_messages: dict[str, Message] = {}
        self.actions: list[tuple[int, int | None, str]] = []
        self.numbers: Iterator[int] = count(1)
        self.common_box: Iterator[int] = count(1)
        # https://core.telegram.org/bots/features#privacy-mode: on unless its owner turned it off.
        self.privacy_mode = True
        # Sources disagree whether a mention reaches a bot in privacy mode: tests can look at both worlds.
        self.mentions_reach_bot = True
        # "bots will not be able to see messages from other bots regardless of mode"
        self.bots_see_bots = False
        # Guest mode is off until its owner turns it on: getMe's supports_guest_queries.
        self.guest_mode = False
        # Not documented; on the real server it is short.
        self.query_lifetime = 15.0

    # ---- finding -----------------------------------------------------------------------------------------------------

    def chat(self, named: str) -> Chat:
        """ "Unique identifier for the target chat or username of the target channel (in the format
        @channelusername)" """
        if not named:
            raise bad_request("chat_id is empty")
        if named.startswith("@"):
            chat = next((chat for chat in self.chats.values() if f"@{chat.username}" == named), None)
        else:
            chat = self.chats.get(int(named)) if named.lstrip("-").isdigit() else None
        if chat is None:
            raise bad_request("chat not found")
        if chat.migrated_to:
            # ResponseParameters: "The group has been migrated to a supergroup with the specified identifier"
            raise bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to)
        return chat

    def message(self, chat: Chat, number: int, missing: str) -> Message:
        message = chat.messages.get(number)
        if message is None or message.deleted:
            raise bad_request(missing)
        return message

    # ---- changing ----------------------------------------------------------------------------------------------------

    def post(self, chat: Chat, sender: User | None, content: Json, **rest: Any) -> Message:
        """A new message. Supergroups and channels count their own messages; all other chats share a count."""
        own = chat.kind in {"supergroup", "channel"}
        # The first message of a supergroup tells that it was made, and its number is that of the topic General.
        number = next(reversed(chat.messages), GENERAL) + 1 if own else next(self.common_box)
        message = Message(id=number, chat=chat, sender=sender, date=int(self.clock.now()), content=content, **rest)
        chat.messages[number] = message
        if sender and sender.is_bot:
            chat.last_bot = sender.id
        self.changed()
        return message

    def changed(self) -> None:
        self.changes.set()

    async def until(self, holds: Callable[[], Any], within: float = 5) -> Any:
        """What holds() gives as soon as it is true; looked at after every change, no sleeping. Else TimeoutError."""
        async with asyncio.timeout(within):
            while not (found := holds()):
                self.changes.clear()
                await self.changes.wait()
        return found

    def ask(self, user: User, **rest: Any) -> Query:
        query = Query(id=str(4_000_000_000 + next(self.numbers)), user=user, born=self.clock.now(), **rest)
        self.queries[query.id] = query
        return query
