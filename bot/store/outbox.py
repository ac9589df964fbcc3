"""Replies that wait to be sent: in order within a conversation, and no conversation waits for another.

A row is claimed by moving its `due` on by the length of a lease. Who claims it sends it and deletes it; if that process
dies, the row comes due again by itself. Only the oldest row of a conversation can be claimed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import bindparam, delete, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.messages import Reply
from bot.store import sent
from bot.store.identity import Whose
from bot.store.schema import outbox
from bot.store.steps import Step, run
from bot.store.times import from_micros, to_micros

_COLUMNS = tuple(column.name for column in outbox.columns if column.name != "id")
_ENQUEUE = insert(outbox).values({name: bindparam(name) for name in _COLUMNS})

_earlier = outbox.alias("earlier")
_is_first = ~exists().where(_earlier.c.conversation == outbox.c.conversation, _earlier.c.id < outbox.c.id)
_heads = (
    select(outbox.c.id)
    .where(outbox.c.network == bindparam("of_network"), outbox.c.due <= bindparam("now"), _is_first)
    .order_by(outbox.c.due, outbox.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("heads")
)
_CLAIM = (
    update(outbox)
    .where(outbox.c.id.in_(select(_heads.c.id)))
    .values(due=bindparam("until"), tries=outbox.c.tries + 1)
    .returning(*outbox.columns)
)
_NEXT_DUE = select(func.min(outbox.c.due)).where(outbox.c.network == bindparam("of_network"), _is_first)
_POSTPONE = update(outbox).where(outbox.c.id == bindparam("row")).values(due=bindparam("later"))
_DELETE = delete(outbox).where(outbox.c.id == bindparam("row"))
_DEPTH = select(outbox.c.network, func.count(), func.min(outbox.c.enqueued)).group_by(outbox.c.network)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a reply goes, in the network's own ids. `reply_to` is the message it answers, where that is shown."""

    chat: str
    thread: str = ""
    reply_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A reply to send.

    `event` is the key of the message that it answers, `part` counts the replies to one message from 0. `edits` is the
    key of the message whose answer it replaces. Without `keep` nothing of it is remembered once it is sent.
    """

    network: str
    address: Address
    whose: Whose
    event: bytes
    reply: Reply
    part: int = 0
    edits: bytes | None = None
    keep: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A letter that was claimed for sending. `tries` counts this one, `edits` are the network's ids of messages.

    `transaction` is the same however often the letter is sent: a network that knows it already shows one message.
    """

    id: int
    letter: Letter
    enqueued: datetime
    tries: int
    edits: tuple[str, ...] = ()

    @property
    def transaction(self) -> str:
        return f"{self.letter.event.hex()}.{self.letter.part}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Depth:
    """How much waits for a network, and since when the oldest."""

    letters: int
    oldest: datetime


_ADDRESSES = TypeAdapter(Address)
_REPLIES = TypeAdapter(Reply)


async def enqueue(connection: AsyncConnection, letter: Letter, now: datetime) -> None:
    """Put a letter behind all others of its conversation; it is due at once."""
    await run(connection, enqueuing(letter, now))


def enqueuing(letter: Letter, now: datetime) -> Step:
    """`enqueue` as a step."""
    micros = to_micros(now)
    return Step(
        _ENQUEUE,
        {
            "network": letter.network,
            "conversation": letter.whose.conversation,
            "chat": letter.whose.chat,
            "person": letter.whose.person,
            "event": letter.event,
            "part": letter.part,
            "edits": letter.edits,
            "keep": letter.keep,
            "address": write_address(letter.address),
            "reply": _REPLIES.dump_json(letter.reply, exclude_defaults=True).decode(),
            "enqueued": micros,
            "due": micros,
            "tries": 0,
        },
    )


async def claim(
    connection: AsyncConnection, network: str, now: datetime, *, lease: timedelta, most: int
) -> tuple[list[Outgoing], int]:
    """What is due for a network, at most one letter of each conversation; nobody else gets them before the lease ends.

    The second part counts letters of an older Sēlis that cannot be read any more: they are deleted.
    """
    values = {"of_network": network, "now": to_micros(now), "until": to_micros(now + lease), "most": most}
    (rows,) = await run(connection, Step(_CLAIM, values))
    found: list[Outgoing] = []
    unreadable = []
    for row in sorted(rows):
        try:
            found.append(_outgoing(row))
        except ValidationError:
            unreadable.append(Step(_DELETE, {"row": row[0]}))
    await run(connection, *unreadable)
    return [await _with_edits(connection, one) for one in found], len(unreadable)


async def next_due(connection: AsyncConnection, network: str) -> datetime | None:
    """When the next letter for a network can be claimed; None while nothing waits."""
    (((micros,),),) = await run(connection, Step(_NEXT_DUE, {"of_network": network}))
    return None if micros is None else from_micros(micros)


async def mark_sent(connection: AsyncConnection, outgoing: Outgoing, messages: Sequence[str], now: datetime) -> None:
    """Delete a letter that the network took, and keep the network's ids of its messages for later edits."""
    steps = [Step(_DELETE, {"row": outgoing.id})]
    if outgoing.letter.keep:
        steps.append(sent.keeping(outgoing.letter.event, outgoing.letter.part, outgoing.letter.whose, messages, now))
    await run(connection, *steps)


async def postpone(connection: AsyncConnection, outgoing: Outgoing, due: datetime) -> None:
    """Give a claimed letter back, to be claimed again from `due` on."""
    await run(connection, Step(_POSTPONE, {"row": outgoing.id, "later": to_micros(due)}))


async def drop(connection: AsyncConnection, outgoing: Outgoing) -> None:
    """Delete a letter that will never be sent."""
    await run(connection, Step(_DELETE, {"row": outgoing.id}))


async def depth(connection: AsyncConnection) -> dict[str, Depth]:
    """What waits, by network."""
    (rows,) = await run(connection, Step(_DEPTH, {}))
    return {network: Depth(letters=count, oldest=from_micros(oldest)) for network, count, oldest in rows}


def write_address(address: Address) -> str:
    """An address as JSON."""
    return _ADDRESSES.dump_json(address, exclude_defaults=True).decode()


def read_address(text: str) -> Address:
    """The address of a JSON text."""
    return _ADDRESSES.validate_json(text)


def _outgoing(row: Sequence[Any]) -> Outgoing:
    of = dict(zip(("id", *_COLUMNS), row, strict=True))
    letter = Letter(
        network=of["network"],
        address=read_address(of["address"]),
        whose=Whose(conversation=of["conversation"], chat=of["chat"], person=of["person"]),
        event=of["event"],
        reply=_REPLIES.validate_json(of["reply"]),
        part=of["part"],
        edits=of["edits"],
        keep=bool(of["keep"]),
    )
    return Outgoing(id=of["id"], letter=letter, enqueued=from_micros(of["enqueued"]), tries=of["tries"])


async def _with_edits(connection: AsyncConnection, outgoing: Outgoing) -> Outgoing:
    """The letter with the messages it replaces: those before it in its conversation are sent by now."""
    letter = outgoing.letter
    if letter.edits is None:
        return outgoing
    messages = await sent.messages_of(connection, letter.edits)
    return Outgoing(id=outgoing.id, letter=letter, enqueued=outgoing.enqueued, tries=outgoing.tries, edits=messages)
