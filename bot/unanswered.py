"""Notebook: questions that got no answer are noted without people, for admins to see what the knowledge lacks."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from bot.clusters import cluster_key
from bot.outcomes import Missing, NotUnderstood, Outcome, Unavailable
from bot.redact import Personal, build, redact
from bot.store import conversations, unanswered
from bot.store.engine import Store
from bot.store.errors import StoreUnavailableError
from bot.store.identity import Whose
from knowledge.index import Index
from knowledge.model import Language


@dataclass(slots=True)
class Notebook:
    """Takes what names people out of questions, by the tables of the snapshot in use, and keeps the rest."""

    _of: Index | None = field(default=None, init=False)
    _personal: Personal | None = field(default=None, init=False)

    def wants(self, outcome: Outcome | None) -> bool:
        """Whether the knowledge lacks something that was asked; silence on what is outside the domain is no lack."""
        if isinstance(outcome, NotUnderstood):
            return outcome.say is None
        return isinstance(outcome, Unavailable) and outcome.missing is not Missing.COVERAGE

    async def note(
        self, store: Store, text: str, language: Language, whose: Whose, index: Index, now: datetime
    ) -> None:
        """Keep a question. Its answer is on its way already: what the database refuses here is not tried again."""
        plain, cluster = await asyncio.to_thread(self._redacted, text, language, index)
        if not plain:
            return
        with suppress(StoreUnavailableError):
            async with store.transaction() as connection:
                # Who asked to be forgotten meanwhile is not written down again.
                if await conversations.is_known(connection, whose):
                    await unanswered.note(connection, plain, cluster, whose, now)

    def _redacted(self, text: str, language: Language, index: Index) -> tuple[str, str]:
        if self._personal is None or self._of is not index:
            self._of, self._personal = index, build(index)
        plain = redact(text, language, self._personal)
        return plain, cluster_key(plain, language, index)
