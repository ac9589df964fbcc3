"""Progress: how far the server was read, and what is left over from that. It outlives a restart."""

from __future__ import annotations

from datetime import datetime

from msgspec import DecodeError, Struct
from msgspec.json import Decoder, Encoder

from adapters.matrix.me import NETWORK
from bot.store import bookmarks
from bot.store.engine import Store


class Unread(Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """A message that cannot be decrypted yet: its event, the session whose key is missing, when it came (UTC)."""

    room: str
    event: str
    session: str
    came: datetime


class Open(Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """An invite that could not be followed yet. The server tells of it once. `via` are servers that know the room."""

    room: str
    inviter: str
    direct: bool
    came: datetime
    via: tuple[str, ...] = ()


class Progress(Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """`since` is the token from which the next sync goes on; None before the first one."""

    since: str | None = None
    unread: tuple[Unread, ...] = ()
    invites: tuple[Open, ...] = ()


_READ = Decoder(Progress)
_WRITE = Encoder()


async def load(store: Store, account: str) -> Progress:
    """How far an account ("@selis:example.org") has read.

    Raises:
        StoreUnavailableError: the database does not answer.
    """
    async with store.transaction() as connection:
        kept = await bookmarks.get(connection, _name(account))
    try:
        return _READ.decode(kept) if kept is not None else Progress()
    except DecodeError:
        # Written by another version of Sēlis: as on the first day, invites are taken and old messages skipped.
        return Progress()


async def keep(store: Store, account: str, progress: Progress) -> None:
    """Keep it. What came of all that was read before is kept already.

    Raises:
        StoreUnavailableError: it is not kept.
    """
    async with store.transaction() as connection:
        await bookmarks.put(connection, _name(account), _WRITE.encode(progress).decode())


def _name(account: str) -> str:
    return f"{NETWORK} {account}"
