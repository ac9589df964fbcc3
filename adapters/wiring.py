"""The one place where things are built and handed to each other."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from adapters.logs import logger
from adapters.threads import in_thread
from bot.alarms import Alarms
from bot.chats import Chats
from bot.delivery import Delivery, Network
from bot.desk import Desk
from bot.dialogue import Dialogue
from bot.hand import Hand, no_hand
from bot.health import AdapterHealth, Health, examined
from bot.held import shared
from bot.limits import Limits, Pace
from bot.live import LiveKnowledge
from bot.lookup import WHILE_TYPING, Lookup
from bot.meter import Meter
from bot.notices import Notices, PrivateChat, same_as_person
from bot.propose import Propose
from bot.reload import Reload, begin
from bot.reload_outcomes import Outcome
from bot.replicas import Replicas
from bot.retention import prune_daily
from bot.rules import bot_rules
from bot.settings import Settings
from bot.store.engine import Store, open_store
from bot.talk import Talk
from bot.unanswered import Notebook
from bot.versions import Versions
from knowledge.files import read_directory
from knowledge.prepare import prepare_files

_log = logger("knowledge")
_PATIENCE_SECONDS = 4
"""How long what was begun may take to end when the process stops."""


def now() -> datetime:
    """The time, as aware UTC."""
    return datetime.now(UTC)


def build_talk(settings: Settings, before_training: Callable[[], None] = lambda: None) -> Talk:
    """Talk in memory over the configured knowledge; `before_training` is called when the start will take seconds.

    Raises:
        KnowledgeError: when the directory cannot be used.
    """
    data = _versions(settings).to_start_with(read_directory(settings.knowledge_dir))
    prepared = prepare_files(data, settings.data_dir / "models", before_training, rules=bot_rules)
    return Talk(index=prepared.index, clock=now)


def _versions(settings: Settings) -> Versions:
    return Versions(directory=settings.data_dir / "versions")


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What every network is carried by. `watched` give the health of the networks that are carried now."""

    store: Store
    live: LiveKnowledge
    dialogue: Dialogue
    limits: Limits
    meter: Meter
    watched: list[Callable[[], AdapterHealth]] = field(default_factory=list)
    _senders: dict[str, Delivery] = field(default_factory=dict)
    _notices: dict[str, Notices] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.dialogue.wake, self.dialogue.hand = self._wake, self._hand

    @property
    def chats(self) -> Chats:
        """What is to be told when a chat is left or moves."""
        return Chats(store=self.store)

    def lookup(self) -> Lookup:
        """Answers in passing, for one network."""
        limits = replace(self.limits, person=WHILE_TYPING * self.limits.person)
        return Lookup(store=self.store, live=self.live, pace=Pace(limits=limits), clock=now)

    def delivery(self, name: str, network: Network, private_chat: PrivateChat = same_as_person) -> Delivery:
        """What sends the replies of one network, as the dialogue hands them on; admins hear there what is dropped."""
        delivery = Delivery(
            store=self.store, name=name, network=network, clock=now, chance=random.random, meter=self.meter
        )
        self._senders[name] = delivery
        notices = self._notices[name] = Notices(
            network=name,
            store=self.store,
            live=self.live,
            admins=self.dialogue.admins,
            clock=now,
            private_chat=private_chat,
            wake=delivery.wake.set,
        )
        delivery.dropped = notices.dropped
        return delivery

    def alarms(self, name: str) -> Alarms:
        """What tells admins of all networks when one cannot be carried."""
        return Alarms(network=name, notices=self._notices)

    async def health(self) -> Health:
        """How the process is, its networks included."""
        return await examined(self.store, self.live.current, now(), adapters=[watch() for watch in self.watched])

    def _wake(self, name: str) -> None:
        if name in self._senders:
            self._senders[name].wake.set()

    def _hand(self, name: str, now: datetime) -> AbstractContextManager[Hand]:
        sender = self._senders.get(name)
        return no_hand(name, now) if sender is None else sender.hand(now)


@asynccontextmanager
async def service(
    settings: Settings,
    before_training: Callable[[], None] = lambda: None,
    limits: Limits | None = None,
    meter: Meter | None = None,
) -> AsyncIterator[Service]:
    """The dialogue over the configured knowledge and database, until the block ends. `limits` replace the settings'.

    The knowledge is read in a thread: meanwhile signals, and whoever asks how it is, are answered.

    Raises:
        KnowledgeError: when the knowledge cannot be used.
        StoreError: when the database cannot be used.
        InUseError: when a restore is at work in the data directory.
    """
    with shared(settings.data_dir):
        async with _service(settings, before_training, limits, meter or Meter()) as held:
            yield held


@asynccontextmanager
async def _service(
    settings: Settings, before_training: Callable[[], None], limits: Limits | None, meter: Meter
) -> AsyncIterator[Service]:
    versions = _versions(settings)
    models = settings.data_dir / "models"
    watched: list[Callable[[], AdapterHealth]] = []
    begun = await in_thread(lambda: begin(settings.knowledge_dir, versions, models, now(), before_training))
    live = LiveKnowledge(begun)
    reload = Reload(
        live=live, directory=settings.knowledge_dir, versions=versions, models=models, limit=settings.reload_limit
    )
    store = await open_store(settings.database_url, settings.data_dir)
    replicas = None if store.is_sqlite else Replicas(store=store, reload=reload, clock=now, told=_followed)
    desk = _desk(store, reload, watched, meter, replicas)
    limits = limits or Limits(person=settings.limit_person, group=settings.limit_group)
    dialogue = Dialogue(
        store=store,
        live=live,
        clock=now,
        pace=Pace(limits=limits),
        notebook=Notebook(),
        admins=settings.parsed_admins,
        desk=desk,
        meter=meter,
    )
    beside = [asyncio.create_task(prune_daily(store, now, asyncio.sleep))]
    if replicas is not None:
        beside.append(asyncio.create_task(replicas.run()))
    try:
        yield Service(store=store, live=live, dialogue=dialogue, limits=limits, meter=meter, watched=watched)
    finally:
        # Whatever ended the block: an admin's reply that is not kept would be worse than waiting a while. A reload that
        # takes longer than anybody waits for the end is given up, and nothing is changed.
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(_PATIENCE_SECONDS):
                    await dialogue.idle()
                    await desk.idle()
        finally:
            for task in beside:
                task.cancel()
            for task in beside:
                with suppress(asyncio.CancelledError):
                    await task
            await store.close()


def _followed(outcome: Outcome) -> None:
    _log.info("another replica changed the knowledge", outcome=type(outcome).__name__.lower())


def _desk(
    store: Store,
    reload: Reload,
    watched: Sequence[Callable[[], AdapterHealth]],
    meter: Meter,
    replicas: Replicas | None,
) -> Desk:
    return Desk(
        store=store,
        live=reload.live,
        reload=reload,
        propose=Propose(reload=reload),
        keys=store.keys,
        clock=now,
        health=lambda: examined(store, reload.live.current, now(), adapters=[watch() for watch in watched]),
        meter=meter,
        publish=replicas.publish if replicas is not None else None,
    )
