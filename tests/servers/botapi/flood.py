"""Limits on sending: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this

"In a single chat, avoid sending more than one message per second. [...] In a group, bots are not be able to send more
than 20 messages per minute. For bulk notifications, bots are not able to broadcast more than about 30 messages per
second [...] eventually you'll begin receiving 429 errors." All are off until a test sets them.
"""

import math
from collections import defaultdict, deque
from dataclasses import dataclass, field

from tests.servers.botapi.clock import Clock
from tests.servers.botapi.refusal import too_many_requests

EVERYWHERE = 0


@dataclass(frozen=True, slots=True)
class Limit:
    messages: int
    seconds: float


@dataclass(slots=True)
class Flood:
    clock: Clock
    everywhere: Limit | None = None
    private: Limit | None = None
    group: Limit | None = None
    sent: dict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    closed_until: dict[int, float] = field(default_factory=dict)

    def obey_the_faq(self) -> None:
        self.everywhere, self.private, self.group = Limit(30, 1), Limit(1, 1), Limit(20, 60)

    def close(self, chat: int = EVERYWHERE, *, seconds: float) -> None:
        """Refuses everything sent to the chat (or to anybody) for so long."""
        self.closed_until[chat] = self.clock.now() + seconds

    def count(self, chat: int) -> None:
        """Called before a message is sent; refuses it with the whole seconds to wait, and is not softened by trying."""
        now = self.clock.now()
        limits = {EVERYWHERE: self.everywhere, chat: self.private if chat > 0 else self.group}
        for place, limit in limits.items():
            if self.closed_until.get(place, 0) > now:
                raise too_many_requests(math.ceil(self.closed_until[place] - now))
            times = self.sent[place]
            while limit and times and times[0] <= now - limit.seconds:
                times.popleft()
            if limit and len(times) >= limit.messages:
                wait = math.ceil(times[0] + limit.seconds - now) or 1
                self.closed_until[place] = now + wait
                raise too_many_requests(wait)
        for place, limit in limits.items():
            if limit:
                self.sent[place].append(now)
