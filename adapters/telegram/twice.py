"""Twice: what is asked of Sēlis in a group of its own is not answered a second time as a guest's question.

A guest need not be a member (https://core.telegram.org/api/bots/guest-mode); whether a member who is mentioned gets the
message in both ways is not said there. The chat's number does not tell: that of a guest's chat may be another's, too.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

from adapters.telegram.elsewhere import Elsewhere, Way
from bot.messages import IncomingMessage

_MOST = 256
"""So many messages of groups are remembered: both ways lead here within seconds."""


@dataclass(slots=True)
class Twice:
    """Remembers messages of groups by a hash of who said what at which second."""

    _said: deque[int] = field(default_factory=lambda: deque(maxlen=_MOST), init=False)

    def note(self, message: IncomingMessage) -> None:
        """Remember what was said in a group."""
        if not message.private:
            self._said.append(_mark(message.conversation.person, message.text, message.sent_at))

    def is_known(self, asked: Elsewhere) -> bool:
        """Whether a guest's question was said in a group already."""
        return asked.way is Way.GUEST and _mark(asked.person, asked.text, asked.sent_at) in self._said


def _mark(person: str, text: str, at: datetime | None) -> int:
    return hash((person, text, at))
