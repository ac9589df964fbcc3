"""Matrix: everything of the adapter put together, from logging in to a clean end."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import nio

from adapters.logs import logger
from adapters.matrix import progress
from adapters.matrix.client import Client
from adapters.matrix.errors import (
    LimitExceededError,
    LoginError,
    MatrixError,
    RefusedError,
    UnknownTokenError,
    UnreachableError,
)
from adapters.matrix.house import House, Measures
from adapters.matrix.invites import Door, parse_invites
from adapters.matrix.keys import KeysClashError
from adapters.matrix.me import NETWORK, server_of
from adapters.matrix.progress import Progress
from adapters.matrix.session import open_session
from adapters.matrix.sync import WAIT_SECONDS
from adapters.matrix.troubles import troubles
from adapters.matrix.undecryptable import UNDECRYPTED
from adapters.patience import Patience
from adapters.troubles import Troubles
from adapters.wiring import Service, now
from bot.alarms import Alarm
from bot.delivery import Delivery
from bot.health import AdapterHealth
from bot.leading import Lead
from bot.settings import Settings
from bot.store.errors import StoreUnavailableError

LATE_AFTER = timedelta(seconds=4 * WAIT_SECONDS)
"""After so long without an answer to a sync something is wrong."""
_PATIENCE_SECONDS = 3
"""How long letters under way may take when the process stops; they are sent again by the next one."""
_PATIENT_TRIES = 5
"""So often a sync is taken in anew because the server does not give all of it; then the rest is left out."""
_log = logger("matrix")


@dataclass(slots=True, kw_only=True)
class Matrix:
    """The adapter of one account. `stop` ends it."""

    service: Service
    settings: Settings
    measures: Measures = field(default_factory=Measures)
    troubles: Troubles = field(default_factory=troubles)
    last: datetime | None = field(default=None, init=False)
    figures: Counter[str] = field(default_factory=Counter, init=False)
    _patience: Patience = field(init=False)
    _delivery: Delivery | None = field(default=None, init=False)
    _let_in: bool = field(default=True, init=False)

    def __post_init__(self) -> None:
        errors = (UnreachableError, LimitExceededError, RefusedError, StoreUnavailableError)
        self._patience = Patience(troubles=self.troubles, errors=errors)

    def stop(self) -> None:
        """Take nothing more in, and finish what is under way."""
        self._patience.stopping.set()

    def health(self) -> AdapterHealth:
        """When the homeserver was heard of last, and what came of the letters and of what could not be read."""
        return AdapterHealth(
            name=NETWORK,
            last=self.last,
            late_after=LATE_AFTER,
            figures=dict(self._delivery.figures) if self._delivery is not None else {},
            stepped_over={why: times for why, times in self.figures.items() if why != UNDECRYPTED},
            undecrypted=self.figures[UNDECRYPTED],
            ails=self.troubles.ails if self._let_in else Alarm.REFUSED,
        )

    async def run(self) -> None:
        """Carry messages until `stop` is called. Of several replicas one does; the others stand by.

        Raises:
            AlreadyRunningError: another process of this machine does so with the same account.
            MatrixError: there is no logging in; it says what to do.
        """
        self.troubles.listener = alarms = self.service.alarms(NETWORK)
        lead = Lead(store=self.service.store, name=f"{NETWORK} {self.settings.matrix_user_id}", told=_log.info)
        try:
            await lead.carry(self._carry_on, self._patience.stopping)
        finally:
            await alarms.idle()

    async def _carry_on(self) -> None:
        with self._watched():
            try:
                while not self._patience.stopping.is_set():
                    await self._log_in_and_carry()
            except LoginError:
                self._let_in = False
                raise

    async def _log_in_and_carry(self) -> None:
        session = await self._patience.insist(lambda: open_session(self.settings))
        if session is None:
            return
        try:
            await self._carry(session.client)
        except UnknownTokenError as error:
            # Logged out from outside. Whether that can be mended, logging in tells.
            _log.warning("logging in anew", detail=str(error))
        except KeysClashError as error:
            _log.warning("becoming a new device", detail=str(error))
            session.discard_keys()
        finally:
            await session.close()

    @contextmanager
    def _watched(self) -> Iterator[None]:
        self.service.watched.append(self.health)
        try:
            yield
        finally:
            self.service.watched.remove(self.health)

    async def _carry(self, client: Client) -> None:
        begun = await self._patience.insist(partial(self._begun, client))
        if begun is None:
            return
        house, so_far = begun
        self._delivery = self.service.delivery(NETWORK, house.office, house.private_chat)
        self._delivery.alone = not self.service.store.is_sqlite
        sending: asyncio.Task[None] | None = None
        try:
            while (told := await self._patience.insist(partial(self._news, house, so_far.since))) is not None:
                self.last = now()
                if sending is None:
                    # Before the first sync no room is known.
                    sending = asyncio.create_task(self._delivery.run())
                    _log.info("talking on Matrix", rooms=len(client.rooms))
                minding = asyncio.create_task(self._mind(house))
                try:
                    so_far = await self._taken(house, told, so_far)
                finally:
                    await asyncio.wait([minding])
                    minding.result()
        finally:
            await house.receiver.close()
            self._delivery.stop()
            if sending is not None:
                await asyncio.wait([sending], timeout=_PATIENCE_SECONDS)
                sending.cancel()
                await asyncio.gather(sending, return_exceptions=True)

    async def _begun(self, client: Client) -> tuple[House, Progress]:
        so_far = await progress.load(self.service.store, client.user_id)
        invites = parse_invites(self.settings.matrix_invites, server_of(client.user_id))
        door = Door(invites=invites, caps=self.measures.caps)
        house = await House.of(client, self.service, door, self.measures, self.figures, so_far)
        # Before anybody can be told of us they must be able to write to us.
        await house.keyring.mind()
        return house, so_far

    async def _news(self, house: House, since: str | None) -> nio.SyncResponse:
        return await house.syncing.news(since)

    async def _taken(self, house: House, told: nio.SyncResponse, before: Progress) -> Progress:
        """Take in what a sync told, for as long as that takes; only then we have read so far."""
        for attempt in itertools.count():
            try:
                await house.receiver.take(told, before.since, patiently=attempt < _PATIENT_TRIES)
                after = Progress(
                    since=told.next_batch,
                    unread=tuple(house.undecryptable.waiting.values()),
                    invites=tuple(house.rooms.open),
                )
                if after != before:
                    await progress.keep(self.service.store, house.me.user_id, after)
            except (UnreachableError, LimitExceededError, StoreUnavailableError) as error:
                await self._patience.pause_after(error)
                if self._patience.stopping.is_set():
                    break
            else:
                self.troubles.over()
                return after
        return before

    async def _mind(self, house: House) -> None:
        """Keys that cannot be minded now are minded after the next sync; whoever sends asks for what it needs."""
        try:
            await house.keyring.mind()
        except (KeysClashError, UnknownTokenError):
            raise
        except MatrixError as error:
            self.figures["keys"] += 1
            if self.figures["keys"] == 1:
                _log.warning("keys could not be exchanged; trying on", detail=str(error))
