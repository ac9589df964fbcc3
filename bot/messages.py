"""What crosses the border between the networks and the bot: data, with no way to reply to itself."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

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


class ConversationId(Struct, frozen=True, kw_only=True, gc=False):
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


class Attachment(Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """A file that came with a message, or goes out with a reply."""

    name: str
    data: bytes


class IncomingMessage(Struct, frozen=True, kw_only=True, gc=False):
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


class Choice(Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """A button: `key` (at most 64 bytes) carries the whole question it stands for, `label` is what people read."""

    key: str
    label: str


class Card(Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """A contact for somebody's address book; `note` is where it is from."""

    name: str
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    note: str = ""


class Reply(Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
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
