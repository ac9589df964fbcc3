"""How many words are remembered with what was found of them: residents say most with few, and forms are without end."""

from __future__ import annotations

from typing import Generic, TypeVar

Name = TypeVar("Name")
Found = TypeVar("Found")

MOST_WORDS = 8_000
"""Of the words of the project's questions, in any order, a quarter are met for the first time or were forgotten."""

FEW_WORDS = 1_000
"""The same for the steps on the way, which are gone again when the words of a message are known."""


class Recent(Generic[Name, Found]):
    """What was found of the last words, between half of `MOST_WORDS` and all: the ones met again stay.

    Where each is found by itself `functools.lru_cache` does the same; this is for words that are looked up together.
    """

    __slots__ = ("_before", "_now")

    def __init__(self) -> None:
        self._now: dict[Name, Found] = {}
        self._before: dict[Name, Found] = {}

    def get(self, name: Name) -> Found | None:
        """What was kept, or None."""
        found = self._now.get(name)
        if found is None and (found := self._before.get(name)) is not None:
            self.keep(name, found)
        return found

    def keep(self, name: Name, found: Found) -> None:
        """Remember something, and forget the older half where there is no more room."""
        if len(self._now) >= MOST_WORDS // 2:
            self._before, self._now = self._now, {}
        self._now[name] = found

    def clear(self) -> None:
        """Let go of everything, a piece at a time: all at once would hold other threads up."""
        for kept in (self._now, self._before):
            while kept:
                try:
                    kept.popitem()
                except KeyError:
                    break
