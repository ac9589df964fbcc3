"""Desk: what Sēlis's admins ask for by command, by a press or with a file. Each act is written down."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from bot.commands import Command, CommandName
from bot.desk.changes import Changes
from bot.desk.errand import Errand
from bot.desk.figures import Figures
from bot.desk.menu import menu_reply
from bot.desk.phrases import Phrases
from bot.desk.progress import told
from bot.desk.records import Publish, Records
from bot.desk.reports import Reports
from bot.health import Health
from bot.live import LiveKnowledge
from bot.messages import IncomingMessage, Reply
from bot.meter import Meter
from bot.phrasebook import Phrasebook
from bot.propose import Propose
from bot.reload import Reload
from bot.store.engine import Store
from bot.store.errors import StoreUnavailableError
from bot.store.identity import Keys
from bot.verdict import Step
from knowledge.model import Language

RIGA = "Europe/Riga"
_LONG = {CommandName.RELOAD, CommandName.CHECK, CommandName.ROLLBACK, CommandName.APPLY}


@dataclass(slots=True, kw_only=True)
class Desk:
    """Serves admins; that somebody is one, and the chat private, was looked at before.

    `clock` gives aware UTC times, `health` what is known about the process; times are shown in `zone`.
    """

    store: Store
    live: LiveKnowledge
    reload: Reload
    propose: Propose
    keys: Keys
    clock: Callable[[], datetime]
    health: Callable[[], Awaitable[Health]]
    publish: Publish | None = None
    """Hands a version that is taken into use to the other replicas, where there may be any."""
    zone: tzinfo = field(default_factory=lambda: ZoneInfo(RIGA))
    meter: Meter = field(default_factory=Meter)
    _changes: Changes = field(init=False)
    _phrases: Phrases = field(init=False)
    _reports: Reports = field(init=False)
    _figures: Figures = field(init=False)
    _running: set[asyncio.Task[Reply]] = field(default_factory=set, init=False)

    def __post_init__(self) -> None:
        records = Records(store=self.store, publish=self.publish)
        self._changes = Changes(
            live=self.live,
            reload=self.reload,
            propose=self.propose,
            records=records,
            zone=self.zone,
            meter=self.meter,
        )
        self._phrases = Phrases(live=self.live, reload=self.reload, records=records, changes=self._changes)
        self._reports = Reports(records=records)
        self._figures = Figures(records=records, health=self.health)

    async def serve(
        self, command: Command | None, message: IncomingMessage, language: Language
    ) -> AsyncGenerator[Reply, None]:
        """The replies to what an admin wants, in order: a command of theirs, typed or pressed, or with None a file.

        What takes seconds begins with a line that says so. It goes on where nobody waits for the rest of the replies.
        """
        errand = self._errand(command, message, language)
        try:
            if errand.name in _LONG or (command is None and message.attachment is not None):
                async for reply in self._long(errand, message):
                    yield reply
            elif errand.name is CommandName.ADD_PHRASE:
                async for reply in self._added(errand):
                    yield reply
            else:
                yield await self._short(errand)
        except StoreUnavailableError:
            yield errand.reply("admin-no-database")

    async def idle(self) -> None:
        """Wait until what was begun is done."""
        await asyncio.gather(*self._running, return_exceptions=True)

    def _errand(self, command: Command | None, message: IncomingMessage, language: Language) -> Errand:
        of = message.conversation
        return Errand(
            name=command.name if command is not None else None,
            words=tuple(command.argument.split()) if command is not None else (),
            who=self.keys.person(of.network, of.person),
            say=Phrasebook(kb=self.live.current.index.kb, language=language),
            now=self.clock(),
        )

    def _long(self, errand: Errand, message: IncomingMessage) -> AsyncIterator[Reply]:
        first = Step.WAITING if self.reload.busy else Step.READING
        if errand.name is None:
            return told(lambda tell: self._changes.offer(errand, message, tell), errand, first, self._running)
        works = {
            CommandName.RELOAD: self._changes.take,
            CommandName.CHECK: self._changes.check,
            CommandName.ROLLBACK: self._changes.roll_back,
            CommandName.APPLY: self._changes.apply,
        }
        work = works[errand.name]
        return told(lambda tell: work(errand, tell), errand, first, self._running)

    async def _added(self, errand: Errand) -> AsyncIterator[Reply]:
        """A phrase as a change of a file: where it was put, then what it would do."""
        drafted = await self._phrases.drafted(errand)
        if isinstance(drafted, Reply):
            yield drafted
            return
        first = self._phrases.added(drafted, errand)
        async for reply in told(lambda tell: self._phrases.offer(drafted, errand, tell), errand, first, self._running):
            yield reply

    async def _short(self, errand: Errand) -> Reply:
        match errand.name:
            case CommandName.DESK:
                return menu_reply(errand)
            case CommandName.VERSIONS:
                return await self._changes.versions(errand)
            case CommandName.OUTCOME:
                return self._changes.page(errand)
            case CommandName.UNANSWERED | CommandName.TOPICS:
                return await self._phrases.listed(errand)
            case CommandName.REPORTS | CommandName.DONE | CommandName.STALE:
                return await self._reports.serve(errand)
            case CommandName.STATISTICS | CommandName.HEALTH:
                return await self._figures.serve(errand)
            case _:
                return errand.reply("admin-old")
