"""What happens, told to whoever counts it. The bot keeps no figures for outside itself: adapters hand a meter in."""

from __future__ import annotations

from bot.messages import Kind, Reply


class Meter:
    """Counts nothing; whoever counts overrides what it wants to know.

    It is called on the way of every message: quick, and never raising. Of people it is told nothing.
    """

    def asked(self, reply: Reply) -> None:
        """A question got this reply, which is kept."""

    def replied(self, network: str, kind: Kind, seconds: float) -> None:
        """A message got a reply of that kind, kept so long after the message had come."""

    def came_again(self, network: str) -> None:
        """A network brought a message that had been handled before."""

    def left_unanswered(self, network: str) -> None:
        """A message was one too many of its sender or its group."""

    def sent(self, network: str, seconds: float) -> None:
        """A network took a letter so long after it was put into the outbox."""

    def changed(self, outcome: str) -> None:
        """An admin's wish to change the knowledge came to this: a name of `bot.reload_outcomes`, in small letters."""
