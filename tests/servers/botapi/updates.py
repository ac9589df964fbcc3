"""The queue of updates and the long poll: https://core.telegram.org/bots/api#getupdates"""

import asyncio
import contextlib
from collections.abc import Callable

from tests.servers.botapi.clock import Clock
from tests.servers.botapi.refusal import conflict
from tests.servers.botapi.things import Json

# "Specify an empty list to receive all update types except chat_member, message_reaction, and message_reaction_count"
KEPT = 24 * 3600
ONLY_WHEN_ASKED = {"chat_member", "message_reaction", "message_reaction_count"}
WEBHOOK_IS_SET = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_CAME = "terminated by setWebhook request"


class UpdateQueue:
    """Updates wait here until they are confirmed; a webhook takes from the same queue."""

    def __init__(self, clock: Clock, notify: Callable[[], None], first: int = 100_000_001) -> None:
        self.clock = clock
        self.notify = notify
        self.pending: dict[int, Json] = {}
        self.born: dict[int, float] = {}
        self.allowed: list[str] = []
        self.changed = asyncio.Event()
        self.next_id = first
        self.poll: asyncio.Future[str] | None = None

    def allow(self, kinds: list[str] | None) -> None:
        """ "If not specified, the previous setting will be used." """
        if kinds is not None:
            self.allowed = list(kinds)

    def add(self, kind: str, payload: Json) -> Json | None:
        """None where the bot does not want this kind: "this parameter doesn't affect updates created before the call",
        so it is looked at when an update is born."""
        wanted = kind in self.allowed if self.allowed else kind not in ONLY_WHEN_ASKED
        if not wanted:
            return None
        update = {"update_id": self.next_id, kind: payload}
        self.pending[self.next_id] = update
        self.born[self.next_id] = self.clock.now()
        self.next_id += 1
        self.changed.set()
        self.notify()
        return update

    def forget_before(self, offset: int) -> None:
        """ "An update is considered confirmed as soon as getUpdates is called with an offset higher than its update_id.
        The negative offset can be specified to retrieve updates starting from -offset update from the end of the
        updates queue. All previous updates will be forgotten." """
        confirmed = list(self.pending)[:offset] if offset < 0 else [n for n in self.pending if n < offset]
        # "Incoming updates [...] will not be kept longer than 24 hours."
        too_old = self.clock.now() - KEPT
        for number in {*confirmed, *(n for n in self.pending if self.born[n] < too_old)}:
            self.forget(number)

    def forget(self, number: int) -> None:
        del self.pending[number], self.born[number]

    def clear(self) -> None:
        """drop_pending_updates: "Pass True to drop all pending updates"."""
        self.pending.clear()
        self.born.clear()

    @property
    def polled(self) -> bool:
        """A poll waits now."""
        return self.poll is not None

    def end_poll(self, reason: str) -> None:
        """The poll that waits now is refused with 409; the one that came later goes on."""
        if self.poll and not self.poll.done():
            self.poll.set_result(reason)

    async def get(self, offset: int, limit: int, seconds: float) -> list[Json]:
        """Waits at most so many seconds for a first update. "limit: Values between 1-100 are accepted. Defaults to
        100"."""
        self.end_poll(OTHER_POLLER)
        self.forget_before(offset)
        if not self.pending and seconds > 0:
            await self.wait(seconds)
        return list(self.pending.values())[: limit if 1 <= limit <= 100 else 100]

    async def wait(self, seconds: float) -> None:
        mine = self.poll = asyncio.get_running_loop().create_future()
        self.changed.clear()
        self.notify()
        came = asyncio.ensure_future(self.changed.wait())
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await asyncio.wait({mine, came}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            came.cancel()
            if self.poll is mine:
                self.poll = None
        if mine.done():
            raise conflict(mine.result())
