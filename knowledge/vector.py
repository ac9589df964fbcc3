"""Words -> numbers: the tf-idf vector of a message, each number with the words it comes from."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt

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

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]

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
_Part = tuple[Group, int, float, _Rows]
"""What one word, or one pair, gives to one group: the word's position, its weight, its rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vectoriser:
    """The features that are known, a row for each, with their inverse document frequencies."""

    names: tuple[str, ...]
    idf: Floats
    rows: dict[str, int] = field(init=False, repr=False, compare=False)
    _unseen: float = field(init=False, repr=False, compare=False)
    _known: dict[tuple[str, str, Group], _Rows] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", {name: row for row, name in enumerate(self.names)})
        object.__setattr__(self, "_unseen", float(self.idf.max(initial=1.0)) * UNSEEN)
        object.__setattr__(self, "_known", {})

    def vector(self, words: Sequence[KeyedWord]) -> Vector:
        """The vector of a message; empty where there are no words."""
        parts = self._parts(words)
        if not parts:
            return Vector(rows=_rows(()), values=_values(()), owners=_rows(()))
        scale = _scales(parts)
        counts = [len(found[0]) for _, _, _, found in parts]
        factors = _values([weight * scale[group] for group, _, weight, _ in parts])
        return Vector(
            rows=np.concatenate([found[0] for _, _, _, found in parts]),
            values=np.concatenate([found[1] for _, _, _, found in parts]) * np.repeat(factors, counts),
            owners=np.repeat(_rows([owner for _, owner, _, _ in parts]), counts),
        )

    def forget(self) -> None:
        """Let go of what was found before, a piece at a time: all at once would hold other threads up."""
        while self._known:
            try:
                self._known.popitem()
            except KeyError:
                return

    def _parts(self, words: Sequence[KeyedWord]) -> list[_Part]:
        """What each word and each pair of neighbours gives. Pairs that are new say nothing: nearly all are."""
        parts: list[_Part] = []
        for owner, (key, word, weight) in enumerate(words):
            parts.append((Group.WORD, owner, weight, self._found(key, word, Group.WORD)))
            parts.append((Group.LETTERS, owner, 1.0, self._found("", word, Group.LETTERS)))
        for first, second in pairwise(in_order(words)):
            feature = pair_feature(words[first][0], words[second][0])
            if feature in self.rows:
                parts.append((Group.PAIR, second, 1.0, self._looked_up([(feature, 1.0)])))
        return parts

    def _found(self, key: str, word: Word, group: Group) -> _Rows:
        name = (key, word.folded, group)
        found = self._known.get(name)
        if found is None:
            if len(self._known) >= _MOST_CACHED:
                self._known.clear()
            letters = group is Group.LETTERS
            features = letter_features(word.folded) if letters else word_features(key, word.folded, word.script)
            found = self._known[name] = self._looked_up(features)
        return found

    def _looked_up(self, features: Sequence[tuple[str, float]]) -> _Rows:
        known = [(self.rows[name], share) for name, share in features if name in self.rows]
        missing = sum(share**2 for name, share in features if name not in self.rows)
        rows = _rows([row for row, _ in known])
        values = _values([share for _, share in known]) * self.idf[rows]
        return rows, values, float(values @ values) + missing * self._unseen**2


def _scales(parts: Sequence[_Part]) -> Mapping[Group, float]:
    """What the values of each group are to be multiplied by, so that the whole has length one."""
    squares = dict.fromkeys(Group, 0.0)
    for group, _, weight, (_, _, square) in parts:
        squares[group] += square * weight * weight
    whole = math.sqrt(sum(SHARES[group] ** 2 for group in Group if squares[group])) or 1.0
    return {group: SHARES[group] / math.sqrt(squares[group] or 1.0) / whole for group in Group}


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
        yield from (name for name, _ in letter_features(word.folded))
    for first, second in pairwise(in_order(words)):
        yield pair_feature(words[first][0], words[second][0])
