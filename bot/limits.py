"""How many messages a person and a group may send: a sliding window of a minute, data in and data out.

What is allowed counts and what is refused does not, so a window always has room again within a minute.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from bot.messages import IncomingMessage

WINDOW = timedelta(minutes=1)

MOST_WINDOWS = 20_000
"""Persons and groups remembered at once, some 60 MB at the very most; those silent longest are dropped first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Messages and presses a minute."""

    person: int = 30
    group: int = 60


TOO_FAST = "too-fast"
"""The text that is said with `Verdict.WARN_ONCE`."""


class Verdict(StrEnum):
    """What to do with a message: answer, say once that it is too fast, or say nothing."""

    ALLOWED = "allowed"
    WARN_ONCE = "warn_once"
    SILENT = "silent"


class Window(Struct, frozen=True, kw_only=True, gc=False):
    """When messages were allowed within the last minute, and when the last notice was given."""

    times: tuple[datetime, ...] = ()
    warned: datetime | None = None

    def at(self, now: datetime) -> Window:
        """The window without what is a minute away or more.

        A clock that was set back leaves times in the future: they count while they are near, and are dropped as well.
        """
        times = tuple(time for time in self.times if _near(time, now))
        warned = self.warned if self.warned is not None and _near(self.warned, now) else None
        return Window(times=times, warned=warned)


def _near(time: datetime, now: datetime) -> bool:
    return abs(now - time) < WINDOW


class Checked(Struct, frozen=True, kw_only=True, gc=False):
    """The verdict on a message and the windows after it."""

    verdict: Verdict
    person: Window
    group: Window | None = None


def check(limits: Limits, person: Window, group: Window | None, now: datetime) -> Checked:
    """Whether one more message fits into the windows of its person and, where it came in one, its group."""
    person = person.at(now)
    group = group.at(now) if group is not None else None
    if len(person.times) >= limits.person:
        verdict, person = _refused(person, now)
    elif group is not None and len(group.times) >= limits.group:
        verdict, group = _refused(group, now)
    else:
        verdict = Verdict.ALLOWED
        person = replace(person, times=(*person.times, now))
        group = replace(group, times=(*group.times, now)) if group is not None else None
    return Checked(verdict=verdict, person=person, group=group)


def _refused(window: Window, now: datetime) -> tuple[Verdict, Window]:
    """One notice a minute: whoever goes on as fast as before finds room now and then, and is not warned each time."""
    if window.warned is not None:
        return Verdict.SILENT, window
    return Verdict.WARN_ONCE, replace(window, warned=now)


Key = tuple[str, ...]


def keys_of(message: IncomingMessage) -> list[Key]:
    """The windows of a message: its person's and, where it came in one, its group's."""
    of = message.conversation
    person: Key = ("person", of.network, of.person)
    return [person] if message.private else [person, ("group", of.network, of.chat)]


@dataclass(slots=True, kw_only=True)
class Pace:
    """The windows of one process, in memory."""

    limits: Limits = Limits()
    most: int = MOST_WINDOWS
    windows: OrderedDict[Key, Window] = field(default_factory=OrderedDict)

    def take_back(self, message: IncomingMessage, now: datetime) -> None:
        """Undo the check of a message that could not be kept: its network brings it again, as often as it takes."""
        for key in keys_of(message):
            window = self.windows.get(key)
            if window is not None:
                times = list(window.times)
                if now in times:
                    times.remove(now)
                warned = None if window.warned == now else window.warned
                self.windows[key] = Window(times=tuple(times), warned=warned)

    def check(self, message: IncomingMessage, now: datetime, *, admin: bool = False) -> Verdict:
        """The verdict on a message or press, which then counts. An admin is never held up and never counts."""
        if admin:
            return Verdict.ALLOWED
        person, *groups = keys_of(message)
        group = groups[0] if groups else None
        before = self.windows.get(group, Window()) if group else None
        checked = check(self.limits, self.windows.get(person, Window()), before, now)
        self._keep(person, checked.person)
        if group and checked.group is not None:
            self._keep(group, checked.group)
        self._drop_old(now)
        return checked.verdict

    def _keep(self, key: Key, window: Window) -> None:
        self.windows[key] = window
        self.windows.move_to_end(key)

    def _drop_old(self, now: datetime) -> None:
        """Windows stand in the order of their last use, so that what is old is in front."""
        while self.windows:
            key, window = next(iter(self.windows.items()))
            if len(self.windows) <= self.most and window.at(now) != Window():
                return
            del self.windows[key]
