"""A desk over a real directory of the small knowledge and a real database, for tests."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path

from bot.commands import parse
from bot.desk import Desk
from bot.health import Health, examined
from bot.messages import Attachment, ConversationId, IncomingMessage, Reply
from bot.propose import Propose
from bot.store import audit, history, unanswered
from bot.store.engine import Store
from bot.store.identity import Whose
from knowledge.model import Language
from tests.bot.reloading import House


@dataclass(slots=True, kw_only=True)
class Office:
    """Admins, by name, ask the desk."""

    house: House
    store: Store
    desk: Desk = field(init=False)

    def __post_init__(self) -> None:
        self.desk = Desk(
            store=self.store,
            live=self.house.reload.live,
            reload=self.house.reload,
            propose=Propose(reload=self.house.reload),
            keys=self.store.keys,
            clock=self.house.now,
            health=self._health,
            zone=UTC,
        )

    async def _health(self) -> Health:
        return await examined(self.store, self.house.reload.live.current, self.house.clock)

    async def ask(self, text: str, admin: str = "ilze", language: Language = Language.LV) -> list[Reply]:
        """The replies to a command, typed or pressed."""
        return [reply async for reply in self.serve(text, admin, language)]

    def serve(self, text: str, admin: str = "ilze", language: Language = Language.LV) -> AsyncGenerator[Reply, None]:
        """The same, one after the other."""
        command = parse(text, self.house.reload.live.current.index.kb)
        assert command is not None
        message = IncomingMessage(conversation=_conversation(admin), text=text)
        return self.desk.serve(command, message, command.language or language)

    async def send(self, name: str, content: str | bytes, caption: str = "", admin: str = "ilze") -> list[Reply]:
        """The replies to a file."""
        data = content if isinstance(content, bytes) else content.encode()
        file = Attachment(name=name, data=data)
        message = IncomingMessage(conversation=_conversation(admin), text=caption, attachment=file)
        return [reply async for reply in self.desk.serve(None, message, Language.LV)]

    async def press(self, reply: Reply, label: str, admin: str = "ilze") -> list[Reply]:
        """The replies to a choice."""
        return await self.ask(key_of(reply, label), admin)

    async def wonder(self, text: str, *people: str, cluster: str = "c1") -> None:
        """People ask what has no answer."""
        async with self.store.transaction() as connection:
            for person in people:
                await unanswered.note(connection, text, cluster, self.whose(person), self.house.clock)

    def whose(self, person: str) -> Whose:
        return self.store.keys.whose(network="telegram", chat=person, person=person)

    async def acts(self) -> list[tuple[str, str]]:
        """The audit, the oldest first."""
        async with self.store.reading() as connection:
            found = await audit.latest(connection)
        assert {act.who for act in found} <= {self.store.keys.person("telegram", name) for name in ("ilze", "juris")}
        return [(act.act, act.detail) for act in reversed(found)]

    async def versions(self) -> Sequence[history.Version]:
        async with self.store.reading() as connection:
            return await history.latest(connection)

    @property
    def database(self) -> Path:
        return Path(self.store.url.database or "")

    def lose_database(self) -> None:
        for path in self._files():
            path.rename(path.with_name("away-" + path.name))

    def find_database(self) -> None:
        for path in self.database.parent.glob("away-*"):
            path.rename(path.with_name(path.name.removeprefix("away-")))

    def _files(self) -> list[Path]:
        return list(self.database.parent.glob(self.database.name + "*"))


def _conversation(admin: str) -> ConversationId:
    return ConversationId(network="telegram", chat=admin, person=admin)


def key_of(reply: Reply, label: str) -> str:
    """The key of the choice that is called so."""
    return next(choice.key for choice in reply.choices if choice.label == label)


def texts(replies: Sequence[Reply]) -> list[str]:
    return [reply.text.split("\n")[0] for reply in replies]
