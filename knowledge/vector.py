"""Words -> numbers: the tf-idf vector of a message, each number with the words it comes from."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeVar

import numpy as np

from knowledge.features import (
    Group,
    KeyedWord,
    in_order,
    is_letters,
    is_pair,
    letter_features,
    pair_feature,
    word_features,
)
from knowledge.text import Word
from knowledge.votes import Floats, Ints

SHARES = {Group.WORD: 1.0, Group.LETTERS: 1.4, Group.PAIR: 0.8}
"""How long the part of each group is; found by cross-validation."""
UNSEEN = 0.5
"""A feature that no example has counts this much, compared with the rarest one that is known."""
_MOST_CACHED = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Vector:
    """Feature rows with their values, unmerged, of length one; `owners` are positions of the words they come from."""

    rows: Ints
    values: Floats
    owners: Ints


_Rows = tuple[Ints, Floats, float]
"""Rows with their values, and the square of their length, what is unknown included."""
_NOTHING: _Rows = (np.empty(0, dtype=np.int32), np.empty(0, dtype=np.float32), 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vectoriser:
    """The features that are known, a row for each, with their inverse document frequencies."""

    names: tuple[str, ...]
    idf: Floats
    rows: dict[str, int] = field(init=False, repr=False, compare=False)
    _unseen: float = field(init=False, repr=False, compare=False)
    _words: dict[tuple[str, str], _Rows] = field(init=False, repr=False, compare=False)
    _letters: dict[str, _Rows] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", {name: row for row, name in enumerate(self.names)})
        object.__setattr__(self, "_unseen", (float(self.idf.max(initial=1.0)) * UNSEEN) ** 2)
        object.__setattr__(self, "_words", {})
        object.__setattr__(self, "_letters", {})

    def vector(self, words: Sequence[KeyedWord]) -> Vector:
        """The vector of a message; empty where there are no words."""
        if not words:
            return Vector(rows=_NOTHING[0], values=_NOTHING[1], owners=_NOTHING[0])
        own = [self._word(key, word) for key, word, _ in words]
        letters = [self._run_of_letters(word.folded) for _, word, _ in words]
        pairs, seconds = self._pairs(words)
        weights = [weight for _, _, weight in words]
        squares = {
            Group.WORD: sum(found[2] * weight * weight for found, weight in zip(own, weights, strict=True)),
            Group.LETTERS: sum(found[2] for found in letters),
            Group.PAIR: pairs[2],
        }
        scale = _scales(squares)
        parts = (*own, *letters, pairs)
        counts = [len(found[0]) for found in parts]
        factors = [*(weight * scale[Group.WORD] for weight in weights), *[scale[Group.LETTERS]] * len(words)]
        owners = np.arange(len(words), dtype=np.int32)
        return Vector(
            rows=np.concatenate([found[0] for found in parts]),
            values=np.concatenate([found[1] for found in parts])
            * np.repeat(_values([*factors, scale[Group.PAIR]]), counts),
            owners=np.concatenate([np.repeat(np.concatenate([owners, owners]), counts[:-1]), seconds]),
        )

    def forget(self) -> None:
        """Let go of what was found before, a piece at a time: all at once would hold other threads up."""
        for kept in (self._words, self._letters):
            while kept:
                try:
                    kept.popitem()
                except KeyError:
                    break

    def _pairs(self, words: Sequence[KeyedWord]) -> tuple[_Rows, Ints]:
        """The pairs of neighbours with their second words. Pairs that are new say nothing: nearly all are."""
        found: list[int] = []
        seconds: list[int] = []
        for first, second in pairwise(in_order(words)):
            row = self.rows.get(pair_feature(words[first][0], words[second][0]))
            if row is not None:
                found.append(row)
                seconds.append(second)
        if not found:
            return _NOTHING, _NOTHING[0]
        values = self.idf[found]
        return (_rows(found), values, float(values @ values)), _rows(seconds)

    def _word(self, key: str, word: Word) -> _Rows:
        name = (key, word.folded)
        found = self._words.get(name)
        if found is None:
            features = word_features(key, word.folded, word.script)
            known = [(self.rows[feature], share) for feature, share in features if feature in self.rows]
            missing = sum(share * share for feature, share in features if feature not in self.rows)
            rows = _rows([row for row, _ in known])
            values = _values([share for _, share in known]) * self.idf[rows]
            found = rows, values, float(values @ values) + missing * self._unseen
            _keep(self._words, name, found)
        return found

    def _run_of_letters(self, folded: str) -> _Rows:
        found = self._letters.get(folded)
        if found is None:
            features = letter_features(folded)
            rows = _rows([row for feature in features if (row := self.rows.get(feature)) is not None])
            values = self.idf[rows]
            found = rows, values, float(values @ values) + (len(features) - len(rows)) * self._unseen
            _keep(self._letters, folded, found)
        return found


Name = TypeVar("Name")


def _keep(kept: dict[Name, _Rows], name: Name, found: _Rows) -> None:
    if len(kept) >= _MOST_CACHED:
        kept.clear()
    kept[name] = found


def _scales(squares: Mapping[Group, float]) -> Mapping[Group, float]:
    """What the values of each group are to be multiplied by, so that the whole has length one."""
    whole = math.sqrt(sum(SHARES[group] ** 2 for group, square in squares.items() if square)) or 1.0
    return {group: SHARES[group] / math.sqrt(square or 1.0) / whole for group, square in squares.items()}


def _rows(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int32)


def _values(values: Sequence[float]) -> Floats:
    return np.array(values, dtype=np.float32)


def learn(messages: Sequence[Sequence[KeyedWord]]) -> Vectoriser:
    """The features worth keeping: letters and pairs met in one message only tell nothing of the next."""
    frequency: Counter[str] = Counter()
    for words in messages:
        frequency.update(set(_features(words)))
    names = tuple(sorted(n for n, count in frequency.items() if count > 1 or not (is_letters(n) or is_pair(n))))
    every = math.log(len(messages) + 1) + 1
    return Vectoriser(names=names, idf=_values([every - math.log(frequency[name] + 1) for name in names]))


def _features(words: Sequence[KeyedWord]) -> Iterator[str]:
    for key, word, _ in words:
        yield from (name for name, _ in word_features(key, word.folded, word.script))
        yield from letter_features(word.folded)
    for first, second in pairwise(in_order(words)):
        yield pair_feature(words[first][0], words[second][0])
