"""Whole phrases in a message: names of topics, words for fields, found as runs of keys, the longest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any, Generic, TypeVar

from msgspec import Struct

Payload = TypeVar("Payload")


class Match(Struct, Generic[Payload], frozen=True, kw_only=True, gc=False):
    """A phrase found at the positions `start` (in) to `end` (out) of the message, and what it stands for."""

    start: int
    end: int
    payloads: tuple[Payload, ...]

    @property
    def positions(self) -> range:
        """The positions it covers."""
        return range(self.start, self.end)


Keys = tuple[str, ...]
"""Every key that a word can have, the likeliest first."""


def in_a_row(message: Sequence[Keys]) -> list[str]:
    """The keys of all words of a message."""
    return list(chain.from_iterable(message))


_Node = dict[str | None, Any]
"""What may follow: a node for each next key; under None the payloads of the phrase that ends here.

Where nothing follows, the payloads alone stand for the node: most phrases end so, and a dictionary takes 200 bytes.
"""


class PhraseTable(Generic[Payload]):
    """Phrases as a tree of keys. `keys` are all keys that occur in them."""

    def __init__(self, phrases: Iterable[tuple[tuple[str, ...], Payload]]) -> None:
        found: dict[tuple[str, ...], dict[Payload, None]] = defaultdict(dict)
        for phrase, payload in phrases:
            if phrase:
                found[phrase][payload] = None
        self._root: _Node = {}
        for phrase, payloads in found.items():
            node = self._root
            for key in phrase:
                node = node.setdefault(key, {})
            node[None] = tuple(payloads)
        _lighten(self._root)
        self.keys = frozenset(key for phrase in found for key in phrase)

    def find(self, message: Sequence[Keys], every: Sequence[str] | None = None) -> list[Match[Payload]]:
        """All matches that do not overlap, in order; each word of `message` is given by every key it can have.

        `every` are those keys in a row, put together once where a message is searched for many kinds of phrases.
        """
        first = self._root
        if first.keys().isdisjoint(in_a_row(message) if every is None else every):
            return []  # nearly always
        matches: list[Match[Payload]] = []
        end = 0
        for position in [at for at, keys in enumerate(message) for key in keys if key in first]:
            found = _longest(first, message, position) if position >= end else None
            if found is not None:
                end, payloads = found
                matches.append(Match(start=position, end=end, payloads=payloads))
        return matches


def _lighten(node: _Node) -> None:
    """Let payloads stand for the nodes after which nothing follows."""
    for key, following in node.items():
        if key is not None and following.keys() == {None}:
            node[key] = following[None]
        elif key is not None:
            _lighten(following)


def _longest(node: _Node, message: Sequence[Keys], position: int) -> tuple[int, Any] | None:
    """Where the longest phrase that goes on here ends, and its payloads; the likelier key of a word goes first."""
    longest = (position, node[None]) if None in node else None
    for key in message[position] if position < len(message) else ():
        following = node.get(key)
        if following is None:
            continue
        ends = isinstance(following, tuple)
        found = (position + 1, following) if ends else _longest(following, message, position + 1)
        if found is not None and (longest is None or found[0] > longest[0]):
            longest = found
    return longest
