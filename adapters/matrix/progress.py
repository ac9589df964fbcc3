"""Progress: how far the server was read, and what is left over from that. It outlives a restart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter, ValidationError

from adapters.matrix.me import NETWORK
from bot.store import bookmarks
from bot.store.engine import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A message that cannot be decrypted yet: its event, the session whose key is missing, when it came (UTC)."""

    room: str
    event: str
    session: str
    came: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """An invite that could not be followed yet. The server tells of it once. `via` are servers that know the room."""

    room: str
    inviter: str
    direct: bool
    came: datetime
    via: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """`since` is the token from which the next sync goes on; None before the first one."""

    since: str | None = None
    unread: tuple[Unread, ...] = ()
    invites: tuple[Open, ...] = ()


_PROGRESS = TypeAdapter(Progress)


async def load(store: Store, account: str) -> Progress:
    """How far an account ("@selis:example.org") has read.

    Raises:
        StoreUnavailableError: the database does not answer.
    """
    async with store.transaction() as connection:
        kept = await bookmarks.get(connection, _name(account))
    try:
        return _PROGRESS.validate_json(kept) if kept is not None else Progress()
    except ValidationError:
        # Written by another version of Sēlis: as on the first day, invites are taken and old messages skipped.
        return Progress()


async def keep(store: Store, account: str, progress: Progress) -> None:
    """Keep it. What came of all that was read before is kept already.

    Raises:
        StoreUnavailableError: it is not kept.
    """
    async with store.transaction() as connection:
        await bookmarks.put(connection, _name(account), _PROGRESS.dump_json(progress, exclude_defaults=True).decode())


def _name(account: str) -> str:
    return f"{NETWORK} {account}"
