"""What admins can press under a list: commands as keys of at most 64 bytes. Pure."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.commands import CommandName, called
from bot.phrasebook import Phrasebook
from bot.question import MAX_KEY_BYTES, short

FORCE = "admin-force-word"
"""The text that is the word for doing it all the same."""


def key(name: CommandName, say: Phrasebook, *words: str) -> str:
    """What pressing sends: the command as its admin would type it; where it is too long, its longest word as a mark.

    The mark is found again by `bot.question.resolve`.
    """
    parts = [called(name, say.kb, say.language), *filter(None, words)]
    written = " ".join(parts)
    if len(written.encode()) <= MAX_KEY_BYTES:
        return written
    longest = max(parts[1:], key=len)
    return " ".join(short(part) if part == longest else part for part in parts)


def stamp(moment: datetime) -> str:
    """A time as a word of a key, to the second, not before it."""
    return f"{-int(-moment.timestamp() // 1):x}"


def moment(written: str) -> datetime | None:
    """The time that `stamp` wrote, None where it wrote none."""
    try:
        return datetime.fromtimestamp(int(written, 16), UTC)
    except (ValueError, OverflowError, OSError):
        return None
