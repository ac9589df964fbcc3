"""Which messages of ours answered which message of theirs: an edited question edits its answer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.identity import Whose
from bot.store.schema import sent
from bot.store.steps import Step, run
from bot.store.times import to_micros

_KEEP = insert(sent).values({column.name: bindparam(column.name) for column in sent.columns})
_KEEP = _KEEP.on_conflict_do_update(
    index_elements=[sent.c.event, sent.c.part], set_={"messages": _KEEP.excluded.messages, "at": _KEEP.excluded.at}
)
_MESSAGES = select(sent.c.messages).where(sent.c.event == bindparam("event")).order_by(sent.c.part)


async def keep(
    connection: AsyncConnection, event: bytes, part: int, whose: Whose, messages: Sequence[str], now: datetime
) -> None:
    """Keep the network's ids of the messages that answer an event."""
    await run(connection, keeping(event, part, whose, messages, now))


def keeping(event: bytes, part: int, whose: Whose, messages: Sequence[str], now: datetime) -> Step:
    """`keep` as a step."""
    return Step(
        _KEEP,
        {
            "event": event,
            "part": part,
            "chat": whose.chat,
            "person": whose.person,
            "messages": json.dumps(list(messages), ensure_ascii=False, separators=(",", ":")),
            "at": to_micros(now),
        },
    )


async def messages_of(connection: AsyncConnection, event: bytes) -> tuple[str, ...]:
    """The network's ids of all messages that answered an event, in the order they were sent."""
    (rows,) = await run(connection, Step(_MESSAGES, {"event": event}))
    return tuple(message for (messages,) in rows for message in json.loads(messages))
