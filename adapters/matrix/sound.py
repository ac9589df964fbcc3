"""sound(body) -> body: what a homeserver tells, without what makes nio fail.

nio looks at the fields of an event before it has made sure of their kinds, and one that it trips over takes the whole
answer with it: a stranger could keep us from everybody's messages.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adapters.matrix.fields import mapping, whole


def sound(body: dict[Any, Any]) -> dict[Any, Any]:
    """The JSON of an answer; what is not sound in its lists of events is taken out of them there and then."""
    for events in _lists(body):
        events[:] = [_sound(event) for event in events if isinstance(event, dict)]
    return body


def _lists(body: dict[Any, Any]) -> Iterator[list[Any]]:
    """Every list of events in an answer to a sync, or of a page of a room's messages."""
    held = [body.get(part) for part in ("to_device", "account_data", "presence")]
    for rooms in mapping(body.get("rooms")).values():
        for room in mapping(rooms).values():
            held += mapping(room).values()
    yield from (events for part in held if isinstance(events := mapping(part).get("events"), list))
    if isinstance(body.get("chunk"), list):
        yield body["chunk"]


def _sound(event: dict[Any, Any]) -> dict[Any, Any]:
    """An event in which those fields that nio takes for granted are what they should be."""
    if "origin_server_ts" in event and type(event["origin_server_ts"]) is not int:
        event = event | {"origin_server_ts": whole(event["origin_server_ts"]) or 0}
    if not isinstance(event.get("content"), dict):
        event = event | {"content": {}}
    if "unsigned" in event and not isinstance(event["unsigned"], dict):
        event = event | {"unsigned": {}}
    return event
