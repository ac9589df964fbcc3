"""Pacing: how fast Telegram lets a bot send. Pure: the time is handed in, in seconds of a clock that only goes forward.

https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this: no more than one message a second in a
chat, twenty a minute in a group, thirty a second in all.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field

MOST_CHATS = 10_000
"""Chats remembered at once, should so many be spoken to in a minute; those silent longest are forgotten first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Messages and the seconds they take: at most `group` in a minute, `everywhere` in a second."""

    chat_seconds: float = 1.0
    group: int = 20
    group_seconds: float = 60.0
    everywhere: int = 30


@dataclass(slots=True)
class _Chat:
    """When messages were sent or are to be, and what already has its time, by its name."""

    times: deque[float]
    promised: dict[str, float] = field(default_factory=dict)
    closed_until: float = 0.0

    def matters(self, since: float, now: float) -> bool:
        """Whether anything of it was after `since` or is still to come."""
        return self.closed_until > now or any(time > since for time in (*self.times, *self.promised.values()))


@dataclass(slots=True, kw_only=True)
class Pacing:
    """Gives every message its time. Who has to wait is told how long, and keeps its turn until it comes back."""

    limits: Limits = field(default_factory=Limits)
    _chats: OrderedDict[str, _Chat] = field(default_factory=OrderedDict, init=False)
    _all: deque[float] = field(default_factory=deque, init=False)

    def wait(self, chat: str, name: str, now: float) -> float:
        """How many seconds a message (`name` is its own) has to wait for its chat; 0: send it now."""
        of = self._of(chat, now)
        of.promised = {other: time for other, time in of.promised.items() if now - time < self.limits.group_seconds}
        time = of.promised.get(name)
        if time is None or time < of.closed_until:
            time = self._next(chat, of, now)
            of.times.append(time)
            of.promised[name] = time
        if time > now:
            return time - now
        del of.promised[name]
        return 0.0

    def sent(self, chat: str, now: float) -> None:
        """A message has been taken: Telegram counts from somewhere between its time and now."""
        of = self._of(chat, now)
        if of.times and not of.promised:
            of.times[-1] = max(of.times[-1], now)

    def close(self, chat: str, seconds: float, now: float) -> None:
        """Telegram itself wants nothing more in a chat for some seconds: what was promised before is not any more."""
        of = self._of(chat, now)
        of.closed_until = max(of.closed_until, now + seconds)
        of.times = deque((time for time in of.times if time <= now), maxlen=of.times.maxlen)
        of.promised.clear()

    def wait_everywhere(self, now: float) -> float:
        """How many seconds a message has to wait for all chats together; its place is taken by asking."""
        while self._all and now - self._all[0] >= 1.0:
            self._all.popleft()
        if len(self._all) < self.limits.everywhere:
            time = now
        else:
            time = max(now, self._all[-self.limits.everywhere] + 1.0)
        self._all.append(time)
        return time - now

    def _next(self, chat: str, of: _Chat, now: float) -> float:
        """The first free time in a chat."""
        earliest = max(now, of.closed_until)
        if of.times:
            earliest = max(earliest, of.times[-1] + self.limits.chat_seconds)
        if is_group(chat) and len(of.times) == of.times.maxlen:
            earliest = max(earliest, of.times[0] + self.limits.group_seconds)
        return earliest

    def _of(self, chat: str, now: float) -> _Chat:
        of = self._chats.get(chat)
        if of is None:
            self._forget(now)
            of = self._chats[chat] = _Chat(deque(maxlen=self.limits.group))
        self._chats.move_to_end(chat)
        return of

    def _forget(self, now: float) -> None:
        """Let go of the chats in which nothing was sent for so long that nothing has to wait for it."""
        since = now - self.limits.group_seconds
        while self._chats and not next(iter(self._chats.values())).matters(since, now):
            self._chats.popitem(last=False)
        if len(self._chats) >= MOST_CHATS:
            self._chats.popitem(last=False)


def is_group(chat: str) -> bool:
    """Whether a chat is a group, by its id: those of people are positive."""
    return chat.startswith("-")
