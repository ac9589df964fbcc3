"""Replies that wait to be sent: in order within a conversation, and no conversation waits for another.

A row is claimed by moving its `due` on by the length of a lease. Who claims it sends it and deletes it; if that process
dies, its successor takes the row over at once (`take_over`), and any other when the lease is over.

Only the oldest row of a conversation has a `due` at all: the one behind it gets one when it is deleted, so a long queue
costs no more than a short one. In PostgreSQL, putting a row behind another and deleting that other must not happen side
by side: both take the lock of the conversation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from msgspec.json import Decoder, Encoder
from sqlalchemy import BigInteger, Integer, Text, bindparam, case, delete, exists, func, insert, null, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.messages import Reply
from bot.store import sent
from bot.store.identity import Whose
from bot.store.schema import outbox
from bot.store.steps import Step, run
from bot.store.times import from_micros, to_micros

PROMISE = -1
"""The part of a letter that is only held back (`bot.store.promises`)."""

_COLUMNS = tuple(column.name for column in outbox.columns if column.name != "id")
_earlier = outbox.alias("earlier")
_has_earlier = exists().where(_earlier.c.conversation == bindparam("of_conversation"))
_ENQUEUE = (
    insert(outbox)
    .values(
        {name: bindparam(name) for name in _COLUMNS if name not in {"due", "tries", "holder"}}
        | {
            "due": case((_has_earlier, null()), else_=bindparam("first_due", type_=BigInteger)),
            "tries": case((_has_earlier, 0), else_=bindparam("first_tries", type_=Integer)),
            "holder": case((_has_earlier, null()), else_=bindparam("first_holder", type_=Text)),
        }
    )
    .returning(outbox.c.id, outbox.c.due)
)
_heads = (
    select(outbox.c.id)
    .where(outbox.c.network == bindparam("of_network"), outbox.c.due <= bindparam("now"))
    .order_by(outbox.c.due, outbox.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("heads")
)
_CLAIM = (
    update(outbox)
    .where(outbox.c.id.in_(select(_heads.c.id)))
    .values(due=bindparam("until"), tries=outbox.c.tries + 1, holder=bindparam("by"))
    .returning(*outbox.columns)
)
_NEXT_DUE = select(func.min(outbox.c.due)).where(outbox.c.network == bindparam("of_network"))
_POSTPONE = update(outbox).where(outbox.c.id == bindparam("row")).values(due=bindparam("later"), holder=null())
_TAKE_ALL_OVER = (
    update(outbox)
    .where(outbox.c.network == bindparam("of_network"), outbox.c.holder.is_not(None))
    .values(due=bindparam("from_now"), holder=null())
)
_TAKE_OVER = _TAKE_ALL_OVER.where(outbox.c.holder == bindparam("by"))
_DELETE = delete(outbox).where(outbox.c.id == bindparam("row"))
_oldest = select(func.min(_earlier.c.id)).where(_earlier.c.conversation == bindparam("of_conversation"))
_MOVE_UP = (
    update(outbox)
    .where(outbox.c.id == _oldest.scalar_subquery(), outbox.c.due.is_(None))
    .values(due=bindparam("from_now"))
)
_is_first = ~exists().where(_earlier.c.conversation == outbox.c.conversation, _earlier.c.id < outbox.c.id)
_MEND = update(outbox).where(outbox.c.due.is_(None), _is_first).values(due=bindparam("from_now"))
_LOCK = select(func.pg_advisory_xact_lock(bindparam("lock", type_=BigInteger)))


class Address(Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """Where a reply goes, in the network's own ids. `reply_to` is the message it answers, where that is shown."""

    chat: str
    thread: str = ""
    reply_to: str = ""


class Letter(Struct, frozen=True, kw_only=True, gc=False):
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


class Outgoing(Struct, frozen=True, kw_only=True, gc=False):
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


class Claim(Struct, frozen=True, kw_only=True, gc=False):
    """By whom a letter is claimed, and how long."""

    holder: str
    until: datetime


_READ_ADDRESS = Decoder(Address)
_READ_REPLY = Decoder(Reply)
_WRITE = Encoder()


async def enqueue(connection: AsyncConnection, letter: Letter, now: datetime) -> None:
    """Put a letter behind all others of its conversation; the first is due at once."""
    await run(connection, *locking(connection, letter.whose), enqueuing(letter, now))


def locking(connection: AsyncConnection, whose: Whose) -> list[Step]:
    """Hold a conversation's lock until the transaction ends; with SQLite every writer holds a greater one.

    A step of its own, since what a statement of PostgreSQL sees is settled before it waits.
    """
    if connection.dialect.name != "postgresql":
        return []
    return [Step(_LOCK, {"lock": int.from_bytes(whose.conversation[:8], signed=True)})]


def enqueuing(letter: Letter, now: datetime, claim: Claim | None = None) -> Step:
    """`enqueue` as a step, for a transaction that holds the conversation's lock.

    The first of its conversation is claimed at once, where it is to be; `in_hand` tells whether it was.
    """
    return Step(
        _ENQUEUE,
        {
            "network": letter.network,
            "conversation": letter.whose.conversation,
            "of_conversation": letter.whose.conversation,
            "chat": letter.whose.chat,
            "person": letter.whose.person,
            "event": letter.event,
            "part": letter.part,
            "edits": letter.edits,
            "keep": letter.keep,
            "address": write_address(letter.address),
            "reply": _WRITE.encode(letter.reply).decode(),
            "enqueued": to_micros(now),
            "first_due": to_micros(now if claim is None else claim.until),
            "first_tries": 0 if claim is None else 1,
            "first_holder": None if claim is None else claim.holder,
        },
    )


def in_hand(rows: Sequence[Any], letter: Letter, now: datetime) -> Outgoing | None:
    """What `enqueuing` has claimed, as `claim` gives it; None where others are before it."""
    ((row, due),) = rows
    return None if due is None else Outgoing(id=row, letter=letter, enqueued=now, tries=1)


async def claim(
    connection: AsyncConnection, network: str, now: datetime, *, lease: timedelta, most: int, holder: str | None = None
) -> tuple[list[Outgoing], int]:
    """What is due for a network, at most one letter of each conversation; nobody else gets them before the lease ends,
    but for the successor of the process that is called `holder`.

    The second part counts letters of an older Sēlis that cannot be read any more: they are deleted.
    """
    values = {
        "of_network": network,
        "now": to_micros(now),
        "until": to_micros(now + lease),
        "most": most,
        "by": holder or None,
    }
    (rows,) = await run(connection, Step(_CLAIM, values))
    found: list[Outgoing] = []
    unreadable = 0
    for row in sorted(rows):
        try:
            found.append(_outgoing(row))
        except ValueError:
            unreadable += 1
            of = dict(zip(("id", *_COLUMNS), row, strict=True))
            await _delete(connection, of["id"], _whose(of), now)
    return [await _with_edits(connection, one) for one in found], unreadable


async def next_due(connection: AsyncConnection, network: str) -> datetime | None:
    """When the next letter for a network can be claimed; None while nothing waits."""
    (((micros,),),) = await run(connection, Step(_NEXT_DUE, {"of_network": network}))
    return None if micros is None else from_micros(micros)


async def mark_sent(connection: AsyncConnection, outgoing: Outgoing, messages: Sequence[str], now: datetime) -> None:
    """Delete a letter that the network took, and keep the network's ids of its messages for later edits."""
    keeping = [sent.keeping(outgoing.id, messages, now)] if outgoing.letter.keep else []
    await _delete(connection, outgoing.id, outgoing.letter.whose, now, *keeping)


async def postpone(connection: AsyncConnection, outgoing: Outgoing, due: datetime) -> None:
    """Give a claimed letter back, to be claimed again from `due` on."""
    await run(connection, Step(_POSTPONE, {"row": outgoing.id, "later": to_micros(due)}))


async def drop(connection: AsyncConnection, outgoing: Outgoing, now: datetime) -> None:
    """Delete a letter that will never be sent."""
    await _delete(connection, outgoing.id, outgoing.letter.whose, now)


async def take_over(connection: AsyncConnection, network: str, holder: str | None, now: datetime) -> None:
    """Make due at once what a process of this name had claimed. Only for its successor, before that claims anything.

    With None what any had claimed: only for who sends alone.
    """
    values = {"of_network": network, "from_now": to_micros(now)}
    await run(connection, Step(_TAKE_ALL_OVER, values) if holder is None else Step(_TAKE_OVER, values | {"by": holder}))


async def mend(connection: AsyncConnection, now: datetime) -> None:
    """Make the oldest letter of each conversation due, should one have been left waiting for nothing."""
    await run(connection, Step(_MEND, {"from_now": to_micros(now)}))


def write_address(address: Address) -> str:
    """An address as JSON."""
    return _WRITE.encode(address).decode()


def read_address(text: str) -> Address:
    """The address of a JSON text."""
    return _READ_ADDRESS.decode(text)


async def _delete(connection: AsyncConnection, row: int, whose: Whose, now: datetime, *before: Step) -> None:
    """Delete a row once these steps have read it, and let the one behind it move up."""
    moving_up = Step(_MOVE_UP, {"of_conversation": whose.conversation, "from_now": to_micros(now)})
    await run(connection, *locking(connection, whose), *before, Step(_DELETE, {"row": row}), moving_up)


def _whose(of: Mapping[str, Any]) -> Whose:
    return Whose(conversation=of["conversation"], chat=of["chat"], person=of["person"])


def _outgoing(row: Sequence[Any]) -> Outgoing:
    of = dict(zip(("id", *_COLUMNS), row, strict=True))
    letter = Letter(
        network=of["network"],
        address=read_address(of["address"]),
        whose=_whose(of),
        event=of["event"],
        reply=_READ_REPLY.decode(of["reply"]),
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
