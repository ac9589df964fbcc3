"""Whole phrases in a message: names of topics, words for fields, found as runs of keys, the longest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Payload = TypeVar("Payload")


@dataclass(frozen=True, slots=True, kw_only=True)
class Match(Generic[Payload]):
    """A phrase found at the positions `start` (in) to `end` (out) of the message, and what it stands for."""

    start: int
    end: int
    payloads: tuple[Payload, ...]

    @property
    def positions(self) -> range:
        """The positions it covers."""
        return range(self.start, self.end)


class PhraseTable(Generic[Payload]):
    """Phrases by their first key. `keys` are all keys that occur in them."""

    def __init__(self, phrases: Iterable[tuple[tuple[str, ...], Payload]]) -> None:
        found: dict[tuple[str, ...], dict[Payload, None]] = defaultdict(dict)
        for phrase, payload in phrases:
            if phrase:
                found[phrase][payload] = None
        self._by_first: dict[str, list[tuple[tuple[str, ...], tuple[Payload, ...]]]] = defaultdict(list)
        for phrase, payloads in sorted(found.items(), key=lambda item: -len(item[0])):
            self._by_first[phrase[0]].append((phrase, tuple(payloads)))
        self.keys = frozenset(key for phrase in found for key in phrase)

    def find(self, message: Sequence[tuple[str, ...]]) -> list[Match[Payload]]:
        """All matches that do not overlap, in order; each word of `message` is given by every key it can have."""
        matches: list[Match[Payload]] = []
        first = self._by_first.keys()
        end = 0
        for position in [at for at, keys in enumerate(message) if not first.isdisjoint(keys)]:
            match = self._at(message, position) if position >= end else None
            if match is not None:
                matches.append(match)
                end = match.end
        return matches

    def _at(self, message: Sequence[tuple[str, ...]], position: int) -> Match[Payload] | None:
        options = [option for key in message[position] for option in self._by_first.get(key, ())]
        for phrase, payloads in sorted(options, key=lambda option: -len(option[0])):
            end = position + len(phrase)
            if end <= len(message) and all(key in message[position + i] for i, key in enumerate(phrase)):
                return Match(start=position, end=end, payloads=payloads)
        return None
