"""What crosses the border between the networks and the bot: data, with no way to reply to itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from knowledge.model import Language


class Kind(StrEnum):
    """What a reply is, as programs outside see it."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    UNAVAILABLE = "unavailable"
    NO_ANSWER = "no_answer"
    SMALLTALK = "smalltalk"
    HELP = "help"
    COMMAND = "command"


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingMessage:
    """A message as any network brings it. `home` is a municipality id known from outside, such as a setting."""

    conversation: str
    text: str
    home: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A button: `key` (at most 64 bytes) carries the whole question it stands for, `label` is what people read."""

    key: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What goes back: plain text with every phone, e-mail and address in it, and what it was made from."""

    kind: Kind
    text: str
    choices: tuple[Choice, ...] = ()
    entries: tuple[str, ...] = ()
    topic: str | None = None
    place: str | None = None
    language: Language = Language.LV
    confidence: float = 0.0
