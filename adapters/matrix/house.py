"""House: the parts of the adapter, built over a client that is logged in, and handed to each other."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from adapters.matrix.answers import answered
from adapters.matrix.askers import Askers
from adapters.matrix.client import Client
from adapters.matrix.errors import RefusedError
from adapters.matrix.facts import Facts
from adapters.matrix.invites import Caps, Door
from adapters.matrix.keyring import Keyring
from adapters.matrix.me import Me
from adapters.matrix.notices import Notices
from adapters.matrix.progress import Progress
from adapters.matrix.receive import Receiver
from adapters.matrix.rooms import Rooms
from adapters.matrix.send import PostOffice
from adapters.matrix.sync import WAIT_SECONDS, Syncing
from adapters.matrix.typing import typing_by
from adapters.matrix.undecryptable import HINT_AFTER, Undecryptable
from adapters.wiring import Service, now
from bot.commands import parse


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """How long a server may hold a sync, when people hear that they cannot be read, how many invites are too many."""

    wait_seconds: float = WAIT_SECONDS
    hint_after: timedelta = HINT_AFTER
    caps: Caps = field(default_factory=Caps)


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What is needed to carry one account."""

    me: Me
    facts: Facts
    keyring: Keyring
    syncing: Syncing
    rooms: Rooms
    undecryptable: Undecryptable
    receiver: Receiver
    office: PostOffice

    @classmethod
    async def of(
        cls, client: Client, service: Service, door: Door, measures: Measures, figures: Counter[str], so_far: Progress
    ) -> House:
        """The parts, with what was left over from before.

        Raises:
            MatrixError: the server does not tell who we are.
        """
        me = await _me(client, service)
        facts, typing, askers = Facts(me=me), typing_by(client), Askers(client=client)
        keyring = Keyring(client=client, facts=facts)
        syncing = Syncing(client=client, me=me, clock=now, wait_seconds=measures.wait_seconds)
        notices = Notices(me=me, dialogue=service.dialogue)
        rooms = Rooms(
            client=client, me=me, facts=facts, door=door, chats=service.chats, clock=now, open=list(so_far.invites)
        )
        waiting = {one.event: one for one in so_far.unread}
        undecryptable = Undecryptable(
            client=client, clock=now, hint=notices.cannot_read, figures=figures, hint_after=measures.hint_after,
            waiting=waiting,
        )  # fmt: skip
        receiver = Receiver(
            client=client, me=me, dialogue=service.dialogue, syncing=syncing, facts=facts, rooms=rooms,
            undecryptable=undecryptable, notices=notices, typing=typing, askers=askers, figures=figures,
        )  # fmt: skip
        office = PostOffice(
            client=client, me=me, live=service.live, facts=facts, keyring=keyring, askers=askers, typing=typing,
            clock=now,
        )  # fmt: skip
        return cls(
            me=me, facts=facts, keyring=keyring, syncing=syncing, rooms=rooms, undecryptable=undecryptable,
            receiver=receiver, office=office,
        )  # fmt: skip

    async def private_chat(self, person: str) -> str | None:
        """The room where a person is talked to alone."""
        rooms = [room for room in self.facts.direct.get(person, []) if room in self.office.client.rooms]
        return rooms[-1] if rooms else None


async def _me(client: Client, service: Service) -> Me:
    try:
        name = (await answered(client.get_displayname(client.user_id))).displayname or ""
    except RefusedError:
        name = ""

    def knows(text: str) -> bool:
        command = parse(text, service.live.current.index.kb)
        return command is not None and command.name is not None

    return Me(user_id=client.user_id, device_id=client.device_id or "", display_name=name, knows=knows)
