"""A question with nothing left out, and its short form that fits into a button."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from msgspec import Struct

from knowledge.model import Field, KnowledgeBase, Language

MAX_KEY_BYTES = 64
"""Telegram's limit for the data of a button; other networks allow more."""

_DIGEST = 12


class Question(Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """What is asked: topic, municipalities, fields.

    `topics` holds more than one id when the words fit several about as well, or when `each` of them is asked for.
    `places` are municipality ids, `outside` one that Sēlis does not cover, `village` the place whose name led to the
    municipality. `entry` names the one entry meant where a topic has several, `also` another part of it that is told
    along. `aside` are municipalities not covered that a story named on the way. `place_named` tells a place of this
    message from a remembered one; `only_place` is a message that names a place and nothing else. `year` is one that is
    asked about and of which nothing is known.
    """

    topics: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    outside: str | None = None
    village: str | None = None
    entry: str | None = None
    fields: tuple[Field, ...] = ()
    also: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()
    each: bool = False
    wants_all: bool = False
    place_named: bool = False
    only_place: bool = False
    year: int | None = None
    language: Language = Language.LV
    confidence: float = 0.0

    @property
    def topic(self) -> str | None:
        """The topic, where it is one."""
        return self.topics[0] if len(self.topics) == 1 else None

    @property
    def place(self) -> str | None:
        """The municipality, where it is one."""
        return self.places[0] if len(self.places) == 1 else None


def short(name: str) -> str:
    """A long id as a mark that stays the same across restarts."""
    return "~" + hashlib.sha256(name.encode()).hexdigest()[:_DIGEST]


def to_key(question: Question) -> str:
    """The question as `topic:place:entry:fields`, at most 64 bytes; ids that do not fit become digests."""
    fields = ",".join(question.fields[:2])
    parts = [question.topic or "", question.place or "", question.entry or "", fields]
    for position in (2, 0):
        if len(":".join(parts).encode()) > MAX_KEY_BYTES and parts[position]:
            parts[position] = short(parts[position])
    return ":".join(parts)


def from_key(key: str, kb: KnowledgeBase) -> Question | None:
    """The question of a key, or None when it names something this snapshot does not know (an old button)."""
    parts = key.split(":")
    if len(parts) != 4:
        return None
    topic, place, entry, fields = parts
    found_topic = resolve(topic, kb.topics)
    found_entry = resolve(entry, kb.entries)
    if (topic and not found_topic) or (entry and not found_entry) or (place and place not in kb.municipalities):
        return None
    return Question(
        topics=(found_topic,) if found_topic else (),
        places=(place,) if place else (),
        entry=found_entry,
        fields=tuple(Field(name) for name in fields.split(",") if name in set(Field)),
        place_named=bool(place),
        confidence=1.0,
    )


def resolve(name: str, known: Iterable[str]) -> str | None:
    """The id that a name or a `short` mark stands for, or None where it is not known."""
    if not name.startswith("~"):
        return name if name in set(known) else None
    return next((full for full in known if short(full) == name), None)
