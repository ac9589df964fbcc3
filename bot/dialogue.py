"""Dialogue.respond: the path of a message through memory, deciding and the outbox, in order, and nothing else.

A network is acknowledged after `respond` has returned: by then the message is noted as seen, the conversation and the
reply are kept, all in one transaction. What comes again is not answered again.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import feedback
from bot.admins import Admins
from bot.background import Background
from bot.commands import ADMIN, Command, parse, question_of
from bot.envelope import Envelope
from bot.gate import is_for_bot
from bot.hand import Hand, HoldOut, no_hand
from bot.limits import TOO_FAST, Pace, Verdict
from bot.live import LiveKnowledge
from bot.messages import Choice, IncomingMessage, Kind, Reply
from bot.meter import Meter
from bot.phrasebook import Phrasebook
from bot.promised import broken, promise, told
from bot.shared_pace import pace_of_all
from bot.standing import Standing
from bot.state import ConversationState
from bot.statistics import CountKind, counts_of
from bot.store import conversations, exchange, groups
from bot.store import feedback as kept_feedback
from bot.store.conversations import Remembered
from bot.store.counters import Count, Tally
from bot.store.engine import Store
from bot.store.erase import erase_person
from bot.store.errors import StoreUnavailableError
from bot.store.groups import Group
from bot.turn import Turn, notice, take_turn
from bot.typed import as_pressed, showing
from bot.unanswered import Notebook
from knowledge.index import Index
from knowledge.model import Language


class Desk(Protocol):
    """Serves admins (`bot.desk`)."""

    def serve(self, command: Command | None, message: IncomingMessage, language: Language) -> AsyncIterator[Reply]:
        """The replies to a command, a press or a file of an admin, in order."""


@dataclass(slots=True, kw_only=True)
class Dialogue:
    """Answers messages of all networks.

    `clock` gives aware UTC times, `timer` seconds since any moment. `hand` takes a reply that can be sent at once; of
    any other `wake` is told its network.
    """

    store: Store
    live: LiveKnowledge
    clock: Callable[[], datetime]
    pace: Pace
    notebook: Notebook
    admins: Admins = field(default_factory=Admins)
    desk: Desk | None = None
    hand: HoldOut = no_hand
    wake: Callable[[str], None] = lambda _: None
    tally: Tally = field(default_factory=Tally)
    meter: Meter = field(default_factory=Meter)
    timer: Callable[[], float] = time.perf_counter
    _aside: Background = field(default_factory=Background, init=False)

    async def respond(self, message: IncomingMessage) -> Reply | None:
        """The reply that now waits in the outbox; None where none is due.

        Raises:
            StoreUnavailableError: nothing was kept; the network is not to be acknowledged and brings the message again.
        """
        if not is_for_bot(message):
            return None
        now, began, network = self.clock(), self.timer(), message.conversation.network
        verdict = self.pace.check(message, now, admin=self.admins.hold(message.conversation))
        if verdict is Verdict.SILENT:
            self.meter.left_unanswered(network)
            return None
        try:
            with self.hand(network, now) as hand:
                reply = await self._kept(Envelope.of(message, self.store, verdict), now, hand)
        except StoreUnavailableError:
            self.pace.take_back(message, now)
            raise
        if reply is not None:
            self.meter.replied(network, reply.kind, self.timer() - began)
            if hand.takes is None:
                self.wake(network)
        return reply

    async def idle(self) -> None:
        """Wait until what was begun aside (an admin's reload, questions to be noted) is done."""
        await self._aside.idle()

    async def _kept(self, envelope: Envelope, now: datetime, hand: Hand) -> Reply | None:
        index = self.live.current.index
        counts = self.tally.take()
        try:
            async with self.store.transaction() as connection:
                begun = await exchange.begin(connection, envelope.event, envelope.whose, now, index.kb)
                if not begun.fresh:
                    self.tally.add(*counts)
                    self.meter.came_again(envelope.message.conversation.network)
                    return None
                if not self.admins.hold(envelope.message.conversation):
                    verdict = await pace_of_all(connection, self.store, self.pace.limits, envelope, now)
                    envelope = replace(envelope, verdict=verdict)
                if envelope.verdict is Verdict.SILENT:
                    self.tally.add(*counts)
                    self.meter.left_unanswered(envelope.message.conversation.network)
                    return None
                state = begun.remembered.state.fresh(now)
                envelope = replace(envelope, message=as_pressed(envelope.message, state))
                settled = await self._settled(connection, envelope, begun.remembered, index, now)
                turn = settled.turn
                if turn is not None and turn.state is None:
                    await erase_person(connection, envelope.whose.person)
                letter = None if turn is None else envelope.letter(turn.reply, keep=turn.state is not None)
                claimed = await exchange.finish(
                    connection, envelope.whose, now, settled.kept, letter=letter, claim=hand.claim, counts=counts
                )
                if settled.wanted is not None:
                    say = Phrasebook(kb=index.kb, language=settled.wanted.language)
                    await promise(connection, envelope, self.store.holder.name, settled.wanted.command, say, now)
        except BaseException:
            self.tally.add(*counts)
            raise
        hand.takes = claimed
        self._after(envelope, settled, index, now)
        return None if turn is None else turn.reply

    async def _settled(
        self, connection: AsyncConnection, envelope: Envelope, before: Remembered, index: Index, now: datetime
    ) -> _Settled:
        """What comes of a message that is new, and what is to be remembered."""
        message, state = envelope.message, before.state.fresh(now)
        if envelope.verdict is Verdict.WARN_ONCE:
            return _Settled(turn=Turn(reply=notice(TOO_FAST, state, index), state=state))
        wanted = self._for_admins(message, index)
        if wanted is not None:
            return self._at_the_desk(wanted, message, state, index)
        pressed = feedback.from_key(message.pressed or "", index.kb)
        if pressed is not None:
            return await self._said(connection, envelope, pressed, before, index, now)
        standing = await self._standing(connection, envelope)
        turn = take_turn(message, state, index, standing, now)
        if turn.group_home is not None:
            group = Group(network=message.conversation.network, since=now, home=turn.group_home)
            await groups.put(connection, envelope.whose.chat, group)
        if turn.state is None:
            return _Settled(turn=turn)
        return _prompted(turn, replace(before, state=turn.state), message, index, now)

    async def _standing(self, connection: AsyncConnection, envelope: Envelope) -> Standing:
        message = envelope.message
        group = None if message.private else await groups.get(connection, envelope.whose.chat)
        return Standing.of(
            message, admin=self.admins.hold(message.conversation), group_home=group.home if group is not None else None
        )

    async def _said(
        self,
        connection: AsyncConnection,
        envelope: Envelope,
        pressed: feedback.Feedback,
        before: Remembered,
        index: Index,
        now: datetime,
    ) -> _Settled:
        """Feedback, pressed under an answer."""
        await kept_feedback.give(
            connection,
            envelope.whose,
            pressed.entry,
            now,
            verdict=pressed.verdict,
            version=index.kb.version,
            reason=pressed.reason,
        )
        say = Phrasebook(kb=index.kb, language=before.state.language)
        state = replace(before.state.fresh(now), at=now)
        turn = Turn(reply=feedback.answered(pressed, say), state=state)
        return _Settled(turn=turn, remembered=replace(before, state=state), pressed=pressed)

    def _for_admins(self, message: IncomingMessage, index: Index) -> _Wanted | None:
        """What an admin asks for; for anybody else the same words are an unknown command, and a file is none at all."""
        if self.desk is None or not self.admins.hold(message.conversation):
            return None
        command = parse(message.pressed or message.text, index.kb)
        if command is not None and command.name in ADMIN:
            return _Wanted(command=command)
        return _Wanted() if message.attachment is not None else None

    def _at_the_desk(
        self, wanted: _Wanted, message: IncomingMessage, state: ConversationState, index: Index
    ) -> _Settled:
        """Admins are served aside, each reply a letter of its own: a reload takes seconds, and other messages go on.

        Their message is noted as seen by then, so that nothing is done twice; `bot.promised` is for the case that
        nothing is done at all.
        """
        language = (wanted.command.language if wanted.command else None) or state.language
        if message.private:
            return _Settled(wanted=replace(wanted, language=language))
        say = Phrasebook(kb=index.kb, language=language)
        reply = Reply(kind=Kind.COMMAND, text=say("admin-in-private"), language=language)
        return _Settled(turn=Turn(reply=reply, state=state))

    def _after(self, envelope: Envelope, settled: _Settled, index: Index, now: datetime) -> None:
        """What follows once a message is kept: counting, noting what had no answer, serving an admin."""
        turn = settled.turn
        if settled.pressed is not None:
            self.tally.add(Count(now.date(), CountKind.FEEDBACK, settled.pressed.verdict))
        elif turn is not None and turn.outcome is not None:
            counted = counts_of(turn.reply)
            self.tally.add(*(Count(now.date(), kind, label) for kind, label in counted))
            if counted:
                self.meter.asked(turn.reply)
        if turn is not None and self.notebook.wants(turn.outcome):
            language, text = turn.reply.language, question_of(envelope.message.text, index.kb)
            self._aside.begin(self.notebook.note(self.store, text, language, envelope.whose, index, now))
        if settled.wanted is not None:
            self._aside.begin(self._serve(settled.wanted, envelope))

    async def _serve(self, wanted: _Wanted, envelope: Envelope) -> None:
        assert self.desk is not None  # noqa: S101 - nothing is wanted of a desk that is not there
        part = -1
        try:
            async for reply in self.desk.serve(wanted.command, envelope.message, wanted.language):
                part += 1
                await self._put(partial(self._say, envelope=envelope, reply=reply, part=part), envelope)
        except Exception:
            await self._put(partial(broken, envelope=envelope, now=self.clock()), envelope)
            raise

    async def _put(self, write: Callable[[AsyncConnection], Awaitable[None]], envelope: Envelope) -> None:
        """Write into the outbox for an admin. What the database does not take is lost; the promise tells them so."""
        with suppress(StoreUnavailableError):
            async with self.store.transaction() as connection:
                await write(connection)
            self.wake(envelope.message.conversation.network)

    async def _say(self, connection: AsyncConnection, envelope: Envelope, reply: Reply, part: int) -> None:
        now = self.clock()
        await told(connection, envelope, reply, part, now)
        if reply.choices:
            before = await conversations.load(connection, envelope.whose)
            state = showing(replace(before.state.fresh(now), at=now), reply)
            await conversations.save(connection, envelope.whose, replace(before, state=state), now)


class _Wanted(Struct, frozen=True, kw_only=True, gc=False):
    """What an admin wants: a command, or what stands in the message itself."""

    command: Command | None = None
    language: Language = Language.LV


class _Settled(Struct, frozen=True, kw_only=True, gc=False):
    """A turn (None for an admin, who is served aside), what is to be remembered (None: as before), what follows."""

    turn: Turn | None = None
    remembered: Remembered | None = None
    pressed: feedback.Feedback | None = None
    wanted: _Wanted | None = None

    @property
    def kept(self) -> Remembered | None:
        """What is to be remembered, with the choices that were shown."""
        if self.remembered is None or self.turn is None:
            return self.remembered
        return replace(self.remembered, state=showing(self.remembered.state, self.turn.reply))


def _prompted(turn: Turn, remembered: Remembered, message: IncomingMessage, index: Index, now: datetime) -> _Settled:
    """The turn, with feedback asked for where that is due: in private, and not twice a day."""
    choices: Sequence[Choice] = ()
    if message.private and feedback.may_prompt(remembered.prompted, now):
        choices = feedback.prompt(turn.reply, Phrasebook(kb=index.kb, language=turn.reply.language))
    if not choices:
        return _Settled(turn=turn, remembered=remembered)
    reply = replace(turn.reply, choices=(*turn.reply.choices, *choices))
    return _Settled(turn=replace(turn, reply=reply), remembered=replace(remembered, prompted=now))
