"""What Telegram's refusals mean, and what to try instead. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.delivery import Refused, RetryLater, Unreachable

_TOKEN_REFUSED = timedelta(seconds=30)
# The library rewrites the words and their capitals, and Telegram changes them: parts of them, in small letters.
_NEVER = (
    "chat not found", "user not found", "peer_id_invalid", "not enough rights", "have no rights",
    "chat_write_forbidden", "need administrator rights", "chat_restricted", "bot is not a member",
    "user is deactivated", "was kicked", "chat_send_plain_forbidden", "group chat was deactivated",
)  # fmt: skip
_UNCHANGED = "message is not modified"
_NOT_TO_BE_EDITED = (
    "message to edit not found", "message can't be edited", "no text in the message to edit", "message_id_invalid",
    "message_author_required", "message identifier is not specified",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a message is sent: as HTML, into its forum topic, with the buttons that only save a tap."""

    html: bool = True
    thread: bool = True
    extras: bool = True


_MILDER = (
    ("parse entities", "html"), ("thread not found", "thread"), ("topic_closed", "thread"),
    ("topic_deleted", "thread"), ("topic_id_invalid", "thread"), ("button", "extras"), ("url_invalid", "extras"),
    ("copy_text", "extras"),
)  # fmt: skip


def milder(refusal: BadRequest, manner: Manner) -> Manner | None:
    """Another manner that may be taken after such a refusal; None where none is left."""
    said = refusal.message.lower()
    for words, part in _MILDER:
        if words in said and getattr(manner, part):
            return replace(manner, **{part: False})
    return None


def is_unchanged(refusal: BadRequest) -> bool:
    """Whether the message says already what it was to be edited to."""
    return _UNCHANGED in refusal.message.lower()


def cannot_be_edited(refusal: BadRequest) -> bool:
    """Whether there is no such message any more, or none that could be edited."""
    return any(words in refusal.message.lower() for words in _NOT_TO_BE_EDITED)


def seconds(refusal: RetryAfter) -> float:
    """How long Telegram wants to be left alone."""
    after = refusal.retry_after
    return after.total_seconds() if isinstance(after, timedelta) else float(after)


def meaning(error: TelegramError) -> Exception:
    """What an error means for a letter: an exception of `bot.delivery`, or the error itself where nobody foresaw it."""
    if isinstance(error, RetryAfter):
        return RetryLater(timedelta(seconds=seconds(error)))
    if isinstance(error, Forbidden):
        return Refused("forbidden")
    if isinstance(error, InvalidToken):
        return RetryLater(_TOKEN_REFUSED, everywhere=True)
    # A BadRequest is a NetworkError to the library: it comes first, or it would be sent for ever.
    if isinstance(error, BadRequest):
        gone = any(words in error.message.lower() for words in _NEVER)
        return Refused("no-such-chat") if gone else error
    return Unreachable() if isinstance(error, NetworkError) else error
