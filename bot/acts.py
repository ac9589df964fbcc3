"""What admins can press under a report, and the keys that carry it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.question import MAX_KEY_BYTES, resolve, short
from knowledge.model import KnowledgeBase

SIGN = "*"
"""What the keys of acts begin with; questions, commands and feedback have keys of other forms."""


class Act(StrEnum):
    """What is to be done: show topics for an unanswered cluster, make it a phrase of one, close reports of an entry."""

    TOPICS = "topics"
    PHRASE = "phrase"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """An act with what it is done to: `cluster` for TOPICS and PHRASE, `topic` for PHRASE, `entry` for DONE."""

    act: Act
    cluster: str = ""
    topic: str = ""
    entry: str = ""


def to_key(pressed: Pressed) -> str:
    """The act as `*act:…`, at most 64 bytes; a long topic or entry id becomes a digest."""
    parts = [pressed.act.value, *filter(None, (pressed.cluster, pressed.topic, pressed.entry))]
    key = SIGN + ":".join(parts)
    return key if len(key.encode()) <= MAX_KEY_BYTES else SIGN + ":".join([*parts[:-1], short(parts[-1])])


def is_act(key: str) -> bool:
    """Whether a choice's key is an admin's act."""
    return key.startswith(SIGN)


def from_key(key: str, kb: KnowledgeBase) -> Pressed | None:
    """The act of a key, or None when it is none or names what this snapshot does not know."""
    match key.removeprefix(SIGN).split(":") if is_act(key) else []:
        case [Act.TOPICS, cluster] if cluster:
            return Pressed(act=Act.TOPICS, cluster=cluster)
        case [Act.PHRASE, cluster, name] if cluster:
            topic = resolve(name, kb.topics)
            return Pressed(act=Act.PHRASE, cluster=cluster, topic=topic) if topic else None
        case [Act.DONE, name]:
            entry = resolve(name, kb.entries)
            return Pressed(act=Act.DONE, entry=entry) if entry else None
        case _:
            return None
