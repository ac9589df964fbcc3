"""People, chats and messages that appear in the tests of the store."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.messages import Choice, Kind, Reply
from bot.store.engine import Store
from bot.store.identity import Whose
from bot.store.outbox import Address, Letter
from knowledge.model import Language

NOW = datetime(2026, 11, 20, 12, 30, 15, 123456, tzinfo=UTC)

REPLY = Reply(
    kind=Kind.CLARIFY,
    text="Par kuru novadu jautājat? Zvaniet +371 65 000 000",
    choices=(Choice(key="t:p::", label="Šis novads"),),
    entries=("contact/p/t",),
    topic="t",
    place="p",
    language=Language.RU,
    confidence=0.25,
)


def whose(store: Store, person: str = "ilze", chat: str | None = None) -> Whose:
    return store.keys.whose(network="telegram", chat=chat or f"private-{person}", person=person)


def letter(store: Store, number: int = 1, person: str = "ilze", **changes: object) -> Letter:
    chat = f"private-{person}"
    values: dict[str, object] = {
        "network": "telegram",
        "address": Address(chat=chat, thread="7", reply_to=str(number)),
        "whose": whose(store, person),
        "event": store.keys.event("telegram", chat, str(number)),
        "reply": REPLY,
    }
    return Letter(**(values | changes))  # type: ignore[arg-type]
