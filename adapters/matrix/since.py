"""answerable(events, …): which events of a room are answered, and which belong to before Sēlis's time there. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import nio

from adapters.matrix.fields import mapping, whole
from adapters.matrix.me import Me
from adapters.matrix.news import Became, news_of

_A_MINUTE = 60_000
"""Clocks of servers differ: what was said just before the invite may have been said just after it."""


def answerable(events: Sequence[Any], room_id: str, me: Me, *, first: bool) -> Iterator[tuple[Any, str]]:
    """Each event of nio's, oldest first, with why it is not answered; "" for those that are.

    On the very first sync (`first`) nothing is. In a room that was just joined only what is newer than the invite is,
    and what cannot be decrypted only from the joining on: keys of before are not given to newcomers.
    """
    arrival = max((number for number, event in enumerate(events) if is_arrival(event.source, room_id, me)), default=-1)
    invite = max((_moment(event) for event in events[: arrival + 1] if _invites(event.source, me)), default=None)
    oldest = None if arrival < 0 else (_moment(events[arrival]) if invite is None else invite) - _A_MINUTE
    for number, event in enumerate(events):
        closed = isinstance(event, nio.MegolmEvent) and number < arrival
        if first:
            yield event, "before the first start"
        elif closed or (oldest is not None and number < arrival and _moment(event) < oldest):
            yield event, "before the invite"
        else:
            yield event, ""


def is_arrival(event: Any, room_id: str, me: Me) -> bool:
    """Whether an event is our own coming into a room."""
    news = news_of(mapping(event), room_id, me)
    return news is not None and news.became is Became.ADDED


def _invites(event: Any, me: Me) -> bool:
    found = mapping(event)
    ours = found.get("type") == "m.room.member" and found.get("state_key") == me.user_id
    return ours and mapping(found.get("content")).get("membership") == "invite"


def _moment(event: Any) -> int:
    return whole(mapping(event.source).get("origin_server_ts")) or 0
