"""Which messages of ours answered which message of theirs: an edited question edits its answer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BigInteger, Insert, Text, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.schema import outbox, sent
from bot.store.steps import Inserting, Step, run
from bot.store.times import to_micros

_MESSAGES = select(sent.c.messages).where(sent.c.event == bindparam("event")).order_by(sent.c.part)


def _keep(insert: Inserting) -> Insert:
    new = insert(sent).from_select(
        ["event", "part", "chat", "person", "messages", "at"],
        select(
            *(outbox.c[name] for name in ("event", "part", "chat", "person")),
            bindparam("messages", type_=Text),
            bindparam("at", type_=BigInteger),
        ).where(outbox.c.id == bindparam("row")),
    )
    return new.on_conflict_do_update(
        index_elements=[sent.c.event, sent.c.part], set_={"messages": new.excluded.messages, "at": new.excluded.at}
    )


def keeping(row: int, messages: Sequence[str], now: datetime) -> Step:
    """Keep the network's ids of the messages that a letter became, before its row in the outbox is deleted.

    A letter whose row was deleted while it was under way leaves nothing: its person or its chat is to be forgotten.
    """
    written = json.dumps(list(messages), ensure_ascii=False, separators=(",", ":"))
    return Step(_keep, {"row": row, "messages": written, "at": to_micros(now)})


async def messages_of(connection: AsyncConnection, event: bytes) -> tuple[str, ...]:
    """The network's ids of all messages that answered an event, in the order they were sent."""
    (rows,) = await run(connection, Step(_MESSAGES, {"event": event}))
    return tuple(message for (messages,) in rows for message in json.loads(messages))
