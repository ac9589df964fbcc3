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
from knowledge.names import Names, named
from knowledge.text import Word
from knowledge.votes import Floats, Ints

SHARES = {Group.WORD: 1.0, Group.LETTERS: 1.4, Group.PAIR: 0.8}
"""How long the part of each group is; found by cross-validation."""
UNSEEN = 0.5
"""A feature that no example has counts this much, compared with the rarest one that is known."""
_MOST_CACHED = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Vector:
    """Feature rows with their values, unmerged, of length one; `owners` are positions of the words they come from."""

    rows: Ints
    values: Floats
    owners: Ints


_Word = tuple[tuple[int, ...], tuple[float, ...], float]
"""The rows of a word's features, the share of each, and the sum of the squares of the shares that are unknown."""
_Letters = tuple[tuple[int, ...], int]
"""The rows of a word's letters in a row, and how many of them are unknown."""
_EMPTY = np.empty(0, dtype=np.int32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vectoriser:
    """The features that are known, a row for each, with their inverse document frequencies."""

    names: Names
    idf: Floats
    _unseen: float = field(init=False, repr=False, compare=False)
    _words: dict[tuple[str, str], _Word] = field(init=False, repr=False, compare=False)
    _letters: dict[str, _Letters] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_unseen", (float(self.idf.max(initial=1.0)) * UNSEEN) ** 2)
        object.__setattr__(self, "_words", {})
        object.__setattr__(self, "_letters", {})

    def vector(self, words: Sequence[KeyedWord]) -> Vector:
        """The vector of a message; empty where there are no words."""
        if not words:
            return Vector(rows=_EMPTY, values=np.empty(0, dtype=np.float32), owners=_EMPTY)
        own = [self._word(key, word) for key, word, _ in words]
        letters = [self._run_of_letters(word.folded) for _, word, _ in words]
        pairs, seconds = self._pairs(words)
        weights = [weight for _, _, weight in words]
        runs = [*(found[0] for found in own), *(found[0] for found in letters)]
        rows = [row for run in runs for row in run]
        counts = [len(run) for run in runs]
        held = np.array([*rows, *pairs], dtype=np.int32)
        values = self.idf[held]
        of_words = sum(counts[: len(own)])
        shares = [share * weight for found, weight in zip(own, weights, strict=True) for share in found[1]]
        values[:of_words] *= np.array(shares, dtype=np.float32)
        parts = {
            Group.WORD: values[:of_words],
            Group.LETTERS: values[of_words : len(rows)],
            Group.PAIR: values[len(rows) :],
        }
        squares = {group: float(part @ part) for group, part in parts.items()}
        missing = sum(found[2] * weight * weight for found, weight in zip(own, weights, strict=True))
        squares[Group.WORD] += self._unseen * missing
        squares[Group.LETTERS] += self._unseen * sum(missing for _, missing in letters)
        for group, factor in _scales(squares).items():
            parts[group] *= factor  # a view of `values`
        owners = [*range(len(words)), *range(len(words))]
        return Vector(
            rows=held,
            values=values,
            owners=np.concatenate([np.repeat(np.array(owners, dtype=np.int32), counts), _rows(seconds)]),
        )

    def forget(self) -> None:
        """Let go of what was found before, a piece at a time: all at once would hold other threads up."""
        for kept in (self._words, self._letters):
            while kept:
                try:
                    kept.popitem()
                except KeyError:
                    break

    def _pairs(self, words: Sequence[KeyedWord]) -> tuple[list[int], list[int]]:
        """The pairs of neighbours with their second words. Pairs that are new say nothing: nearly all are."""
        pairs = list(pairwise(in_order(words)))
        rows = self.names.rows([pair_feature(words[first][0], words[second][0]) for first, second in pairs])
        known = [(row, second) for row, (_, second) in zip(rows, pairs, strict=True) if row >= 0]
        return [row for row, _ in known], [second for _, second in known]

    def _word(self, key: str, word: Word) -> _Word:
        name = (key, word.folded)
        found = self._words.get(name)
        if found is None:
            features = word_features(key, word.folded, word.script)
            rows = self.names.words
            known = [(row, share) for feature, share in features if (row := rows.get(feature)) is not None]
            missing = sum(share * share for feature, share in features if feature not in rows)
            found = tuple(row for row, _ in known), tuple(share for _, share in known), missing
            _keep(self._words, name, found)
        return found

    def _run_of_letters(self, folded: str) -> _Letters:
        found = self._letters.get(folded)
        if found is None:
            features = letter_features(folded)
            rows = tuple([row for row in self.names.rows(features) if row >= 0])
            found = rows, len(features) - len(rows)
            _keep(self._letters, folded, found)
        return found


Name = TypeVar("Name")
Found = TypeVar("Found")


def _keep(kept: dict[Name, Found], name: Name, found: Found) -> None:
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
    names = sorted(n for n, count in frequency.items() if count > 1 or not (is_letters(n) or is_pair(n)))
    every = math.log(len(messages) + 1) + 1
    return Vectoriser(names=named(names), idf=_values([every - math.log(frequency[name] + 1) for name in names]))


def _features(words: Sequence[KeyedWord]) -> Iterator[str]:
    for key, word, _ in words:
        yield from (name for name, _ in word_features(key, word.folded, word.script))
        yield from letter_features(word.folded)
    for first, second in pairwise(in_order(words)):
        yield pair_feature(words[first][0], words[second][0])
