"""What one admin wants, and how the answer to it is said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot import acts
from bot.commands import CommandName, called
from bot.messages import Choice, Kind, Reply
from bot.pages import UNASKED, page_number
from bot.phrasebook import Phrasebook
from knowledge.model import Language
from knowledge.text import fold


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """A command with the words after it; `who` is the key of the admin. `name` is None for a file."""

    name: CommandName | None
    words: tuple[str, ...]
    who: bytes
    say: Phrasebook
    now: datetime

    @property
    def admin(self) -> str:
        """The admin for what is kept in memory."""
        return self.who.hex()

    @property
    def command(self) -> str:
        """What is typed to see the same again, without words."""
        return called(self.name, self.say.kb, self.say.language) if self.name is not None else ""

    @property
    def page(self) -> int:
        """The page asked for."""
        return page_number(self.words[-1]) if self.words else UNASKED

    @property
    def forced(self) -> bool:
        """Whether it is to be done all the same; the word for it is known in every language."""
        return any(self._is_force(word) for word in self.words)

    @property
    def named(self) -> str:
        """The first word that says what is meant: a version, a key, a cluster, an entry."""
        return next((word for word in self.words if not self._is_force(word)), "")

    def key(self, name: CommandName, *words: str) -> str:
        """What a button for this admin sends."""
        return acts.key(name, self.say, *words)

    def reply(self, text: str, *, choices: tuple[Choice, ...] = (), **values: str) -> Reply:
        """One of our sentences."""
        return self.plain(self.say(text, **values), choices)

    def plain(self, text: str, choices: tuple[Choice, ...] = ()) -> Reply:
        """A text that is made already."""
        return Reply(kind=Kind.COMMAND, text=text, choices=choices, language=self.say.language, confidence=1.0)

    def _is_force(self, word: str) -> bool:
        known = {Phrasebook(kb=self.say.kb, language=language)(acts.FORCE) for language in Language}
        return fold(word.lower()) in {fold(force.lower()) for force in known}
