"""What a reply says, before it is told what it is about."""

from __future__ import annotations

from typing import NamedTuple

from bot.messages import Choice, Kind


class Wording(NamedTuple):
    """The words of a reply, the choices under it, and the ids of the entries that they give."""

    kind: Kind
    text: str
    choices: tuple[Choice, ...] = ()
    entries: tuple[str, ...] = ()
