"""read(event, room, me, others) -> Asked | RoomNews | Redacted | None: what an event means for Sēlis. Pure.

An event is JSON, decrypted where it was encrypted, and anybody may have written it: nothing in it is taken for granted,
and nothing makes reading it fail. Some can be understood only beside others (a reaction beside what it reacts to):

    others: dict[str, Event | None] = {}
    while needed := wanted(event, room, me, others):
        others[needed] = await fetched(needed)  # None where it cannot be had
    found = read(event, room, me, others)
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from adapters.matrix.addressed import heard, is_mentioned
from adapters.matrix.choices import chosen, content_of, may_choose
from adapters.matrix.fields import mapping, name, text, whole
from adapters.matrix.files import SentFile, file_of
from adapters.matrix.me import NETWORK, Me
from adapters.matrix.news import RoomNews, news_of
from adapters.matrix.relations import Relation, relation_of
from adapters.matrix.room import RoomView
from bot.messages import ConversationId, IncomingMessage, Location

Event = Mapping[str, Any]
Others = Mapping[str, Event | None]
"""Events by their ids; None for one that cannot be had."""

PRESS = "press"
"""What ids of messages begin with that are reactions: `press REACTION MESSAGE`, with the message reacted to."""
EDIT_WITHIN = timedelta(days=2)
"""An older edit would be answered out of the blue: what answered the message is forgotten (`bot.store.prune`)."""

_TEXT, _LOCATION = "m.text", "m.location"
_FILES = {"m.file", "m.image", "m.audio", "m.video"}
_GEO = re.compile(r"geo:(-?\d{1,3}(?:\.\d{1,20})?),(-?\d{1,3}(?:\.\d{1,20})?)(?:[,;].*)?", re.IGNORECASE | re.DOTALL)
_LAST_MOMENT = 4_102_444_800_000
"""The year 2100: clocks that go further are wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A message for the dialogue. `file` is what came with it in a direct room, and has yet to be fetched."""

    message: IncomingMessage
    file: SentFile | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Redacted:
    """Somebody took a message back, or a moderator did: what answered `of` in the room goes, too."""

    chat: str
    of: str


def read(event: Event, room: RoomView, me: Me, others: Others | None = None) -> Asked | RoomNews | Redacted | None:
    """What an event means; None for all that is not for Sēlis."""
    event, others = mapping(event), others or {}
    news = news_of(event, room.room_id, me)
    if news is not None or not _is_said_by_others(event, me):
        return news
    match event.get("type"):
        case "m.room.redaction":
            return _redacted(event, room)
        case "m.reaction":
            return _pressed(event, room, me, others)
        case "m.room.message":
            return _said(event, room, me, others)
        case "m.sticker" if room.direct:
            return Asked(message=_message(event, room))
        case _:
            return None


def wanted(event: Event, room: RoomView, me: Me, others: Others) -> str:
    """The id of the next event without which this one cannot be understood; empty when there is none left."""
    event = mapping(event)
    if not _is_said_by_others(event, me):
        return ""
    return next((other for other in _needed(event, room, me, others) if other and other not in others), "")


def quoted(message_id: str) -> str:
    """The event that an answer to a message quotes, by the message's id: for a reaction what was reacted to."""
    kind, _, rest = message_id.partition(" ")
    return rest.partition(" ")[2] if kind == PRESS and rest else message_id


def said_by(message_id: str) -> str:
    """The event that a person sent, by the message's id: for a reaction the reaction itself."""
    kind, _, rest = message_id.partition(" ")
    return rest.partition(" ")[0] if kind == PRESS and rest else message_id


def _needed(event: Event, room: RoomView, me: Me, others: Others) -> list[str]:
    content = mapping(event.get("content"))
    relation = relation_of(content)
    match event.get("type"):
        case "m.reaction":
            return [relation.reacts_to] if may_choose(relation.key) else []
        case "m.room.message" if relation.replaces:
            before = mapping(others.get(relation.replaces))
            asked = "" if room.direct else relation_of(mapping(before.get("content"))).really_answers
            return [relation.replaces, asked]
        case "m.room.message":
            said = heard(content, room, me, answers=True)
            decides = may_choose(said.words) or not (room.direct or said.visibly)
            return [relation.really_answers] if decides else []
        case _:
            return []


def _is_said_by_others(event: Event, me: Me) -> bool:
    """Whether a person may stand behind it: not we ourselves, and no state of the room."""
    sender = name(event.get("sender"))
    return bool(sender) and sender != me.user_id and "state_key" not in event and bool(name(event.get("event_id")))


def _redacted(event: Event, room: RoomView) -> Redacted | None:
    """Where the id of what is taken back stands depends on the version of the room."""
    of = name(event.get("redacts")) or name(mapping(event.get("content")).get("redacts"))
    return Redacted(chat=room.room_id, of=of) if of else None


def _pressed(event: Event, room: RoomView, me: Me, others: Others) -> Asked | None:
    """A reaction to a message of ours that chooses one of its choices: that is a press on a button."""
    relation = relation_of(mapping(event.get("content")))
    ours = mapping(others.get(relation.reacts_to))
    if ours.get("sender") != me.user_id:
        return None
    key = chosen(relation.key, content_of(ours))
    if key is None:
        return None
    message = _message(event, room, relation_of(mapping(ours.get("content"))).thread)
    return Asked(message=replace(message, pressed=key, id=f"{PRESS} {message.id} {relation.reacts_to}"))


def _said(event: Event, room: RoomView, me: Me, others: Others) -> Asked | None:
    content = mapping(event.get("content"))
    relation = relation_of(content)
    if not relation.replaces:
        return _spoken(event, content, relation, room, me, others)
    before = others.get(relation.replaces)
    if before is not None and (before.get("sender") != event.get("sender") or _is_too_late(event, before)):
        return None
    # Who edits a message does not say again what it answers and in which thread it stands.
    standing = relation_of(mapping(mapping(before).get("content")))
    new = mapping(content.get("m.new_content"))
    if new.get("msgtype") != _TEXT:
        return None
    return _spoken(event, new, standing, room, me, others, edits=relation.replaces)


def _is_too_late(edit: Event, before: Event) -> bool:
    edited, sent = _moment(edit), _moment(before)
    return edited is not None and sent is not None and edited - sent > EDIT_WITHIN


def _spoken(
    event: Event,
    content: Event,
    relation: Relation,
    room: RoomView,
    me: Me,
    others: Others,
    *,
    edits: str | None = None,
) -> Asked | None:
    """What a person says, by writing or by sending something."""
    kind = text(content.get("msgtype"))
    if kind not in {_TEXT, _LOCATION, *_FILES}:
        # Notices come from programs, and two that answer each other never stop.
        return None
    location = _location(content) if kind == _LOCATION else None
    said = heard(_with_words(content), room, me, answers=bool(relation.answers))
    answered = mapping(others.get(relation.really_answers))
    ours = answered.get("sender") == me.user_id
    if not room.direct:
        mentioned = is_mentioned(content, me) and not relation.answers
        if not (said.visibly or ours or mentioned) or not (said.words or said.visibly or mentioned or location):
            return None
    # A number that answers choices of ours means those, whoever they were offered to, and whenever.
    pressed = chosen(said.words, content_of(answered)) if ours else None
    message = _message(event, room, relation.thread)
    return Asked(
        message=replace(message, text=said.words, pressed=pressed, location=location, edits=edits),
        file=file_of(content) if room.direct and kind in _FILES else None,
    )


def _with_words(content: Event) -> Event:
    """The content with what was written beside a file in the place of its name; a place on the map has no words."""
    kind, file_name = text(content.get("msgtype")), content.get("filename")
    caption = kind in _FILES and file_name is not None and file_name != content.get("body")
    return content if kind == _TEXT or caption else {**content, "body": "", "formatted_body": ""}


def _location(content: Event) -> Location | None:
    found = _GEO.fullmatch(text(content.get("geo_uri")) or text(mapping(content.get("m.location")).get("uri")))
    if found is None:
        return None
    latitude, longitude = float(found.group(1)), float(found.group(2))
    fits = abs(latitude) <= 90 and abs(longitude) <= 180 and math.isfinite(latitude)
    return (latitude, longitude) if fits else None


def _moment(event: Event) -> datetime | None:
    """When an event was sent, by the clock of its server."""
    millis = whole(event.get("origin_server_ts"))
    return datetime.fromtimestamp(millis / 1000, UTC) if millis is not None and 0 < millis < _LAST_MOMENT else None


def _message(event: Event, room: RoomView, thread: str = "") -> IncomingMessage:
    """What all messages have in common: who speaks where, and when."""
    person = name(event.get("sender"))
    return IncomingMessage(
        conversation=ConversationId(network=NETWORK, chat=room.room_id, person=person, thread=thread),
        id=name(event.get("event_id")),
        private=room.direct,
        addressed=True,
        owner=not room.direct and room.powers.owns(person),
        sent_at=_moment(event),
    )
