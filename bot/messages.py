"""What crosses the border between the networks and the bot: data, with no way to reply to itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from pydantic import ConfigDict

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


Location = tuple[float, float]
"""Latitude and longitude, WGS 84 degrees, as the network gave them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationId:
    """One person's conversation in one chat.

    `network` is "telegram", "matrix" or "terminal"; `chat` and `person` are the network's own ids; `thread` is a forum
    topic or thread within the chat.
    """

    network: str
    chat: str
    person: str
    thread: str = ""

    @classmethod
    def of_terminal(cls, name: str) -> ConversationId:
        """A conversation without a network, such as one of `selis chat`."""
        return cls(network="terminal", chat=name, person=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that came with a message, or goes out with a reply."""

    # The outbox keeps replies as JSON.
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    name: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingMessage:
    """A message as any network brings it.

    `id` is the network's id of the event, unique within the chat; `pressed` is the key of a choice that was pressed;
    `addressed` tells that a group was talking to Sēlis (mention, reply, command); `owner` that the person owns the
    group; `edits` is the id of the event whose text this one replaces. `home` is a municipality id known from outside,
    such as a setting.
    """

    conversation: ConversationId
    id: str = ""
    text: str = ""
    pressed: str | None = None
    location: Location | None = None
    attachment: Attachment | None = None
    private: bool = True
    addressed: bool = False
    owner: bool = False
    edits: str | None = None
    sent_at: datetime | None = None
    from_bot: bool = False
    home: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A button: `key` (at most 64 bytes) carries the whole question it stands for, `label` is what people read."""

    key: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A contact for somebody's address book; `note` is where it is from."""

    name: str
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What goes back: plain text with every phone, e-mail and address in it, and what it was made from.

    `attachments` are pictures for admins, `cards` contacts to be kept; the text says the same in words. `more` tells
    that the message is still being worked at, and another reply follows.
    """

    kind: Kind
    text: str
    choices: tuple[Choice, ...] = ()
    entries: tuple[str, ...] = ()
    topic: str | None = None
    place: str | None = None
    language: Language = Language.LV
    confidence: float = 0.0
    attachments: tuple[Attachment, ...] = ()
    cards: tuple[Card, ...] = ()
    more: bool = False
