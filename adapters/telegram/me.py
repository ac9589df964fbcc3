"""Who Sēlis is on Telegram."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

NETWORK = "telegram"


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """The bot's account. `knows` tells whether a text is a command of Sēlis's.

    `reads_all` is whether privacy mode is off: then all messages of a group come in, not only those to the bot.
    `inline` and `guest` are whether @BotFather was told to let people ask from other chats.
    """

    id: int
    username: str
    knows: Callable[[str], bool]
    reads_all: bool = False
    inline: bool = False
    guest: bool = False
