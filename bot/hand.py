"""Hands: a reply that is kept goes straight to the sender that has a hand free, and is not looked for in the outbox.

Its row is claimed by the very transaction that puts it there, so whatever happens then happens as to any letter that
was claimed and is under way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime

from bot.store.outbox import Claim, Outgoing


@dataclass(slots=True, kw_only=True)
class Hand:
    """Held out to one reply. Its row is claimed by `claim`; once that is kept, `takes` is what to send."""

    claim: Claim | None = None
    takes: Outgoing | None = None


HoldOut = Callable[[str, datetime], AbstractContextManager[Hand]]
"""A hand of a network's sender, for as long as the block lasts; without `claim` where none is free."""


@contextmanager
def no_hand(_network: str, _now: datetime) -> Iterator[Hand]:
    """Nobody sends here: the reply waits in the outbox."""
    yield Hand()
