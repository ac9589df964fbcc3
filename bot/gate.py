"""is_for_bot(message): whom Sēlis answers. In groups it is silent unless spoken to."""

from __future__ import annotations

from enum import StrEnum

from bot.messages import IncomingMessage


class Heard(StrEnum):
    """Why a message is answered, or is not."""

    PRIVATE = "private"
    PRESSED = "pressed"
    ADDRESSED = "addressed"
    FROM_BOT = "from_bot"
    NOT_ADDRESSED = "not_addressed"


_ANSWERED = {Heard.PRIVATE, Heard.PRESSED, Heard.ADDRESSED}


def heard(message: IncomingMessage) -> Heard:
    """Why a message is for Sēlis or not. Two bots that answer each other would never stop, so bots come first.

    What a private chat says is for Sēlis even without words: somebody who sends a picture is told how to ask. In a
    group the same, and any other message, is for others unless the network says that Sēlis was spoken to.
    """
    if message.from_bot:
        return Heard.FROM_BOT
    if message.private:
        return Heard.PRIVATE
    if message.pressed is not None:
        return Heard.PRESSED
    return Heard.ADDRESSED if message.addressed else Heard.NOT_ADDRESSED


def is_for_bot(message: IncomingMessage) -> bool:
    """Whether Sēlis answers a message."""
    return heard(message) in _ANSWERED
